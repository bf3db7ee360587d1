"""Which element of each block is the author, the time, the message: by vote, as blocks of one kind are built alike.

A route is the chain of names from the container down to an element. The route that most blocks share, and that fits best, wins; a block
that lacks it is read by what comes nearest, and says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.board_urls import Target, read_url
from forumclean.parser.engines.tolerant_blocks import Block, Region, anchors_of, names_of, pieces_of
from forumclean.parser.engines.tolerant_signs import is_name, member_in, name_in, resolve, time_within

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from forumclean.parser.dates import When
    from forumclean.parser.engines.tolerant_outline import Outline

_MOST = 0.6
_INLINE = frozenset({"span", "abbr", "time", "a"})
_BOXES = frozenset({"div", "td", "tr", "table", "tbody", "section", "article", "p", "dd", "li", "blockquote", "main"})
_ROWS = frozenset({"tr", "li", "dl", "div", "p", "section"})
_RUNNING = frozenset({"p", "span", "font", "b", "strong", "i", "em", "a", "u", "blockquote", "ul", "ol", "li", "code", "pre"})
"""Parts of a message, not the message."""
_SHORT = 30
"""Characters of a message that a line of the author's panel can also have."""
_NEARLY = 0.97
_LITTLE = 4
"""Characters that only one block says: fewer can be chance."""
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


class Routes:
    """The route of every element of a region, as numbers: equal numbers, equal routes."""

    def __init__(self, outline: Outline, region: Region, *, rich: bool) -> None:
        self.of: dict[int, int] = {}
        self.rich = rich
        self.above: list[int] = [-1]
        self.name_of: list[str] = [""]
        known: dict[tuple[int, str], int] = {}
        names = outline.keys if rich else outline.plain
        for block in region.blocks:
            for element in range(block.first, block.last + 1):
                parent = outline.parents[element]
                # the blocks themselves often differ in a class: first, odd, last
                step = (0, outline.plain[element]) if parent == region.container else (self.of[parent], names[element])
                number = known.get(step)
                if number is None:
                    number = known[step] = len(self.above)
                    self.above.append(step[0])
                    self.name_of.append(step[1])
                self.of[element] = number

    def depth(self, route: int) -> int:
        """How many steps a route has."""
        steps = 0
        while route > 0:
            route = self.above[route]
            steps += 1
        return steps


def read_blocks(outline: Outline, region: Region, local: tzinfo, now: datetime | None) -> list[Found]:
    """The fields of every block."""
    rich, plain = Routes(outline, region, rich=True), Routes(outline, region, rich=False)
    messages = _messages(outline, region, rich, plain)
    times = _times(outline, region, (rich, plain), local, now)
    authors = _authors(outline, region, (rich, plain))
    pids = _pids(outline, region, [element for element, _ in messages])
    found = []
    for number, block in enumerate(region.blocks):
        element, sure = messages[number]
        name, uid = authors[number]
        found.append(Found(element, sure, name, uid, times[number], _floor(outline, block, element), pids[number]))
    return found


def _messages(outline: Outline, region: Region, rich: Routes, plain: Routes) -> list[tuple[int, bool]]:
    """The message of each block, and whether it stands where most do."""
    totals = _totals(outline, region)
    if len(region.blocks) == 1:
        return [_single(outline, region.blocks[0], totals)]
    by_class, by_tag = (_vote(outline, region, totals, routes) for routes in (rich, plain))
    classes_help = by_class[0] >= by_tag[0] - 0.02 and rich.depth(by_class[1]) >= plain.depth(by_tag[1])
    (score, route), routes = (by_class, rich) if classes_help else (by_tag, plain)
    if score <= 0:
        return [(block.first, False) for block in region.blocks]
    rows = [[element for element in range(block.first, block.last + 1) if routes.of[element] == route] for block in region.blocks]
    rows = _behind_times(outline, region, rows, totals)
    # where several elements are on the route: the one that says most, else the one at the usual place
    chosen = [max(row, key=lambda element: _said(outline, totals, element), default=None) for row in rows]
    sure = [(row, element) for row, element in zip(rows, chosen, strict=True) if element is not None and _said(outline, totals, element) > _LITTLE]
    usual = Counter(row.index(element) - len(row) for row, element in sure).most_common(1)
    found = []
    for block, row, element in zip(region.blocks, rows, chosen, strict=True):
        if element is None:
            found.append(_nearest(outline, block, route, routes))
            continue
        at_place = not usual or row.index(element) - len(row) == usual[0][0]
        said = _said(outline, totals, element)
        if said <= _LITTLE and not at_place and -usual[0][0] <= len(row):
            found.append((row[usual[0][0]], True))
        elif said <= _SHORT and not at_place:
            found.append(_nearest(outline, block, route, routes))
        else:
            found.append((element, True))
    return found


