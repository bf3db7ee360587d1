"""What a post looks like: its stored HTML, or its text, made fit to be shown.

The HTML was sanitised when it was stored; it is sanitised once more here, because an archive may come from anywhere. Then each tag is looked
at: links into the board lead to our pages, pictures are shown where a local copy is known and are links elsewhere (nothing is fetched from
other hosts).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from forumclean.explore.templates import Markup, escape
from forumclean.parser.board_urls import host_of, read_url
from forumclean.parser.markup.sanitise import sanitise
from forumclean.parser.markup.tokens import attributes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forumclean.archiver.pages.thread import Post

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_IMG = re.compile(r'<img\b[^<>]*?\ssrc="([^"]*)"')
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TEXT_IMAGE = re.compile(r"\[image: (\S+?)\]")
_MARKED = re.compile(
    r"""\[(?P<what> image | smiley | attachment | locked ):\ (?P<of> [^\[\]\n]{1,2000}) \]
    | (?P<url> https?://[^\s<>"'\[\]（）“”，。；、！？]{1,2000} )""",
    re.VERBOSE,
)
_FOUND_BY = frozenset({"thread", "post", "forum", "user"})


class Surroundings(NamedTuple):
    """What a page knows about the things that its posts mention."""

    find: Callable[[str], str]
    """Address of our page for an old URL."""
    hosts: frozenset[str]
    """Of the boards in the archive."""
    anchors: Mapping[int, str]
    """pid of a post on this page → its anchor."""
    pictures: Mapping[str, str]
    """URL of a picture → address of its local copy."""


def picture_urls(posts: tuple[Post, ...]) -> list[str]:
    """Return the URLs of all pictures that posts show, each once."""
    found: dict[str, None] = {}
    for post in posts:
        if post.html:
            found.update(dict.fromkeys(attributes_of(f' x="{url}"')["x"] for url in _IMG.findall(post.html)))
        elif post.text:
            found.update(dict.fromkeys(_TEXT_IMAGE.findall(post.text)))
    return list(found)


def body(text: str | None, html: str | None, around: Surroundings) -> Markup:
    """Return a post as HTML: from its stored HTML, else from its text."""
    if html is not None:
        return from_html(html, around)
    return from_text(text or "", around)


def from_html(html: str, around: Surroundings) -> Markup:
    """Return stored HTML as it may be shown."""
    parts: list[str] = []
    at, open_links = 0, 0
    clean = sanitise(html)
    for tag in _TAG.finditer(clean):
        closing, name, written = tag.groups()
        if name not in {"a", "img"}:
            continue
        parts.append(clean[at:tag.start()])
        at = tag.end()
        if name == "a":
            open_links += -1 if closing else 1
            parts.append("</a>" if closing else _link(attributes_of(written), around))
        else:
            parts.append(str(_picture(attributes_of(written), around, linked=open_links > 0)))
    return Markup("".join([*parts, clean[at:]]))  # sanitised above, and all that was put in is escaped


def _link(attributes: dict[str, str], around: Surroundings) -> str:
    href = _address(attributes.get("href", ""), around)
    return str(Markup('<a href="{}" rel="noopener noreferrer nofollow">').format(href)) if href else "<a>"


def _address(url: str, around: Surroundings) -> str:
    """Return where a link leads here: to our page of what the old URL shows, else where it always led; nowhere if that is not known."""
    host = host_of(url)
    target = read_url(url)
    if target.kind not in _FOUND_BY or (host is not None and host not in around.hosts):
        return url if _ABSOLUTE.match(url) else ""
    if target.pid is not None and target.pid in around.anchors:
        return around.anchors[target.pid]
    return around.find(url)


def _picture(attributes: dict[str, str], around: Surroundings, *, linked: bool) -> Markup:
    url, name = attributes.get("src", ""), attributes.get("alt", "")
    shown = unquote(url.rpartition("/")[2].partition("?")[0])[:80] or name or "image"
    local = around.pictures.get(url)
    if local is not None:
        return Markup('<img src="{}" alt="{}" loading="lazy">').format(local, name or shown)
    if name.startswith("[smiley: "):
        return Markup('<span class="smiley">{}</span>').format(name.removeprefix("[smiley: ").removesuffix("]"))
    if linked or not url.startswith(("http://", "https://")):
        return Markup('<span class="picture" title="{}">{}</span>').format(url, shown)
    return Markup('<a class="picture" href="{}" title="not in the archive; at its old address" rel="noopener noreferrer nofollow">{}</a>').format(url, shown)


def from_text(text: str, around: Surroundings) -> Markup:
    """Return plain text as HTML: quoted lines, line breaks, links, and the notes in brackets that stand for pictures and files."""
    parts: list[Markup] = []
    quoted: list[str] = []
    plain: list[str] = []
    for line in [*text.split("\n"), None]:
        if line is not None and line.startswith("> "):
            _flush(plain, parts, around, "{}")
            quoted.append(line[2:])
            continue
        _flush(quoted, parts, around, '<div class="quote"><blockquote>{}</blockquote></div>')
        if line is None:
            _flush(plain, parts, around, "{}")
        else:
            plain.append(line)
    return Markup("").join(parts)


def _flush(lines: list[str], parts: list[Markup], around: Surroundings, frame: str) -> None:
    if lines:
        parts.append(Markup(frame).format(_lines("\n".join(lines), around)))
        lines.clear()


def _lines(text: str, around: Surroundings) -> Markup:
    parts, at = [], 0
    for found in _MARKED.finditer(text):
        parts += [escape(text[at:found.start()]), _marked(found, around)]
        at = found.end()
    return Markup('<div class="lines">{}</div>').format(Markup("").join([*parts, escape(text[at:])]))


def _marked(found: re.Match[str], around: Surroundings) -> Markup:
    if found["url"]:
        return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(_address(found["url"], around), found["url"])
    what, of = found["what"], found["of"]
    if what == "image":
        return _picture({"src": of}, around, linked=False)
    return Markup('<span class="{}">{}</span>').format(what, of)
