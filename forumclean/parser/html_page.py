"""An HTML document: parsed once, read by the engine that knows it best, with the forum configs printed on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from forumclean.parser import dates
from forumclean.parser.dumps import onto_page, split_dump
from forumclean.parser.engines.cut_off import ends_inside
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.engines.registry import ENGINES, Choice, best, engine
from forumclean.parser.url_forms import page_url
from forumclean.records import Evidence, Issue, Page

if TYPE_CHECKING:
    from forumclean.parser.decode import Decoded
    from forumclean.parser.engines.html import Parts
    from forumclean.records import RawDocument
    from forumclean.settings import Settings

_PRINTED = re.compile(r"\bArray(?:\s|<br\s*/?>){0,9}\((?:\s|&nbsp;|<br\s*/?>){0,99}\[")
"""How a print_r dump of an array begins in HTML; scripts say ``new Array(``."""
HTML_ENGINES = dict.fromkeys(ENGINES, "html")
"""Names for ``--engine``."""
PROOF = Evidence(proof=True)
"""An element that is a jammer is proof, so text that only looks like one is none."""


def read_html(page: Page, document: RawDocument, decoded: Decoded, settings: Settings) -> Page:
    """What the best engine, or the one the user names, finds on a page; ``page``: what is known about the document so far.

    A page that no engine knows is status ``unsupported``: it is not stored as a document, its text would be mostly furniture.
    """
    fetched = page.captured_at if page.captured_how == "container" else None
    zone = dates.zone(page.timezone or dates.ASSUMED_ZONE)
    opened = open_page(page.ref, decoded.text, zone, url=document.url, captured_at=fetched, utf8=decoded.utf8)
    if isinstance(opened, Issue):
        return replace(page, kind="html", status="failed", issues=(*page.issues, opened))
    page = _with_configs(page, opened, settings)
    choice = best(opened) if settings.engine not in HTML_ENGINES else Choice(engine(settings.engine or ""), 1.0, ("--engine",))
    if choice is None:
        return page if page.configs else _unknown(replace(page, kind="html", evidence=PROOF))
    parts = _cut_off(choice.engine.read(opened), opened.text)
    return _page(page, choice, parts, page_url(opened.text, document.url) if parts.threads else None)


def _with_configs(page: Page, opened: HtmlPage, settings: Settings) -> Page:
    """The forum rows that a template printed onto the page, with ``<pre>`` or without."""
    text, at = opened.text, opened.text.find("Array")
    while at >= 0 and _PRINTED.match(text, at) is None:
        at = text.find("Array", at + 1)
    if at < 0 or (body := opened.tree.body) is None:
        return page
    dump = split_dump(body.text(), keep_private=settings.keep_private)
    if dump is None or not dump.configs:
        return page
    return onto_page(replace(page, evidence=PROOF), dump)


def _cut_off(parts: Parts, text: str) -> Parts:
    """What was read of a page; where the page ends inside its last post, that is said."""
    last = parts.posts[-1] if parts.posts else None
    if last is None or last.pid is None or not ends_inside(text, last.pid):
        return parts
    issue = Issue(
        level="warning", stage="parse", code="cut-off",
        message=f"ends in the middle of the post with pid {last.pid}: the page was not saved whole, fetch it again",
    )
    if last.body is not None:
        last = replace(last, fields={**last.fields, "cut_off": True})
    return replace(parts, posts=(*parts.posts[:-1], last), issues=(*parts.issues, issue))


def _page(page: Page, choice: Choice, parts: Parts, form: str | None) -> Page:
    told: dict[str, Any] = {}
    if parts.captured_at is not None and page.captured_how != "container":
        told = {"captured_at": parts.captured_at, "captured_how": parts.captured_how}
    if parts.timezone is not None:
        told |= {"timezone": parts.timezone, "timezone_source": parts.timezone_source}
    return replace(
        page, kind=f"{parts.kind}+config" if page.configs else parts.kind, engine=choice.engine.name, score=choice.score,
        reasons=(*page.reasons, *choice.reasons), status=parts.status, host=parts.host or page.host, view=parts.view,
        evidence=page.evidence if page.configs else PROOF, threads=parts.threads, posts=parts.posts, forums=parts.forums,
        page_url=form, issues=(*page.issues, *parts.issues), **told,
    )


def _unknown(page: Page) -> Page:
    issue = Issue(
        level="warning", stage="parse", code="unknown-page",
        message="is an HTML page that no engine knows, without posts that could be told apart: not stored",
    )
    return replace(page, status="unsupported", issues=(*page.issues, issue))
