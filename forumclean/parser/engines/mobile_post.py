"""One post of a page for telephones → ``records.Post``: touch (``mobile=2``) and the first mobile template (``mobile=1``) of Discuz X.

These templates print less than the desktop, and next to no ids: so a post is cut out of the page's text at the number in its wrapper and
parsed on its own (a template leaves ``<b>`` open behind a deleted author, and one message's broken HTML spoils no other). The first thing
of each kind is Discuz's own: nothing that members write stands before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.discuz_x_author import Clock, Head, author_of, floor_of, time_of
from forumclean.parser.engines.thread_page import say, state_of
from forumclean.parser.markup.message import Message, read_message
from forumclean.parser.markup.tokens import plain
from forumclean.parser.markup.tree import parse
from forumclean.parser.notices import is_box, notice_in
from forumclean.records import Post

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.parser.markup.tree import Node
    from forumclean.records import State


class PostHead(NamedTuple):
    """The markup of what stands above a message; empty where it is not there."""

    author: str = ""
    floor: str = ""
    time: str = ""


class Hooks(NamedTuple):
    """Where a template prints the parts of a post."""

    head: Callable[[Node], PostHead]
    """Finds author, floor and time in the tree of a post."""
    message: tuple[str, ...]
    """Selectors of the message, tried in turn."""
    below: str
    """Lists of pictures and files below the message."""
    comment: str
    """Comments on the post; ``""``: the template prints none."""


class Setting(NamedTuple):
    """What the posts of a page have in common."""

    hooks: Hooks
    clock: Clock
    base: str | None
    hidden: frozenset[str]
    filtered: bool
    """The page shows one author's posts only, with floors counted among those."""


_AVATAR = re.compile(r"\bavatar\.php\?uid=([1-9]\d{0,14})\b|/avatar/(\d{3})/(\d\d)/(\d\d)/(\d\d)_avatar")
_TIME = re.compile(dates.ANY, re.VERBOSE)
_SUBJECT = re.compile(r"\s*<h2[^>]*>\s*<strong>((?:[^<]|<(?!/strong>)[^>]*>){0,500}?)</strong>\s*</h2>")
# <div class="grey quote">提示: <em>…</em></div> (touch), <div class="xi1"> (mobile=1): bans; quotations have a <blockquote> inside
_NOTICE = re.compile(r"""\s*<div\ class="(?:grey\ )?(?:quote|xi1)">(?!\s*<blockquote)((?:[^<]|<(?!/div>|blockquote)[^>]*>){1,600}?)</div>""", re.VERBOSE)
_WARNED = re.compile(r'\s*<span class="(?:grey quote|quote|y xi1)">[^<]{0,40}</span>')
_QUOTED = re.compile(r'(<div class="(?:grey )?quote"><blockquote>\s*)(?:<p>\s*)?引用\s?[:：]\s*(?:</p>)?')  # quotation:
# 付费主题, 价格: 5金钱 记录 (paid thread, its price, a link to who paid), before each message of it
_PRICE = re.compile(r"\s*(付[费費]主[题題][^<]{0,20}<strong>[^<]{1,40}</strong>)\s*<a [^>]*viewpayments[^>]*>[^<]*</a>")
_COMMENT_ID = re.compile(r"commentdetail_(\d{1,12})")
# touch/forum/discuzcode.htm: <a href="…&aid=AID&from=album…"><img id="aimg_AID" …></a>; <ul class="… post_attlist …"><li><a href=…>…</a></li></ul>
_PICTURE = re.compile(r"<a\b[^>]*[?&;]aid=(\d{1,12})&amp;from=album[^>]*>\s*<img\b\s*([^>]*)>\s*</a>")
_LIST = re.compile(r'<ul\b[^>]*\bclass="[^"]*post_attlist[^>]*>((?:[^<]|<(?!/ul>)[^>]*>){0,100000}?)</ul>')
_FILE_LINK = re.compile(r"<a\b([^>]*\baid=[^>]*)>")
_FILE_NAME = re.compile(r'<span class="[^"]*\blink\b[^>]*>([^<]{1,300})</span>')
_SORT_FIELDS = re.compile(r'<div class="[^"]*\bviewsort\b[^"]*">(?:[^<]|<(?!/div>)[^>]*>){0,20000}?</div>')


def read_post(pid: int, markup: str, ordinal: int, setting: Setting) -> tuple[Post, Node | None]:
    """Make a post of its markup; gives also its own tree, for what the first post of a special thread says besides."""
    body = parse(markup).body
    if body is None:
        return Post(ordinal=ordinal, pid=pid, state="missing"), None
    hooks = setting.hooks
    head = hooks.head(body)
    fields: dict[str, Any] = _author(head.author, markup)
    time = _TIME.search(plain(head.time))
    if time is not None:
        fields |= time_of(time[0] if "title=" not in head.time else head.time, setting.clock)
    if head.floor and not setting.filtered:
        fields |= floor_of(head.floor)
        if fields.get("position") == 1:
            fields["is_first"] = True
    message, state = _message(pid, body, fields, setting)
    if hooks.comment and (comments := [said for node in body.css(hooks.comment) if (said := _comment(node, setting))]):
        fields["comments"] = comments
    return Post(
        ordinal=ordinal, pid=pid, body=None if message is None else message.body, html=None if message is None else message.html, state=state,
        fields=fields,
    ), body


