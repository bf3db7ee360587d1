"""What crosses the border between processes: batches as plain tuples, many to a parcel, and back.

Pickled dataclasses take four times as long as the tuples of their values. A parcel is a part of a file: pickled tuples one behind the other, and
``None``; a document of any size passes in pieces.
"""

from __future__ import annotations

import pickle
from contextlib import nullcontext
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from forumclean.records import Batch, Cut, Document, Doubt, Evidence, ForumConfig, Issue, Leaf, Mark, Page, Post, Ref, SeenPost, Thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

LARGE = 4 * 10**6
"""Bytes of a document whose batches are not kept in memory."""


def _shape(record: type[T], *left_out: str) -> tuple[Callable[[T], tuple[Any, ...]], tuple[str, ...]]:
    names = tuple(field.name for field in fields(record) if field.name not in left_out)  # type: ignore[arg-type]
    return attrgetter(*names), names


_PAGE, _PAGE_NAMES = _shape(Page, "ref", "configs", "threads", "posts", "document", "evidence", "issues")
_REF, _REF_NAMES = _shape(Ref)
_POST, _POST_NAMES = _shape(Post, "body", "html")
_THREAD, _THREAD_NAMES = _shape(Thread)
_CONFIG, _CONFIG_NAMES = _shape(ForumConfig, "leaves")
_DOCUMENT, _DOCUMENT_NAMES = _shape(Document)
_ISSUE, _ISSUE_NAMES = _shape(Issue)
_EVIDENCE, _EVIDENCE_NAMES = _shape(Evidence)


def flatten(batch: Batch) -> tuple[Any, ...]:
    """A batch as nested tuples of plain values."""
    page = batch.page
    return (
        batch.sha256, batch.site, batch.last, _PAGE(page), _REF(page.ref), tuple(map(_THREAD, page.threads)),
        tuple((_CONFIG(config), tuple(map(tuple, config.leaves))) for config in page.configs),
        None if page.document is None else _DOCUMENT(page.document), tuple(map(_ISSUE, page.issues)), _EVIDENCE(page.evidence),
        tuple(
            (_POST(seen.post), seen.text, seen.html, seen.content_hash, tuple(map(tuple, seen.cuts)), tuple(map(tuple, seen.doubts)), tuple(map(tuple, seen.marks)))
            for seen in batch.posts
        ),
    )


def restore(flat: tuple[Any, ...]) -> Batch:
    """The batch that ``flatten`` was given, without what the archive does not look at."""
    sha256, site, last, page, ref, threads, configs, document, issues, evidence, posts = flat
    return Batch(
        sha256=sha256, site=site, last=last,
        page=Page(
            ref=_made(Ref, _REF_NAMES, ref),
            threads=tuple(_made(Thread, _THREAD_NAMES, thread) for thread in threads),
            configs=tuple(
                ForumConfig(leaves=tuple(map(Leaf._make, leaves)), **dict(zip(_CONFIG_NAMES, config, strict=True))) for config, leaves in configs),
            document=None if document is None else _made(Document, _DOCUMENT_NAMES, document),
            issues=tuple(_made(Issue, _ISSUE_NAMES, issue) for issue in issues), evidence=_made(Evidence, _EVIDENCE_NAMES, evidence),
            **dict(zip(_PAGE_NAMES, page, strict=True)),
        ),
        posts=tuple(
            SeenPost(
                post=_made(Post, _POST_NAMES, post), text=text, html=html, content_hash=content_hash,
                cuts=tuple(map(Cut._make, cuts)), doubts=tuple(map(Doubt._make, doubts)), marks=tuple(map(Mark._make, marks)))
            for post, text, html, content_hash, cuts, doubts, marks in posts
        ),
    )


def _made(record: type[T], names: tuple[str, ...], values: Iterable[Any]) -> T:
    return record(**dict(zip(names, values, strict=True)))


def pack(batches: Iterable[Batch], stream: BinaryIO) -> None:
    """Write the batches of one document. Raises OSError where they cannot be written."""
    for batch in batches:
        pickle.dump(flatten(batch), stream, pickle.HIGHEST_PROTOCOL)
    pickle.dump(None, stream)


def unpack(stream: BinaryIO, *, close: bool = False) -> Iterator[Batch]:
    """The batches of the next document, one at a time; ``close``: the stream is of no use afterwards."""
    with stream if close else nullcontext():
        while (flat := pickle.load(stream)) is not None:  # noqa: S301 - written by a process of ours a moment ago
            yield restore(flat)
