"""Random strings without a blank between A and B: Discuz 4 and 5, and the archivers of 4 to 7.

Five such pairs at a line's border are found in code, keys and addresses too. So nothing but the page as a whole is believed: a body is jammed
where nearly every line break has its block, before it or after it, and several of them are as wild as chance makes them.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from forumclean.records import Cut, Doubt
from forumclean.scrubber.grammar import FUSED, LEAST, LENGTHS, MOST
from forumclean.scrubber.language import ORDER, language
from forumclean.scrubber.rule import Rule
from forumclean.scrubber.verdict import wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forumclean.records import Body, Evidence

RULES = (
    Rule(
        name="jammer.unspaced",
        why="The hidden random string of Discuz 4 and 5 and of old archivers, whose pairs have no blank inside. Cut only where nearly every line "
        "break of a post has one, some before and some after the break; where it ends is a guess if the text beside it is ASCII.",
        evidence="Source of Discuz 4.1, 5.0 and of the archivers up to 7.2: 5 to 15 pairs of code 0-59 and code 63-126, one block per line break.",
        confidence="fair",
        examples=(("第一行\n/D1T#G%]0d:Y第二行8x!T5e&N:u;Q\n第三行\n3i+z$b*U8O第四行", "第一行\n第二行\n第三行\n第四行"),),  # "line one / two / three / four"
        untouched=(
            "第一行/D1T#G%]0d:Y\n第二行\n第三行\n第四行", "k=/D1T#G%]0d\nv=3i+z$b*U8O\nw=1", "3a4b5c6d7e\n8f9a0b1c2d\n3e4f5a6b7c\n8d9e0f1a2b",
            "A1B2C3D4E5F6\nB2C3D4E5F6A1\nC3D4E5F6A1B2",
        ),
    ),
)
_PAIR = r"[\x00-\x09\x0b\x0c\x0e-;\ufffd][?-~]"
_SUSPECT = re.compile(rf"\n(?:{_PAIR}){{{LEAST}}}")
"""A block behind a line break. Half of all blocks stand so; a page without two of them is not looked at."""
_AT_START = re.compile(rf"(?:{_PAIR}){{{LEAST},{FUSED}}}")
_AT_END = re.compile(rf"(?:{_PAIR}){{{LEAST},{FUSED}}}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\ufffd]")
_FEWEST = 3
"""Wild blocks that a page must show, before and after breaks."""
_SERVED = 0.8
"""Share of a body's line breaks that must have a block."""


class Block(NamedTuple):
    """Pairs at a line's border; offsets of the body."""

    start: int
    end: int
    wild: bool
    at_start: bool
    alone: bool
    """They fill the line."""


def unspaced_cuts(bodies: Sequence[Body], evidence: Evidence, report: str) -> list[tuple[list[Cut], list[Doubt]]]:
    """Find unspaced noise in all bodies of one document; cuts and doubts of each. ``report``: why nothing may be cut; else empty."""
    nothing: list[tuple[list[Cut], list[Doubt]]] = [([], []) for _ in bodies]
    plain = [body for body in bodies if not body.marks]
    if sum(_count(body.text) for body in plain) < len("12"):
        return nothing
    found = [[] if body.marks else _served(body.text) for body in bodies]
    every = [block for blocks in found for block in blocks]
    sides = [sum(block.wild and block.at_start == side for block in every) for side in (True, False)]
    if sum(sides) < _FEWEST or not all(sides):
        return nothing
    first = 60 if any(_CONTROL.search(body.text, block.start, block.end) for body, blocks in zip(bodies, found, strict=True) for block in blocks) else 28
    pair = -log(first * 64)
    out = nothing
    for n, (body, blocks) in enumerate(zip(bodies, found, strict=True)):
        spans = [_span(body.text, block, pair) for block in blocks]
        if report or evidence.profile == "strict":
            why = report or "pairs without blanks: only the profiles default and eager cut them"
            out[n] = ([], [Doubt(start, body.text[start:end], RULES[0].name, why) for start, end in spans])
        else:
            out[n] = ([Cut(start, body.text[start:end], "", RULES[0].name) for start, end in spans], [])
    return out


def _count(text: str) -> int:
    return sum(1 for _ in _SUSPECT.finditer(text))


def _served(text: str) -> list[Block]:
    """The blocks of a body, in order, one for each line break at most; none, where many breaks have none."""
    lines = list(_lines(text))
    chosen: dict[int, Block] = {}
    for n in range(1, len(lines)):
        both = [*_blocks(text, *lines[n - 1], at_start=False), *_blocks(text, *lines[n], at_start=True)]
        if both:
            best = max(both, key=lambda block: (block.wild, block.end - block.start))
            chosen.setdefault(best.start, best)
    blocks = [block for last, block in pairwise([Block(0, 0, False, False, False), *sorted(chosen.values())]) if block.start >= last.end]
    served = len(blocks) + sum(block.alone and block.end - block.start > 2 * MOST for block in blocks)
    return blocks if blocks and served >= _SERVED * (len(lines) - 1) else []


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line.rstrip("\r \xa0"))
        start += len(line) + 1


def _blocks(text: str, start: int, end: int, *, at_start: bool) -> Iterable[Block]:
    """The block at one border of a line."""
    found = _AT_START.match(text, start, end) if at_start else _AT_END.search(text, max(start, end - 2 * FUSED), end)
    if found is None:
        return ()
    first, last = found.span()
    return (Block(first, last, wild(text[first:last:2], text[first + 1 : last : 2]), at_start, (first, last) == (start, end)),)


def _span(text: str, block: Block, pair: float) -> tuple[int, int]:
    """Where the noise of a block ends, and the text beside it begins: the most probable reading."""
    if block.alone:
        return block.start, block.end
    known, reach = language(), ORDER - 1
    edges = range(block.start, block.end + 1, 2)
    most = len(edges) - 1
    readings: list[tuple[float, int]] = []
    for pairs in range(LEAST, min(most, MOST) + 1):
        noise = pairs * pair + LENGTHS[pairs]
        if block.at_start:
            at = edges[pairs]
            readings.append((noise + known.run("\n", text[at : block.end + reach].partition("\n")[0]), at))
        else:
            at = edges[most - pairs]
            before = text[max(0, block.start - reach) : block.start].rpartition("\n")[2]
            readings.append((noise + known.run(before, text[block.start : at] + "\n"), at))
    at = max(readings)[1]
    return (block.start, at) if block.at_start else (at, block.end)
