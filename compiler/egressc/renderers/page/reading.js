// The tables of the documents as a tab of their own: #reading shows it, #cell-3 a cell of it with the rules that come
// from it, #rule-orders-to-redis-tcp a rule in the table of flows, whose places are links to their cells.
(() => {
  const [tabs, flowsTab, readingTab] = ["tabs", "flows", "reading"].map((id) => document.getElementById(id));
  if (!readingTab) return;
  const { nodes, flows, cells } = JSON.parse(document.getElementById("data").textContent);

  const rules = document.getElementById("rows").rows;
  const linkTo = (number) => {
    const [source, target, protocol, ports, , , purpose] = flows[number];
    const link = document.createElement("a");
    link.href = `#${rules[number].id}`;
    link.textContent = `${nodes[source][0]} → ${nodes[target][0]} on ${ports.map((port) => `${port}/${protocol}`).join(", ")}`;
    const item = document.createElement("li");
    item.append(link, purpose ? `: ${purpose}` : "");
    return item;
  };

  const openCell = (cell, number) => {
    const row = cell.closest("tr");
    const rules = row.parentElement.insertRow(row.sectionRowIndex + 1);
    rules.className = "rules";
    const inside = rules.insertCell();
    inside.colSpan = row.cells.length;
    const list = document.createElement("ul");
    list.setAttribute("aria-label", "Rules of this cell");
    list.append(...cells[number].map(linkTo));
    inside.append(list);
    const link = cell.querySelector("a");
    link.href = "#reading"; // once more closes it
    link.setAttribute("aria-expanded", "true");
    link.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "center", behavior: "instant" });
  };

  const openRule = (row) => {
    const show = () => {
      row.tabIndex = -1;
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "center", behavior: "instant" });
    };
    if (row.hidden) document.getElementById("filters").reset(); // which shows it a moment later
    setTimeout(show);
  };

  const show = () => {
    const [, kind, number] = /^#(reading|cell|rule)(?:-(.+))?$/.exec(location.hash) ?? [];
    const isReading = kind === "reading" || kind === "cell";
    [flowsTab.hidden, readingTab.hidden] = [isReading, !isReading];
    for (const link of tabs.children) {
      if (link.hash === (isReading ? "#reading" : "#flows")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const rules of readingTab.querySelectorAll(".rules")) rules.remove();
    for (const link of readingTab.querySelectorAll("[aria-expanded]")) {
      link.href = `#${link.parentElement.id}`;
      link.removeAttribute("aria-expanded");
    }
    const target = number && document.getElementById(location.hash.slice(1));
    if (target) (kind === "cell" ? openCell : openRule)(target, Number(number));
  };

  addEventListener("hashchange", show);
  tabs.hidden = false;
  show();
})();
