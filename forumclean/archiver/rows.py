"""Records → rows of the observed tables. Pure: what is stored of an input depends on nothing but the input.

JSON is written in one fixed form (keys sorted, no blanks), so that equal observations are equal text.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.moments import from_mtime
from forumclean.records import Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forumclean.records import Batch, Issue, Page, Ref, Scrubbed, SeenPost, Thread

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False).encode
_decode = json.JSONDecoder().raw_decode

THREAD_COLUMNS = "tid, fid, page, fields"
SIGHTING_COLUMNS = "pid, page, view, state, fields, marks, cuts, doubts"
SOURCE_COLUMNS = "kind, engine, score, reasons, encoding, encoding_how, host, view, timezone, timezone_source, status, page_url, evidence"
NOBODY = frozenset({"guest", "anonymous"})
"""Kinds of authors that are no users, whatever name the page shows for them."""
DOCUMENT_COLUMNS = "kind, title, author, publisher, published_at, published_at_precision, text"
ISSUE_COLUMNS = "level, stage, code, message, excerpt"
_EVIDENCE = {field.name: field.default for field in fields(Evidence)}


class Capture(NamedTuple):
    """When a page was captured (UTC), and how that is known: ``container``, ``page`` or ``mtime``."""

    at: str | None
    how: str | None


def capture(page: Page) -> Capture:
    """The page's own capture time, else the time of its file, flagged as such."""
    if page.captured_at is not None:
        return Capture(page.captured_at, page.captured_how)
    return mtime_capture(page.ref)


def mtime_capture(ref: Ref) -> Capture:
    """The document's own time in its container, else that of the file that holds it."""
    modified = ref.mtime_ns if ref.modified_ns is None else ref.modified_ns
    return Capture(None, None) if modified is None else Capture(from_mtime(modified), "mtime")


def as_json(values: Mapping[str, Any]) -> str:
    """An object without its empty values: what a view does not state is absent."""
    return "{}" if not values else _encode({name: value for name, value in values.items() if value is not None})


def of_json(text: str) -> Any:
    """What ``as_json`` or ``as_json_rows`` was given. Faster than ``json.loads``, which looks for blanks around it."""
    return _decode(text)[0]


def as_json_rows(records: Sequence[Any] | Mapping[str, Any]) -> str | None:
    """Some values, named tuples as arrays; ``None`` for none."""
    return _encode(records) if records else None


def whole(number: int | None) -> int | None:
    """A number as SQLite can hold it: one beyond 64 bits, which no board ever gave, is none."""
    return number if number is not None and -(2**63) <= number < 2**63 else None


def source_row(batch: Batch) -> tuple[Any, ...]:
    """``SOURCE_COLUMNS``: what a document is, apart from where and when it was found."""
    page = batch.page
    return (
        page.kind, page.engine, page.score, as_json_rows(page.reasons), page.encoding, page.encoding_how, page.host, page.view,
        page.timezone, page.timezone_source, page.status, page.page_url,
        evidence_text(page.evidence) if batch.posts else None,
    )


def thread_row(thread: Thread) -> tuple[Any, ...]:
    """``THREAD_COLUMNS`` of what a page says about a thread."""
    return (whole(thread.tid), whole(thread.fid), whole(thread.page), as_json(thread.fields))


def sighting_row(seen: SeenPost, page: Page, number: int | None) -> tuple[Any, ...]:
    """``SIGHTING_COLUMNS`` of what a page says about a post. ``number``: of the page in its thread."""
    post = seen.post
    return (whole(post.pid), whole(number), page.view, post.state, as_json(post.fields), as_json_rows(seen.marks), *scrubbed_row(seen))


def scrubbed_row(done: SeenPost | Scrubbed) -> tuple[str | None, str | None]:
    """The columns of ``sightings`` that the rules of the scrubber decide on: cuts and doubts."""
    return as_json_rows(done.cuts), as_json_rows(done.doubts)


def evidence_text(evidence: Evidence) -> str:
    """What the scrubber was told of a page, as ``sources.evidence`` holds it: what is not as usual."""
    return _encode({name: value for name, usual in _EVIDENCE.items() if (value := getattr(evidence, name)) != usual})


def evidence_of(text: str) -> Evidence:
    """What ``evidence_text`` was given."""
    return Evidence(**json.loads(text))


def signer(seen: SeenPost, view: str) -> str | None:
    """Who wrote a flattened post that has a text, so that settle finds all by one author; ``None`` for guests and other views.

    The name; where the extractor left none, a line end and the three counters of the author's card, which nobody shares for long.
    """
    if view != "flattened" or seen.text is None or seen.post.fields.get("author_kind") in NOBODY:
        return None
    if name := seen.post.fields.get("author_name"):
        return str(name)
    counters = [seen.post.stats.get(name) for name in ("credits", "posts", "threads")]
    return None if None in counters else "\n" + "/".join(map(str, counters))


def document_row(page: Page) -> tuple[Any, ...] | None:
    """``DOCUMENT_COLUMNS`` of an input that is not a forum page."""
    found = page.document
    if found is None:
        return None
    return (page.kind, found.title, found.author, found.publisher, found.published_at, found.published_at_precision, found.text)


def issue_row(issue: Issue) -> tuple[Any, ...]:
    """``ISSUE_COLUMNS``."""
    return (issue.level, issue.stage, issue.code, issue.message, issue.excerpt)


def html_key(rank: int, sha256: str, ordinal: int) -> str:
    """Orders the HTML of sightings with equal content: the smallest, that is the richest view, gives the revision its HTML."""
    return f"{9 - rank}{sha256}{ordinal:08d}"
