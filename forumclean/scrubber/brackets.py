"""Do the brackets and quotes of a line close? A line that ends with one open, or closes what it never opened, is the less likely reading."""

from __future__ import annotations

import re

FAR = 300
"""Characters of a line that are looked at."""
_OPEN, _STRAY, _ODD = -2.0, -3.0, -2.5
"""Log-weights of a line with an open bracket (not its last character: a block opens so), with one closed that was not open, with an odd number of quotes."""
_ROW = -4.0
"""Log-weight of a table row that starts with a bar and does not end with one."""
_MARKS = re.compile(r"[()\[\]{}\"]")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def balance(line: str) -> float:
    """Log-weight (nats) of a line for how its brackets and quotes close.

    >>> balance('print("a")') > balance('print("a"')
    True
    """
    opened: list[str] = []
    weight, quotes = 0.0, 0
    for mark in _MARKS.findall(line.rstrip("({[ ")):
        if mark == '"':
            quotes += 1
        elif mark not in _PAIRS:
            opened.append(mark)
        elif opened and opened[-1] == _PAIRS[mark]:
            opened.pop()
        else:
            weight = _STRAY
    if line[:1] == "|" and line[-1:] != "|":
        weight += _ROW
    return weight + (_OPEN if opened else 0.0) + (_ODD if quotes % 2 else 0.0)
