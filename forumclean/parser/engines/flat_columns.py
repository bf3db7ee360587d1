"""Pages drawn as a table is seen: the author's panel on the left, the post beside it on the right (w3m, inscriptis).

The two stand on the same lines, so the gutter between them is looked for: the column before the floor and the time of the post that is blank
on all lines of the post, or nearly so. What is left of it are the lines of the panel, what is right of it those of the post; lines that run
through are rows of their own (a signature) and stay behind the post.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.dates import ANY
from forumclean.parser.furniture import BARS, CLOSERS, COPY_LINK, FLOOR, ONLY_AUTHOR, button_words
from forumclean.parser.panel import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

_TIME = re.compile(
    rf"""^(?P<panel>.*?)(?P<head>(?:\[[\w.]{{1,30}}\]\ ?)?(?:(?:楼主|樓主)\s?\|?\ ?)?(?:\S{{1,30}}\s{{1,2}})?(?:发表于|發表於|发表於)\ ?{ANY}\s?\|?\s?(?P<after>.*))$""",
    re.VERBOSE,
)
_LONGEST = 2000  # characters; pads included
_INDENT = 8  # blanks before a time from which it stands in a column
_SET_APART = 9  # blank lines that tell a row of its own from the text: as pages have them that keep every line end
_RULE = re.compile(r"^\s*━{10,}\s*$")
_GAP = re.compile(r"\s{2,}")
_TOP = ("返回列表", "查看:", "查看：", *COPY_LINK)


class _Head(NamedTuple):
    """A line with a post's time, and the column in which it, or the floor above it, begins."""

    line: int
    column: int


def in_columns(text: str) -> bool:
    """Whether the times of posts stand in a column of their own."""
    return any(tool in text for tool in ONLY_AUTHOR) and bool(_heads(text.split("\n"), len))


def side_by_side(text: str) -> str:
    """The same page with each post's panel above it.

    w3m counts columns by what a terminal shows, inscriptis by characters: with the right count the lines of a text begin in the same column.
    """
    lines = text.split("\n")
    return min((_apart(lines, width) for width in (len, _shown)), key=lambda apart: apart.scattered).text


class _Apart(NamedTuple):
    """A page with its columns apart, and in how many columns behind the gutter the lines beside panels begin, plus the lines that run through."""

    text: str
    scattered: int


def _apart(lines: list[str], width: Callable[[str], int]) -> _Apart:
    heads = _heads(lines, width)
    out: list[str] = []
    done = through = 0
    begins: set[int] = set()
    for index, head in enumerate(heads):
        start = _start(lines, head.line, done)
        end = _end(lines, head.line, heads[index + 1].line if index + 1 < len(heads) else len(lines))
        gutter = _gutter(lines[start:end], head.column, width)
        out += lines[done:start]
        out += _post(lines[start:end], gutter, width)
        sides = [_split(line, gutter, width) for line in lines[start:end]]
        begins |= {len(both[1]) - len(both[1].lstrip(" ")) for both in sides if both is not None and both[0].strip() and both[1].strip()}
        done, through = end, through + sides.count(None)
    return _Apart("\n".join([*out, *lines[done:]]), len(begins) + through)


def _heads(lines: list[str], width: Callable[[str], int]) -> list[_Head]:
    heads: list[_Head] = []
    for index, line in enumerate(lines):
        if ("发表" not in line and "發表" not in line) or len(line) > _LONGEST or (found := _TIME.match(line)) is None:
            continue
        column, floor = width(line[:found.start("head")]), False
        for above in range(max(heads[-1].line + 1 if heads else 0, index - 3), index):
            label = _GAP.split(lines[above].rstrip())[-1]
            if label and FLOOR.match(label.strip(BARS)):
                column, floor = min(column, width(lines[above].rstrip()[:-len(label)])), True
        # posts by guests have no tools beside the time
        if column >= _INDENT and (any(tool in line for tool in ONLY_AUTHOR) or (floor and not found["after"].strip(BARS))):
            heads.append(_Head(index, column))
    return heads


