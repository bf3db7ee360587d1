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

from forumclean.parser.php.headers import ARROW, LONGEST_HEADER, find_header, header_between
from forumclean.parser.php.keys import fits_row
from forumclean.parser.php.mend import Token, mend
from forumclean.parser.php.values import LONG_TEXTS, WINDOW, Found, PhpArray, PhpValue, Recursion

if TYPE_CHECKING:
    from forumclean.parser.php.headers import Header

_TOKEN = rf"""
    (?:
      (?P<top>   (?:Array|[^\W\d][\w\\@]*[ ]Object) GAP \( (?=\s{{1,200}}(?:\)|\[[^\n]{{1,200}}?\]{ARROW})) )   # another block
    | \[ (?P<key> KEY ) \] {ARROW}
      (?P<open>  [ ]?(?:Array|(?P<name>[^\W\d][\w\\@]*)[ ]Object) GAP \( (?=\s) )?    # an entry, perhaps of a nested array
    | (?P<close> \) )
    )
"""
_LINES = re.compile(
    r"^[^\S\n]*" + _TOKEN.replace("KEY", r"[^\n]{0,200}?").replace("GAP", r"[^\S\n]*\n\s{0,40}"), re.VERBOSE | re.MULTILINE
)
_BLANKS = re.compile(
    r"(?<!\S)" + _TOKEN.replace("KEY", r"[^\s\[\]][^\n\[\]]{0,200}?(?:\][^\s\[\]]{1,60})?|").replace("GAP", r"\s{1,40}"), re.VERBOSE
)
_RECURSION = re.compile(r"\s*(?:Array|([^\W\d][\w\\@]*) Object)\s+\*RECURSION\*\s*")

_INNER = 2
"""Printed blocks inside of values are recognised this deep."""


class _Reader:
    """Collects the tokens of one block and finds its end."""

    def __init__(self, text: str, head: Header, limit: int, *, final: bool, depth: int = 0) -> None:
        self.text, self.head, self.limit, self.final, self.depth = text, head, limit, final, depth
        self.pattern = _BLANKS if head.newline is None else _LINES
        self.tokens: list[Token] = []
        self.keys: list[set[str]] = [set()]
        """Keys seen in each open array."""
        self.end: tuple[int, int] | None = None
        """The last bracket that may end the block: count of tokens before it, offset behind it."""
        self.looked = 0

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
                behind = self._inner(match.start())
                if behind is None:
                    return None
                if behind == 0:
                    pos = match.start()
                    break
                pos = behind
            else:
                self._entry(match, pos)
        else:
            if not self._ran_out(waiting, stop):
                return None
        return self._found(pos)

    def _ran_out(self, waiting: re.Match[str] | None, stop: int) -> bool:
        """Nothing more looks like structure before ``stop``; False if more text is needed to tell what that means."""
        if waiting is not None and len(self.keys) == 1:
            self.end = (len(self.tokens), waiting.end())
        self.looked = stop
        return self.final or (self.end is not None and stop < self.limit)

    def _inner(self, start: int) -> int | None:
        """Another block begins: the offset behind it if this one goes on there (it is a value then), 0 if this one broke off.

        ``None`` if the text at hand does not tell.
        """
        head = find_header(self.text[start : start + LONGEST_HEADER])
        if head is None or self.end is not None or self.depth >= _INNER:
            return 0
        head = head._replace(start=start + head.start, inside=start + head.inside)
        inner = _Reader(self.text, head, self.limit, final=self.final, depth=self.depth + 1).read()
        self.looked = self.limit if inner is None else max(self.looked, inner.looked, inner.end)
        if inner is None or not inner.complete:
            return 0 if inner else None
        stop = min(inner.end + WINDOW, self.limit)
        match = self.pattern.search(self.text, inner.end, stop)
        if match is None and stop == self.limit and not self.final:
            return None
        return inner.end if match and match.lastgroup != "top" else 0

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
            ended = self.depth > 0 or follows.lastgroup in {"top", "close"}
            if ended or not fits_row(self.keys[0], follows["key"]):
                return False
            return not header_between(self.text, match.end(), follows.start())
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
            return Found(self.head.inside, PhpArray([], self.head.class_name), complete=False, looked=max(self.looked, stop))
        step, key, _, last, _ = self.tokens[-1]
        looked = max(self.looked, stop)
        stop = self.limit if stop == last else stop
        if step != 0 or key not in LONG_TEXTS:
            line = self.text.find("\n", last, stop)
            stop = stop if line < 0 else line
        stop = last + len(self.text[last:stop].rstrip())
        return Found(stop, self._build(stop), complete=False, looked=looked)

    def _build(self, end: int) -> PhpArray:
        """The arrays that the tokens describe; the last value reaches to ``end``."""
        top = PhpArray([], self.head.class_name)
        entries, stack = top.entries, []
        tokens = mend(self.tokens)
        ends = [token[2] for token in tokens[1:]] + [end] * bool(tokens)
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
