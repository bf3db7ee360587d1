"""What every HTML engine is given (``HtmlPage``) and gives back (``Parts``)."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - a NamedTuple's field, looked up by those who ask for its types
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.markup.tree import Markup, MarkupTooHeavyError
from forumclean.records import Issue, Ref

if TYPE_CHECKING:
    from datetime import tzinfo

    from forumclean.parser.markup.tree import Tree
    from forumclean.records import Post, Thread

_ROOT = "<root><![CDATA["


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """One decoded HTML document, parsed once at most, handed to every engine."""

    ref: Ref
    text: str
    """As decoded; of an answer to an ``inajax=1`` request, the HTML inside."""
    markup: Markup
    url: str | None
    """Where a container says it was fetched from."""
    zone: tzinfo
    """Of times that state none, if the page's own footer does not say: the user's option, or the assumed one."""
    captured_at: str | None
    """When it was fetched (UTC), if the container or the file says so: relative times refer to it where the page has no time of its own."""

    @property
    def tree(self) -> Tree:
        """What a browser would make of it."""
        return self.markup.tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an engine found on a page; ``parse`` makes a ``records.Page`` of it."""

    kind: str = "thread"
    """``thread``, ``forum_list``, ``index``, ``notice``, …"""
    status: str = "ok"
    """As in ``records.Page``."""
    host: str | None = None
    captured_at: str | None = None
    """The page's own time (UTC), ``None`` if it has none."""
    captured_how: str | None = None
    """``page`` or ``None``."""
    timezone: str | None = None
    """``+08:00``, as the page's footer says."""
    timezone_source: str | None = None
    """``page`` or ``None``."""
    view: str = "desktop"
    threads: tuple[Thread, ...] = ()
    posts: tuple[Post, ...] = ()
    issues: tuple[Issue, ...] = ()
    forums: tuple[dict[str, object], ...] = ()
    """Forums named on lists, as plain fields (fid, name, parent_fid, threads_count, …)."""


class Engine(NamedTuple):
    """A reader of one family of pages."""

    name: str
    view: str
    score: Callable[[HtmlPage], tuple[float, tuple[str, ...]]]
    """From 0 (not mine) to 1 (certainly mine), and why."""
    read: Callable[[HtmlPage], Parts]


def open_page(  # noqa: PLR0913 - what is known of a document
    ref: Ref, text: str, zone: tzinfo, *, url: str | None = None, captured_at: str | None = None, utf8: bytes | None = None,
) -> HtmlPage | Issue:
    """Look a decoded document over; markup that would take too long or too much memory is an issue instead. ``utf8``: ``text`` as UTF-8, if at hand."""
    inside = _inside_xml(text)
    if inside is not text:
        text, utf8 = inside, None
    try:
        markup = Markup(text, utf8)
    except MarkupTooHeavyError as error:
        return Issue(level="error", stage="parse", code="markup-too-heavy", message=f"not read as HTML: {error}")
    return HtmlPage(ref=ref, text=text, markup=markup, url=url, zone=zone, captured_at=captured_at)


def fragment(page: HtmlPage, text: str) -> HtmlPage:
    """The same page with another text. Raises MarkupTooHeavyError."""
    return replace(page, text=text, markup=Markup(text))


def _inside_xml(text: str) -> str:
    """The HTML inside an ``inajax=1`` answer: ``<?xml …?><root><![CDATA[ … ]]></root>`` (function_core.php, ``xml_out``)."""
    start = text.find(_ROOT, 0, 200)
    if start < 0:
        return text
    end = text.rfind("]]></root>")
    return text[start + len(_ROOT) : end if end > start else len(text)]
