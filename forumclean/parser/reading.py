"""One document, from its bytes to its pages: how large it is, what it is, which engine reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from forumclean.errors import UsageError
from forumclean.parser import dates
from forumclean.parser.board_urls import host_of
from forumclean.parser.decode import Decoded, decode, find_charset
from forumclean.parser.dumps import LARGE, holds_dump, onto_page, read_dump, split_dump
from forumclean.parser.engines.article import read_article
from forumclean.parser.engines.flat_heads import Layout, lay_out
from forumclean.parser.engines.flat_losses import is_of_board, loss_of
from forumclean.parser.engines.flat_thread import read_thread
from forumclean.parser.html_page import HTML_ENGINES, read_html
from forumclean.parser.replay import from_address, undo
from forumclean.parser.secrets import mask_text
from forumclean.parser.sniff import ENGINES, THREAD_FROM, Verdict, is_binary, score_thread, sniff_bytes, sniff_code
from forumclean.records import Document, Issue, Page
from forumclean.settings import MAX_DOCUMENT, SNIFF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.parser.dumps import Dump
    from forumclean.parser.replay import Replay
    from forumclean.records import RawDocument
    from forumclean.settings import Settings

_STORED_LATER = {
    "sql": ("sql-backup", "is a database backup: not read by this version, and never stored as a document"),
    "php": ("php-file", "is a PHP file, which may hold passwords: not read, and never stored as a document"),
    "archive": ("archive", "is an archive of forumclean, not an input: forumclean search, explain --post ID, export and serve read it"),
    "binary": ("binary", "is not text ({reason}); if it is a container that is not read (7z, rar), unpack it and name the folder"),
}
"""Kinds that leave no document: code of the issue, and what to tell people."""
_SMALL = 64 * 1024
"""Bytes that are asked for at least, whatever a container says of a document's size."""
_REDIRECTS = {301, 302, 303, 307, 308}


def check_settings(settings: Settings) -> None:
    """Raise UsageError for settings that name no engine, charset or time zone."""
    if settings.engine is not None and settings.engine not in {*ENGINES, *HTML_ENGINES}:
        raise UsageError(f"--engine {settings.engine}: no such engine; there are {', '.join([*ENGINES, *HTML_ENGINES])}")
    if settings.encoding is not None:
        find_charset(b"", settings.encoding)
    if settings.timezone is not None:
        dates.zone(settings.timezone)


def read_document(document: RawDocument, settings: Settings) -> Iterator[Page]:
    """The pages of one document. Raises OSError if it cannot be read, UsageError for impossible settings."""
    check_settings(settings)
    document, copy = _as_captured(document)
    with document.open() as stream:
        wanted = min(SNIFF, max(document.size + 1, _SMALL))  # a buffer of that size is made for it
        head = stream.read(wanted)
        verdict = sniff_bytes(head, document.ref.name, document.media_type)
        if verdict is not None and (verdict.status == "failed" or settings.engine is None):
            yield _not_read(document, verdict)
            return
        large = max(document.size, len(head)) > LARGE
        if large and settings.engine in {None, "print_r"}:
            charset = find_charset(head, settings.encoding, document.charset)
            text = decode(head, settings.encoding, document.charset).text
            if settings.engine is None and (code := sniff_code(text)) is not None and code.status == "unsupported":
                yield _not_read(document, code)
                return
            if holds_dump(text) or settings.engine == "print_r":
                with document.open() as again:
                    yield from read_dump(again, charset, page_of(document, settings), keep_private=settings.keep_private)
                return
        if document.size > MAX_DOCUMENT:
            yield failed(document, "text", _too_large(document.size))
            return
        data = head + stream.read(MAX_DOCUMENT + 1 - len(head)) if len(head) == wanted else head
    if len(data) > MAX_DOCUMENT:
        yield failed(document, "text", _too_large(len(data)))
        return
    yield _read_whole(document, settings, data, copy)


def _as_captured(document: RawDocument) -> tuple[RawDocument, Replay | None]:
    """A document that an archive of the web replayed, with the address and the time that the page had."""
    copy = from_address(document.url) or from_address(document.ref.name)
    return (document, None) if copy is None else (replace(document, url=copy.url, captured_at=copy.captured_at), copy)


