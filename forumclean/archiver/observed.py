"""Batches → rows, as far as they depend on nothing that the archive holds: the writer adds ids and looks up what is there already.

So most of the writer's work can be done where the documents are read. Plain values in tuples: they cross borders between processes cheaply.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver import rows
from forumclean.archiver.configs import config_row
from forumclean.archiver.digest import Digest
from forumclean.archiver.ranks import VIEW_RANK
from forumclean.records import Batch, Thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forumclean.archiver.configs import ConfigRow
    from forumclean.records import Issue, Page, Ref, SeenPost

Row = tuple[Any, ...]


class Sighted(NamedTuple):
    """A post as one page shows it: rows of ``sightings``, ``revisions`` and ``user_stats``."""

    ordinal: int
    pid: int | None
    content_hash: str | None
    text: str | None
    html: str | None
    html_key: str | None
    """Where there is HTML and a pid: see ``rows.html_key``."""
    signer: str | None
    figures: tuple[tuple[str, Any], ...]
    row: Row
    """``rows.SIGHTING_COLUMNS``."""


class Observed(NamedTuple):
    """A batch, ready for the writer."""

    sha256: str
    site: str | None
    ref: Ref
    host: str | None
    capture: rows.Capture
    status: str
    source: Row
    """``rows.SOURCE_COLUMNS``."""
    threads: tuple[Row, ...]
    """Ordinal and ``rows.THREAD_COLUMNS``."""
    posts: tuple[Sighted, ...]
    configs: tuple[ConfigRow, ...]
    forums: tuple[Row, ...]
    """Ordinal, fid, fields."""
    document: Row | None
    """``rows.DOCUMENT_COLUMNS``."""
    issues: tuple[Issue, ...]
    cuts: dict[str, int]
    """How many by rule."""
    digest: str | None
    """Of the whole document, with its last batch; see ``Digest``."""

    @property
    def last(self) -> bool:
        """Whether this is the last batch of its document."""
        return self.digest is not None


def observed(batches: Iterable[Batch | Observed]) -> Iterator[Observed]:
    """Whole documents, batch by batch; what is ready already is passed on."""
    digest = Digest()
    for batch in batches:
        if isinstance(batch, Observed):
            yield batch
            continue
        yield _observed(batch, digest)
        if batch.last:
            digest = Digest()


def _observed(batch: Batch, digest: Digest) -> Observed:
    """One batch; ``digest`` is told of all rows in a fixed order."""
    page, sha256 = batch.page, batch.sha256 or ""
    source = rows.source_row(batch)
    threads, number = _threads(page, needed=bool(batch.posts))
    posts = tuple([_sighted(seen, page, number, sha256) for seen in batch.posts])
    configs = tuple([config_row(config) for config in page.configs])
    forums = tuple([
        (ordinal, fid, rows.as_json(fields)) for ordinal, fields in enumerate(page.forums, 1) if isinstance(fid := fields.get("fid"), int)])
    document = rows.document_row(page)
    digest.read([
        source, *threads, *[(post.ordinal, *post.row[:-2], post.html, post.figures) for post in posts],
        *configs, *forums, *(() if document is None else (document,)), *map(rows.issue_row, page.issues)])
    digest.scrubbed([(post.ordinal, post.content_hash, *post.row[-2:]) for post in posts if post.text is not None])
    return Observed(
        sha256=sha256, site=batch.site, ref=page.ref, host=page.host, capture=rows.capture(page), status=page.status, source=source, threads=threads,
        posts=posts, configs=configs, forums=forums, document=document, issues=page.issues,
        cuts=dict(Counter([cut.rule for seen in batch.posts for cut in seen.cuts])), digest=digest.text() if batch.last else None,
    )


def _threads(page: Page, *, needed: bool) -> tuple[tuple[Row, ...], int | None]:
    """What the page says about threads, and its own number. Posts without a thread get an unnamed one."""
    threads: Sequence[Thread] = page.threads
    own = next((thread for thread in threads if thread.ordinal == 0), None)
    if own is None and needed:
        own = Thread()
        threads = (own, *threads)
    return tuple([(thread.ordinal, *rows.thread_row(thread)) for thread in threads]), own.page if own else None


def _sighted(seen: SeenPost, page: Page, number: int | None, sha256: str) -> Sighted:
    post = seen.post
    row = rows.sighting_row(seen, page, number)
    key = None
    if row[0] is not None and seen.html is not None and seen.text is not None:
        key = rows.html_key(VIEW_RANK.get(page.view, 0), sha256, post.ordinal)
    return Sighted(post.ordinal, row[0], seen.content_hash, seen.text, seen.html, key, rows.signer(seen, page.view), tuple(post.stats.items()), row)
