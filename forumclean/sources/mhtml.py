"""MHTML: a page that a browser saved with all its parts in one mail message (RFC 2557)."""

from __future__ import annotations

import email
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.boxes import BrokenError, Member, Trouble, trouble
from forumclean.sources.spool import Held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from forumclean.sources.boxes import Box


def members(box: Box) -> Iterator[Member | Trouble]:
    """The page, then its frames, pictures and style sheets. Raises BrokenError if it is too large, or nested to no end."""
    with box.open() as stream:
        data = stream.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise BrokenError("too-large", f"is an MHTML file of over {MAX_DOCUMENT // 10**6} MB: not read")
    try:
        message = email.message_from_bytes(data)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise BrokenError("nested-too-deep", "is an MHTML file nested to no end: not read") from error
    page_url = message.get("Snapshot-Content-Location")
    captured_at = _saved(message)
    for number, part in enumerate(parts, 1):
        kind = part.get_content_type()
        location = str(part.get("Content-Location") or part.get("Content-ID") or f"part {number}").strip()
        name = "".join(location.split())
        if not box.wants(name):
            continue
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes) or not body:
            yield trouble(name, None, "empty", "is an empty part of a saved page", "info")
            continue
        box.budget.spend(len(body))
        more: dict[str, Any] = {"captured_at": captured_at, "media_type": kind, "charset": part.get_content_charset()}
        if name.startswith(("http://", "https://")):
            more["url"] = name
        elif kind == "text/html" and page_url:
            more["url"], page_url = str(page_url).strip(), None
        yield Member(name=name, open=Held(body), size=len(body), more=more, leaf=True)
    if _cut(data, message):
        yield trouble(None, None, "truncated", "is cut off: the last part of the saved page lacks its end", "warning")


def _saved(message: Message) -> str | None:
    """When the browser saved it: the Date of the message, UTC."""
    try:
        at = parsedate_to_datetime(str(message["Date"]))
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError, OverflowError):
        return None


def _cut(data: bytes, message: Message) -> bool:
    """Whether the closing boundary is missing."""
    boundary = message.get_boundary()
    return boundary is not None and f"--{boundary}--".encode("utf-8", "replace") not in data[-len(boundary) - 4096:]
