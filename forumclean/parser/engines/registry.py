"""All HTML engines, and which of them reads a page.

``ENGINES`` is for ``--engine`` and for listings; ``best`` asks them. The tolerant engine brings a second parser with it, so it is loaded,
and asked, only where no other engine knows the page.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from forumclean.parser.engines.html import Engine, HtmlPage

SURE = 0.9
"""A score at which nobody else is asked."""
KNOWN = 0.5
"""The lowest score with which a page is read."""


class Entry(NamedTuple):
    """Where an engine is."""

    name: str
    module: str
    attribute: str
    last_resort: bool = False


ENTRIES = (
    Entry("discuz-x", "discuz_x", "DISCUZ_X"),
    Entry("discuz-6", "discuz_6", "DISCUZ_6"),
    Entry("discuz-lists", "discuz_lists", "DISCUZ_LISTS"),
    Entry("discuz-touch", "discuz_touch", "DISCUZ_TOUCH"),
    Entry("discuz-touch-lists", "discuz_touch_lists", "DISCUZ_TOUCH_LISTS"),
    Entry("discuz-mobile", "discuz_mobile", "DISCUZ_MOBILE"),
    Entry("discuz-printable", "discuz_printable", "DISCUZ_PRINTABLE"),
    Entry("discuz-archiver", "discuz_archiver", "DISCUZ_ARCHIVER"),
    Entry("discuz-rss", "discuz_rss", "DISCUZ_RSS"),
    Entry("not-content", "not_content", "NOT_CONTENT"),
    Entry("tolerant", "tolerant", "TOLERANT", last_resort=True),
)
"""In the order in which they are asked: the most frequent pages first. Of equal scores the first wins."""
ENGINES = tuple(entry.name for entry in ENTRIES)
"""Names for ``--engine``."""


class Choice(NamedTuple):
    """The engine for a page, how sure that is (0 to 1), and why."""

    engine: Engine
    score: float
    reasons: tuple[str, ...]


@lru_cache
def engine(name: str) -> Engine:
    """The engine of a name. Raises KeyError for an unknown one."""
    entry = {entry.name: entry for entry in ENTRIES}[name]
    found: Engine = getattr(import_module(f"forumclean.parser.engines.{entry.module}"), entry.attribute)
    return found


def best(page: HtmlPage) -> Choice | None:
    """The engine that knows a page best; ``None`` if none does."""
    choice: Choice | None = None
    for entry in ENTRIES:
        if entry.last_resort and choice is not None:
            break
        asked = engine(entry.name)
        score, reasons = asked.score(page)
        if score >= KNOWN and (choice is None or score > choice.score):
            choice = Choice(asked, score, reasons)
            if score >= SURE:
                break
    return choice
