"""Where the posts of a flattened thread page begin and end, from the few lines that every extractor keeps in some way.

Three kinds of lines are looked for: the *card* of the author panel (当前离线, now offline), the *header* with the time
(发表于 …, and 只看该作者 beside it) and the *tail*, the run of buttons below a post. A page may lack any two of them. Panel and
header come before a body, the tail behind it; what members write in bodies (quotes with 发表于, single words such as 支持) is told
apart by where it stands. One pass, no line is looked at twice as long as pages are pages.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from forumclean.parser.dates import ANY
from forumclean.parser.engines.flat_bare import Redrawn, as_desktop
from forumclean.parser.engines.flat_dialects import plain_form
from forumclean.parser.engines.flat_names import PANEL, could_be_name, first_name, name_before, panel_above, trimmed_line, without_tools
from forumclean.parser.furniture import BARS, CLOSERS, FLOOR, FOOTER, ONLY_AUTHOR, button_words, is_tools, pieces
from forumclean.parser.panel import CARD, is_panel_line

HEADER = re.compile(
    rf"""^ (?:\[[\w.]{{1,30}}\]\s?)?                 # an icon's name, in text browsers
         (?P<before>.{{0,40}}?) \s{{0,3}}
         (?:发表于|發表於|发表於|發表于) [\s:：]{{0,3}} (?P<date>{ANY}) [\s|]{{0,5}} (?P<after>.{{0,60}}) $""",
    re.VERBOSE,
)
"""A post's time: perhaps the author or the floor, 发表于 (posted at), the time, perhaps tools."""
LONGEST = 200
"""Characters: longer lines are prose and are not looked at."""
_NEAR = 3  # lines, blank ones not counted, within which the tools of a header stand


@dataclass(slots=True)
class Head:
    """Where one post stands: line numbers, and what its panel and header say."""

    start: int
    """First line that belongs to the post (its panel or header)."""
    card: int | None = None
    header: int | None = None
    body: int = 0
    """First line behind the header, or behind the panel where there is no header."""
    end: int = 0
    """First line that no longer belongs to the body: the tail, the next post or the footer."""
    lead: int = 0
    """Blank lines in front of the body."""
    name: str | None = None
    before: str = ""
    date: str | None = None
    panel: list[str] = field(default_factory=list)


class Tail(NamedTuple):
    """A run of buttons: first line, first line behind it, the words."""

    first: int
    behind: int
    words: tuple[str, ...]


class Marks(NamedTuple):
    """The lines of a page that say where posts are."""

    cards: dict[int, str]
    headers: dict[int, re.Match[str]]
    strong: frozenset[int]
    """Headers with tools beside them that no quotation has."""
    tails: list[Tail]

    def tail_before(self, low: int, high: int) -> Tail | None:
        """The last tail that ends within ``low`` … ``high``."""
        index = bisect_right(self.tails, high, key=lambda tail: tail.behind) - 1
        return self.tails[index] if index >= 0 and self.tails[index].behind >= low else None


def bare_lines(lines: list[str]) -> list[str]:
    """The lines without the blanks, bars and bullets around them; what is too long to be looked at counts as one letter."""
    return [line.strip(BARS) if len(line) <= LONGEST else "x" for line in lines]


class Layout(NamedTuple):
    """A text's lines, the same without their borders, and the marks among them."""

    lines: list[str]
    bare: list[str]
    marks: Marks
    redrawn: Redrawn | None = None
    """For a page of a view without panels and buttons: what it was."""


def lay_out(text: str) -> Layout:
    """Split a text into lines and find what marks posts."""
    plain = plain_form(text)
    redrawn = as_desktop(plain)
    lines = (plain if redrawn is None else redrawn.text).split("\n")
    bare = bare_lines(lines)
    return Layout(lines, bare, find_marks(lines, bare), redrawn)


