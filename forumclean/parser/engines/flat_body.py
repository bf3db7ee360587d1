"""One post of a flattened page: what is its text, and what the page printed into or below it.

Fields leave the text: edit notice, comments, ratings, tips for guests. Notices that stand in for content become ``[locked: …]``.
Of what the member wrote nothing is changed: blank lines, spaces and jammers stay as they came.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.flat_sections import cut_counters, cut_sections, sign
from forumclean.parser.engines.flat_special import cut_special
from forumclean.parser.furniture import BARS, COPY_CODE
from forumclean.parser.notices import ATTACHMENTS_HIDDEN, BOX_HINT, CLOSING_MARK, EDITED, NOTICE_HINT, is_box, notice_in

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    Clock = tuple[tzinfo, datetime | None]

_QUOTED = re.compile(rf"^[>\s]{{0,6}}(?P<author>\S.{{0,29}}?)[ \xa0](?:发表于|發表於|发表於)[ \xa0](?P<at>{dates.ABSOLUTE})", re.VERBOSE)
_REPLY = re.compile(r"^(?:Re|RE|re|回复|回復|回覆|答复)(?:\s?[:：]|标题|標題)")
_LONGEST_SUBJECT = 100
_NUMBER = re.compile(r"^ {0,8}(?P<number>\d{1,4})\.(?: |$)")
_PROFILE = frozenset({
    "查看详细资料", "查看詳細資料", "查看个人网站", "查看個人網站", "查看公共资料", "发短消息", "發短消息", "QQ", "Yahoo!", "MSN", "ICQ", "Skype", "Taobao",
    "淘宝旺旺", "贸易通", "个人空间", "個人空間", "加为好友", "加為好友", "当前离线", "当前在线",
})
_BETWEEN = 3  # lines without a number, in a row, inside a block of code
_SKIPPED = 9  # empty lines of code in a row, whose numbers extractors do not print
_HINT_WORDS = frozenset({"提示:", "提示："})  # in front of a notice, on a line of its own in some extractions


@dataclass(slots=True)
class Parts:
    """What one body region holds."""

    text: str = ""
    state: str = "ok"
    fields: dict[str, Any] = field(default_factory=dict)
    special: str | None = None
    """What kind of special thread it opens."""
    special_extras: dict[str, Any] = field(default_factory=dict)
    cut: bool = False
    """Whether comments, ratings or counters stood below the text: then the blank lines behind it are theirs."""
    lead: int = 0
    """Blank lines between the header and the text."""
    gaps: tuple[int, int] = (0, 0)
    """Blank lines in front of the last block of the text, and behind it: where a signature shows."""


class Habits(NamedTuple):
    """What a page's extractor does to every post."""

    bullet: str | None
    """What it puts before the items of a list (``"  • "``), as the page's own lists show."""
    nbsp: bool
    """Whether it kept the no-break blanks by which Discuz prints two blanks in a row: two plain ones are then no member's."""
    lead: int | None
    """Blank lines that it leaves between a post's header and its text, as most posts show."""


def read_body(lines: list[str], lead: int, habits: Habits, clock: Clock, *, opening: bool = False) -> Parts:
    """Take apart the lines between a post's header and its tail.

    ``lead``: blank lines in front of them; ``clock``: zone and time of the page as in ``dates.when``; ``opening``: the post may open a
    thread, so it can have a poll or a price.
    """
    parts = Parts(lead=lead)
    local, now = clock
    lines = cut_counters(cut_sections(lines, parts, local, now), parts)
    if opening:
        lines, parts.special, parts.special_extras = cut_special(lines)
    whole = "\n".join(lines)
    lines, behind = trimmed(_without_boxes(lines, parts) if BOX_HINT.search(whole) else lines)
    if not opening:
        lines = _subject(lines, parts, habits)
    lines = _edited(_without_links(lines), parts, local)
    if any(words in whole for words in COPY_CODE):
        lines = _without_copy_code(lines)
    if habits.bullet is not None:
        lines = _without_bullets(lines, habits)
    if "发表" in whole or "發表" in whole:
        _quotes(lines, parts, local)
    if NOTICE_HINT.search(whole):
        lines = _notices(lines, parts)
    lines, _ = trimmed(lines)
    parts.gaps = (_gap_before_last(lines), behind)
    parts.text = "\n".join(lines)
    return parts


