"""Markdown inside one cell or heading: the text that a person reads, and where each character of it stands.

Links become their text, images their alternative text; emphasis, code marks, tags, comments and footnote marks go;
`<br>` and the tags of lists become a line break. What else is raised or lowered (`<sup>`, `<sub>`) is set apart by
blanks, or `80<sub>1</sub>` would read as 801. Runs in time linear in the text, whatever the text.

Source: CommonMark 0.31.2, "Inlines"; GFM 0.29, "Strikethrough".
"""

import re
from bisect import bisect_left
from collections.abc import Container
from html.entities import html5
from typing import Final

from egressc.tables.emphasis import Delimiter, Run, pair_delimiters
from egressc.tables.links import LONGEST_LABEL, label_at, link_end, normal_label

# An underscore between letters never decorates (snake_case), so only runs at the edge of a word are met.
_SPECIAL: Final = re.compile(r"[\\`*~\[\]<&]|!\[|(?<!\w)_++|(?<=[^\W_])_++(?!\w)")
_TICKS: Final = re.compile(r"`++")
_SAME: Final = {char: re.compile(re.escape(char) + "++") for char in "*_~"}
_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_FOOTNOTE: Final = re.compile(r"\[\^[^\s\[\]]++\]")
_AUTOLINK: Final = re.compile(
    r"<((?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+)|[\w.!#$%&'*+/=?^`{|}~-]++@[\w.-]++)>", re.ASCII
)
_TAG: Final = re.compile(
    r"""<(?:(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+)*+\s*+/?"""
    r"""|/(?P<closed>[A-Za-z][A-Za-z0-9-]*+)\s*+)>""",
    re.ASCII,
)
_ENTITY: Final = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
# Raised digits, signs or a letter at the end of a word, as link or not: `443<sup>1</sup>`, `<sup>[a](#a)</sup>`.
_RAISED_MARK: Final = re.compile(
    r"<sup>\s*+(?:\[\[?)?(?:[0-9*\u2020\u2021\u00a7#]{1,3}(?:, ?[0-9*\u2020\u2021\u00a7#]{1,3}){0,9}|[A-Za-z]|TM)"
    r"(?:\]\]?)?(?:\([^\s()<>]{0,200}\))?\s*+</sup>(?=$|[\s,;:/()|.*_`~\]]|<br)",
    re.IGNORECASE,
)
_SHORT_COMMENT: Final = re.compile(r"<!--(?:>|->)")
_OPEN_AND_CLOSE: Final = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
# What most decorated cells are: names in code marks among plain text, or one bold name, or one link.
_CODES: Final = re.compile(r"(?:[^`\\*_~\[<&\n]++|`[^`\s](?:[^`\n]*[^`\s])?`(?!`))*")  # *+ fails before 3.11.5
_BARE: Final = r"[^\s\\`*_~\[\]<&!](?:[^\\`*_~\[\]<&!\n]*[^\s\\`*_~\[\]<&!])?"
_WHOLE: Final = re.compile(rf"\*\*({_BARE})\*\*|\[({_BARE})\]\([^\s()<>\\]+\)")
_BREAKING_TAGS: Final = frozenset(("br", "p", "li", "ul", "ol", "div"))
_STRIKING_TAGS: Final = frozenset(("del", "s", "strike"))
_RAISING_TAGS: Final = frozenset(("sub", "sup"))


class _Bracket:
    """A `[` or `![` that may begin a link: its run, and the count of delimiters before it."""

    __slots__ = ("delimiters", "end", "is_followed", "is_image", "run")

    def __init__(self, run: Run, delimiters: int, *, is_image: bool) -> None:
        self.run = run
        self.end = run.end
        self.delimiters = delimiters
        self.is_image = is_image
        self.is_followed = False


def quick_text(raw: str) -> str | None:
    """The text of a cell with the simplest decoration, ten times as fast as a scan; None where it takes one."""
    if _CODES.fullmatch(raw):
        return tidy(raw.replace("`", ""))
    whole = _WHOLE.fullmatch(raw)
    return tidy(whole[1] or whole[2]) if whole is not None else None


