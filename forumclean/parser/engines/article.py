"""Not a forum page → a document: the whole text, and title, author, publisher and time as far as the text states them.

Looked at are front matter (``---`` lines around ``title: …``), the first heading or line, and bylines within the first lines such as
``作者:… 来源:… 2025-02-01 2312`` (author, source). Nothing is cut out of the text; secrets in it are masked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forumclean.parser import dates
from forumclean.parser.furniture import POWERED
from forumclean.parser.secrets import mask_text
from forumclean.records import Document

if TYPE_CHECKING:
    from datetime import tzinfo

_TOP = 30  # lines with text in which a byline is looked for
_TITLE = 120  # characters: a longer first line is prose
_FRONT = re.compile(r"\A\s{0,20}---[ \t]*\n(?P<fields>(?:[^\n]{0,500}\n){1,60}?)---[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"^(?P<key>[A-Za-z_]{2,20})[ \t]*:[ \t]*(?P<value>\S.*?)[ \t]*$", re.MULTILINE)
_FRONT_KEYS = {
    "title": "title", "author": "author", "authors": "author", "creator": "author", "source": "publisher", "publisher": "publisher",
    "site": "publisher", "date": "at", "posttime": "at", "published": "at", "pubdate": "at", "published_at": "at", "created": "at",
}
# author / written by / reporter / original / posted by; source / provenance / reprinted from; time of publication / update
_LABEL = re.compile(
    rf"""(?P<author>原作者|作者|撰文|记者|記者|编辑整理|发布者|發布者|\bBy\b|\bAuthor\b)
       | (?P<publisher>文章来源|文章來源|信息来源|来源|來源|出处|出處|稿源|转自|轉自|\bSource\b)
       | (?P<at>发布时间|發布時間|发表时间|發表時間|发布日期|日期|时间|時間|发布于|發佈於|更新时间|\bDate\b|\bPublished\b)
       | (?P<other>责任编辑|責任編輯|责编|编辑|編輯|校对|阅读|閱讀|浏览|瀏覽|点击|评论|字号|分类|标签|标题|標題)
       | (?P<date>{dates.ABSOLUTE})""",
    re.VERBOSE | re.IGNORECASE,
)
_COLON = re.compile(r"\s{0,2}[:：]\s{0,3}")
_TITLED = re.compile(r"^(?:标题|標題|Title)\s?[:：]\s?(?P<title>\S.{0,200})$", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,3}[ \t]+(?P<title>\S.{0,200}?)[ \t#]*$")
_NAVIGATION = re.compile(r"^[^>›»|]{1,20}(?:\s[>›»|]\s?|[›»]\s?).{1,120}$|^(?:首页|首頁|登录|登錄|注册|註冊|返回|菜单|导航|搜索|Home|Menu)(?:\s|$)")
_CODE = re.compile(r"^Array$|^\||^\"\w+\":|=>|[{(\[,;=]$")  # printed data and tables
_SEPARATORS = " \t\xa0\u3000|/·•-—_;；,，【】[]()（）"
_DATE = re.compile(dates.ABSOLUTE, re.VERBOSE)


@dataclass(slots=True)
class _Found:
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    at: str | None = None


def read_article(text: str, local: tzinfo, *, keep_private: bool = False, of_board: bool = False) -> Document:
    r"""Make a document of a text that is no thread page; ``local`` is the zone of times that state none.

    ``of_board``: the text is what is left of a board's page; its first lines are navigation or pieces of posts, so a title is taken only
    where it is called one, or stands above a byline.

    >>> document = read_article("为什么要种树\n\n作者:老王 来源:小城日报 2025-02-01 2312\n\n正文。", dates.zone("+08:00"))
    >>> document.title, document.author, document.publisher, document.published_at
    ('为什么要种树', '老王', '小城日报', '2025-02-01T15:12:00Z')
    """
    text = text if keep_private else mask_text(text)
    found, rest = _front_matter(text)
    top = [line.strip(" \t\xa0\u3000\ufeff") for line in rest[:20_000].split("\n")]
    top = [line for line in top if line][:_TOP]
    for index, line in enumerate(top):
        _byline(line, found, first=index == 0)
    when = dates.when(found.at, local) if found.at else None
    return Document(
        text=text, title=found.title or _title(top, marked=of_board and not (found.author or found.publisher)), author=found.author, publisher=found.publisher,
        published_at=None if when is None else when.at, published_at_precision=None if when is None else when.precision,
    )


def _front_matter(text: str) -> tuple[_Found, str]:
    found = _Found()
    front = _FRONT.match(text)
    if front is None:
        return found, text
    for field in _FIELD.finditer(front["fields"]):
        key = _FRONT_KEYS.get(field["key"].lower())
        value = field["value"].strip("'\"").strip()
        if key is not None and value and getattr(found, key) is None and (key != "at" or _DATE.match(value)):
            setattr(found, key, value)
    return found, text[front.end():]


def _byline(line: str, found: _Found, *, first: bool) -> None:
    """Take author, source and time from a line that is made of labels and their values, or is a date and nothing else."""
    if len(line) > _TITLE + 40:
        return
    labels = list(_LABEL.finditer(line))
    if not labels or line[:labels[0].start()].strip(_SEPARATORS) or (first and labels[0].lastgroup != "date" and not _is_byline(line, labels)):
        return
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        kind = label.lastgroup or ""
        end = len(line) if following is None else following.start()
        if kind == "date":
            if found.at is None and (len(labels) > 1 or not line[label.end():].strip(_SEPARATORS)):
                found.at = label[0]
        elif kind in {"author", "publisher"} and (colon := _COLON.match(line, label.end())) is not None:
            value = re.split(r"\s{2,}|\s\|", line[colon.end():end].strip())[0].strip(_SEPARATORS)
            if value and getattr(found, kind) is None and len(value) <= 60:  # noqa: PLR2004 - names are short
                setattr(found, kind, value)


def _is_byline(line: str, labels: list[re.Match[str]]) -> bool:
    return any(_COLON.match(line, label.end()) for label in labels)


def _title(top: list[str], *, marked: bool) -> str | None:
    """The first heading near the beginning, else the first line that is neither navigation nor byline and short enough; ``marked``: only what is called a title."""
    for line in top[:6]:
        if (titled := _TITLED.match(line) or (None if marked else _HEADING.match(line))) is not None:  # in a rest of posts, # begins a comment
            return titled["title"].strip()
        if (tail := POWERED.search(line)) is not None and tail.start():
            return " ".join(line[:tail.start()].split())
    if marked:
        return None
    for line in top:
        labels = list(_LABEL.finditer(line))
        if _NAVIGATION.match(line) or (labels and not line[:labels[0].start()].strip(_SEPARATORS) and _is_byline(line, labels)):
            continue
        if _DATE.fullmatch(line) or not re.search(r"[^\W\d_]", line):
            continue
        return line if len(line) <= _TITLE and not _CODE.search(line) else None
    return None