def _subject(lines: list[str], parts: Parts, habits: Habits) -> list[str]:
    """The subject of a reply, which X and D7 print as a heading above the text: one line, other blank lines around it than a text has."""
    if habits.lead is None or parts.lead == habits.lead or len(lines) < 2:  # noqa: PLR2004 - it, and the text
        return lines
    subject = lines[0].strip(" \t\xa0\u3000|")
    if subject in _HINT_WORDS or NOTICE_HINT.search(subject):
        return lines
    # it takes its place among the blank lines that a text alone would have above it; more of them can be a member's
    below = next((index for index, line in enumerate(lines[1:]) if line.strip()), 0)
    if len(subject) > _LONGEST_SUBJECT or not (_REPLY.match(subject) or (below > 1 and parts.lead + below == habits.lead)):
        return lines
    parts.fields["subject"] = subject
    parts.lead = habits.lead
    return trimmed(lines[1:])[0]


def trimmed(lines: list[str]) -> tuple[list[str], int]:
    """The lines without blank ones and table bars at either end, and how many were behind."""
    first, last = 0, len(lines)
    while last and not lines[last - 1].strip(" \t\xa0\u3000|"):
        last -= 1
    while first < last and not lines[first].strip(" \t\xa0\u3000|"):
        first += 1
    return lines[first:last], len(lines) - last


def _without_boxes(lines: list[str], parts: Parts) -> list[str]:
    """Leave out tips for guests, and the closing mark of their box."""
    kept: list[str] = []
    after_box = False
    text_above, below = 0, 0
    for line in lines:
        bare = line.strip(BARS)
        if is_box(bare):
            after_box = True
            if any(box.match(bare) for box in ATTACHMENTS_HIDDEN):
                parts.fields.setdefault("extras", {})["attachments_hidden"] = True
                text_above = text_above or sum(map(bool, map(str.strip, kept)))
        elif not (after_box and bare in CLOSING_MARK):
            kept.append(line)
            after_box = after_box and not bare
        elif text_above:  # X prints the box of hidden attachments below the whole text: nothing but the signature follows
            below = len(kept)
    if below:
        sign(parts, kept[below:])
        del kept[below:]
    return kept


def _without_links(lines: list[str]) -> list[str]:
    """Leave out the links to the author's profile that D6 and D7 print between text and buttons: 查看个人网站 查看详细资料."""
    end = len(lines)
    while end and (not lines[end - 1].strip(BARS) or all(word in _PROFILE for word in lines[end - 1].split())):
        end -= 1
    cut = [word for line in lines[end:] for word in line.split()]
    return trimmed(lines[:end])[0] if "查看详细资料" in cut or "查看詳細資料" in cut else lines


def _without_bullets(lines: list[str], habits: Habits) -> list[str]:
    """Leave out what the extractor put before the items of lists, indented as it does: bullets, and numbers that count from one."""
    bullet = habits.bullet or ""
    indent, sign = bullet[:len(bullet) - len(bullet.lstrip(" "))], bullet.strip()
    mark = re.compile(rf"^{indent} *(?:{re.escape(sign)}|(?P<number>\d{{1,4}})\.)(?: |$)")
    kept, expected = [], 1
    for line in lines:
        found = mark.match(line)
        number = int(found["number"]) if found is not None and found["number"] else None
        if found is None or (number is not None and not (habits.nbsp and expected <= number <= expected + _SKIPPED * (expected > 1))):
            kept.append(line)
            expected = expected if not line.strip() else 1
        else:
            kept.append(line[found.end():])
            expected = 1 if number is None else number + 1
    return kept


