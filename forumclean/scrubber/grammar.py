"""The jammer's grammar: what Discuz writes, and the shapes it takes in flattened text.

Discuz (column ``jammer`` of the forum row; 6.0 to X3.5) writes one random string per line break: five to fifteen *pairs*, each one
character of code 32-59 (A), a blank, and one character of code 63-126 (B), drawn evenly, with nothing between the pairs::

    # a6 I- l @* J/ z. r

A and B share no character, so any stretch of such text is cut into pairs in one way only. What is not certain is where a block ends and
the text it is glued to begins: ``decide`` says where.
"""

from __future__ import annotations

import re
from math import log

LEAST, MOST = 5, 15
"""Pairs in one block."""
FUSED = 2 * MOST
"""A blank line may hold the block of the break before it and that of the break after it."""
PAIR = log(1 / 28) + log(1 / 64)
"""Log-probability (nats) of one given pair in noise: 28 characters for A, 64 for B, evenly."""
BLANKS = frozenset(" \xa0")
A_SIDE = frozenset(map(chr, range(33, 60)))
"""A, except the blank."""
B_SIDE = frozenset(map(chr, range(63, 127)))


def _lengths() -> tuple[float, ...]:
    """Log-probability of a block of n pairs, by n.

    Discuz draws the bound anew at every turn of its loop: at n ≥ 5 the loop stops with chance (n - 4) / 11.
    """
    table, going = [-99.0] * LEAST, 1.0
    for n in range(LEAST, MOST + 1):
        stop = (n - 4) / 11
        table.append(log(going * stop))
        going *= 1 - stop
    return tuple(table)


LENGTHS = _lengths()

_LOOSE = r"[!-;]?+[ \xa0][ \xa0]?+[?-~]"
"""A pair, A lost where blanks were collapsed. Nothing of it could be read in two ways, so nothing is tried twice."""
SUSPECT = re.compile(rf"[ \xa0][?-~]{_LOOSE}{_LOOSE}")
"""One scan that decides whether there is anything to do: a blank and B (the end of a pair), and two more pairs.

Every block of five pairs holds it, also one with an entity or a backslash inside. (Written out, pairs are found faster than by counting them.)
"""

_ESCAPED_A = r"(?: [!-;] | & (?:amp|quot|apos|\#0?39|\#x27); | \\[\"'] )"
_ESCAPED_BLANK = r"(?: [ \xa0] | &nbsp; )"


def _run(a: str, blank: str, *, collapsed: bool) -> re.Pattern[str]:
    """Four and more pairs in a row, from the blank of the first (a scan for a blank is the fastest there is; its A is looked up to the left).

    The upper bound keeps the memory of one match small: the finder joins the pieces of a longer run.
    """
    pair = rf"{a}? {blank}{{1,2}} [?-~]" if collapsed else rf"(?: {a} | {blank} ) {blank} [?-~]"
    return re.compile(rf"{blank} [?-~] (?: {pair} ){{3,199}}", re.VERBOSE)


RUNS = {
    ("collapsed", False): re.compile(rf"[ \xa0][?-~]{_LOOSE}{_LOOSE}{_LOOSE}(?:{_LOOSE}){{0,196}}+"),
    ("collapsed", True): _run(_ESCAPED_A, _ESCAPED_BLANK, collapsed=True),
    ("kept", False): re.compile(r"[ \xa0][?-~] (?: [ -;\xa0][ \xa0][?-~] ){3,199}", re.VERBOSE),
    ("kept", True): _run(_ESCAPED_A, _ESCAPED_BLANK, collapsed=False),
}
"""How runs are found, by what happened to blanks (no-break blanks are kept ones) and whether the text holds ESCAPES."""

ESCAPES = re.compile(r"&(?:amp|quot|apos|nbsp|\#0?39|\#x27);[ \xa0&]|\\[\"'][ \xa0]")
"""What HTML escaping or back-slashed quotes make of a pair: then the slower pattern is needed."""
ONE_PAIR = re.compile(rf"{_ESCAPED_A}? {_ESCAPED_BLANK}{{0,2}} [?-~]", re.VERBOSE)
"""One pair of a run, in any of its shapes; without a blank only where a run lost its first characters at a line start."""
NOT_A = bytes(set(range(256)) - set(range(33, 60)))
NOT_B = bytes(set(range(256)) - set(range(63, 127)))
"""What is not an A (other than the blank), and not a B. Each pair of a run without ESCAPES has one B."""
_ENTITY = re.compile(r"&(?:amp|quot|apos|nbsp|\#0?39|\#x27);[ \xa0&]")
_SLASHED = re.compile(r"\\[\"'][ \xa0](?<![ \xa0]...)")
"""The two kinds of ESCAPES, each found by its first character; a backslash behind a blank is the B of a pair, and the quote behind it an A."""
FIRST_A = re.compile(rf"(?: {_ESCAPED_A} | {_ESCAPED_BLANK} )\Z", re.VERBOSE)
"""The A, or the first of two blanks, in front of a run that begins with a blank, in text with ESCAPES."""


def has_escapes(text: str, begin: int, stop: int) -> bool:
    """Tell whether runs between two offsets want the slower pattern."""
    return _ENTITY.search(text, begin, stop) is not None or _SLASHED.search(text, begin, stop) is not None