def own_text(node: Node) -> str:
    """The text of an element without that of links, menus and counters in it; titles of times are kept (absolute ones, where a skin prints them)."""
    found = []
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            found.append(child.text_content or "")
        elif child.tag == "b" or (child.tag in {"span", "font"} and "class" not in child.attributes):
            found.append(child.html or "")
    return " ".join(found)


def _author(html: str, markup: str) -> dict[str, Any]:
    """Who wrote it; of a deleted member the number is in the address of the picture."""
    fields = author_of(Head("", (html,), "", ""), "") if html else {}
    if fields.get("author_kind") == "deleted" and (found := _AVATAR.search(markup)) is not None:
        fields["author_uid"] = int("".join(group for group in found.groups() if group))
    return fields


def _message(pid: int, body: Node, fields: dict[str, Any], setting: Setting) -> tuple[Message | None, State]:
    """The message with the files below it, and the state it is in; fills in the fields that stand inside it."""
    node = next((found for selector in setting.hooks.message if (found := body.css_first(selector)) is not None), None)
    if node is None:
        return None, "missing"
    html, boxed = _above(node.inner_html or "", fields)
    if "postmessage" in html and (inner := body.css_first(f"#postmessage_{pid}")) is not None:
        html = inner.inner_html or ""  # polls, rewards, debates: the message, among what else such a thread says
    listed = body.css(setting.hooks.below)
    below = "".join(f'<dl class="tattl">{found.inner_html}</dl>' if found.tag == "div" else found.html or "" for found in listed)
    below = f'<div class="pattl">{below}</div>' if below else ""
    message = read_message(files_as_desktop(_QUOTED.sub(r"\1", html).strip(" \t\r\n") + below), setting.base, setting.hidden)
    if any(is_box(plain(tip.inner_html or "")) for tip in body.css(".message ~ div.quote, .mes > div.warning")):
        fields.setdefault("extras", {})["attachments_hidden"] = True
    say(fields, message, setting.clock)
    return message, state_of(message, boxed=boxed)


def _above(html: str, fields: dict[str, Any]) -> tuple[str, bool]:
    """A message without what the template prints before it: warning, subject, price, sorted fields. A ban becomes a notice as on the desktop: True."""
    extras: dict[str, Any] = {}
    if (warned := _WARNED.match(html)) is not None:
        extras["warned"] = True
        html = html[warned.end() :]
    if (subject := _SUBJECT.match(html)) is not None:
        fields["subject"] = plain(subject[1])
        html = html[subject.end() :]
    if (price := _PRICE.match(html)) is not None:
        if fields.get("is_first"):
            extras["price"] = plain(price[1])
        html = html[price.end() :]
    if extras:
        fields["extras"] = extras
    html = _SORT_FIELDS.sub("", html) if "viewsort" in html else html
    notice = _NOTICE.match(html)
    if notice is None or notice_in(plain(notice[1])) is None:
        return html, False
    return f'<div class="locked">{notice[1]}</div>{html[notice.end() :]}', True


def files_as_desktop(html: str) -> str:
    """Lists of files and pictures as the desktop prints them, so that one reader knows both.

    >>> files_as_desktop('<a href="?mod=viewthread&amp;aid=5&amp;from=album"><img id="aimg_5" src="a.jpg"></a>')
    '<img aid="5" id="aimg_5" src="a.jpg">'
    """
    html = _PICTURE.sub(r'<img aid="\1" \2>', html)
    return _LIST.sub(lambda found: "".join(_file(item) for item in found[1].split("<li")[1:]), html) if "post_attlist" in html else html


def _file(item: str) -> str:
    """One file: ``<a href=…><div class="tit">… <span class="link">NAME</span> … SIZE …</div></a>`` in its item."""
    link, name = _FILE_LINK.search(item), _FILE_NAME.search(item)
    if link is None or name is None:
        return ""
    return f'<dl class="tattl"><a{link[1]}>{name[1]}</a><p>{plain(item[name.end() :])}</p></dl>'


def _comment(node: Node, setting: Setting) -> dict[str, Any] | None:
    """A comment on the post (touch of X3.5): ``div.plc#commentdetail_ID``."""
    number = _COMMENT_ID.match(node.id or "")
    text = node.css_first(".mtxt")
    if number is None or text is None:
        return None
    said: dict[str, Any] = {"id": int(number[1]), "text": read_message(text.inner_html or "", setting.base).body.text.strip()}
    head = setting.hooks.head(node)
    author = _author(head.author, "")
    said |= {key: author[name] for key, name in (("author", "author_name"), ("author_uid", "author_uid")) if name in author}
    if (time := _TIME.search(plain(head.time))) is not None and (at := time_of(time[0], setting.clock)):
        said |= {"at": at["created_at"], "at_precision": at["created_at_precision"]}
    return said
