"""The author, time, floor and number of each block: by vote, as blocks of one kind are built alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.board_urls import Target, read_url
from forumclean.parser.engines.tolerant_blocks import Block, Region, anchors_of, names_of, pieces_of
from forumclean.parser.engines.tolerant_message import Routes, find_messages
from forumclean.parser.engines.tolerant_signs import is_name, member_in, name_in, resolve, time_within

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from forumclean.parser.dates import When
    from forumclean.parser.engines.tolerant_outline import Outline

_MOST = 0.6
_INLINE = frozenset({"span", "abbr", "time", "a"})
_RUNS = 4
"""Runs of text among which a name without a link is looked for: behind a floor and its sign."""
_SMALL = 120
"""Characters of a line that a time may be wrapped in."""
# 1# 5楼 #12, and the names of the first floors: the thread's author, sofa, bench, floor
_FLOOR = re.compile(r"#\s?\d{1,6}|\d{1,6}\s?(?:#|楼|樓|F)|楼主|樓主|沙发|沙發|板凳|地板")
_POST_ID = re.compile(r"(?:post|pid|msg|message|comment)[a-z_-]{0,20}?(\d{1,15})$|^p(\d{1,15})$", re.IGNORECASE)
_POST_LINK = re.compile(r"#(?:pid|post-?|p|msg)(\d{1,15})$")


class Found(NamedTuple):
    """What a block says."""

    message: int
    """The element that is the message."""
    sure: bool
    """False if the message was not where it is in other blocks."""
    name: str | None
    uid: int | None
    when: When | None
    floor: str | None
    pid: int | None


def read_blocks(outline: Outline, region: Region, local: tzinfo, now: datetime | None) -> list[Found]:
    """The fields of every block."""
    rich, plain = Routes(outline, region, rich=True), Routes(outline, region, rich=False)
    messages = find_messages(outline, region, rich, plain)
    times = _times(outline, region, (rich, plain), local, now)
    authors = _authors(outline, region, (rich, plain))
    pids = _pids(outline, region, [element for element, _ in messages])
    found = []
    for number, block in enumerate(region.blocks):
        element, sure = messages[number]
        name, uid = authors[number]
        found.append(Found(element, sure, name, uid, times[number], _floor(outline, block, element), pids[number]))
    return found


def alike(outline: Outline, region: Region) -> bool:
    """Whether most blocks have their time in the same place: what only happens to hold a time and a member is no post."""
    for rich in (True, False):
        rows = _time_rows(outline, region, Routes(outline, region, rich=rich))
        if any(count >= _MOST * len(rows) for count in Counter(route for row in rows for route in row).values()):
            return True
    return False


def _time_rows(outline: Outline, region: Region, routes: Routes) -> list[dict[int, tuple[str, bool]]]:
    """The times of each block by their routes: as written, and whether a word such as “posted” goes before."""
    rows = []
    for block in region.blocks:
        first = bisect_left(outline.moments, block.first, key=lambda moment: moment.element)
        last = bisect_left(outline.moments, block.last + 1, key=lambda moment: moment.element)
        row: dict[int, tuple[str, bool]] = {}
        for moment in outline.moments[first:last]:
            row.setdefault(routes.of[_line_of(outline, block, moment.element)], (moment.written, moment.labelled))
        rows.append(row)
    return rows


def _times(outline: Outline, region: Region, all_routes: tuple[Routes, Routes], local: tzinfo, now: datetime | None) -> list[When | None]:
    """The time of each block: on the route that most have, is called a posting time, shows the clock, and grows down the page."""
    for routes in all_routes:
        rows = _time_rows(outline, region, routes)
        route = _best_time(rows, local, now)
        if route is not None:
            return [resolve(row[route][0], local, now) if route in row else None for row in rows]
    return [None for _ in region.blocks]


def _line_of(outline: Outline, block: Block, element: int) -> int:
    """The element whose line a time stands in: ``span`` is there or not, as the time is relative or not."""
    parent = outline.parents[element]
    return parent if outline.tags[element] in _INLINE and parent >= block.first and outline.length(parent) <= _SMALL else element


def _best_time(rows: list[dict[int, tuple[str, bool]]], local: tzinfo, now: datetime | None) -> int | None:
    order = {route: place for row in rows for place, route in enumerate(row)}
    scores = {}
    for route, place in order.items():
        here = [row[route] for row in rows if route in row]
        if len(here) < _MOST * len(rows):
            continue
        values = [when.at for written, _ in here if (when := resolve(written, local, now)) is not None]
        steps = [before <= after for before, after in pairwise(values)]
        steady = max(sum(steps), len(steps) - sum(steps)) / len(steps) if len(steps) > 1 else 0.5
        labelled = sum(said for _, said in here) / len(here)
        clock = sum(":" in written for written, _ in here) / len(here)
        scores[route] = (len(here) / len(rows) + 0.5 * labelled + 0.3 * clock + 0.5 * steady, -place)
    return max(scores, key=lambda route: scores[route], default=None)


def _authors(outline: Outline, region: Region, all_routes: tuple[Routes, Routes]) -> list[tuple[str | None, int | None]]:
    """The author of each block: the member's link on the route that most have; else the words that stand in its place."""
    named = [names_of(outline, block) for block in region.blocks]
    for routes in all_routes:
        rows = [{} for _ in named]  # type: list[dict[int, tuple[int, str, str]]]
        for row, links in zip(rows, named, strict=True):
            for link in links:
                if link[2]:
                    row.setdefault(routes.of[link[0]], link)
        route = _best_author(rows)
        if route is not None:
            return [_author(outline, block, row.get(route), route, routes) for block, row in zip(region.blocks, rows, strict=True)]
    return [_unnamed(outline, block, links) for block, links in zip(region.blocks, named, strict=True)]