def _shown(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _start(lines: list[str], head: int, done: int) -> int:
    """The first line of a post: where the one before ends, or below what stands above the first."""
    if done:
        return done
    for index in range(head - 1, max(-1, head - 80), -1):
        if any(words in lines[index] for words in _TOP):
            return index + 1
    return max(0, head - 40)


def _end(lines: list[str], head: int, limit: int) -> int:
    """The first line behind a post's buttons; for all but the last post the last buttons before the next."""
    ends = [index + 1 for index in range(head, limit) if not CLOSERS.isdisjoint(button_words(lines[index].strip(BARS)))]
    if not ends:
        return limit
    return ends[0] if limit == len(lines) else ends[-1]


def _gutter(block: list[str], column: int, width: Callable[[str], int]) -> int:
    """The column in which the right side begins: at most that of the head, and as few lines running through it as can be."""
    return min(
        range(column, max(0, column - 12), -1), key=lambda candidate: sum(_split(line, candidate, width) is None for line in block),
        default=column)


def _split(line: str, column: int, width: Callable[[str], int]) -> tuple[str, str] | None:
    """What is left and right of a column; ``None`` where a word runs through it."""
    at = column if width is len else _index(line, column)
    if at is None:
        return None
    if at >= len(line):
        return line, ""
    return (line[:at], line[at:]) if at == 0 or line[at - 1].isspace() else None


def _index(line: str, column: int) -> int | None:
    """The character at a column of a terminal; ``None`` in the middle of a wide one."""
    if line.isascii():
        return column
    done = 0
    for index, char in enumerate(line):
        if done >= column:
            return index if done == column else None
        done += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return len(line) if done <= column else None


def _post(block: list[str], gutter: int, width: Callable[[str], int]) -> list[str]:
    """The lines of one post: panel, head, text, rows of their own, buttons."""
    left: list[str] = []
    right: list[str] = []
    rows: list[str] = []
    panel_over = False
    for line in block:
        if not line.strip() or _RULE.match(line):
            right.append("")
            continue
        sides = _split(line, gutter, width)
        if sides is None or (panel_over and not sides[1].strip()):
            rows.append(line.strip())
            continue
        panel, post = sides
        if panel.strip():
            left.append(panel.strip() if panel.strip()[0] not in "•*" else f"  {panel.strip()}")
            panel_over = panel.strip(BARS) in _LAST_OF_PANEL
        right.append(post.rstrip())
    while right and not right[0]:
        del right[0]
    return ["", *_counters(left), *with_rows(_outdented(right), rows), ""]


_LAST_OF_PANEL = frozenset({"发消息", "發消息", "加为好友", "加好友", "收听TA"})


def _outdented(lines: list[str]) -> list[str]:
    """Text is indented deeper than its head; the least indent of the text is taken away."""
    inner = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip() and not FLOOR.match(line.strip(BARS)) and "发表于" not in line
             and not button_words(line.strip(BARS))]
    indent = min(inner, default=0)
    return [line[indent:] if line[:indent].isspace() else line.lstrip(" ") for line in lines]


def with_rows(lines: list[str], rows: list[str]) -> list[str]:
    """Put the rows of their own between the text and the buttons, set apart as the page's markup does."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or button_words(lines[end - 1].strip(BARS))):
        end -= 1
    blank = [""] * _SET_APART
    between = [*blank, *rows, *blank[1:]] if rows else [*blank, *blank]
    return [*lines[:end], *between, *(line for line in lines[end:] if line.strip())]


def _counters(left: list[str]) -> list[str]:
    """The card's counters, three numbers above three labels, as one line: ``20主题1364帖子9积分``."""
    out: list[str] = []
    for line in left:
        labels = _GAP.split(line)
        numbers = _GAP.split(out[-1]) if out else []
        if len(labels) > 1 and len(labels) == len(numbers) and all(label in LABELS for label in labels):
            out[-1] = "".join(number + label for number, label in zip(numbers, labels, strict=True))
        else:
            out.append(line)
    return out
