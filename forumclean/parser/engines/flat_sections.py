"""What Discuz prints below the text of a post: comments (点评), ratings (评分), the counters of a first post.

Each is read into a field; what follows the last of them is the signature, the only thing that stands below them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.furniture import BARS

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from forumclean.parser.engines.flat_body import Parts

_DATED = re.compile(rf"^(?P<text>.{{0,2000}}?)\s{{0,4}}(?:发表于|發表於|发表於)\s{{0,2}}(?P<at>{dates.ANY})\s*(?:回复|詳情|详情)?$", re.VERBOSE)
_RATED = re.compile(r"(?P<author>\S[^\n\t+]{0,30}?)\s{1,4}(?P<score>[+-]\s?\d{1,6})(?:\s{1,4}(?P<reason>[^\n\t]{1,40}))?$", re.MULTILINE)
_COMMENTS = frozenset({"点评", "點評"})
_RATINGS = re.compile(r"^(?:(?:评分|評分)(?:\s|$)|(?:参与人数|參與人數)\s?\d)")
_RATINGS_HEADING = frozenset({"评分", "評分"})
_RATERS = ("参与人数", "參與人數")  # the second line of a list of ratings: how many took part
_ALL_RATINGS = re.compile(r"^(?:查看全部评分|查看全部評分|查看所有评分)$")
_PAGER = re.compile(r"^(?:(?:上一页|下一页|上一頁|下一頁|\d{1,3})\s?)+$")  # of long lists of comments
_COUNTERS = re.compile(r"^(?:(?:收藏|分享|淘帖|支持|反对|反對|转播|轉播)\s?){1,4}\d{0,6}$")
_ICON = re.compile(r"^\[[\w.?=&/ -]{1,60}\]\s?")  # the name of an image, as text browsers print it
_SECTION = 2000  # lines from the end of a text in which its comments and ratings begin
_TRIES = 8  # words that only look like the heading of a section, before the search is given up
_TOP_LINES = 12  # from the end, in which the counters of a first post stand


def cut_sections(lines: list[str], parts: Parts, local: tzinfo, now: datetime | None) -> list[str]:
    """Comments and ratings below a text become fields; returns the lines above the first of them."""
    end, tries = len(lines), _TRIES
    for index in range(len(lines) - 1, max(-1, len(lines) - _SECTION), -1):
        bare = lines[index].strip(BARS)
        if bare in _COMMENTS:
            name, (found, behind) = "comments", _read_comments(lines[index + 1:end], local, now)
        elif _RATINGS.match(bare):
            name, (found, behind) = "ratings", _read_ratings(bare, lines[index + 1:end])
        else:
            continue
        if found:
            parts.fields[name] = found
            sign(parts, behind)
            end = _heading(lines, index) if name == "ratings" else index
        elif (tries := tries - 1) == 0:
            break
    parts.cut = end < len(lines)
    return lines[:end]


def _heading(lines: list[str], index: int) -> int:
    """The line with the word 评分 above a list of ratings, if it stands there."""
    above = next((line for line in range(index - 1, max(-1, index - _TOP_LINES), -1) if lines[line].strip(BARS)), index)
    return above if lines[above].strip(BARS) in _RATINGS_HEADING else index


def sign(parts: Parts, lines: list[str]) -> None:
    """What stands in these lines, if anything does, is the post's signature."""
    kept = [line.strip() for line in lines if line.strip(BARS)]
    if kept:
        parts.fields["signature"] = "\n".join(kept)


def _read_comments(lines: list[str], local: tzinfo, now: datetime | None) -> tuple[list[dict[str, Any]], list[str]]:
    """Comments: a name, the text, and 发表于 with the time at its end; and the lines behind the last. Nothing if no line is like that."""
    found: list[dict[str, Any]] = []
    pending: list[str] = []
    last = 0
    for number, line in enumerate(lines, 1):
        bare = _ICON.sub("", line.strip(BARS))
        if not bare:
            continue
        dated = _DATED.match(bare)
        if dated is None:
            pending.append(bare)
            continue
        at = dates.when(dated["at"], local, now)
        author = pending[0] if pending else None  # extractors that leave out links leave out the names
        if author is not None and len(author) > 60:  # noqa: PLR2004 - no name: a member's own line, ending in a time
            return [], []
        text = " ".join([*pending[1:], dated["text"]]).strip()
        found.append({"author": author, "text": text, "at": None if at is None else at.at})
        pending, last = [], number
    while last < len(lines) and (not lines[last].strip(BARS) or _PAGER.match(lines[last].strip(BARS))):
        last += 1
    return found, lines[last:]


def _read_ratings(first: str, lines: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Ratings: who gave how much and why; and the lines behind them. Nothing if no line says how many took part."""
    bare = [first, *(_ICON.sub("", line.strip(BARS)) for line in lines)]
    near = [line for line in bare if line][:3]
    if not any(word in line for line in near for word in _RATERS):
        return [], []
    closing = next((index for index, line in enumerate(bare) if _ALL_RATINGS.match(line)), len(bare))
    joined = "\n".join(line for line in bare[:closing] if line)
    joined = re.sub(r"\n(?=[+-]\s?\d)", " ", joined.partition("理由")[2] or joined)
    found = [
        {"author": found["author"].strip(), "score": int(re.sub(r"\s", "", found["score"])), "reason": found["reason"]}
        for found in _RATED.finditer(re.sub(r"([+-]\s?\d{1,6})\n(?=[^\n+-]{1,40}(?:\n|$))", r"\1 ", joined))
        if not any(word in found["author"] for word in _RATERS)
    ]
    return found, lines[closing:]


def cut_counters(lines: list[str], parts: Parts) -> list[str]:
    """The counters below a first post (收藏 0) end its text; what follows is the signature."""
    seen = 0
    for index in range(len(lines) - 1, -1, -1):
        bare = lines[index].strip(BARS)
        seen += bool(bare)
        if seen > _TOP_LINES:
            break
        if _COUNTERS.match(bare) and (bare[-1:].isdigit() or lines[index + 1:index + 2] == ["0"]):
            sign(parts, [line for line in lines[index + 1:] if not line.strip(BARS).isdigit()])
            parts.cut = True
            return lines[:index]
    return lines
