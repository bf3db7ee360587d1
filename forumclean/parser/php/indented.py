"""Blocks whose indentation survived: columns prove what is structure and what is a value.

An entry of an array stands exactly four columns behind the array's bracket, a nested bracket eight columns behind its parent's. A line
at any other column is part of a value, whatever it looks like. What the text does not hold any more: a line of a value that stands
exactly at the columns of an entry of its own array looks like an entry, and is read as one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from forumclean.parser.php.headers import header_between
from forumclean.parser.php.keys import fits_row
from forumclean.parser.php.lines import Machine
from forumclean.parser.php.values import LONG_TEXTS, WINDOW, Found, PhpArray

if TYPE_CHECKING:
    from forumclean.parser.php.headers import Header

REACH = 65536
"""Code points behind such an entry in which the block must be closed."""


@lru_cache(maxsize=256)
def _events(base: int) -> re.Pattern[str]:
    """Lines at the column of the block's own brackets."""
    return re.compile(
        rf"""
        ^[ ]{{{base}}}(?P<close>\))                                      # the end of this block, or a line of a value
        | (?<!=>[ ])(?:Array|Object)[ \t]*\r?\n[ ]{{{base}}}(?P<open>\()[ \t]*\r?$  # another block, or a value
        """,
        re.VERBOSE | re.MULTILINE,
    )


@lru_cache(maxsize=256)
def _structure(base: int, column: int) -> re.Pattern[str]:
    """What can follow a line of a value: an entry at ``column``, the end of its array, or another block at ``base``."""
    close = rf"| ^[ ]{{{column - 4}}}\)[ \t]*\r?$" if column - 4 > base else ""
    return re.compile(
        rf"""
        (?P<on> ^[ ]{{{column}}}\[(?P<key>[^\n]{{0,200}}?)\][ ]?[=⇒＝] {close} )
        | ^[ ]{{{base}}}\([ \t]*\r?$
        """,
        re.VERBOSE | re.MULTILINE,
    )


class _Reader:
    """One block being read: cuts the text at the lines that stand at the column of the block's brackets, and judges each."""

    def __init__(self, text: str, head: Header, limit: int, *, final: bool) -> None:
        self.text, self.head, self.limit, self.final = text, head, limit, final
        self.base = head.base or 0
        self.value = PhpArray([], head.class_name)
        self.machine = Machine(self.value.entries, head)
        self.pos = text.find("\n", head.inside, limit) + 1
        self.ahead = (-1, 0, False)
        """Column, offset and verdict of the last look ahead, so that no text is looked at twice."""
        self.looked = 0

    def read(self) -> Found | None:
        for event in _events(self.base).finditer(self.text, self.pos, self.limit):
            if event.start() < self.pos:
                continue
            if event["open"]:
                found, done = self._inner(event)
            else:
                found, done = self._close(event)
            if done:
                return found
        self.looked = self.limit
        return self._broken_off(self.limit) if self.final else None

    def _feed(self, stop: int) -> None:
        self.machine.feed(self.text[self.pos : stop], self.pos)
        self.pos = stop

    def _close(self, event: re.Match[str]) -> tuple[Found | None, bool]:
        """A bracket at the column of the block's end: the end, unless entries of the open array go on behind it."""
        self._feed(event.start())
        goes_on = self._goes_on(event.end())
        if goes_on is None:
            return None, True
        if goes_on:
            stop = self.text.find("\n", event.end(), self.limit) + 1 or self.limit
            self.machine.wait(self.text[self.pos : stop])
            self.pos = stop
            return None, False
        if self.machine.stack and self.machine.more:
            return self._broken_off(event.start()), True
        whole = not self.machine.stack
        self.machine.finish(keep=True)
        return Found(event.end(), self.value, whole), True

    def _inner(self, event: re.Match[str]) -> tuple[Found | None, bool]:
        """Another block begins: it is a value of this one if this one goes on behind it, else this one broke off."""
        start = self.text.rfind("\n", self.pos - 1, event.start()) + 1
        self._feed(start)
        after = _events(self.base).search(self.text, event.end(), self.limit)
        self.looked = after.end() if after else self.limit
        if after is None and not self.final:
            return None, True
        goes_on = self._goes_on(after.end()) if after and after["close"] else False
        if goes_on is None:
            return None, True
        if not goes_on or after is None:
            return self._broken_off(start), True
        stop = self.text.find("\n", after.end(), self.limit) + 1 or self.limit
        self.machine.wait(self.text[self.pos : stop])
        self.pos = stop
        return None, False

    def _goes_on(self, pos: int) -> bool | None:
        """True if an entry or bracket of the open array follows soon; ``None`` if the text at hand does not tell."""
        column, offset, verdict = self.ahead
        if column == self.machine.column and pos <= offset:
            return verdict
        column = self.machine.column
        stop = min(pos + WINDOW, self.limit)
        match = _structure(self.base, column).search(self.text, pos, stop)
        if match is None:
            return None if stop == self.limit and not self.final else False
        verdict = bool(match["on"])
        if verdict and not self.machine.stack:
            seen = (key for key, _ in self.value.entries)
            if header_between(self.text, pos, match.start()) or not fits_row(seen, match["key"] or ""):
                return False
            stop = min(match.end() + REACH, self.limit)
            end = _events(self.base).search(self.text, match.end(), stop)
            if end is None and stop == self.limit and not self.final:
                return None
            verdict = end is not None and bool(end["close"])
        self.ahead = (column, match.start(), verdict)
        return verdict

    def _broken_off(self, stop: int) -> Found:
        """The block has no end: it reaches to the last line of structure, or to ``stop`` where a long text broke off."""
        self._feed(stop)
        last = self.machine.entries[-1] if self.machine.entries else None
        keep = last is not None and last[0] in LONG_TEXTS
        end = self.pos if keep else self.machine.seen()
        self.machine.finish(keep=keep)
        end = len(self.text[:end].rstrip()) if keep else end
        return Found(end or self.head.inside, self.value, complete=False, looked=max(self.looked, stop))


def read_indented(text: str, head: Header, limit: int, *, final: bool) -> Found | None:
    """Read the block behind a header; nothing behind ``limit`` is looked at.

    ``None`` if the block may go on behind ``limit`` and the text does not end there (not ``final``).
    """
    return _Reader(text, head, limit, final=final).read()
