"""One post of a flattened page: what is its text, and what the page printed into or below it.

Fields leave the text: edit notice, comments, ratings, tips for guests. Notices that stand in for content become ``[locked: …]``.
Of what the member wrote nothing is changed: blank lines, spaces and jammers stay as they came.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.furniture import BARS
from forumclean.parser.notices import ATTACHMENTS_HIDDEN, BOX_HINT, CLOSING_MARK, EDITED, NOTICE_HINT, is_box, notice_in

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_DATED = re.compile(rf"^(?P<text>.{{0,2000}}?)\s{{0,4}}(?:发表于|發表於|发表於)\s{{0,2}}(?P<at>{dates.ANY})\s*(?:回复|詳情|详情)?$", re.VERBOSE)
_QUOTED = re.compile(rf"^[>\s]{{0,6}}(?P<author>\S.{{0,29}}?)[ \xa0](?:发表于|發表於|发表於)[ \xa0](?P<at>{dates.ABSOLUTE})", re.VERBOSE)
_RATED = re.compile(r"(?P<author>\S[^\n\t+]{0,30}?)\s{1,4}(?P<score>[+-]\s?\d{1,6})(?:\s{1,4}(?P<reason>[^\n\t]{1,40}))?$", re.MULTILINE)
_COMMENTS = frozenset({"点评", "點評"})
_RATINGS = re.compile(r"^(?:评分|評分)(?:\s|$)")
_RATERS = ("参与人数", "參與人數")  # the second line of a list of ratings: how many took part
_FAVOURITES = re.compile(r"^(?:收藏|分享|淘帖|支持|反对|反對|转播|轉播){1,4}\s?\d{0,6}$")
_HINT_WORDS = frozenset({"提示:", "提示："})  # in front of a notice, on a line of its own in some extractions
_ICON = re.compile(r"^\[[\w.?=&/ -]{1,60}\]\s?")  # the name of an image, as text browsers print it
_SECTION = 2000  # lines from the end of a text in which its comments and ratings begin
_TRIES = 8  # words that only look like the heading of a section, before the search is given up
_REPEATED = 6  # characters that two posts have in common at their end before it is a signature
_GAP = 6  # blank lines in a row that only the page's own layout leaves


@dataclass(slots=True)
class Parts:
    """What one body region holds."""

    text: str = ""
    state: str = "ok"
    fields: dict[str, Any] = field(default_factory=dict)
    gaps: tuple[int, int] = (0, 0)
    """Blank lines in front of the last block of the text, and behind it: where a signature shows."""


def read_body(lines: list[str], local: tzinfo, now: datetime | None) -> Parts:
    """Take apart the lines between a post's header and its tail; ``local`` and ``now`` as in ``dates.when``."""
    parts = Parts()
    lines = _cut_sections(lines, parts, local, now)
    whole = "\n".join(lines)
    lines, behind = _trimmed(_without_boxes(lines, parts) if BOX_HINT.search(whole) else lines)
    lines = _favourites(lines, parts)
    lines = _edited(lines, parts, local)
    if "发表" in whole or "發表" in whole:
        _quotes(lines, parts, local)
    if NOTICE_HINT.search(whole):
        lines = _notices(lines, parts)
    lines, _ = _trimmed(lines)
    parts.gaps = (_gap_before_last(lines), behind)
    parts.text = "\n".join(lines)
    return parts


def _trimmed(lines: list[str]) -> tuple[list[str], int]:
    """The lines without blank ones and table bars at either end, and how many were behind."""
    first, last = 0, len(lines)
    while last and not lines[last - 1].strip(" \t\xa0\u3000|"):
        last -= 1
    while first < last and not lines[first].strip(" \t\xa0\u3000|"):
        first += 1
    return lines[first:last], len(lines) - last


def _cut_sections(lines: list[str], parts: Parts, local: tzinfo, now: datetime | None) -> list[str]:
    """Comments (点评) and ratings (评分) below a text become fields; the text ends where the first of them begins."""
    end, tries = len(lines), _TRIES
    for index in range(len(lines) - 1, max(-1, len(lines) - _SECTION), -1):
        bare = lines[index].strip(BARS)
        if bare in _COMMENTS:
            name, found = "comments", _read_comments(lines[index + 1:end], local, now)
        elif _RATINGS.match(bare):
            name, found = "ratings", _read_ratings(bare, lines[index + 1:end])
        else:
            continue
        if found:
            parts.fields[name] = found
            end = index
        elif (tries := tries - 1) == 0:
            break
    return lines[:end]


def _read_comments(lines: list[str], local: tzinfo, now: datetime | None) -> list[dict[str, Any]]:
    """Comments: a name, the text, and 发表于 with the time at its end; empty if the lines are anything else."""
    found: list[dict[str, Any]] = []
    pending: list[str] = []
    for line in lines:
        bare = _ICON.sub("", line.strip(BARS))
        if not bare:
            continue
        dated = _DATED.match(bare)
        if dated is None:
            pending.append(bare)
            continue
        if not pending:
            return []
        at = dates.when(dated["at"], local, now)
        text = " ".join([*pending[1:], dated["text"]]).strip()
        found.append({"author": pending[0], "text": text, "at": None if at is None else at.at})
        pending = []
    return found if not pending else []


