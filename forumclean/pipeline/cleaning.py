"""Clean text without an archive: files to the text of their posts, JSON lines to JSON lines."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean import sources
from forumclean.pipeline.work import read
from forumclean.records import Body, Evidence
from forumclean.scrubber import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from forumclean.records import Issue, Ref, Scrubbed
    from forumclean.settings import Settings

LOT = 1 << 18
"""Bytes of JSON lines that are cleaned at a time."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """One body with what was cut from it."""

    ref: Ref
    ordinal: int
    """Order of the post on its page; 0 for an input that is no forum page: it is taken as one body."""
    parsed: str
    scrubbed: Scrubbed


class CleanLine(NamedTuple):
    """A line of JSON without its line end, and why it could not be cleaned, if so."""

    line: bytes
    trouble: str | None = None


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


def clean_lines(lines: Iterable[bytes], settings: Settings, field: str = "text", jobs: int = 1) -> Iterator[CleanLine]:
    """JSON lines in, the same objects out with ``field`` cleaned and ``cuts`` added; order kept, memory bounded.

    A line that cannot be cleaned is passed on as it came, with the trouble said. Blank lines are passed over. ``jobs``: processes.
    """
    work = partial(_clean_some, settings=settings, field=field)
    if jobs == 1:
        for some in _lots(lines):
            yield from work(some)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - a single process never needs it

    with ProcessPoolExecutor(jobs) as pool:
        under_way: deque[Future[list[CleanLine]]] = deque()
        for some in _lots(lines):
            under_way.append(pool.submit(work, some))
            if len(under_way) > 2 * jobs:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _lots(lines: Iterable[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines in lots of about ``LOT`` bytes."""
    lot: list[tuple[int, bytes]] = []
    size = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            lot.append((number, line))
            size += len(line)
        if size >= LOT:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot


def _clean_some(lines: list[tuple[int, bytes]], settings: Settings, field: str) -> list[CleanLine]:
    return [_clean_line(number, line, settings, field) for number, line in lines]


def _clean_line(number: int, line: bytes, settings: Settings, field: str) -> CleanLine:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested too deep
        return CleanLine(line.rstrip(b"\n"), f"line {number}: not JSON")
    if not isinstance(record, dict) or not isinstance(record.get(field), str):
        return CleanLine(line.rstrip(b"\n"), f"line {number}: not an object with text in field {field!r}")
    done = clean_text(record[field], settings)
    record[field] = done.text
    record["cuts"] = done.cuts
    return CleanLine(_dump(record))


def _dump(record: dict[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair in the input: only an escape can carry it
        return json.dumps(record).encode("ascii")
