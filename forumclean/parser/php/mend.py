"""Lines of values that look like entries, told from entries where the indentation is lost.

Known: the keys of a forum row, and the order in which their columns are printed (``keys.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from forumclean.parser.php.keys import FIELD_COLUMNS, FORUM_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

Token: TypeAlias = tuple[int, str, int, int, str | None]
"""Step in depth (0 an entry, 1 an entry whose value is an array, -1 the bracket that closes one), key, start, end, class name."""

_RANK = {name: rank for rank, (name, _) in enumerate(FIELD_COLUMNS + FORUM_COLUMNS)}
_TEXTS = frozenset({"description", "rules", "seodescription"})
"""Columns that hold text of several lines."""
_NEAR = 2
"""A column this many places further on is surely the next one printed."""
_ENOUGH = 8
"""Known keys at the top that make a row worth mending."""


def mend(tokens: Sequence[Token]) -> Sequence[Token]:
    """Tokens of a block without indentation, less those that are lines of a value.

    In a forum row the columns stand in a known order: between ``rules`` and ``threadtypes`` there is nothing, so what looks like an entry
    there belongs to the rules. Of entries with the same key in the outermost array the first is kept, the others are lines of values.
    """
    top = _top_entries(tokens)
    keys = [tokens[place][1] for place in top]
    fakes: set[int] = set()
    if sum(key in _RANK for key in keys) >= _ENOUGH:
        for number, key in enumerate(keys):
            if key in _TEXTS and number not in fakes and tokens[top[number]][0] == 0:
                fakes.update(_fakes(tokens, top, keys, number))
    if len(set(keys)) < len(keys):
        seen: set[str] = set()
        for number, key in enumerate(keys):
            if key in seen and tokens[top[number]][0] == 0:
                fakes.add(number)
            elif number not in fakes:
                seen.add(key)
    if not fakes:
        return tokens
    drop = {top[number] for number in fakes}
    return [token for place, token in enumerate(tokens) if place not in drop]


def _top_entries(tokens: Sequence[Token]) -> list[int]:
    """Places of the entries of the outermost array."""
    depth, top = 0, []
    for place, token in enumerate(tokens):
        step = token[0]
        if depth == 0:
            top.append(place)
        depth += step
    return top


def _fakes(tokens: Sequence[Token], top: Sequence[int], keys: Sequence[str], first: int) -> range:
    """What stands between a text column and the column that must follow it; nothing if that one is not found."""
    rank = _RANK[keys[first]]
    for number in range(first + 1, len(keys)):
        if rank < _RANK.get(keys[number], -1) <= rank + _NEAR:
            return range(first + 1, number)
        if tokens[top[number]][0] != 0:
            break
    return range(0)