def tidy(text: str) -> str:
    """Blanks collapsed and trimmed in every line, empty lines left out."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


class Inline:
    """One scan: the runs of text that remain, in order, and the first stretch that is struck out."""

    def __init__(self, raw: str, references: Container[str]) -> None:
        self.raw = raw
        self.references = references
        self.runs: list[Run] = []
        self.struck: tuple[int, int] | None = None
        self._delimiters: list[Delimiter] = []
        self._brackets: list[_Bracket] = []
        self._outside_links = 0  # brackets of the stack below this hold a link already, and so begin none
        self._ticks: dict[int, list[int]] | None = None
        self._last: dict[str, int] = {}
        at, size = 0, len(raw)
        while at < size:
            match = _SPECIAL.search(raw, at)
            stop = match.start() if match is not None else size
            if stop > at:
                self._keep(at, stop)
            if match is None:
                break
            at = self._special(stop, match.group())
        self._pair(0)

    @property
    def text(self) -> str:
        return tidy("".join([run.text for run in self.runs]))

    def _special(self, at: int, what: str) -> int:
        """Read what begins at an offset; the offset past it."""
        match what[0]:
            case "\\":
                return self._escape(at)
            case "`":
                return self._code(at)
            case "<":
                return self._angle(at)
            case "&":
                return self._entity(at)
            case "[" | "!":
                return self._open_bracket(at, what)
            case "]":
                return self._close_bracket(at)
            case char:
                return self._delimiter(at, char)

    def _keep(self, start: int, end: int) -> int:
        # Only tags break lines: a line break of the text itself (in a heading) reads as a blank.
        self.runs.append(Run(start, end, self.raw[start:end].replace("\n", " ")))
        return end

    def _replace(self, start: int, end: int, text: str) -> int:
        self.runs.append(Run(start, end, text))
        return end

    def _escape(self, at: int) -> int:
        following = self.raw[at + 1 : at + 2]
        if following and following in _PUNCTUATION:
            self._replace(at, at + 2, following)
            # Behind an escaped underscore the search for special characters would take the next one for part of a word.
            return self._delimiter(at + 2, "_") if self.raw.startswith("__", at + 1) else at + 2
        return self._keep(at, at + 1)

    def _code(self, at: int) -> int:
        if self._ticks is None:
            self._ticks = {}
            for run in _TICKS.finditer(self.raw):
                self._ticks.setdefault(run.end() - run.start(), []).append(run.start())
        opening = _TICKS.match(self.raw, at)
        assert opening is not None
        start = opening.end()
        closings = self._ticks.get(start - at, [])
        found = bisect_left(closings, start)
        if found == len(closings):
            return self._keep(at, start)
        end = closings[found]
        code = self.raw[start:end]
        padded = len(code) > 1 and code[0] in " \n" and code[-1] in " \n" and not code.isspace()
        self._keep(start + padded, end - padded)
        return end + start - at

    def _angle(self, at: int) -> int:
        raw = self.raw
        if found := _AUTOLINK.match(raw, at):
            self._keep(at + 1, found.end() - 1)
            return found.end()
        if found := _TAG.match(raw, at):
            name = (found["name"] or found["closed"]).lower()
            if name in _STRIKING_TAGS:
                self._strike(at, found.end())
            elif name in _RAISING_TAGS:
                mark = _RAISED_MARK.match(raw, at)
                return self._replace(at, mark.end(), "") if mark else self._replace(at, found.end(), " ")
            return self._replace(at, found.end(), "\n" if name in _BREAKING_TAGS else "")
        if found := _SHORT_COMMENT.match(raw, at):
            return self._replace(at, found.end(), "")
        for opening, closing in _OPEN_AND_CLOSE:
            if raw.startswith(opening, at):
                if opening == "<!" and not raw[at + 2 : at + 3].isalpha():
                    break
                # Looked for once: a text full of openings without an end stays linear.
                if closing not in self._last:
                    self._last[closing] = raw.rfind(closing)
                if self._last[closing] >= at + len(opening):
                    return self._replace(at, raw.index(closing, at + len(opening)) + len(closing), "")
                break
        return self._keep(at, at + 1)

    def _entity(self, at: int) -> int:
        found = _ENTITY.match(self.raw, at)
        if found is None:
            return self._keep(at, at + 1)
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            text = html5.get(name + ";")
            if text is None:
                return self._keep(at, at + 1)
        else:
            point = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
            text = chr(point) if 0 < point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"
        return self._replace(at, found.end(), " " if text.isspace() else text)

    def _delimiter(self, at: int, char: str) -> int:
        same = _SAME[char].match(self.raw, at)
        assert same is not None
        end = same.end()
        run = Run(at, end, same.group())
        self.runs.append(run)
        if char != "~" or end - at <= 2:
            before = self.raw[at - 1] if at else " "
            self._delimiters.append(Delimiter(run, before, self.raw[end : end + 1] or " "))
        return end

    def _open_bracket(self, at: int, what: str) -> int:
        if footnote := _FOOTNOTE.match(self.raw, at):
            return self._replace(at, footnote.end(), "")
        if self._brackets:
            self._brackets[-1].is_followed = True
        end = self._keep(at, at + len(what))
        self._brackets.append(_Bracket(self.runs[-1], len(self._delimiters), is_image=what == "!["))
        return end

    def _close_bracket(self, at: int) -> int:
        if not self._brackets:
            return self._keep(at, at + 1)
        opener = self._brackets.pop()
        depth = len(self._brackets)
        holds_link = depth < self._outside_links
        self._outside_links = min(self._outside_links, depth)
        end = self._link_end(opener, at + 1) if opener.is_image or not holds_link else None
        if end is None:
            return self._keep(at, at + 1)
        opener.run.text = ""
        self._pair(opener.delimiters)
        if not opener.is_image:
            self._outside_links = depth
        return end

    def _link_end(self, opener: _Bracket, at: int) -> int | None:
        if self.raw.startswith("(", at) and (end := link_end(self.raw, at)) is not None:
            return end
        label = label_at(self.raw, at)
        if label is not None and label[0]:
            name, end = label
        elif opener.is_followed or at - opener.end > LONGEST_LABEL:
            return None
        else:
            name, end = self.raw[opener.end : at - 1], label[1] if label is not None else at
        return end if normal_label(name) in self.references else None

    def _pair(self, first: int) -> None:
        struck = pair_delimiters(self._delimiters[first:])
        del self._delimiters[first:]
        if struck is not None:
            self._strike(*struck)

    def _strike(self, start: int, end: int) -> None:
        if self.struck is None or start < self.struck[0]:
            self.struck = start, end
