"""Clean text without an archive: files to the text of their posts, JSON lines to JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forumclean import sources
from forumclean.pipeline.work import read
from forumclean.records import Body, Evidence
from forumclean.scrubber import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forumclean.records import Issue, Ref, Scrubbed
    from forumclean.settings import Settings


@dataclass(frozen=True, slots=True)
class CleanText:
    """One body with what was cut from it."""

    ref: Ref
    ordinal: int
    """Order of the post on its page; 0 for an input that is no forum page: it is taken as one body."""
    parsed: str
    scrubbed: Scrubbed


def clean(paths: Sequence[str], settings: Settings) -> Iterator[CleanText | tuple[Ref, Issue]]:
    """The bodies of every input below ``paths``, cleaned; issues as they are met.

    An input that is no forum page is one body: its whole text is cleaned. Raises ``UsageError`` for a path that does not exist.
    """
    for item in sources.documents(paths):
        if isinstance(item, sources.Unreadable):
            yield item.ref, item.issue
            continue
        for reading in read(item, settings):
            page = reading.page
            yield from ((page.ref, issue) for issue in page.issues)
            for post, scrubbed in zip(page.posts, reading.scrubbed, strict=True):
                if post.body is not None and scrubbed is not None:
                    yield CleanText(page.ref, post.ordinal, post.body.text, scrubbed)
            if page.document is not None and not page.posts:
                text = page.document.text
                yield CleanText(page.ref, 0, text, clean_text(text, settings))


def clean_text(text: str, settings: Settings) -> Scrubbed:
    """One text as one body, never segmented."""
    return scrub([Body(text)], Evidence(profile=settings.profile))[0]


def clean_lines(lines: Iterable[bytes], settings: Settings, field: str = "text") -> Iterator[tuple[bytes, str | None]]:
    """JSON lines in, the same objects out with ``field`` cleaned and ``cuts`` added; order kept, constant memory.

    Gives (line, None), or (the line as it came, why it could not be cleaned). Blank lines are passed over.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record: Any = json.loads(line)
        except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested too deep
            yield line.rstrip(b"\n"), f"line {number}: not JSON"
            continue
        if not isinstance(record, dict) or not isinstance(record.get(field), str):
            yield line.rstrip(b"\n"), f"line {number}: not an object with text in field {field!r}"
            continue
        done = clean_text(record[field], settings)
        record[field] = done.text
        record["cuts"] = done.cuts
        yield _dump(record), None


def _dump(record: dict[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair in the input: only an escape can carry it
        return json.dumps(record).encode("ascii")