def _without_numbers(lines: list[str], end: int) -> list[str]:
    """Leave out the numbers that extractors put before the lines of a block of code: in order, up to its button on line ``end``.

    Numbers of empty lines are not printed; a line without one is noise, or the rest of a line that the extractor broke.
    """
    following, others = None, 0
    kept: list[str] = []
    for index in range(end - 1, -1, -1):
        found = _NUMBER.match(lines[index])
        if found is None:
            others += bool(lines[index].strip())
            if others > _BETWEEN:
                return lines
            kept.append(lines[index])
            continue
        number = int(found["number"])
        if following is not None and not number < following <= number + _SKIPPED:
            return lines
        following, others = number, 0
        kept.append(lines[index][found.end():])
        if number == 1:
            return [*lines[:index], *reversed(kept), *lines[end:]]
    return lines


def _without_copy_code(lines: list[str]) -> list[str]:
    """Leave out the button below a block of code, on its own line or glued to the last line of the code, and the numbers above it."""
    for end in [index for index, line in enumerate(lines) if line.strip(BARS) in COPY_CODE]:
        lines = _without_numbers(lines, end)
    kept = []
    for line in lines:
        bare = line.strip(BARS)
        if bare in COPY_CODE:
            continue
        glued = next((words for words in COPY_CODE if bare.endswith(words) and "!" <= bare[-len(words) - 1] <= "~"), None)
        kept.append(line if glued is None else line.rstrip()[:-len(glued)])
    return kept


def _edited(lines: list[str], parts: Parts, local: tzinfo) -> list[str]:
    """The edit notice in front of the text (D7 and later), or in square brackets behind it (D4-D6)."""
    for index in (0, len(lines) - 1) if lines else ():
        found = EDITED.match(lines[index][:200])
        if found is None or (index and not found[0].strip().startswith("[")):
            continue
        at = dates.when(found["at"], local)
        if at is None:
            continue
        parts.fields |= {"edited_by": found["by"].strip(), "edited_at": at.at, "edited_at_precision": at.precision}
        rest = lines[index][found.end():]
        return [*lines[:index], *([rest] if rest else []), *lines[index + 1:]]
    return lines


def _quotes(lines: list[str], parts: Parts, local: tzinfo) -> None:
    """Whom a text quotes, as far as the attribution (NAME 发表于 DATE) still shows; where the quotation ends is not to be seen."""
    found = [(_QUOTED.match(line[:120])) for line in lines if "发表" in line or "發表" in line]
    quotes = [
        {"pid": None, "author": quote["author"], "at": None if (at := dates.when(quote["at"], local)) is None else at.at, "text": None}
        for quote in found if quote is not None
    ]
    if quotes:
        parts.fields["quotes"] = quotes


def _notices(lines: list[str], parts: Parts) -> list[str]:
    """Replace notices by placeholders; a post that holds nothing else, or begins with a ban, gets its state."""
    kept, states, others = [], [], 0
    for line in lines:
        found = notice_in(line)
        if found is None:
            if line.strip() not in _HINT_WORDS or others:
                kept.append(line)
                others += bool(line.strip())
            continue
        notice, words = found
        kept.append(f"[locked: {words['words'].strip(' *')}]{line[words.end():]}")
        if notice.state != "banned" or not others:
            states.append(notice.state)
    if states and (not others or states[0] == "banned"):
        parts.state = states[0]
    return kept


def _gap_before_last(lines: list[str]) -> int:
    at = gap = len(lines) - last_block(lines)
    while gap and not lines[gap - 1].strip():
        gap -= 1
    return at - gap if gap else 0


def last_block(lines: list[str]) -> int:
    """How many lines there are behind the last blank one."""
    at = len(lines)
    while at and lines[at - 1].strip():
        at -= 1
    return len(lines) - at