def find_marks(lines: list[str], bare: list[str]) -> Marks:
    """Find cards, headers and tails in one pass."""
    cards, headers, strong, buttons = {}, {}, set(), []
    for index, text in enumerate(bare):
        if len(text) < 2:  # noqa: PLR2004 - nothing that short is looked for; most lines of such pages are bars
            continue
        if ("当前" in text or "當前" in text) and (card := CARD.match(trimmed_line(lines[index]))) is not None:
            cards[index] = (card["name"] or card["name_tw"] or "").strip()
        elif ("发表" in text or "發表" in text) and (header := HEADER.match(trimmed_line(lines[index]))) is not None:
            if not header["after"].strip(BARS) or is_tools(header["after"].strip(BARS)):
                headers[index] = header
                if any(tool in header["after"] for tool in ONLY_AUTHOR) or _tool_near(bare, index):
                    strong.add(index)
        elif button_words(text):
            buttons.append(index)
    return Marks(cards, headers, frozenset(strong), _tails(bare, buttons))


def find_heads(layout: Layout) -> list[Head]:
    """The posts of a page in order, with the lines of their bodies."""
    bare, marks = layout.bare, layout.marks
    heads = _pair(marks)
    for index, head in enumerate(heads):
        _begin(head, heads[index - 1] if index else None, layout)
    floor = footer_line(layout, heads)
    usual = _usual_tail(marks)
    for head, limit in zip(heads, [*(following.start for following in heads[1:]), floor], strict=False):
        _end(head, limit, bare, marks, usual)
    return heads


def footer_line(layout: Layout, heads: list[Head]) -> int:
    """The first line of what the page prints below its last post; the number of lines if there is nothing."""
    bare, marks = layout.bare, layout.marks
    if not heads:
        return len(bare)
    seen, first = 0, len(bare)
    for index in range(len(bare) - 1, heads[-1].body - 1, -1):
        if not bare[index]:
            continue
        if FOOTER.match(bare[index]):
            first = index
            seen = 0
        elif (seen := seen + 1) > PANEL // 2:
            break
    for tail in marks.tails:
        if heads[-1].body <= tail.first < first and tail.behind <= first:
            return max(tail.behind, _last_before(marks, first))
    return first


def _last_before(marks: Marks, line: int) -> int:
    return max((tail.behind for tail in marks.tails if tail.behind <= line), default=line)


def _tool_near(bare: list[str], index: int) -> bool:
    seen = 0
    for text in bare[index + 1:index + 4 * _NEAR]:
        if text:
            if text in ONLY_AUTHOR or (is_tools(text) and pieces(text)[0] in ONLY_AUTHOR):
                return True
            seen += 1
            if seen == _NEAR:
                break
    return False


def _tails(bare: list[str], buttons: list[int]) -> list[Tail]:
    """Runs of button lines, blank lines and bars between them allowed, that hold two words and a closing one."""
    tails: list[Tail] = []
    run: list[int] = []
    for index in [*buttons, len(bare) + 1]:
        if run and (index > len(bare) or any(bare[run[-1] + 1:index])):
            words = tuple(word for line in run for word in button_words(bare[line]))
            if len(words) > 1 and not CLOSERS.isdisjoint(words):
                tails.append(Tail(run[0], run[-1] + 1, words))
            run = []
        run.append(index)
    return tails


def _pair(marks: Marks) -> list[Head]:
    """Cards and headers in order; a header completes the card before it unless a tail stands between them."""
    events = sorted([(line, "card") for line in marks.cards] + [(line, "header") for line in marks.headers]
                    + [(tail.first, "tail") for tail in marks.tails])
    heads: list[Head] = []
    in_panel, open_card = True, False
    for line, kind in events:
        if kind == "tail":
            in_panel, open_card = True, False
        elif kind == "card":
            heads.append(Head(start=line, card=line, name=marks.cards[line] or None))
            in_panel, open_card = True, True
        elif (in_panel and (open_card or not _quoted(marks, line))) or line in marks.strong or _plain_header(marks, line):
            if open_card and line - (heads[-1].card or 0) < 8 * PANEL:
                heads[-1].header = line
            else:
                heads.append(Head(start=line, header=line))
            heads[-1].date, heads[-1].before = marks.headers[line]["date"], without_tools(marks.headers[line]["before"].strip(BARS))
            in_panel, open_card = False, False
    return heads