def _read_ratings(first: str, lines: list[str]) -> list[dict[str, Any]]:
    """Ratings: who gave how much and why; empty if no line says how many took part."""
    bare = [first, *(_ICON.sub("", line.strip(BARS)) for line in lines)]
    near = [line for line in bare if line][:3]
    if not any(word in line for line in near for word in _RATERS):
        return []
    joined = "\n".join(line for line in bare if line)
    joined = re.sub(r"\n(?=[+-]\s?\d)", " ", joined.partition("理由")[2] or joined)
    return [
        {"author": found["author"].strip(), "score": int(re.sub(r"\s", "", found["score"])), "reason": found["reason"]}
        for found in _RATED.finditer(re.sub(r"([+-]\s?\d{1,6})\n(?=[^\n+-]{1,40}(?:\n|$))", r"\1 ", joined))
        if not any(word in found["author"] for word in _RATERS)
    ]


def _without_boxes(lines: list[str], parts: Parts) -> list[str]:
    """Leave out tips for guests, and the closing mark of their box."""
    kept: list[str] = []
    after_box = False
    for line in lines:
        bare = line.strip(BARS)
        if is_box(bare):
            after_box = True
            if any(box.match(bare) for box in ATTACHMENTS_HIDDEN):
                parts.fields.setdefault("extras", {})["attachments_hidden"] = True
        elif not (after_box and bare in CLOSING_MARK):
            kept.append(line)
            after_box = after_box and not bare
    return kept


def _favourites(lines: list[str], parts: Parts) -> list[str]:
    """The counters below a first post (收藏 0) end its text; what follows is the signature."""
    for index in range(len(lines) - 1, max(0, len(lines) - 12), -1):
        bare = lines[index].strip(BARS)
        if _FAVOURITES.match(bare) and (bare[-1:].isdigit() or lines[index + 1:index + 2] == ["0"]):
            behind = [line.strip() for line in lines[index + 1:] if line.strip(BARS) and not line.strip(BARS).isdigit()]
            if behind:
                parts.fields["signature"] = "\n".join(behind)
            return _trimmed(lines[:index])[0]
    return lines


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
    at = gap = len(lines) - _last_block(lines)
    while gap and not lines[gap - 1].strip():
        gap -= 1
    return at - gap if gap else 0


def find_signatures(posts: list[Parts], authors: list[str | None]) -> None:
    """Take signatures out of texts, where the page shows in two ways at once that they are none of the text.

    By layout: a wide gap in front of and behind the last block, the same under two posts. By repetition: the last lines of all
    posts of one author are the same (or are the signature already known), and there is other text before them.
    """
    wide = [parts.gaps for parts in posts if min(parts.gaps) >= _GAP and "signature" not in parts.fields]
    for parts in posts:
        if parts.gaps in wide and wide.count(parts.gaps) > 1 and "signature" not in parts.fields:
            _take(parts, _last_block(parts.text.split("\n")))
    of_author: dict[str, list[Parts]] = {}
    for parts, author in zip(posts, authors, strict=True):
        if author is not None and parts.text and parts.state == "ok":
            of_author.setdefault(author, []).append(parts)
    for theirs in of_author.values():
        _take_repeated(theirs)


def _take_repeated(posts: list[Parts]) -> None:
    known = next((parts.fields["signature"].split("\n") for parts in posts if "signature" in parts.fields), None)
    unsigned = [parts for parts in posts if "signature" not in parts.fields]
    texts = [[line.strip() for line in parts.text.split("\n")] for parts in unsigned]
    if known is None:
        if len(texts) < 2:  # noqa: PLR2004 - nothing is repeated
            return
        known = _common_end(texts)
        if len("".join(known)) < (_REPEATED if len(texts) == 2 else 2):  # noqa: PLR2004 - twice the same short word is a habit
            return
    for parts, text in zip(unsigned, texts, strict=True):
        if len(text) > len(known) and text[-len(known):] == known:
            _take(parts, len(known))


def _common_end(texts: list[list[str]]) -> list[str]:
    """The lines with which all texts end, some line of each left before them."""
    common: list[str] = []
    for lines in zip(*(reversed(text[1:]) for text in texts), strict=False):
        if len(set(lines)) > 1:
            break
        common.insert(0, lines[0])
    while common and not common[0]:
        del common[0]
    return common


def _last_block(lines: list[str]) -> int:
    at = len(lines)
    while at and lines[at - 1].strip():
        at -= 1
    return len(lines) - at


def _take(parts: Parts, count: int) -> None:
    """Move the last lines of a text into the field ``signature``."""
    lines = parts.text.split("\n")
    parts.fields["signature"] = "\n".join(lines[len(lines) - count:]).strip()
    parts.text = "\n".join(_trimmed(lines[:len(lines) - count])[0])
