"""JSON lines as crawlers and corpus pipelines write them: an object a line, with ``text`` or ``html``, and often ``url`` and ``date``."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.boxes import Member, Trouble, trouble
from forumclean.sources.spool import Held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.sources.boxes import Box

_HTML = ("html", "raw_html")
_TEXT = ("text", "raw_content", "content")
_URL = ("url", "uri", "warc-target-uri", "WARC-Target-URI", "source_url")
_DATE = ("date", "captured_at", "timestamp", "date_download", "crawl_date", "fetch_time", "warc-date", "WARC-Date")
"""Names of these fields in corpora (CCNet, C4, FineWeb, OSCAR and their kin), the first that is there wins."""
_INNER = ("metadata", "meta", "warc_headers")
"""Objects inside in which url and date may stand."""
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
"""``20251127063734``: the timestamps of crawl indexes, in UTC."""


class Fields(NamedTuple):
    """What a line holds."""

    body: str
    html: bool
    url: str | None
    captured_at: str | None


def fields_of(record: Any) -> Fields | None:
    """What an object holds; ``None`` if it is no object, or has neither text nor HTML.

    >>> fields_of({"text": "x", "metadata": {"url": "http://b.example/", "date": "2025-11-27T14:37:34+08:00"}})
    Fields(body='x', html=False, url='http://b.example/', captured_at='2025-11-27T06:37:34Z')
    """
    if not isinstance(record, dict):
        return None
    inner = [record, *(found for name in _INNER if isinstance(found := record.get(name), dict))]
    html, text = _first([record], _HTML), _first([record], _TEXT)
    if html is None and text is None:
        return None
    date = _first(inner, _DATE)
    return Fields(html or text or "", bool(html), _first(inner, _URL), moment(date) if date else None)


def _first(objects: list[dict[str, Any]], names: tuple[str, ...]) -> str | None:
    """The first text under any of the names, the names in order."""
    return next((found for name in names for record in objects if isinstance(found := record.get(name), str) and found), None)


def moment(text: str) -> str | None:
    """A time as UTC, ``2025-11-27T06:37:34Z``: ISO-8601, or fourteen digits; without a zone it is UTC. ``None``: it is none, or only a day.

    >>> moment("20251127063734"), moment("2025-11-27 06:37:34"), moment("2025-11-27"), moment("yesterday")
    ('2025-11-27T06:37:34Z', '2025-11-27T06:37:34Z', None, None)
    """
    text = text.strip()
    if (found := _DIGITS.fullmatch(text)) is not None:
        text = "{}-{}-{}T{}:{}:{}".format(*found.groups())
    if len(text) <= len("2025-11-27") or len(text) > 40:  # noqa: PLR2004 - no form of a time is longer
        return None
    try:
        found_time = datetime.fromisoformat(text)
        at = found_time.replace(tzinfo=UTC) if found_time.tzinfo is None else found_time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def members(box: Box) -> Iterator[Member | Trouble]:
    """A document for each line; a line that holds none is a trouble."""
    with box.open() as stream:
        at = number = 0
        while line := stream.readline(MAX_DOCUMENT + 1):
            start, number = at, number + 1
            at += len(line)
            if len(line) > MAX_DOCUMENT and not line.endswith(b"\n"):
                while (more := stream.readline(1 << 20)) and not more.endswith(b"\n"):
                    at += len(more)
                at += len(more)
                yield trouble(f"line {number}", start, "too-large", f"is a line of over {MAX_DOCUMENT // 10**6} MB: not read")
            elif line.strip():
                yield from _line(box, line, number, start)


def _line(box: Box, line: bytes, number: int, start: int) -> Iterator[Member | Trouble]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested too deep
        cut = not line.endswith(b"\n")
        why = "is cut off in the middle" if cut else "is not JSON"
        yield trouble(f"line {number}", start, "truncated" if cut else "not-json", f"{why}: this line is lost, the others are read")
        return
    found = fields_of(record)
    name = f"line {number}" if found is None or not found.url else found.url
    if not box.wants(name):
        return
    if found is None:
        yield trouble(name, start, "no-text", "is an object without text or html: nothing to store", "warning")
        return
    data = found.body.encode("utf-8", "replace")  # half a surrogate pair can be escaped in JSON, and is no character
    more: dict[str, Any] = {"url": found.url, "captured_at": found.captured_at, "charset": "utf-8"}
    yield Member(name=name, open=Held(data), size=len(data), offset=start, more=more, leaf=True)
