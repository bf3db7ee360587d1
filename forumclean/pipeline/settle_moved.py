"""Captures of one post before and after its board moved: from http to https, to www, to another domain.

The links of a page are made absolute, so with the board's address the text (``[image: URL]``) and the links of a post change, though nobody has
edited it. Nor has anybody where only the blank lines at the ends of a text are others: those are what noise there leaves behind. Such captures
show one revision: the latest of them is kept, the others go below it like poorer views, the difference in their cuts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.markup.links import canonical_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from forumclean.pipeline.sighting import Sighting

Shows = tuple[str, str | None]
"""Text and HTML of a post as a capture shows it."""


class Divided(NamedTuple):
    """The sightings of one post by the hash of what they show, best first."""

    groups: dict[str, list[Sighting]]
    """Whose texts are revisions."""
    moved: dict[str, dict[str, list[Sighting]]]
    """By the hash of a revision: what is the same at another address of the board."""
    below: dict[str, list[Sighting]]
    """In poorer views, whose texts are no revisions."""


def moved(groups: Mapping[str, Sequence[Sighting]], read: Callable[[Sequence[Sighting]], Shows]) -> dict[str, str]:
    """Of the texts of one post, best first: those that are another in all but the board's own address and outer blanks, by hash, and the hash of that other.

    ``groups``: by hash, the captures with this text. ``read`` gives what the captures of one hash show. Own addresses are those of the post's pages.
    """
    hosts = {one.source.host for group in groups.values() for one in group}
    address = _address(host for host in hosts if host is not None)
    kept: dict[tuple[str, ...], str] = {}
    found: dict[str, str] = {}
    for content_hash, group in groups.items():
        text, html = read(group)
        key = tuple(address.sub("", said) for said in (text.strip(), *(canonical_targets(html) if html else ())))
        if (other := kept.setdefault(key, content_hash)) != content_hash:
            found[content_hash] = other
    return found


def _address(hosts: Iterable[str]) -> re.Pattern[str]:
    """The root of the board, under any of these names; without any it is nowhere."""
    names = "|".join(map(re.escape, sorted(hosts))) or "(?!)"
    return re.compile(rf"https?://(?:{names})(?::(?:80|443))?/", re.IGNORECASE)