def _behind_times(outline: Outline, region: Region, rows: list[list[int]], totals: _Totals) -> list[list[int]]:
    """If most messages come after the line with their time, all do: what is on the route before it is the author's panel."""
    times = []
    for block in region.blocks:
        first = bisect_left(outline.moments, block.first, key=lambda moment: moment.element)
        inside = (moment.element for moment in outline.moments[first:] if moment.labelled)
        times.append(next(inside, block.last + 1))
    largest = [(max(row, key=lambda element: _said(outline, totals, element)), time) for row, time in zip(rows, times, strict=True) if row]
    if sum(element > time for element, time in largest) < _MOST * len(rows):
        return rows
    return [[element for element in row if element > time] for row, time in zip(rows, times, strict=True)]


def _single(outline: Outline, block: Block, totals: _Totals) -> tuple[int, bool]:
    """The message of a page's only post: what follows its time, down as long as one element holds most of what is said there."""
    moment = next((moment.element for moment in outline.moments if moment.labelled and block.first <= moment.element <= block.last), block.first)
    after: list[int] = []
    while moment > block.first:
        siblings = outline.children(outline.parents[moment])
        after += siblings[siblings.index(moment) + 1:]
        moment = outline.parents[moment]
    element = next((found for found in after if outline.tags[found] in _BOXES and _said(outline, totals, found) > 1), None)
    if element is None:
        return block.first, False
    whole = _said(outline, totals, element)
    while True:
        inner = max(outline.children(element), key=lambda child: _said(outline, totals, child), default=None)
        if inner is None or outline.tags[inner] in _RUNNING or _said(outline, totals, inner) < _NEARLY * whole:
            return element, element != block.first
        element = inner


def _said(outline: Outline, totals: _Totals, element: int) -> int:
    first, last = outline.span(element, element)
    return totals.own[last] - totals.own[first]


def _nearest(outline: Outline, block: Block, route: int, routes: Routes) -> tuple[int, bool]:
    """The message of a block that has nothing on the route: an element of the same name, else what is nearest on the way to it."""
    name = routes.name_of[route]
    if routes.rich and not _bare(name):
        same = [element for element in range(block.first, block.last + 1) if outline.keys[element] == name]
        if same:  # polls, rewards: the same message, wrapped differently
            return max(same, key=outline.length), True
    while route > 0:
        route = routes.above[route]
        here = [element for element in range(block.first, block.last + 1) if routes.of[element] == route]
        if here:
            return max(here, key=outline.length), False
    return block.first, False


def _bare(name: str) -> bool:
    """Whether the name of an element is just its tag."""
    return name.endswith("#") and "." not in name


class _Totals(NamedTuple):
    """Running totals over the pieces of the page, in characters that are neither digits nor blanks."""

    own: list[int]
    """Of text that one block alone says, in no link, and in no row about somebody."""
    whole: list[int]


def _totals(outline: Outline, region: Region) -> _Totals:
    said: Counter[str] = Counter()
    lines: dict[int, str] = {}
    aside: set[int] = set()
    for block in region.blocks:
        first, last = outline.span(block.first, block.last)
        aside |= _asides(outline, block)
        for place in range(first, last):
            piece = outline.pieces[place]
            lines[place] = "".join(ch for ch in outline.text[piece.start:piece.end] if not (ch.isdigit() or ch.isspace()))
        said.update({lines[place] for place in range(first, last)})
    totals = _Totals([0], [0])
    for place, piece in enumerate(outline.pieces):
        line = lines.get(place, "")
        own = said[line] == 1 and not piece.linked and place not in aside
        totals.own.append(totals.own[-1] + (len(line) if own else 0))
        totals.whole.append(totals.whole[-1] + (0 if piece.linked else len(line)))
    return totals