def _quoted(marks: Marks, line: int) -> bool:
    """A name before the time on a page with buttons or cards, and no tools beside any time: a quotation in a post whose own header is gone."""
    before = marks.headers[line]["before"].strip(BARS)
    return bool(before) and FLOOR.match(before) is None and not marks.strong and bool(marks.tails or marks.cards)


def _plain_header(marks: Marks, line: int) -> bool:
    """A header without tools, on a page that has none at all: only if no name stands before it, as one does in quotations."""
    return not marks.strong and not marks.tails and not marks.cards and not marks.headers[line]["before"].strip(BARS)


def _begin(head: Head, last: Head | None, layout: Layout) -> None:
    """Find the first line of a post, its author's name, its panel and the first line of its body."""
    lines, bare, marks = layout[:3]
    mark = head.card if head.card is not None else head.header or 0
    lowest = 0 if last is None else last.body
    tail = marks.tail_before(lowest, mark)
    tail_end = None if tail is None else tail.behind
    if head.card is not None:
        head.start, head.name = name_before(head, lines, bare, lowest, after_tail=tail_end)
    elif tail_end is not None:
        head.start = tail_end
    else:
        head.start = _back_over(head, mark, layout, lowest)
        if head.name is None and last is None and (above := panel_above(bare[:mark])) is not None:
            head.start, head.name = above, trimmed_line(lines[above])
    last_line = mark if head.header is None else head.header
    head.panel = [text for text in bare[mark if head.card is not None else head.start:last_line] if text]
    if head.header is None:
        head.body = _panel_end(bare, mark + 1)
        head.panel = [text for text in bare[mark:head.body] if text]
    else:
        head.body = head.header + 1
        while head.body < len(bare) and (is_tools(bare[head.body]) or not lines[head.body].strip(" \t\xa0\u3000|")):
            head.lead = 0 if bare[head.body] else head.lead + 1
            head.body += 1
    if head.name is None and head.card is None and tail is not None:
        head.name = first_name([text for text in (trimmed_line(line) for line in lines[head.start:last_line]) if text][:3])
    if head.name is not None and not could_be_name(head.name):
        head.name = None


def _back_over(head: Head, line: int, layout: Layout, lowest: int) -> int:
    """Go back from a header over its floor and tools; a name between them, printed again above the floor, is the author's."""
    start, above = line, [index for index in range(line - 1, max(lowest, line - PANEL) - 1, -1) if layout.bare[index]][:2 * _NEAR]
    texts = [trimmed_line(layout.lines[index]) for index in above]
    if len(texts) > 2 and FLOOR.match(texts[1]) and texts[2].startswith(texts[0]) and could_be_name(texts[0]):  # noqa: PLR2004
        head.name = texts[2]
        return above[2]
    for index in above:
        if not is_tools(layout.bare[index]) and not FLOOR.match(layout.bare[index]):
            break
        start = index
    return start


def _panel_end(bare: list[str], line: int) -> int:
    """The first line behind a panel without a header: the first one that no panel has."""
    while line < len(bare) and (not bare[line] or is_panel_line(bare[line]) or is_tools(bare[line])):
        line += 1
    return line


def _usual_tail(marks: Marks) -> tuple[str, ...]:
    """The buttons under most posts: more than these may be a member's own 支持 or 顶."""
    return Counter(tail.words for tail in marks.tails).most_common(1)[0][0] if marks.tails else ()


def _end(head: Head, limit: int, bare: list[str], marks: Marks, usual: tuple[str, ...]) -> None:
    """Find the end of a body: the last tail before the next post, but not a word that is all the member wrote."""
    head.end = max(head.body, limit)
    tail = marks.tail_before(head.body, head.end)
    if tail is None or tail.first < head.body:
        return
    head.end = tail.first
    if not any(bare[head.body:tail.first]) and tail.words != usual and tail.words[-len(usual):] == usual:
        extra = len(tail.words) - len(usual)
        for index in range(tail.first, tail.behind):
            if extra <= 0:
                break
            extra -= len(button_words(bare[index]))
            head.end = index + 1
