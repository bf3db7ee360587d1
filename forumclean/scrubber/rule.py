"""What a rule of the scrubber tells about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from forumclean.records import Body, Mark

OPEN, CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of cut. Every cut names its rule; the catalogue (``forumclean rules``) is printed from these."""

    name: str
    """Dotted: family, then kind."""
    why: str
    """What writes the noise, and what the rule leaves alone. Plain sentences."""
    evidence: str
    """Where the fact comes from, and what was measured."""
    confidence: Literal["proof", "high", "fair"]
    """``proof``: the page's own markup says so. ``high``: as good as sure where it cuts. ``fair``: its borders are often a guess."""
    profiles: tuple[str, ...] = ("strict", "default", "eager")
    """Under which profiles it cuts; under the others it only reports."""
    examples: tuple[tuple[str, str], ...]
    """Text before and after, executed by the tests; ``⟦`` and ``⟧`` stand around what the parser has marked as a jammer."""
    untouched: tuple[str, ...] = ()
    """Text that looks like it and is not, executed by the tests."""


def marked(example: str, name: str) -> Body:
    """The body that an example with ``⟦…⟧`` means.

    >>> marked("一⟦二⟧三", "jammer")
    Body(text='一二三', marks=(Mark(start=1, end=2, name='jammer', detail=None),))
    """
    text, marks = "", []
    for part in example.split(OPEN):
        inside, close, rest = part.partition(CLOSE)
        if close:
            marks.append(Mark(len(text), len(text) + len(inside), name))
        text += inside + rest
    return Body(text, tuple(marks))
