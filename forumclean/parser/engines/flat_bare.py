"""Flattened pages of the views without author panels and buttons, archiver and touch: brought to the form of a flattened desktop page.

Such a page says what it is in its own furniture, and prints above each post nothing but floor, author and time. These lines become the
lines that a desktop page has in their place; the texts between them stay as they came.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.dates import ANY
from forumclean.parser.engines.flat_names import SENTENCE, could_be_name
from forumclean.parser.furniture import COPY_LINK, FLOOR, ONLY_AUTHOR

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARCHIVER = re.compile(
    r"""^[#=\s]{0,4}\S.{0,80}'s\ Archiver[ \t]*$ | ^[ \t]*Powered\ by\ Discuz!?.{0,12}\sArchiver\b | ^[ \t]*(?:查看完整版本|View\ the\ full\ version)[ \t]*[:：]
      | ^[ \t]*[页頁]\s?:\s{1,4}(?:\d{1,5}\s{1,4}){0,60}\[\d{1,5}\]""",
    re.VERBOSE | re.MULTILINE,
)
_NEVER_JAMMED = re.compile(r"^[ \t]*Powered by Discuz! X[\d. ]{0,5}\s?Archiver\b", re.MULTILINE)
"""The archiver of X prints no jammers; those of older generations do."""
_TOUCH = re.compile(r"^[ \t]*(?:标准版|標準版)\s{0,8}\|\s{0,8}(?:触屏版|觸屏版)|(?:只看楼主|只看樓主)[ \t]*$", re.MULTILINE)
_POSTED = re.compile(rf"^(?P<name>.{{0,60}}?)[ \t\xa0]{{0,8}}(?:发表于|發表於|发表於|發布於|发布于|Posted\ (?:on|at))[ \t\xa0]{{1,4}}(?P<at>{ANY})$", re.VERBOSE)
_TIME = re.compile(rf"^(?P<bullet>\s{{0,8}}[•*+·-]\s)?\s{{0,8}}(?:(?:收藏|\d{{1,12}})\s{{1,4}})?(?P<at>{ANY})\s*$", re.VERBOSE)
_SECONDS = re.compile(r":\d\d:\d\d$")
_BULLET = re.compile(r"^\s{0,8}[•*+·-]\s")
_FULL_VERSION = re.compile(r"^[ \t]*(?:查看完整版本|View the full version)[ \t]*[:：]\s{0,6}(?P<title>(?!Powered by)[^\n]{0,200})$", re.MULTILINE)
_CLOSING = re.compile(r"(?:查看完整版本|View the full version)\s{0,4}[:：]|Powered by Discuz")
_PAGES = re.compile(r"(?:页|頁|Pages?)\s?[:：]")
_PAGER = re.compile(r"(?:(?:页|頁|Pages?)\s?[:：])?[\s\d.\[\]]{0,80}$|Powered by Discuz|(?:查看完整版本|View the full version)\s{0,4}[:：]")
_BELOW = re.compile(r"^(?:首页|首頁)\s{0,8}\|?|^(?:标准版|標準版)|^(?:上一页|上一頁)?[\d.\s]{0,40}(?:下一页|下一頁)?$|^©|^(?:回复|回復|回覆)$|^(?:登录|登錄|注册|註冊)")
"""Lines below the last post of a touch page."""
_ONLY_STARTER = re.compile(r"(?:只看楼主|只看樓主)(?:\s{0,4}(?:全部回复|全部回復)\s?\d{0,9})?$")
_REPLY = frozenset({"回复", "回復", "回覆"})
_NAME = 60
_END = "返回列表"
_BUTTONS = "回复 | 举报"
_LAST = 12


class _Head(NamedTuple):
    """Above a post: the first of its lines, the first line behind them, and what they say."""

    first: int
    behind: int
    floor: str
    name: str
    at: str

    def lines(self) -> list[str]:
        """As a desktop page prints it."""
        return [*([self.floor] if self.floor else []), f"{self.name} 发表于 {self.at} | {ONLY_AUTHOR[0]}"]


class Redrawn(NamedTuple):
    """A page in the form of a flattened desktop page, and what it was."""

    text: str
    view: str
    """As in ``Page.view``."""
    reason: str
    """What it was known by, for people."""
    never_jammed: bool = False
    """Whether it is of a view and generation that prints no jammers."""


def as_desktop(text: str) -> Redrawn | None:
    """The text in the form of a desktop page; ``None`` where it is no page of these views, or has no posts."""
    if any(tool in text for tool in ONLY_AUTHOR):
        return None
    if _ARCHIVER.search(text) is not None and (drawn := _archiver(text)) is not None:
        return Redrawn(drawn, "flattened archiver", "authors and times as the archiver prints them, and its own title or footer", _NEVER_JAMMED.search(text) is not None)
    if _TOUCH.search(text) is not None and (drawn := _touch(text)) is not None:
        return Redrawn(drawn, "flattened", "floors, authors and times as touch pages print them, and their footer")
    return None


def _archiver(text: str) -> str | None:
    lines = text.split("\n")
    heads = _archiver_heads(lines)
    if not heads:
        return None
    full = _FULL_VERSION.search(text)
    title = "" if full is None else full["title"].strip()
    last = next((index for index in range(len(lines) - 1, heads[-1].behind - 1, -1) if _CLOSING.match(lines[index].strip())), None)
    end = first = len(lines) if last is None else last
    while first > heads[-1].behind and (not lines[first - 1].strip() or _PAGER.match(lines[first - 1].strip())):
        first -= 1
        end = first if _PAGES.match(lines[first].strip()) else end
    pages = max(map(int, re.findall(r"\d{1,5}", " ".join(lines[end:last]))), default=0)
    return _drawn(lines, heads, end, title, [f"共 {pages} 页"] if pages > 1 else [])


def _archiver_heads(lines: list[str]) -> list[_Head]:
    """NAME 发表于 TIME on a line of its own. Quotations begin likewise, but with a shorter time, or in the middle of a text."""
    found: list[_Head] = []
    for index, line in enumerate(lines):
        if len(line) > _NAME * 3 or ("发" not in line and "發" not in line and "osted" not in line):
            continue
        posted = _POSTED.match(line.strip())
        if posted is None:
            continue
        name, first = posted["name"].strip(), index
        if not name and index and could_be_name(lines[index - 1].strip()) and not SENTENCE.search(lines[index - 1]):  # each text on a line of its own
            name, first = lines[index - 1].strip(), index - 1
        found.append(_Head(first, index + 1, "", name, posted["at"]))
    if not found:
        return []
    above = _blank(lines, found[0].first - 1)
    below = _blank(lines, found[0].behind)
    seconds = any(_SECONDS.search(head.at) for head in found)
    heads: list[_Head] = []
    recent = False
    for head in found:
        absolute = head.at[:4].isdigit()
        if above > _blank(lines, head.first - 1) or below > _blank(lines, head.behind) or (absolute and seconds and not _SECONDS.search(head.at)):
            continue
        if not (absolute and recent):  # nobody answers before the post above: such a time stands in a quotation
            heads.append(head)
        recent = recent or not absolute
    return heads


def _blank(lines: list[str], index: int) -> bool:
    return not 0 <= index < len(lines) or not lines[index].strip()


def _touch(text: str) -> str | None:
    lines = text.split("\n")
    heads = list(_touch_heads(lines))
    if not heads:
        return None
    starter = next((index for index in range(heads[0].first) if _ONLY_STARTER.search(lines[index].strip())), None)
    title = "" if starter is None else _ONLY_STARTER.sub("", lines[starter].strip()).strip()
    if starter is not None and not title:
        title = next((lines[index].strip() for index in range(starter - 1, -1, -1) if lines[index].strip()), "")
    end = len(lines)
    for index in range(len(lines) - 1, max(heads[-1].behind, len(lines) - 4 * _LAST) - 1, -1):
        bare = _BULLET.sub("", lines[index]).strip()
        if bare and not _BELOW.match(bare):
            break
        end = index
    bullet = next((found["bullet"] for head in heads if (found := _TIME.match(lines[head.behind - 1])) is not None and found["bullet"]), "")
    return _drawn(lines, heads, end, title, [f"{bullet}发消息"] if bullet else [])


def _touch_heads(lines: list[str]) -> Iterator[_Head]:
    """Floor and author, on one line or two, and below them the time alone (beside it 收藏, or views and replies)."""
    last = 0
    for index, line in enumerate(lines):
        if len(line) > _NAME or (time := _TIME.match(line)) is None:
            continue
        near = [at for at in range(index - 1, max(last, index - _LAST) - 1, -1) if lines[at].strip()][:3]
        texts = [_BULLET.sub("", lines[at]).strip() for at in near]
        if texts[:1] == ["收藏"]:
            near, texts = near[1:], texts[1:]
        if not texts or max(map(len, texts[:1])) > _NAME:
            continue
        floor, _, name = texts[0].partition(" ")
        if texts[0].startswith("来自 "):
            floor, _, name = texts[0][3:].lstrip().partition(" ")
        if FLOOR.match(floor) and name.strip():
            yield _Head(near[0], index + 1, floor, name.strip(), time["at"])
        elif len(texts) > 1 and FLOOR.match(texts[1]):
            yield _Head(near[1], index + 1, texts[1], texts[0], time["at"])
        else:
            continue
        last = index + 1


def _drawn(lines: list[str], heads: list[_Head], end: int, title: str, above: list[str]) -> str:
    """The page with each head, its title, what else stands above the posts, and its end drawn as a desktop page has them."""
    out = [*lines[:heads[0].first], *above]
    if title:
        out += [title, COPY_LINK[0]]
    for head, limit in zip(heads, [*(head.first for head in heads[1:]), end], strict=True):
        body = lines[head.behind:limit]
        if body:  # the template's own indent
            body[0] = body[0].lstrip("\t")
            body[-1] = body[-1].rstrip("\t")
        if head is heads[0] and title:
            body = _without_title(body, title)
        while body and (not body[-1].strip() or _BULLET.sub("", body[-1]).strip() in _REPLY or _ONLY_STARTER.match(body[-1].strip())):
            body.pop()
        out += [*head.lines(), *body, _BUTTONS]
    return "\n".join([*out, _END, *lines[end:]])


def _without_title(body: list[str], title: str) -> list[str]:
    """The first text of a thread without the heading above it."""
    at = next((index for index, line in enumerate(body) if line.strip()), len(body))
    return body[at + 1:] if at < len(body) and body[at].strip("# \t") == title else body
