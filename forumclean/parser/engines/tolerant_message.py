"""Which element of each block is the message: the one that most blocks have in the same place, and that holds what only they say.

A route is the chain of names from the container down to an element. The route that fits best wins; a block that lacks it is read by what
comes nearest, and says so: rather too much text than too little.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.engines.tolerant_blocks import Block, Region, names_of

if TYPE_CHECKING:
    from forumclean.parser.engines.tolerant_outline import Outline

_MOST = 0.6
_BOXES = frozenset({"div", "td", "tr", "table", "tbody", "section", "article", "p", "dd", "li", "blockquote", "main"})
_ROWS = frozenset({"tr", "li", "dl", "div", "p", "section"})
_RUNNING = frozenset({"p", "span", "font", "b", "strong", "i", "em", "a", "u", "blockquote", "ul", "ol", "li", "code", "pre"})
"""Parts of a message, not the message."""
_SHORT = 30
"""Characters of a message that a line of the author's panel can also have."""
_NEARLY = 0.97
"""Share of a wrapper's text from which an inner element is the message."""
_LITTLE = 4
"""Characters that only one block says: fewer can be chance."""
_ASIDE = 240
"""Characters that a row about somebody (a comment, a rating) has at most."""


class Routes:
    """The route of every element of a region, as numbers: equal numbers, equal routes."""

    def __init__(self, outline: Outline, region: Region, *, rich: bool) -> None:
        """Number the routes of a region; ``rich``: by tag, classes and id, else by bare tags."""
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


def find_messages(outline: Outline, region: Region, rich: Routes, plain: Routes) -> list[tuple[int, bool]]:
    """The message of each block, and whether it stands where most do; ``rich`` and ``plain``: routes by classes and by bare tags."""
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
    found_in = [(row, element) for row, element in zip(rows, chosen, strict=True) if element is not None]
    sure = [(row, element) for row, element in found_in if _said(outline, totals, element) > _LITTLE]
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
    labelled = (moment.element for moment in outline.moments if moment.labelled and block.first <= moment.element <= block.last)
    moment = next(labelled, block.first)
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
    whole = outline.ends[block.last] - outline.starts[block.first]
    for element, _, _ in names_of(outline, block):
        row = outline.parents[element]
        while row > block.first and outline.tags[row] not in _ROWS:
            row = outline.parents[row]
        if block.first < row and outline.length(row) <= _ASIDE and 2 * outline.length(row) < whole:
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
