"""A text that grows line by line as a browser would break it, with marks for what must be known of it later.

Jammers never change the state of the line: with their characters cut, the text is the one that a page without them gives.
"""

from __future__ import annotations

import re
from itertools import accumulate

from forumclean.parser.markup.tokens import text_of
from forumclean.records import Body, Mark

_BLANKS = re.compile(r"[ \t\n\f\r]+")
_NEEDS = re.compile(r"[\t\n\f\r]| {2}")
_BREAK = re.compile(r"<br>[ \t\n\f\r]*")
_LINE = "\x00"
"""Stands for a line break while blanks are made single; HTML text holds no such character."""
# Discuz prints a tab of the source so (function_discuzcode.php, last lines); three and two spaces become other runs
_TAB = "\xa0 \xa0 \xa0 \xa0 "


class Flow:
    """The text of one message in the making."""

    __slots__ = ("_code", "_noise", "_notes", "_pieces", "_quotes", "_spaced", "_started", "at_start")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._notes: list[tuple[int, int, str, str | None]] = []  # first piece, piece after the last, name, detail
        self._noise: set[int] = set()
        self._quotes = 0
        self._spaced = False
        self._code: int | None = None
        self._started = False
        self.at_start = True
        """Whether the line has nothing on it yet; jammers do not count."""

    def text(self, escaped: str) -> None:
        """Running text with line breaks, as lexbor writes it: ``one &amp; two<br>\\nthree``.

        White space is made single, there is none at the start of a line; no-break spaces stay, as spaces.
        """
        if "<br>" in escaped:
            escaped = _BREAK.sub(_LINE, escaped)
        if _NEEDS.search(escaped) is not None:
            escaped = _BLANKS.sub(" ", escaped)
        if (self.at_start or self._spaced) and escaped[:1] == " ":
            escaped = escaped[1:]
        if not self._started:
            escaped = escaped.lstrip(_LINE)
        if not escaped:
            return
        self._spaced = escaped[-1] == " "
        text = escaped if "&" not in escaped and "\xa0" not in escaped else text_of(escaped).replace("\xa0", " ")
        if self._quotes:
            self._quoted(text)
            return
        self._started = True
        self.at_start = escaped[-1] == _LINE
        self._pieces.append(text.replace(_LINE, "\n"))

    def _quoted(self, text: str) -> None:
        for number, line in enumerate(text.split(_LINE)):
            if number:
                self.newline()
            if line:
                self._put(line)

    def verbatim(self, text: str) -> None:
        """Text whose blanks count (code): as it is, tabs restored, its line breaks as lines."""
        text = text.replace(_TAB, "\t").replace("\xa0", " ")
        for number, line in enumerate(text.split("\n")):
            if number:
                self.newline()
            if line:
                self._put(line)

    def _put(self, text: str) -> None:
        if self.at_start:
            self.at_start = False
            self._started = True
            if self._quotes:
                self._pieces.append("> " * self._quotes)
        self._pieces.append(text)

    def placeholder(self, text: str) -> None:
        """``[image: …]`` and its like, as one word of the line."""
        self._spaced = False
        self._put(text)

    def newline(self) -> None:
        """A line ends (``br``); on an empty line: an empty line. Nothing before the first characters."""
        self._spaced = False
        if not self._started:
            return
        if self.at_start and self._quotes:
            self._pieces.append("> " * (self._quotes - 1) + ">")
        self._pieces.append("\n")
        self.at_start = True

    def block(self) -> None:
        """A block begins or ends: whatever comes next is on a line of its own."""
        if not self.at_start:
            self.newline()
        self._spaced = False

    def cell(self) -> None:
        """The next cell of a table's row."""
        if not self.at_start:
            self._pieces.append("\t")
        self._spaced = True

    def jammer(self, text: str, how: str) -> None:
        """Noise: its characters stay, marked; the line is as if they were not there."""
        if text:
            self._noise.add(len(self._pieces))
            self._notes.append((len(self._pieces), len(self._pieces) + 1, "jammer", how))
            self._pieces.append(text)

    @property
    def empty(self) -> bool:
        """Whether nothing but noise has come yet."""
        return not self._started

    def open_quote(self) -> int:
        """Lines from here on are quoted; gives the place for ``since``."""
        self.block()
        self._quotes += 1
        return len(self._pieces)

    def close_quote(self) -> None:
        """Quoted lines end."""
        self.block()
        self._quotes -= 1

    def open_code(self) -> None:
        """Code begins, on a line of its own."""
        self.block()
        self._code = len(self._pieces)

    def close_code(self) -> None:
        """Code ends: a mark covers it."""
        start, self._code = self._code, None
        if start is not None and len(self._pieces) > start:
            self._notes.append((start, len(self._pieces), "code", None))
        self.block()

    def place(self) -> int:
        """Where the text is now, for ``since``."""
        return len(self._pieces)

    def since(self, place: int) -> str:
        """The text from ``place`` on, without noise and quote marks in front of its lines."""
        pieces = [piece for number, piece in enumerate(self._pieces[place:], place) if number not in self._noise]
        lead = "> " * self._quotes
        return "\n".join(line.removeprefix(lead).removeprefix(lead.strip()) for line in "".join(pieces).split("\n")).strip()

    def body(self) -> Body:
        """The text so far, without empty lines at its end; jammers among those stay."""
        pieces = self._pieces
        for number in range(len(pieces) - 1, -1, -1):
            if number in self._noise:
                continue
            pieces[number] = pieces[number].rstrip("\n")
            if pieces[number]:
                break
        if not self._notes:
            return Body("".join(pieces))
        at = [0, *accumulate(map(len, pieces))]
        return Body("".join(pieces), tuple(sorted(Mark(at[start], at[end], name, detail) for start, end, name, detail in self._notes)))
