"""Where a page's posts stand in their thread, for views that print neither floors nor numbers but leave nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.archiver.ranks import VIEW_RANK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forumclean.pipeline.settle_threads import About

_COMPLETE = frozenset({-VIEW_RANK["archiver"], -VIEW_RANK["flattened archiver"]})
"""``Source.order`` begins with one of these: the archiver prints every post of a thread, one after another."""


def posts_before(seen: Sequence[About], lengths: Mapping[int, int]) -> dict[int, int]:
    """How many posts stand on the pages before a page, by source; absent where one of these was not seen.

    ``seen``: what was seen of one thread; ``lengths``: number of posts on a page, by source. Of a page seen twice the latest counts.
    """
    complete = [one for one in seen if one.ordinal == 0 and one.page is not None and one.source.order[0] in _COMPLETE]
    rank = min((one.source.order[0] for one in complete), default=0)
    pages: dict[int, list[About]] = {}
    for one in complete:
        if one.source.order[0] == rank and one.page is not None:
            pages.setdefault(one.page, []).append(one)
    found: dict[int, int] = {}
    before, number = 0, 1
    while number in pages:
        found.update((one.source.id, before) for one in pages[number])
        before += lengths.get(max(pages[number], key=lambda one: one.source.worth).source.id, 0)
        number += 1
    return found
