"""A text that grows line by line as a browser would break it, with marks for what must be known of it later.

Jammers never change the state of the line: with their characters cut, the text is the one that a page without them gives.
"""

from __future__ import annotations

import re
from itertools import accumulate, repeat

from forumclean.parser.markup.tokens import text_of
from forumclean.records import Body, Mark

_LINE = "\x00"
"""Stands for a line break while blanks are made single; HTML text holds no such character."""
_NOISE = "\x01"
"""Stands for a jammer likewise; text that holds the character itself is taken piece by piece."""
_BEHIND_NOISE = re.compile(r"(?<=[\x00 ])(\x01+) ")
_BEHIND_ONE = re.compile(r"(?<=[\x00 ]\x01) ")
# Discuz prints a tab of the source so (function_discuzcode.php, last lines); three and two spaces become other runs
_TAB = "\xa0 \xa0 \xa0 \xa0 "


_DEEPEST = 9
"""Quote marks before a line, at most."""


class Flow:
    """The text of one message in the making."""

    __slots__ = ("_code", "_depth", "_noise", "_notes", "_pieces", "_quotes", "_spaced", "_started", "at_start")

    def __init__(self) -> None:
        """An empty text."""
        self._pieces: list[str] = []
        self._notes: list[tuple[int, int, str, str | None]] = []  # first piece, piece after the last, name, detail
        self._noise: set[int] = set()
        self._depth = 0
        self._quotes = 0
        self._spaced = False
        self._code: int | None = None
        self._started = False
        self.at_start = True
        """Whether the line has nothing on it yet; jammers do not count."""

    def text(self, escaped: str) -> None:
        """Running text with line breaks, as lexbor writes it: ``one &amp; two<br>three``.

        White space is made single, there is none at the start of a line; no-break spaces stay, as spaces.
        """
        escaped = self._even(escaped)
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

    def run(self, texts: list[str], noise: list[str], how: list[str]) -> None:
        """Text with jammers between, all at once: ``texts[0]``, ``noise[0]``, ``texts[1]``, …; the same as one after the other."""
        joined = _NOISE.join(texts)
        strings = text_of(_NOISE.join(noise)).split(_NOISE)
        if self._quotes or joined.count(_NOISE) != len(noise) or len(strings) != len(noise):
            self.text(texts[0])
            for jammer, name, behind in zip(noise, how, texts[1:], strict=True):
                self.jammer(text_of(jammer), name)
                self.text(behind)
            return
        joined = self._even(joined)
        if not self._started:
            rest = joined.lstrip(_LINE + _NOISE)
            joined = _NOISE * joined[: len(joined) - len(rest)].count(_NOISE) + rest
        if last := joined.rstrip(_NOISE)[-1:]:
            self._started = True
            self._spaced = last == " "
            self.at_start = last == _LINE
        if "&" in joined or "\xa0" in joined:
            joined = text_of(joined).replace("\xa0", " ")
        place = len(self._pieces) + 1
        self._pieces += [""] * (2 * len(texts) - 1)
        self._pieces[place - 1 :: 2] = joined.replace(_LINE, "\n").split(_NOISE)
        self._pieces[place::2] = strings
        places = range(place, len(self._pieces), 2)
        self._noise.update(places)
        self._notes += zip(places, range(place + 1, len(self._pieces) + 1, 2), repeat("jammer"), how)

    def _even(self, escaped: str) -> str:
        """White space as a browser shows it, line breaks as one character."""
        if self.at_start:  # first, for it spares most texts the search for blanks
            escaped = escaped.lstrip(" \t\n\f\r")
        if "<br>" in escaped:
            escaped = escaped.replace("<br>\n", _LINE).replace("<br>", _LINE)
        for blank in "\n\t\r\f":
            if blank in escaped:
                escaped = escaped.replace(blank, " ")
        while "  " in escaped:  # each time there are half as many; an expression would stop at every blank
            escaped = escaped.replace("  ", " ")
        if "\x00 " in escaped:
            escaped = escaped.replace("\x00 ", _LINE)
        if "\x01 " in escaped:
            escaped = _BEHIND_ONE.sub("", escaped) if "\x01\x01" not in escaped else _BEHIND_NOISE.sub(r"\1", escaped)
        if (self.at_start or self._spaced) and escaped.lstrip(_NOISE)[:1] == " ":
            escaped = escaped.replace(" ", "", 1)
        return escaped

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

    def ends_with(self, sign: str) -> bool:
        """Whether the last characters are ``sign``."""
        return bool(self._pieces) and self._pieces[-1].endswith(sign) and len(self._pieces) - 1 not in self._noise

    def cut_end(self) -> None:
        """Take the last character back."""
        self._pieces[-1] = self._pieces[-1][:-1]

    def open_quote(self) -> int:
        """Lines from here on are quoted; gives the place for ``since``."""
        self.block()
        self._depth += 1
        self._quotes = min(self._depth, _DEEPEST)
        return len(self._pieces)

    def close_quote(self) -> None:
        """Quoted lines end."""
        self.block()
        self._depth -= 1
        self._quotes = min(self._depth, _DEEPEST)

    def open_code(self) -> None:
        """Code begins, on a line of its own."""
        self.block()
        self._code = len(self._pieces)

    def close_code(self) -> None:
        """Code ends: a mark covers it."""
        start, self._code = self._code, None
        end = len(self._pieces)
        while start is not None and end > start and self._pieces[end - 1] == "\n":
            end -= 1
        if start is not None and end > start:
            self._notes.append((start, end, "code", None))
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
        text = "".join(pieces)
        if not self._notes:
            return Body(text)
        at = [0, *accumulate(map(len, pieces))]
        marks = sorted([(at[start], at[end], name, detail) for start, end, name, detail in self._notes])
        return Body(text, tuple(map(tuple.__new__, repeat(Mark), marks)))  # there are dozens of them
