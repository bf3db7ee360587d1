"""Blocks whose indentation is lost: the lines stripped, or the whole dump on one line.

Without columns only the brackets and the keys tell what is structure. Evidence used, best first: a bracket closes an array only if a
bracket or an entry of the parent follows it; the block's own bracket is the last one behind which no further entry follows; a key
stands only once in an array, so a second one is a line of a value; a header without an arrow before it begins another block.

What the text does not hold any more: a line of a value that looks like an entry with a new key (``keys.py`` settles it for the rows of
forums, whose keys and their order are known); a ``)`` at the end of a value of a nested array, with blanks around it, looks like the
end of that array; blanks at both ends of a value; on one line also the difference between line breaks, tabs and blanks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.parser.php.headers import ARROW
from forumclean.parser.php.mend import Token, mend
from forumclean.parser.php.values import LONG_TEXTS, WINDOW, Found, PhpArray, PhpValue, Recursion

if TYPE_CHECKING:
    from forumclean.parser.php.headers import Header

_TOKEN = rf"""
    (?:
      (?P<top>   (?:Array|[^\W\d][\w\\@]*[ ]Object) \s{{1,40}} \( (?=\s{{1,200}}(?:\)|\[[^\n]{{1,200}}?\]{ARROW})) )   # another block
    | \[ (?P<key> KEY ) \] {ARROW}
      (?P<open>  [ ]?(?:Array|(?P<name>[^\W\d][\w\\@]*)[ ]Object) \s{{1,40}} \( (?=\s) )?    # an entry, perhaps of a nested array
    | (?P<close> \) )
    )
"""
_LINES = re.compile(r"^[^\S\n]*" + _TOKEN.replace("KEY", r"[^\n]{0,200}?"), re.VERBOSE | re.MULTILINE)
_BLANKS = re.compile(r"(?<!\S)" + _TOKEN.replace("KEY", r"[^\s\[\]][^\n\[\]]{0,200}?(?:\][^\s\[\]]{1,60})?|"), re.VERBOSE)
_RECURSION = re.compile(r"\s*(?:Array|([^\W\d][\w\\@]*) Object)\s+\*RECURSION\*\s*")


class _Reader:
    """Collects the tokens of one block and finds its end."""

    def __init__(self, text: str, head: Header, limit: int, *, final: bool) -> None:
        self.text, self.head, self.limit, self.final = text, head, limit, final
        self.pattern = _BLANKS if head.newline is None else _LINES
        self.tokens: list[Token] = []
        self.keys: list[set[str]] = [set()]
        """Keys seen in each open array."""
        self.end: tuple[int, int] | None = None
        """The last bracket that may end the block: count of tokens before it, offset behind it."""

    def read(self) -> Found | None:
        pos, stop, text, search = self.head.inside, self.limit, self.text, self.pattern.search
        waiting: re.Match[str] | None = None
        while match := search(text, pos, stop):
            pos, stop, kind = match.end(), self.limit, match.lastgroup
            if waiting is not None:
                if not self._close(waiting, match):
                    break
                waiting = None
            if kind == "close":
                waiting = match
                if len(self.keys) == 1:
                    stop = min(pos + WINDOW, stop)
            elif kind == "top":
                break
            else:
                self._entry(match, pos)
        else:
            if waiting is not None and len(self.keys) == 1:
                self.end = (len(self.tokens), waiting.end())
            if not self.final and (self.end is None or stop == self.limit):
                return None
        return self._found(pos)

    def _entry(self, match: re.Match[str], end: int) -> None:
        key, opened = match["key"], match.lastgroup == "open"
        seen = self.keys[-1]
        if key in seen and (opened or len(self.keys) > 1):
            return  # a line of a value; in the outermost array mend() decides which of two is the entry
        seen.add(key)
        if opened:
            self.keys.append(set())
        self.tokens.append((1 if opened else 0, key, match.start(), end, match["name"] if opened else None))

    def _close(self, match: re.Match[str], follows: re.Match[str]) -> bool:
        """Judge a bracket by what follows it; False if the block surely ends with it."""
        if len(self.keys) == 1:
            self.end = (len(self.tokens), match.end())
            return follows.lastgroup not in {"top", "close"}
        gap = self.text[match.end() : follows.start()]
        if not gap or gap.isspace():
            self.keys.pop()
            self.tokens.append((-1, "", match.start(), match.end(), None))
        return True

    def _found(self, stop: int) -> Found:
        if self.end is not None:
            count, end = self.end
            del self.tokens[count:]
            return Found(end, self._build(end - 1), complete=True)
        if not self.tokens:
            return Found(self.head.inside, PhpArray([], self.head.class_name), complete=False)
        step, key, _, last, _ = self.tokens[-1]
        stop = self.limit if stop == last else stop
        if step != 0 or key not in LONG_TEXTS:
            line = self.text.find("\n", last, stop)
            stop = stop if line < 0 else line
        stop = last + len(self.text[last:stop].rstrip())
        return Found(stop, self._build(stop), complete=False)

    def _build(self, end: int) -> PhpArray:
        """The arrays that the tokens describe; the last value reaches to ``end``."""
        top = PhpArray([], self.head.class_name)
        entries, stack = top.entries, []
        tokens = mend(self.tokens)
        ends = [token[2] for token in tokens[1:]]
        ends.append(end)
        for (step, key, _, start, name), stop in zip(tokens, ends, strict=True):
            if step == 0:
                entries.append((key, self._value(start, stop)))
            elif step > 0:
                inner = PhpArray([], name)
                entries.append((key, inner))
                stack.append(entries)
                entries = inner.entries
            else:
                entries = stack.pop()
        return top

    def _value(self, start: int, stop: int) -> PhpValue:
        value = self.text[start:stop]
        if "*RECURSION*" in value and (match := _RECURSION.fullmatch(value)):
            return Recursion(match[1])
        if self.head.newline is None:
            return value.strip()
        return value.rstrip(" \r\n").removeprefix(" ")


def read_flat(text: str, head: Header, limit: int, *, final: bool) -> Found | None:
    """Read the block behind a header; nothing behind ``limit`` is looked at.

    ``None`` if the block may go on behind ``limit`` and the text does not end there (not ``final``).
    """
    return _Reader(text, head, limit, final=final).read()
