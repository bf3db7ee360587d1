"""One document in, its batches out: the only place where parser and scrubber meet.

Everything here is a pure function of the document and the settings, so it can run anywhere and in any order (design: two passes).
``inspect``, ``clean``, ``explain`` and ``ingest`` all go through ``read``: there is one path.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forumclean.parser import parse
from forumclean.parser.markup.links import canonical_targets
from forumclean.parser.markup.sanitise import sanitise
from forumclean.records import Batch, Post, SeenPost
from forumclean.scrubber import scrub
from forumclean.scrubber.element import MARK as JAMMER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forumclean.records import Page, RawDocument, Scrubbed
    from forumclean.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """A page and what the scrubber made of its bodies."""

    page: Page
    scrubbed: tuple[Scrubbed | None, ...]
    """One for each of ``page.posts``; ``None`` where the post has no body."""


def read(document: RawDocument, settings: Settings) -> Iterator[Reading]:
    """Parse and scrub one document: one reading, or several where it is read block by block.

    Never raises for a bad input: that is an issue on the page.
    """
    for page in parse(document, settings):
        bodies = [post.body for post in page.posts if post.body is not None]
        if page.evidence.profile != settings.profile:
            page = replace(page, evidence=replace(page.evidence, profile=settings.profile))  # noqa: PLW2901 - the page as it is scrubbed
        clean = iter(scrub(bodies, page.evidence))
        yield Reading(page, tuple(None if post.body is None else next(clean) for post in page.posts))


def batches(document: RawDocument, settings: Settings, sha256: str) -> Iterator[Batch]:
    """The rows of one document for the archive, in order; only the last one has ``last`` set."""
    pending: Batch | None = None
    for reading in read(document, settings):
        if pending is not None:
            yield replace(pending, last=False)
        pending = _batch(reading, settings, sha256)
    if pending is not None:
        yield pending


def content_hash(text: str, targets: Iterable[str] = ()) -> str:
    """What makes two texts of a post the same revision: the text and the canonical targets of its links (32 hex digits)."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for target in targets:
        digest.update(b"\0" + target.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _batch(reading: Reading, settings: Settings, sha256: str) -> Batch:
    page = reading.page
    site = settings.site or settings.aliases.get(page.host or "")
    posts = tuple([_seen(post, clean) for post, clean in zip(page.posts, reading.scrubbed, strict=True)])
    return Batch(page=page, sha256=sha256, site=site, posts=posts)


def _seen(post: Post, clean: Scrubbed | None) -> SeenPost:
    if clean is None:
        return SeenPost(post=post, text=None, html=None, content_hash=None)
    targets = () if post.html is None else canonical_targets(post.html)
    marks = () if post.body is None else tuple([mark for mark in post.body.marks if mark.name != JAMMER])
    return SeenPost(
        post=post, text=clean.text, html=None if post.html is None else sanitise(post.html), content_hash=content_hash(clean.text, targets),
        cuts=clean.cuts, doubts=clean.doubts, marks=marks,
    )
