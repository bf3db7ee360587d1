"""Documents of WARC and WET files: what servers answered, with its address, time and status; the text of conversion records.

Requests, metadata and the crawler's own notes are passed over. A revisit record (ISO 28500 §6.7: the same bytes as in an earlier capture) is
the earlier document seen again at a later time, if that lies in the same file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.boxes import Member, Trouble, trouble
from forumclean.sources.http_body import read_response
from forumclean.sources.jsonl import moment
from forumclean.sources.spool import Held
from forumclean.sources.unpack import DamagedError
from forumclean.sources.warc_record import Record, RecordError
from forumclean.sources.warc_walk import Lost, Walk, unbrotli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.sources.boxes import Box
    from forumclean.sources.http_body import Response

_KINDS = {"response", "resource", "conversion", "revisit"}
_REMEMBERED = 200_000
"""Records that revisits may refer to: keeps memory bounded."""
_HEAVY = ("image/", "video/", "audio/", "application/octet-stream", "application/zip", "application/pdf", "font/")
"""Types of assets: a large one is no loss to the archive."""


def members(box: Box) -> Iterator[Member | Trouble]:
    """Every capture in the file, in order. Raises BrokenError where nothing more can be read."""
    walk = Walk(box)
    known: dict[str, int] = {}
    unknown = count = 0
    for record in walk:
        count += 1
        if isinstance(record, Lost):
            yield trouble(None, record.offset, "broken-record", f"the record at byte {record.offset:,} is lost: {record.why}; the others are read")
            continue
        if record.type not in _KINDS or not _is_page(record.url) or not box.wants(record.url or ""):
            continue
        if record.length > MAX_DOCUMENT:
            yield _too_large(record)
            continue
        box.budget.spend(record.length)
        digest = record.headers.get("warc-payload-digest", "")
        if record.type == "revisit":
            original = _original(walk, known.get(digest))
            if original is None:
                unknown += 1
                continue
            yield from _capture(box, record, original.block)
            continue
        if digest and walk.by_offset and len(known) < _REMEMBERED:
            known.setdefault(digest, record.offset)
        yield from _capture(box, record, record.block)
    if not count:
        yield trouble(None, None, "empty", "is a WARC file without records: there is nothing to store")
    if unknown:
        message = f"{unknown} revisit records refer to captures that are not in this file: read the file that has them, too"
        yield trouble(None, None, "revisit-without-original", message, "info")


def _is_page(url: str | None) -> bool:
    """Crawlers keep notes of their own under ``metadata:``, ``urn:``, ``dns:`` and the like."""
    return url is None or url.lower().startswith(("http://", "https://", "file:"))


def _original(walk: Walk, offset: int | None) -> Record | None:
    if offset is None:
        return None
    try:
        return walk.at(offset)
    except RecordError:
        return None


def _capture(box: Box, record: Record, block: bytes) -> Iterator[Member | Trouble]:
    name = record.url or record.headers.get("warc-record-id", "").strip("<>") or f"record {record.offset}"
    more: dict[str, Any] = {"url": record.url, "captured_at": moment(record.headers.get("warc-date", ""))}
    kind = record.headers.get("content-type", "").partition(";")[0].strip().lower()
    if record.type == "conversion":
        more["charset"] = "utf-8"  # of WET by definition
    try:
        response = read_response(block, unbrotli) if record.type in {"response", "revisit"} else None
    except DamagedError as error:
        yield trouble(name, record.offset, "damaged", f"holds a response whose body {error}")
        return
    if response is not None:
        box.budget.spend(len(response.body))
        block = response.body or _head(response)
        more |= {"http_status": response.status, "media_type": response.media_type, "charset": response.charset}
    elif kind and kind != "application/http":
        more["media_type"] = kind
    if not block:
        yield trouble(name, record.offset, "empty", "is a capture without content", "info")
        return
    if "warc-truncated" in record.headers:
        yield trouble(name, record.offset, "truncated", "was cut off by the crawler: read as far as it goes", "warning")
    yield Member(name=name, open=Held(block), size=len(block), offset=record.offset, more=more, leaf=True)


def _head(response: Response) -> bytes:
    """What stands for a redirect or an error without a body: its status and where it leads."""
    if response.status < 300:  # noqa: PLR2004 - no content, by design
        return b""
    return f"HTTP {response.status}\nLocation: {response.location or ''}\n".encode()


def _too_large(record: Record) -> Trouble:
    heavy = record.headers.get("warc-identified-payload-type", "").lower().startswith(_HEAVY)
    return trouble(
        record.url, record.offset, "too-large", f"has {record.length / 10**6:.0f} MB; records over {MAX_DOCUMENT // 10**6} MB are not read",
        "info" if heavy else "error")
