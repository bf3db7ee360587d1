"""Lines of a block whose indentation survived, turned into arrays: which column belongs to which array."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.parser.php.values import PhpArray, PhpValue, Recursion, class_of

if TYPE_CHECKING:
    from forumclean.parser.php.headers import Header

_GAP = 5
"""Lines behind a closing bracket among which one must not be empty: print_r leaves one empty line, extractors double it."""


class Machine:
    """Reads lines; knows the open arrays, the column of the current one, and the lines that wait to be joined to the last value."""

    __slots__ = ("_arrow", "_batch", "_close", "_crlf", "_loose", "_prefix", "entries", "more", "stack")

    def __init__(self, entries: list[tuple[str, PhpValue]], head: Header) -> None:
        """Start behind the opening bracket of the block; ``entries`` is filled."""
        base = head.base or 0
        self.entries = entries
        """Of the current array."""
        self.stack: list[tuple[list[tuple[str, PhpValue]], str, str]] = []
        """Entries, prefix of an entry line and closing line of each parent."""
        self.more: list[str] = []
        """Lines behind the last entry that belong to its value if structure follows."""
        self._prefix = " " * (base + 4) + "["
        self._close = " " * base + ")"
        self._arrow = "]" + head.arrow
        self._crlf = head.newline == "\r\n"
        self._loose = head.loose
        self._batch: tuple[int, list[str], int] = (0, [], 0)

    @property
    def column(self) -> int:
        """Where the entries of the current array stand."""
        return len(self._prefix) - 1

    def seen(self) -> int:
        """Offset of the end of the last line that was structure; 0 if there was none."""
        pos, lines, count = self._batch
        return pos + sum(map(len, lines[:count])) + count - 1 if count else 0

    def feed(self, piece: str, pos: int) -> None:
        """Read whole lines; ``pos`` is the offset of the piece in the text."""
        lines = piece.split("\n")
        if not lines[-1]:
            lines.pop()
        raw = lines
        if self._crlf:
            lines = [line.removesuffix("\r") for line in raw]
        count = self._read(lines)
        if count:
            self._batch = (pos, raw, count)

    def wait(self, piece: str) -> None:
        """Lines that are proved to belong to the last value."""
        lines = piece.removesuffix("\n").split("\n")
        self.more.extend(line.removesuffix("\r") for line in lines) if self._crlf else self.more.extend(lines)

    def _read(self, lines: list[str]) -> int:
        entries, prefix, close, more, arrow = self.entries, self._prefix, self._close, self.more, self._arrow
        skip, last = len(prefix), 0
        for number, line in enumerate(lines):
            if line.startswith(prefix):
                key, found, value = line[skip:].partition(arrow)
                if found and (not value or value[0] == " "):
                    if more:
                        self._join()
                    entries.append((key, value[1:]))
                    last = number + 1
                    continue
            elif (line == close and self.stack and self._ends(lines, number)) or (line.endswith("(") and self._opens(line)):
                self._turn(line)
                entries, prefix, close = self.entries, self._prefix, self._close
                skip, last = len(prefix), number + 1
                continue
            if entries:
                more.append(line)
        return last

    def _opens(self, line: str) -> bool:
        """True if this line is the bracket of the array that the last entry announced."""
        value = self.entries[-1][1] if self.entries else None
        if not isinstance(value, str) or len(line) != len(self._prefix) + 4 or line.lstrip(" ") != "(":
            return False
        return class_of(value) is not None and not any(self.more)

    def _ends(self, lines: list[str], number: int) -> bool:
        """True if the bracket in this line closes the array: an entry or a bracket of the parent follows, or nothing."""
        _, prefix, close = self.stack[-1]
        follows = next((line for line in lines[number + 1 : number + _GAP] if line.strip()), None)
        return follows is None or follows.startswith(prefix) or follows == close

    def _turn(self, line: str) -> None:
        """Go into the array that the last entry announced, or back to the parent."""
        if line[-1] == ")":
            self._join()
            self.entries, self._prefix, self._close = self.stack.pop()
            return
        self.more.clear()
        key, header = self.entries[-1]
        inner: list[tuple[str, PhpValue]] = []
        self.entries[-1] = (key, PhpArray(inner, class_of(header) or None))
        self.stack.append((self.entries, self._prefix, self._close))
        self.entries = inner
        self._prefix, self._close = " " * 8 + self._prefix, " " * (len(self._prefix) + 3) + ")"

    def _join(self) -> None:
        """Give the waiting lines to the last value; the empty line that print_r puts behind an array belongs to nobody."""
        more = self.more
        if self._loose and more and not more[-1]:
            more.pop()
        if more and self.entries:
            key, value = self.entries[-1]
            if more == [" *RECURSION*"] and class_of(value) is not None:
                self.entries[-1] = (key, Recursion(class_of(value) or None))
            elif isinstance(value, str):
                self.entries[-1] = (key, ("\r\n" if self._crlf else "\n").join([value, *more]))
        more.clear()

    def finish(self, *, keep: bool) -> None:
        """The block is over; the waiting lines belong to the last value if ``keep``."""
        if not keep:
            self.more.clear()
        self._join()