def _best_author(rows: list[dict[int, tuple[int, str, str]]]) -> int | None:
    order = {route: place for row in reversed(rows) for place, route in enumerate(row)}
    scores = {}
    for route, place in order.items():
        names = [row[route][2] for row in rows if route in row]
        if len(names) >= _MOST * len(rows):
            scores[route] = (len(names) / len(rows) + (0.3 if len(set(names)) > 1 else 0.0), -place)
    return max(scores, key=lambda route: scores[route], default=None)


def _author(outline: Outline, block: Block, link: tuple[int, str, str] | None, route: int, routes: Routes) -> tuple[str | None, int | None]:
    if link is not None:
        target = member_in(link[1]) or Target()
        return link[2], target.uid
    # a guest or a deleted member has no link: the first words where the link would be
    for above in (routes.above[route], routes.above[routes.above[route]]):
        for element in range(block.first, block.last + 1):
            if routes.of[element] == above > 0 and (words := _first_words(outline, Block(element, outline.lasts[element]))):
                return words, None
    return None, None


def _first_words(outline: Outline, block: Block) -> str | None:
    """The first run of text of a block that can be a name: no floor, no number, no time."""
    for piece in pieces_of(outline, block)[:_RUNS]:
        words = " ".join(outline.text[piece.start:piece.end].split())
        if not is_name(words) or time_within(words) is not None:
            return None
        if not (_FLOOR.fullmatch(words) or words.strip("#").isdigit() or len(words) == 1):
            return words
    return None


def _unnamed(outline: Outline, block: Block, links: list[tuple[int, str, str]]) -> tuple[str | None, int | None]:
    """Links that are pictures or buttons: the number they carry, the name if they carry one, else the first words of the block."""
    targets = [target for _, href, _ in links if (target := member_in(href)) is not None]
    uids = {target.uid for target in targets if target.uid is not None}
    name = next((said for target in targets if (said := name_in(target))), None)
    if name is None:
        name = _first_words(outline, block)
    return name, uids.pop() if len(uids) == 1 else None


def _floor(outline: Outline, block: Block, message: int) -> str | None:
    """``楼主`` (the thread's author), ``沙发`` (sofa: the second), ``5#``: a short element of its own outside the message."""
    for element in range(block.first, block.last + 1):
        if message <= element <= outline.lasts[message] or not 1 < outline.length(element) <= 10:  # noqa: PLR2004 - as long as a label is
            continue
        words = outline.words(element)
        if _FLOOR.fullmatch(words):
            return words.replace(" ", "")
    return None


def _pids(outline: Outline, region: Region, messages: list[int]) -> list[int | None]:
    """The number of each post: in ids that name it (``post_12``, ``pid12``, ``msg_12``), else in the block's link to itself."""
    found: list[int | None] = []
    for block, message in zip(region.blocks, messages, strict=True):
        numbers: Counter[int] = Counter()
        for element in range(block.first, block.last + 1):
            said = _POST_ID.search(outline.ids[element])
            if said is not None:
                numbers[int(said[1] or said[2])] += 1
        if not numbers:
            for anchor in anchors_of(outline, block):
                if not message <= anchor.element <= outline.lasts[message]:
                    target, own = read_url(anchor.href), _POST_LINK.search(anchor.href)
                    if target.pid is not None or own is not None:
                        numbers[target.pid or int(own[1] if own is not None else 0)] += 1
        found.append(numbers.most_common(1)[0][0] if numbers else None)
    known = [pid for pid in found if pid is not None]
    return found if len(set(known)) == len(known) else [None for _ in found]