def page_of(document: RawDocument, settings: Settings, **more: Any) -> Page:
    """A page with what is known about every document: where it is from, when it was captured, its zone as far as options say."""
    at, how = document.captured_at, "container"
    modified = document.ref.mtime_ns if document.ref.modified_ns is None else document.ref.modified_ns
    if at is None and modified is not None:
        at, how = dates.utc(datetime.fromtimestamp(modified // 10**9, UTC)), "mtime"
    return Page(
        ref=document.ref, host=host_of(document.url), captured_at=at, captured_how=how if at else None,
        timezone=settings.timezone or dates.ASSUMED_ZONE, timezone_source="option" if settings.timezone else "assumed",
        **{"kind": "text", **more},
    )


def answered(page: Page, status: int | None) -> Page:
    """The page of an HTTP response: an error or a redirect without content of the board is only recorded, with its status."""
    if status is None or status // 100 == 2 or page.posts or page.threads or page.configs or page.status not in {"ok", "unsupported", "failed"}:  # noqa: PLR2004 - 2xx
        return page
    name = "redirect" if status in _REDIRECTS else f"http {status}"
    return replace(page, status=name, document=None, forums=(), reasons=(*page.reasons, f"HTTP status {status}"), issues=())


def failed(document: RawDocument, kind: str, issue: Issue) -> Page:
    """The page of an input that could not be read."""
    return Page(ref=document.ref, kind=kind, status="failed", issues=(issue,))


def _not_read(document: RawDocument, verdict: Verdict, decoded: Decoded | None = None) -> Page:
    """A page for what is recognised but leaves no thread, config or document."""
    issues = list(decoded.issues) if decoded else []
    if verdict.kind == "empty":
        issues = [Issue(level="error", stage="source", code="empty", message="is empty: there is nothing to store")]
    elif verdict.status != "asset":
        code, message = _STORED_LATER[verdict.kind]
        level = "error" if verdict.status == "failed" else "warning"
        issues = [Issue(level=level, stage="parse", code=code, message=message.format(reason=verdict.reasons[0]))]  # type: ignore[arg-type]
    return Page(
        ref=document.ref, kind=verdict.kind, engine=verdict.engine, score=verdict.score, reasons=verdict.reasons, status=verdict.status,
        encoding=decoded.encoding if decoded else None, encoding_how=decoded.how if decoded else None, host=host_of(document.url),
        captured_at=document.captured_at, captured_how="container" if document.captured_at else None, issues=tuple(issues),
    )


def _read_whole(document: RawDocument, settings: Settings, data: bytes, copy: Replay | None = None) -> Page:
    decoded = decode(data, settings.encoding, document.charset)
    code = None
    if settings.engine is None:
        if is_binary(data[:SNIFF], decoded.text[:SNIFF]):
            return _not_read(document, Verdict("binary", None, 0.9, ("too many control characters",), "failed"))
        code = sniff_code(decoded.text)
        if code is not None and code.kind != "html":
            return _not_read(document, code, decoded)
    html = code is not None or settings.engine in HTML_ENGINES
    if html and (undone := undo(decoded.text, copy)) is not None:
        decoded = decoded._replace(text=undone[0], utf8=None)
        document = replace(document, url=undone[1].url or document.url, captured_at=undone[1].captured_at or document.captured_at)
    base = page_of(
        document, settings, encoding=decoded.encoding, encoding_how=decoded.how, issues=decoded.issues, reasons=code.reasons if code else ())
    if decoded.text.isspace() or not decoded.text:
        issue = Issue(level="error", stage="parse", code="empty", message="holds nothing but blanks: there is nothing to store")
        return replace(base, kind="empty", status="failed", score=1.0, reasons=("blanks only",), issues=(*base.issues, issue))
    if html:
        return read_html(base, document, decoded, settings)
    dump = split_dump(decoded.text, keep_private=settings.keep_private) if settings.engine in {None, "print_r"} else None
    return _read_rest(base, settings, decoded.text if dump is None else dump.rest, dump)


def _read_rest(page: Page, settings: Settings, text: str, dump: Dump | None) -> Page:
    """The page of a text and of the config blocks that were taken out of it."""
    made = dates.footer_time(text)
    if made is not None:
        page = replace(page, timezone=dates.offset_name(made), timezone_source="page")
        if page.captured_how != "container":
            page = replace(page, captured_at=dates.utc(made), captured_how="page")
    if dump is not None:
        page = onto_page(page, dump)
    if not text.strip(" \t\xa0\u3000|×x\n"):
        return page
    layout = lay_out(text)
    score, reasons = score_thread(layout.marks, layout.bare)
    if settings.engine == "flat_thread" or (settings.engine is None and score >= THREAD_FROM):
        return _thread_page(page, layout, settings, (score, reasons))
    return _document_page(page, text, settings, reasons)


def _thread_page(page: Page, layout: Layout, settings: Settings, verdict: tuple[float, tuple[str, ...]]) -> Page:
    score, reasons = verdict
    local = dates.zone(page.timezone or dates.ASSUMED_ZONE)
    now = datetime.fromisoformat(page.captured_at) if page.captured_at and page.captured_how != "mtime" else None
    found = read_thread(layout, local, now, page.ref.name)
    fids = {config.fid for config in page.configs}
    fid = fids.pop() if len(fids) == 1 else found.thread.fid
    evidence = page.evidence
    if layout.redrawn is not None:
        score, reasons = 1.0, (layout.redrawn.reason,)
        evidence = replace(evidence, jammer=False) if layout.redrawn.never_jammed else evidence
    left = Document(text=found.left if settings.keep_private else mask_text(found.left)) if found.left else None
    return replace(
        page, kind="thread+config" if page.configs else "thread", engine="flat_thread", view=page.view if layout.redrawn is None else layout.redrawn.view,
        score=round(score, 2),
        reasons=(*page.reasons, *reasons), threads=(replace(found.thread, fid=fid),), posts=found.posts, document=left,
        issues=(*page.issues, *found.issues), evidence=evidence,
    )


def _document_page(page: Page, text: str, settings: Settings, hints: tuple[str, ...]) -> Page:
    local = dates.zone(page.timezone or dates.ASSUMED_ZONE)
    document = read_article(text, local, keep_private=settings.keep_private, of_board=is_of_board(text))
    stated = [name for name in ("title", "author", "publisher", "published_at") if getattr(document, name)]
    issues = list(page.issues)
    loss = loss_of(text)
    if loss is not None:
        issues.append(loss)
    elif hints:
        issues.append(Issue(
            level="info", stage="parse", code="posts-not-found",
            message="has traces of a Discuz page, but no posts that could be told apart: kept as a document",
        ))
    if page.configs or page.kind == "print_r":
        return replace(page, document=document, issues=tuple(issues))
    article = len(stated) > 1 or settings.engine == "article"
    return replace(
        page, kind="article" if article else "text", engine="article", score=0.8 if article else 0.5, document=document,
        reasons=(f"no forum page; states {', '.join(stated) or 'no title, author or date'}",), issues=tuple(issues),
    )


def _too_large(size: int) -> Issue:
    return Issue(
        level="error", stage="source", code="too-large",
        message=f"has {size / 10**6:.0f} MB; documents over {MAX_DOCUMENT // 10**6} MB are not read, split it up",
    )