def _asides(outline: Outline, block: Block) -> set[int]:
    """The places of short rows with a member's link in them: comments and ratings below the message, the author above it."""
    found: set[int] = set()
    for element, _, _ in names_of(outline, block):
        row = outline.parents[element]
        while row > block.first and outline.tags[row] not in _ROWS:
            row = outline.parents[row]
        if block.first < row and outline.length(row) <= 2 * _SMALL:
            found.update(range(*outline.span(row, row)))
    return found


def _vote(outline: Outline, region: Region, totals: _Totals, routes: Routes) -> tuple[float, int]:
    """The route whose elements hold the most of what only their block says, and little else; then down to what holds as much."""
    best: dict[int, dict[int, _Share]] = {}
    everything = 0
    for number, block in enumerate(region.blocks):
        first, last = outline.span(block.first, block.last)
        everything += totals.own[last] - totals.own[first]
        for element in range(block.first, block.last + 1):
            if outline.length(element):
                first, last = outline.span(element, element)
                held = best.setdefault(routes.of[element], {})
                before = held.get(number, _Share(0, 0, 0))
                own, whole = totals.own[last] - totals.own[first], totals.whole[last] - totals.whole[first]
                held[number] = _Share(*max(before[:2], (own, whole)), before.elements + 1)
    chosen = (0.0, -1)
    for route, held in best.items():
        own, whole = sum(share.own for share in held.values()), sum(share.whole for share in held.values())
        if own and len(held) * 2 >= len(region.blocks):
            precision, recall = min(own / whole, 1.0), own / everything
            chosen = max(chosen, (round(1.25 * precision * recall / (0.25 * precision + recall), 3), route))
    return chosen[0], _down(best, chosen[1], routes, len(region.blocks))


class _Share(NamedTuple):
    """What the elements on a route hold of one block: the largest's own and whole text, how many they are."""

    own: int
    whole: int
    elements: int


def _down(best: dict[int, dict[int, _Share]], route: int, routes: Routes, blocks: int) -> int:
    """From a wrapper of the message to the message: an element that each block has once, with nearly all that the wrapper says."""
    for inner in sorted(best):  # routes further down have higher numbers
        held = best[inner]
        if routes.above[inner] != route or len(held) * 2 < blocks or any(share.elements > 1 for share in held.values()):
            continue
        outer = sum(best[route][number].own for number in held)
        if outer and sum(share.own for share in held.values()) >= _NEARLY * outer:
            route = inner
    return route


def _times(outline: Outline, region: Region, all_routes: tuple[Routes, Routes], local: tzinfo, now: datetime | None) -> list[When | None]:
    """The time of each block: on the route that most have, is called a posting time, shows the clock, and grows down the page."""
    for routes in all_routes:
        rows: list[dict[int, tuple[str, bool]]] = []
        for block in region.blocks:
            first = bisect_left(outline.moments, block.first, key=lambda moment: moment.element)
            last = bisect_left(outline.moments, block.last + 1, key=lambda moment: moment.element)
            row: dict[int, tuple[str, bool]] = {}
            for moment in outline.moments[first:last]:
                row.setdefault(routes.of[_line_of(outline, block, moment.element)], (moment.written, moment.labelled))
            rows.append(row)
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
        steps = [before <= after for before, after in zip(values, values[1:], strict=False)]
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
    """The first run of text of a block, if it can be a name."""
    first = next((piece for piece in pieces_of(outline, block) if piece.end - piece.start > 1), None)
    words = "" if first is None else " ".join(outline.text[first.start:first.end].split())
    return words if is_name(words) and time_within(words) is None and _FLOOR.fullmatch(words) is None else None


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
