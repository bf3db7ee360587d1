"""Which posts were deleted: a later capture of the same page shows what stood before and what stood after them, side by side.

Pure. A post that is only absent may be on another page by now, or not be shown to this visitor; so nothing is concluded from the first and
the last post of a page alone, nor from a page that shows one author only, nor for a post that was seen in several threads. A sticky reply, repeated on
the top of every page, stood before nobody. Only posts with a number (pid) are looked at.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Shown(NamedTuple):
    """One post on one capture of a page."""

    capture: tuple[str, str]
    """Latest capture of these bytes (UTC), and their SHA-256."""
    page: tuple[int, int | None]
    """View and number of the page: captures with the same are of the same page."""
    ordinal: int
    pid: int
    author: str | None


def deleted(shown: Iterable[Shown], last_seen: Mapping[int, str]) -> set[int]:
    """The pids of posts that were deleted, of all that one thread's pages show.

    ``last_seen``: by pid, the latest capture (UTC) of posts that were seen in this thread only.
    """
    pages: dict[tuple[int, int | None], dict[tuple[str, str], list[Shown]]] = {}
    for one in shown:
        pages.setdefault(one.page, {}).setdefault(one.capture, []).append(one)
    found: set[int] = set()
    repeated = _Repeated(pages)
    for captures in pages.values():
        if len(captures) > 1:
            found |= _on_page([sorted(capture, key=lambda one: one.ordinal) for capture in captures.values()], last_seen, repeated)
    return found


class _Repeated:
    """Which posts a page only repeats: they were on an earlier page before, and posts never move to a later one."""

    def __init__(self, pages: Mapping[tuple[int, int | None], Mapping[tuple[str, str], Sequence[Shown]]]) -> None:
        self._since: dict[tuple[int, int], dict[int, str]] = {}
        """View and pid → number of a page → its first capture with this post."""
        if len({number for _, number in pages}) < 2:  # noqa: PLR2004 - it takes two
            return
        for (view, number), captures in pages.items():
            if number is None:
                continue
            for (at, _), capture in captures.items():
                for one in capture:
                    since = self._since.setdefault((view, one.pid), {})
                    since[number] = min(at, since.get(number, at))

    def __call__(self, one: Shown) -> bool:
        view, number = one.page
        return number is not None and any(
            other < number and at <= one.capture[0] for other, at in self._since.get((view, one.pid), {}).items())


def _on_page(captures: list[list[Shown]], last_seen: Mapping[int, str], repeated: _Repeated) -> set[int]:
    captures.sort(key=lambda capture: capture[0].capture)
    # the last capture that shows a post; those behind it do not
    last: dict[int, int] = {one.pid: place for place, capture in enumerate(captures) for one in capture}
    found = set()
    for pid, place in last.items():
        seen = last_seen.get(pid)
        if seen is not None and any(
            capture[0].capture[0] > seen and _shows_gap(captures[place], capture, pid, repeated) for capture in captures[place + 1 :]
        ):
            found.add(pid)
    return found


def _shows_gap(before: Sequence[Shown], after: Sequence[Shown], pid: int, repeated: _Repeated) -> bool:
    """Whether what stood around a post stands together in a later capture."""
    authors = {one.author for one in after}
    if len(authors) == 1 and len({one.author for one in before}) > 1:
        return False  # perhaps a page of one author's posts only
    pids = [one.pid for one in before]
    place = pids.index(pid)
    ahead, behind = set(pids[:place]), set(pids[place + 1 :])
    newest = max(pids)
    for one, other in pairwise(shown.pid for shown in after if shown.pid not in ahead or not repeated(shown)):
        for x, y in ((one, other), (other, one)):
            # behind the last post of a page stands one that is newer than all on it, if posts come in the order of their numbers
            if x in ahead and (y in behind or (not behind and newest == pid and y > pid and x < pid and (x, y) == (one, other))):
                return True
    return False
