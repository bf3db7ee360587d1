"""An import on this machine: what is new is read, stored in transactions of whole documents, settled and indexed.

The order of work is fixed, so that a run can be killed at any moment: a document is either in the archive with all its posts or not
at all, and what was stored but not yet settled or indexed is finished by the next run.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import forumclean
from forumclean import sources
from forumclean.archiver.archive import Archive
from forumclean.archiver.search import index_pending
from forumclean.parser import check_settings
from forumclean.pipeline.settle import settle
from forumclean.pipeline.work import batches
from forumclean.scrubber import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from forumclean.records import Batch, Issue, RawDocument, Ref
    from forumclean.settings import Settings

TRANSACTION_BYTES = 8 * 10**6
"""Documents are stored together until they reach this size: a commit costs more than a small page."""


@dataclass(slots=True)
class Summary:
    """What one import did. ``exit_code`` is the one of the command: 0, or 3 where an input newly failed."""

    new: int = 0
    unchanged: int = 0
    failed: int = 0
    unsupported: int = 0
    assets: int = 0
    stored: Counter[str] = field(default_factory=Counter)
    """New rows by table, and what settle changed, as the archive counted them."""
    cuts: Counter[str] = field(default_factory=Counter)
    """Cuts by rule, in what was read by this run."""
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """3 if an input newly failed, else 0."""
        return 3 if self.failed else 0

    def as_json(self) -> dict[str, Any]:
        """The summary as plain JSON values, for ``--json`` and the run log."""
        return {**asdict(self), "stored": dict(self.stored), "cuts": dict(self.cuts), "exit_code": self.exit_code}


@dataclass(slots=True)
class _Run:
    """One import under way."""

    archive: Archive
    run_id: int
    settings: Settings
    full: bool
    report: Callable[[Ref, Issue], None]
    summary: Summary = field(default_factory=Summary)
    waiting: list[tuple[RawDocument, str]] = field(default_factory=list)
    waiting_bytes: int = 0

    def take(self, item: RawDocument | sources.Unreadable) -> None:
        """One listed input: skipped if unchanged, else read and stored together with its neighbours."""
        if isinstance(item, sources.Unreadable):
            self._fail(item.ref, item.issue)
            return
        if not self.full and self.archive.unchanged(item.ref):
            self.summary.unchanged += 1
            return
        try:
            sha256 = sources.fingerprint(item)
        except OSError as error:
            self._fail(item.ref, sources.unreadable(error))
            return
        if not self.full and self.archive.known(item.ref, sha256):
            self.summary.unchanged += 1
            return
        self.waiting.append((item, sha256))
        self.waiting_bytes += item.size
        if self.waiting_bytes >= TRANSACTION_BYTES:
            self.flush()

    def flush(self) -> None:
        """Read and store what is waiting, in one transaction."""
        if self.waiting:
            self.summary.stored.update(self.archive.store(self._read_waiting(), self.run_id))
            self.waiting.clear()
            self.waiting_bytes = 0

    def _read_waiting(self) -> Iterator[Batch]:
        for document, sha256 in self.waiting:
            for batch in batches(document, self.settings, sha256):
                self._count(batch)
                yield batch

    def _count(self, batch: Batch) -> None:
        for issue in batch.page.issues:
            self.report(batch.page.ref, issue)
        self.summary.cuts.update(cut.rule for post in batch.posts for cut in post.cuts)
        if batch.last:
            kind = {"failed": "failed", "unsupported": "unsupported", "asset": "assets"}.get(batch.page.status, "new")
            setattr(self.summary, kind, getattr(self.summary, kind) + 1)

    def _fail(self, ref: Ref, issue: Issue) -> None:
        if not self.archive.failed(ref, issue, self.run_id):
            self.summary.unchanged += 1  # the same trouble as last time: said once, not every night
            return
        self.summary.failed += issue.level == "error"
        self.report(ref, issue)


def ingest(  # noqa: PLR0913 - the options of the main job
    archive_path: str, paths: Sequence[str], settings: Settings, *,
    include: Sequence[str] = (), exclude: Sequence[str] = (), full: bool = False, wait: float = 5.0,
    report: Callable[[Ref, Issue], None] = lambda _ref, _issue: None, progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Summary:
    """Import ``paths`` into the archive, which is made if it does not exist.

    ``report`` is called for every issue, ``progress`` with (inputs done, inputs listed). Raises ``UsageError`` for a path that does
    not exist (before anything is written) and ``ArchiveError`` where the archive cannot be written.
    """
    started = time.monotonic()
    sources.check(paths)
    check_settings(settings)
    with Archive.open(archive_path, wait=wait) as archive:
        archive.record_rules([(rule.name, rule.why, rule.evidence) for rule in RULES])
        run_id = archive.begin_run(forumclean.__version__, asdict(settings), list(paths))
        run = _Run(archive, run_id, settings, full, report)
        try:
            listed = list(sources.documents(paths, include=include, exclude=exclude, skip=[str(path) for path in archive.files()]))
            for done, item in enumerate(listed, 1):
                run.take(item)
                progress(done, len(listed))
            run.flush()
            run.summary.stored += settle(archive)
            index_pending(archive.connection)
        except KeyboardInterrupt:
            archive.end_run(run_id, run.summary.as_json(), 1, status="interrupted")
            raise
        run.summary.seconds = round(time.monotonic() - started, 3)
        archive.end_run(run_id, run.summary.as_json(), run.summary.exit_code)
    return run.summary
