"use strict";
// Filters the table that is in the page, and draws what is left of it as a graph. The address after # is the state:
// #node-orders shows what orders reaches and who reaches it, so links, the keyboard and the back button all work.
(() => {
  const MOST_DRAWN = 60; // more boxes than this nobody reads: namespaces are drawn in their place
  const MOST_NEIGHBOURS = 40;
  const MOST_COLUMNS = 7; // a longer chain of calls would be a thin band across many screens
  const data = JSON.parse(document.getElementById("data").textContent);
  const nodes = data.nodes.map(([name, namespace, kind, fragment], id) => ({ id, name, namespace, kind, fragment }));
  const flows = data.flows.map(([source, target, protocol, ports, kind, out, purpose, places], id) => ({
    id, source: nodes[source], target: nodes[target], protocol, ports, kind, out, purpose, places,
  }));
  const rows = [...document.getElementById("rows").rows];
  const find = (id) => document.getElementById(id);
  const dns = nodes.find((node) => node.name === "DNS" && node.kind === "destination");
  const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;
  const collator = new Intl.Collator("en", { numeric: true }); // the same on every machine
  const byName = (a, b) => collator.compare(a.name, b.name) || a.id - b.id;

  const make = (tag, attributes = {}, ...children) => {
    const isDrawn = /^(svg|g|a|rect|text|path|title|defs|marker)$/.test(tag) && attributes.drawn !== false;
    const element = isDrawn
      ? document.createElementNS("http://www.w3.org/2000/svg", tag)
      : document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) if (key !== "drawn") element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const focused = () => {
    return nodes.find((node) => `#node-${node.fragment}` === location.hash) ?? null;
  };

  const hasPort = (flow, wanted) => flow.ports.some((port) => {
    const [first, last] = port.split("-").map(Number);
    const number = Number(wanted);
    if (port === "any" || port === wanted) return true;
    return Number.isInteger(number) && number >= first && number <= (last ?? first);
  });

  const isShown = (flow, focus) => {
    const name = find("name").value.trim().toLowerCase();
    const namespace = find("namespace").value;
    const port = find("port").value.trim();
    const ends = [flow.source, flow.target];
    return find(flow.kind).checked
      && (!find("internet").checked || flow.out)
      && (find("dns").checked || flow.target !== dns || focus || `#${rows[flow.id].id}` === location.hash)
      && (!focus || ends.includes(focus))
      && (!name || ends.some((end) => end.name.toLowerCase().includes(name)))
      && (!namespace || ends.some((end) => end.namespace === namespace))
      && (!port || hasPort(flow, port));
  };

  // --- layered drawing -------------------------------------------------------------------------------------------

  // Boxes {key, lines, kind, href, label} and edges {from, to, kind, out, weight, title} by key.
  const layer = (boxes, edges) => {
    const next = new Map(boxes.map((box) => [box.key, []]));
    for (const edge of edges) if (edge.from !== edge.to) next.get(edge.from).push(edge.to);
    const level = new Map();
    const open = new Set();
    const back = new Set();
    const visit = (start) => {
      const stack = [[start, 0]];
      open.add(start);
      while (stack.length) {
        const top = stack[stack.length - 1];
        const to = next.get(top[0])[top[1]++];
        if (to === undefined) {
          open.delete(top[0]);
          const below = next.get(top[0]).filter((key) => !back.has(`${top[0]}\n${key}`)).map((key) => level.get(key));
          level.set(top[0], below.length ? Math.max(...below) + 1 : 0);
          stack.pop();
        } else if (open.has(to)) back.add(`${top[0]}\n${to}`);
        else if (!level.has(to)) { open.add(to); stack.push([to, 0]); }
      }
    };
    const called = new Set(edges.map((edge) => edge.to));
    for (const box of boxes) if (!called.has(box.key)) visit(box.key);
    for (const box of boxes) if (!level.has(box.key)) visit(box.key);
    // What nobody else calls stands left of the nearest thing it calls, and what leaves the cluster stands last.
    const deepest = Math.max(0, ...level.values());
    for (const box of boxes) box.column = deepest - level.get(box.key);
    for (const box of boxes) if (box.kind === "internet") box.column = deepest;
  };

  const arrange = (boxes, edges, isInOrder) => {
    const columns = [];
    const all = new Map(boxes.map((box) => [box.key, box]));
    const links = [];
    const put = (box) => (columns[box.column] ??= []).push(box);
    boxes.forEach(put);
    for (const edge of edges) {
      let [from, to] = [all.get(edge.from), all.get(edge.to)];
      if (from.column > to.column) [from, to] = [to, from];
      edge.via = [];
      let last = from;
      for (let column = from.column + 1; column < to.column; column += 1) {
        const bend = { bend: true, column, height: 6, near: [] };
        put(bend);
        edge.via.push(bend);
        links.push([last, bend]);
        last = bend;
      }
      links.push([last, to]);
    }
    for (let column = 0; column < columns.length; column += 1) columns[column] ??= [];
    for (const box of columns.flat()) box.near = { left: [], right: [] };
    for (const [left, right] of links) {
      if (left.column === right.column) continue;
      left.near.right.push(right);
      right.near.left.push(left);
    }
    const number = () => columns.forEach((column) => column.forEach((box, place) => {
      box.place = (place + 0.5) / column.length;
    }));
    number();
    for (let round = 0; round < (isInOrder ? 0 : 12); round += 1) {
      const side = round % 2 ? "right" : "left";
      for (const column of round % 2 ? [...columns].reverse() : columns) {
        for (const box of column) {
          const near = box.near[side];
          box.rank = near.length ? near.reduce((sum, other) => sum + other.place, 0) / near.length : box.place;
        }
        column.sort((a, b) => a.rank - b.rank);
        column.forEach((box, place) => { box.place = (place + 0.5) / column.length; });
      }
    }
    return columns;
  };

  const draw = (boxes, edges, label) => {
    const columns = arrange(boxes, edges, boxes.every((box) => box.column < 2));
    const GAP = 14;
    for (const box of boxes) {
      box.height = 12 + 16 * box.lines.length;
      box.width = 22 + Math.max(...box.lines.map((line, number) => line.length * (number ? 6.2 : 8.2)));
    }
    const heights = columns.map((column) => column.reduce((sum, box) => sum + box.height + GAP, -GAP));
    const height = Math.max(40, ...heights) + 16;
    let x = 8;
    columns.forEach((column, at) => {
      const width = Math.max(20, ...column.map((box) => box.width ?? 0));
      const spare = Math.min(26, (height - 16 - heights[at]) / (column.length + 1));
      let y = (height - heights[at] - spare * (column.length - 1)) / 2;
      if (column.some((box) => box.chosen)) y = Math.min(y, 240); // on the first screen, however many are around it
      for (const box of column) {
        Object.assign(box, { x, y, room: width });
        if (box.bend) box.width = width;
        y += box.height + GAP + spare;
      }
      x += width + (at + 1 < columns.length ? Math.max(70, Math.min(320, edges.length * 3)) : 8);
    });
    const svg = make("svg", { viewBox: `0 0 ${x} ${height}`, width: x, height, role: "group", "aria-label": label });
    svg.style.minWidth = `${Math.round(x * 0.7)}px`; // smaller than that it scrolls: text must stay readable
    svg.append(make("defs", {}, ...["in", "out"].map((name) => make(
      "marker", { id: `arrow-${name}`, class: name, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8,
        markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, make("path", { d: "M0 0L8 4L0 8z" }),
    ))));
    const drawn = new Map(boxes.map((box) => [box.key, box]));
    for (const edge of edges) edge.path = svg.appendChild(drawEdge(edge, drawn.get(edge.from), drawn.get(edge.to)));
    for (const box of boxes) box.element = svg.appendChild(drawBox(box));
    for (const box of boxes) {
      const near = edges.filter((edge) => edge.from === box.key || edge.to === box.key);
      const point = (on) => () => {
        svg.classList.toggle("pointed", on);
        box.element.classList.toggle("near", on);
        for (const edge of near) {
          for (const element of [edge.path, drawn.get(edge.from).element, drawn.get(edge.to).element]) {
            element.classList.toggle("near", on);
          }
        }
      };
      for (const event of ["mouseenter", "focus"]) box.element.addEventListener(event, point(true));
      for (const event of ["mouseleave", "blur"]) box.element.addEventListener(event, point(false));
    }
    return svg;
  };

  const drawEdge = (edge, from, to) => {
    const middle = (box) => box.y + box.height / 2;
    const forward = from.column < to.column;
    let [x, y] = [forward ? from.x + from.width : from.x, middle(from)];
    let path = `M${x} ${y}`;
    const curve = (nextX, nextY) => {
      const half = (nextX - x) / 2;
      path += `C${x + half} ${y} ${nextX - half} ${nextY} ${nextX} ${nextY}`;
      [x, y] = [nextX, nextY];
    };
    for (const bend of forward ? edge.via : [...edge.via].reverse()) {
      const [near, far] = forward ? [bend.x, bend.x + bend.room] : [bend.x + bend.room, bend.x];
      curve(near, middle(bend));
      path += `L${far} ${y}`;
      x = far;
    }
    if (from.column === to.column) {
      x = from.x + from.width;
      const end = to.x + to.width;
      const bulge = Math.max(x, end) + 40;
      path = `M${x} ${y}C${bulge} ${y} ${bulge} ${middle(to)} ${end} ${middle(to)}`;
    } else curve(forward ? to.x : to.x + to.width, middle(to));
    const element = make("path", { d: path, class: `${edge.kind}${edge.out ? " out" : ""}${edge.weight ? " bundle" : ""}`,
      "marker-end": `url(#arrow-${edge.out ? "out" : "in"})` }, make("title", {}, edge.title));
    if (edge.weight) element.style.strokeWidth = Math.min(6, 0.8 + Math.sqrt(edge.weight) / 3);
    return element;
  };

  const shorten = (text, number) => {
    const most = number ? 48 : 34; // the first line is in larger letters
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  };

  const drawBox = (box) => make(
    "a", { href: box.href, class: `${box.kind}${box.chosen ? " chosen" : ""}`, "aria-label": box.label },
    make("rect", { x: box.x, y: box.y, width: box.width, height: box.height, rx: box.kind === "service" ? 7 : 2 }),
    ...box.lines.map((line, number) => make("text", { x: box.x + 11, y: box.y + 19 + 16 * number,
      class: number ? "faint" : "name" }, line)),
    make("title", {}, box.label),
  );

  // --- what is drawn ---------------------------------------------------------------------------------------------

  const unique = (items) => [...new Set(items)];
  const portsOf = (some) => unique(some.flatMap((flow) => flow.ports.map((port) => `${port}/${flow.protocol}`))).join(", ");
  const WEAKEST = ["extra", "approximate", "exact"];
  const kindOf = (some) => WEAKEST.find((kind) => some.some((flow) => flow.kind === kind));

  const grouped = (items, keyOf) => {
    const groups = new Map();
    for (const item of items) {
      const key = keyOf(item);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(item);
    }
    return groups;
  };

  const edgesOf = (shown, from, to) => [...grouped(shown, (flow) => `${from(flow)}\n${to(flow)}`).values()].map((some) => ({
    from: from(some[0]), to: to(some[0]), kind: kindOf(some), out: some.some((flow) => flow.out), flows: some,
    title: unique([portsOf(some), ...some.map((flow) => flow.purpose), ...some.flatMap((flow) => flow.places)])
      .filter(Boolean).slice(0, 12).join("\n"),
  }));

  const labelOf = (node) => {
    const kind = { service: data.noun, destination: "destination", internet: "public addresses" }[node.kind];
    const reach = flows.filter((flow) => flow.source === node);
    const called = unique(flows.filter((flow) => flow.target === node).map((flow) => flow.source)).length;
    const out = reach.some((flow) => flow.out) ? ", reaches the internet" : "";
    const reaches = reach.length ? `, reaches ${unique(reach.map((flow) => flow.target)).length}` : "";
    return `${node.name}: ${kind}${node.namespace ? ` in ${node.namespace}` : ""}${reaches}, reached by ${called}${out}`;
  };

  const boxOf = (node, more = [], key = node.id) => ({
    key, kind: node.kind, href: `#node-${node.fragment}`, label: labelOf(node),
    lines: [node.name, ...more.filter(Boolean)].map(shorten),
  });

  const drawAll = (shown, involved) => {
    const several = new Set(involved.map((node) => node.namespace).filter(Boolean)).size > 1;
    const boxes = involved.map((node) => boxOf(node, [several ? node.namespace : ""]));
    const edges = edgesOf(shown, (flow) => flow.source.id, (flow) => flow.target.id);
    layer(boxes, edges);
    if (Math.max(...boxes.map((box) => box.column)) < MOST_COLUMNS) {
      return draw(boxes, edges, `${NOUNS} and what they reach; each box is a link`);
    }
    const column = (side, at) => unique(shown.map((flow) => flow[side])).sort(byName).map(
      (node) => ({ ...boxOf(node, [several ? node.namespace : ""], `${at} ${node.id}`), column: at }));
    return draw([...column("source", 0), ...column("target", 1)],
      edgesOf(shown, (flow) => `0 ${flow.source.id}`, (flow) => `1 ${flow.target.id}`),
      `${NOUNS} on the left, what they reach on the right; each box is a link`);
  };

  const drawAround = (focus, shown) => {
    const side = (flowsOfSide, other, column, word) => {
      const groups = [...grouped(flowsOfSide, (flow) => other(flow).id).values()]
        .sort((a, b) => byName(other(a[0]), other(b[0])));
      const boxes = groups.slice(0, MOST_NEIGHBOURS).map((some) => {
        const purpose = unique(some.map((flow) => flow.purpose)).filter(Boolean).join("; ");
        const places = unique(some.flatMap((flow) => flow.places)).join(", ");
        const box = boxOf(other(some[0]), [portsOf(some), purpose, places], `${column}-${other(some[0]).id}`);
        return { ...box, column, label: `${box.label}. ${portsOf(some)}. ${purpose}. ${places}`, flows: some };
      });
      if (groups.length > boxes.length) {
        const text = `and ${groups.length - boxes.length} more ${word}`;
        const rest = groups.slice(MOST_NEIGHBOURS).flat();
        boxes.push({ key: `${column}-rest`, kind: "more", href: "#table", label: `${text}: see the table`,
          lines: [text, "see the table"], column, flows: rest });
      }
      return boxes;
    };
    const callers = side(shown.filter((flow) => flow.target === focus), (flow) => flow.source, 0, "callers");
    const column = callers.length ? 1 : 0;
    const reached = side(shown.filter((flow) => flow.source === focus), (flow) => flow.target, column + 1, "destinations");
    const centre = { ...boxOf(focus, [focus.namespace], "centre"), column, chosen: true };
    const edge = (box, from, to) => ({ ...edgesOf(box.flows, () => from, () => to)[0] });
    return draw([...callers, centre, ...reached], [
      ...callers.map((box) => edge(box, box.key, "centre")), ...reached.map((box) => edge(box, "centre", box.key)),
    ], `Who reaches ${focus.name}, and what it reaches`);
  };

  const groupOf = (node) => (node.kind === "internet" ? "internet" : `${node.kind} ${node.namespace}`);
  const placeOf = (node) => node.namespace || "no single namespace";
  const NOUNS = `${data.noun[0].toUpperCase()}${data.noun.slice(1)}s`;
  const ORDER = ["service", "destination", "internet"];
  const byKind = (a, b) => ORDER.indexOf(a[0].kind) - ORDER.indexOf(b[0].kind) || collator.compare(placeOf(a[0]), placeOf(b[0]));

  // Two columns, who and whom: a namespace whose services are called by others stands in both.
  const drawGroups = (shown, groups) => {
    const column = (side, other) => groups.flatMap((members, number) => {
      const { kind } = members[0];
      const used = new Set(shown.filter((flow) => groupOf(flow[side]) === groupOf(members[0])).map((flow) => flow[side]));
      if (!used.size) return [];
      const name = kind === "internet" ? "Internet" : placeOf(members[0]);
      const about = plural(used.size, kind === "service" ? data.noun : "destination");
      return [{ key: `${other} ${groupOf(members[0])}`, kind, href: `#group-${number}`, column: other, lines: [name, about],
        label: `${name}: ${about} ${other ? "reached" : "reaching out"}` }];
    });
    const edges = edgesOf(shown, (flow) => `0 ${groupOf(flow.source)}`, (flow) => `1 ${groupOf(flow.target)}`);
    for (const edge of edges) {
      const classes = WEAKEST.map((kind) => [kind, edge.flows.filter((flow) => flow.kind === kind).length]);
      edge.weight = edge.flows.length;
      // One odd flow does not make a bundle odd; the words below have the counts.
      edge.kind = classes.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
      edge.title = `${plural(edge.weight, "flow")}: ${classes.filter(([, count]) => count).map(([kind, count]) => `${count} ${kind}`).join(", ")}`;
    }
    return draw([...column("source", 0), ...column("target", 1)], edges,
      "Namespaces on the left, what their services reach on the right; each box is a link to its members");
  };

  const listGroups = (groups, shown) => {
    const leaving = new Set(shown.filter((flow) => flow.out).map((flow) => flow.source));
    const callers = new Map([...grouped(shown, (flow) => flow.target.id)].map(
      ([id, some]) => [id, new Set(some.map((flow) => flow.source)).size]));
    return groups.map((members, number) => {
      const { kind } = members[0];
      const title = kind === "internet" ? "Internet" : `${kind === "service" ? NOUNS : "Destinations"}: ${placeOf(members[0])}`;
      const items = [...members].sort(byName).map((node) => {
        const link = make("a", { drawn: false, href: `#node-${node.fragment}` }, node.name);
        const item = make("li", {}, link);
        if (leaving.has(node)) item.append(" ", make("span", { class: "tag internet" }, "internet"));
        if (kind !== "service") item.append(` ← ${callers.get(node.id) ?? 0}`);
        return item;
      });
      return make("section", {}, make("h3", { id: `group-${number}` }, `${title} (${members.length})`),
        make("ul", { class: "chips" }, ...items));
    });
  };

  const show = () => {
    const focus = focused();
    const shown = flows.filter((flow) => isShown(flow, focus));
    const kept = new Set(shown.map((flow) => flow.id));
    rows.forEach((row, id) => { row.hidden = !kept.has(id); });
    const services = unique(shown.map((flow) => flow.source)).filter((node) => node.kind === "service").length;
    const hidden = focus || find("dns").checked ? 0 : flows.filter((flow) => flow.target === dns).length;
    find("count").textContent = `${plural(shown.length, "flow")} of ${flows.length} shown, from ${plural(services, data.noun)}`
      + (focus ? `, around ${focus.name}` : "") + (hidden ? `; ${hidden} to DNS hidden` : "");
    const involved = unique(shown.flatMap((flow) => [flow.source, flow.target])).sort(byName);
    const [drawing, index, about] = [find("drawing"), find("index"), find("about")];
    drawing.replaceChildren();
    index.replaceChildren();
    find("graph-title").textContent = focus ? `Graph: around ${focus.name}` : "Graph";
    if (!shown.length) about.textContent = "Nothing to draw.";
    else if (focus) {
      about.replaceChildren("Who reaches it on the left, what it reaches on the right. ",
        make("a", { drawn: false, href: "#graph" }, "Show all"));
      drawing.append(drawAround(focus, shown));
    } else if (involved.length <= MOST_DRAWN) {
      about.textContent = "Choose a box to see what is around it.";
      drawing.append(drawAll(shown, involved));
    } else {
      const groups = [...grouped(involved, groupOf).values()].sort(byKind);
      about.textContent = `${involved.length} ${data.noun}s and destinations, by namespace: who on the left, whom on the right. `
        + "Filter them, or choose one below to see what is around it.";
      drawing.append(drawGroups(shown, groups));
      index.append(...listGroups(groups, shown));
    }
  };

  const filters = find("filters");
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("input", show);
  filters.addEventListener("reset", () => setTimeout(() => {
    if (focused()) location.hash = "#graph";
    else show();
  }));
  addEventListener("hashchange", () => {
    show();
    if (focused()) {
      find("graph-title").focus({ preventScroll: true });
      find("graph").scrollIntoView();
    }
  });
  filters.hidden = false;
  find("dns").parentElement.hidden = !dns;
  find("graph").hidden = false;
  show();
})();
