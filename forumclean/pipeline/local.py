"""An import on this machine: what is new is read, stored in transactions of whole documents, settled and indexed.

The order of work is fixed, so that a run can be killed at any moment: a document is either in the archive with all its posts or not
at all, and what was stored but not yet settled or indexed is finished by the next run.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import forumclean
from forumclean import sources
from forumclean.archiver.archive import Archive
from forumclean.archiver.search import index_pending
from forumclean.parser import check_settings
from forumclean.pipeline.readers import readings
from forumclean.pipeline.settle import settle, settle_new
from forumclean.pipeline.settle_fresh import FreshThreads
from forumclean.pipeline.summary import Summary
from forumclean.scrubber import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from forumclean.archiver.observed import Observed
    from forumclean.pipeline.readers import Reading
    from forumclean.pipeline.worker import Task
    from forumclean.records import Issue, RawDocument, Ref
    from forumclean.settings import Settings

TRANSACTION_BYTES = 4 * 10**6
"""Documents are stored together until they reach this size: a commit costs more than a small page."""
LISTED = 250
"""Inputs that are looked up together."""
HASHED = 500_000
"""Bytes of documents that are looked up together by their hashes: one question costs as much as a hash, and they are still at hand to be read."""
INDEX_AT = 8_000
"""New posts that are indexed in the middle of an import; fewer at a time cost more."""


_KINDS = {"failed": "failed", "unsupported": "unsupported", "asset": "assets"}
"""Status of a page → where the summary counts it; all others: new, changed, or known."""
_STANDINGS = {"repeated": "unchanged"}
"""Bytes that this run has met before are counted as known."""


class _Emptied(NamedTuple):
    """A container that was read to its end."""

    ref: Ref
    held: int
    """Documents in it."""


@dataclass(slots=True)
class _Run:
    """One import under way."""

    archive: Archive
    run_id: int
    settings: Settings
    full: bool
    report: Callable[[Ref, Issue], None]
    progress: Callable[[int], None]
    summary: Summary = field(default_factory=Summary)
    waiting: list[Reading] = field(default_factory=list)
    waiting_bytes: int = 0
    unindexed: int = 0
    vanished: list[tuple[Ref, Issue]] = field(default_factory=list)
    """Files that could be opened once and not again."""
    looked_at: int = 0
    """Inputs, containers as one."""
    drawn: int = 0
    """Documents that were given to be read."""
    taken: int = 0
    """Those of them that are stored, or wait for it: in the same order."""
    emptied: list[tuple[int, _Emptied]] = field(default_factory=list)
    """With ``drawn`` at that moment."""

    def take_all(self, files: Iterable[RawDocument | sources.Unreadable], wanted: sources.Wanted, jobs: int) -> None:
        """Read and store all that is new."""
        for reading in readings(self._wanted(files, wanted), self.settings, jobs):
            self.waiting.append(reading)
            self.taken += 1
            self.waiting_bytes += reading.task[0].size
            if self.waiting_bytes >= TRANSACTION_BYTES:
                self._store()
                if jobs > 1:
                    self._derive()
        self._store()

    def _wanted(self, files: Iterable[RawDocument | sources.Unreadable], wanted: sources.Wanted) -> Iterator[Task]:
        """What has to be read, with the SHA-256 of its bytes; the rest is noted."""
        some: list[Task] = []
        size = 0
        for found in self._hashed(files, wanted):
            if not isinstance(found, _Emptied):
                some.append(found)
                size += found[0].size
                if size < HASHED and len(some) < LISTED:
                    continue
            yield from self._unknown(some)
            some, size = [], 0
            if isinstance(found, _Emptied):
                self.emptied.append((self.drawn, found))
        yield from self._unknown(some)

    def _unknown(self, some: Sequence[Task]) -> Iterator[Task]:
        """Those whose bytes the archive does not have yet."""
        known = [False] * len(some) if self.full else self.archive.known([(document.ref, sha256, document.captured_at) for document, sha256 in some])
        self.summary.unchanged += sum(known)
        for task, skipped in zip(some, known, strict=True):
            if not skipped:
                self.drawn += 1
                yield task

    def _hashed(self, files: Iterable[RawDocument | sources.Unreadable], wanted: sources.Wanted) -> Iterator[Task | _Emptied]:
        """What is not as it was. A container is opened then, and noted behind what it holds."""
        listed = iter(files)
        while some := list(islice(listed, LISTED)):
            items = list(self._not_unchanged(some))
            held = [None] * len(items) if self.full else self.archive.members_read([item.ref for item in items])
            for item, members in zip(items, held, strict=True):
                if isinstance(item, sources.Unreadable):
                    self._fail(item.ref, item.issue)
                elif members is None:
                    yield from self._opened(item, wanted)
                else:
                    self.summary.unchanged += members
            self._looked_at(len(some))

    def unchanged(self, files: Sequence[tuple[str, int, int]]) -> list[bool]:
        """Count and tell which files of a folder were read before and are as they were then."""
        known = self.archive.unchanged_files(files)
        self.summary.unchanged += sum(known)
        self._looked_at(sum(known))
        return known

    def _looked_at(self, inputs: int) -> None:
        self.looked_at += inputs
        self.progress(self.looked_at)

    def _opened(self, item: RawDocument, wanted: sources.Wanted) -> Iterator[Task | _Emptied]:
        """A file, or what it holds."""
        held, whole = 0, wanted.everything
        for document in sources.expand(item, wanted.members_of(item.ref.path)):
            if document is item:
                yield from self._look(item)
                return
            held += 1
            # a disk that fails may do better tomorrow; what is wrong with the container itself stays so until it changes
            whole = whole and not (isinstance(document, sources.Unreadable) and document.issue.code == "unreadable")
            for fresh in self._not_unchanged([document]):
                yield from self._look(fresh)
        if whole and sources.still(item):
            yield _Emptied(item.ref, held)

    def _not_unchanged(self, some: Sequence[RawDocument | sources.Unreadable]) -> Iterator[RawDocument | sources.Unreadable]:
        """Leave out what was read before, as place, size and time say."""
        known = [False] * len(some) if self.full else self.archive.unchanged([item.ref for item in some])
        self.summary.unchanged += sum(known)
        return (item for item, skipped in zip(some, known, strict=True) if not skipped)

    def _look(self, item: RawDocument | sources.Unreadable) -> Iterator[Task]:
        if isinstance(item, sources.Unreadable):
            self._fail(item.ref, item.issue)
            return
        try:
            yield item, sources.fingerprint(item)
        except OSError as error:
            self._fail(item.ref, sources.unreadable(error))

    def _store(self) -> None:
        """Store what is waiting, in one transaction."""
        if self.waiting:
            fresh = FreshThreads(self.archive.connection)
            counts = self.archive.store(self._counted(), self.run_id, fresh)
            self.summary.stored += fresh.counts
            self.unindexed += fresh.counts["posts"]
            again = min(counts["changed"], self.summary.unchanged)  # known bytes that a newer parser reads differently
            self.summary.unchanged -= again
            self.summary.changed += again
            self.summary.stored.update(counts)
            self.waiting.clear()
            self.waiting_bytes = 0
            for ref, issue in self.vanished:
                self._fail(ref, issue)
            self.vanished.clear()
        self._note_containers()

    def _note_containers(self) -> None:
        done = [found for drawn, found in self.emptied if drawn <= self.taken]
        if done:
            self.archive.record_containers(done)
            self.emptied = self.emptied[len(done):]

    def _derive(self) -> None:
        """Settle and index what is new and whole, while workers read on."""
        counts = settle_new(self.archive)
        self.summary.stored += counts
        self.unindexed += counts["posts"]
        if self.unindexed >= INDEX_AT:
            index_pending(self.archive.connection)
            self.unindexed = 0

    def _counted(self) -> Iterator[Observed]:
        for (document, sha256), found in self.waiting:
            if not sources.still(document):
                self.summary.postponed += 1  # somebody is writing to it: the next run reads it whole
                continue
            standing = self.archive.standing(document.ref, sha256, self.run_id)
            for batch in found:
                if (issue := _vanished(batch)) is not None:
                    self.vanished.append((document.ref, issue))
                    break
                self._count(batch, standing)
                yield batch

    def _count(self, batch: Observed, standing: str) -> None:
        for issue in batch.issues:
            self.report(batch.ref, issue)
        if standing != "repeated":
            self.summary.cuts.update(batch.cuts)
        if batch.last:
            kind = _KINDS.get(batch.status, _STANDINGS.get(standing, standing))
            setattr(self.summary, kind, getattr(self.summary, kind) + 1)

    def _fail(self, ref: Ref, issue: Issue) -> None:
        if not self.archive.failed(ref, issue, self.run_id):
            self.summary.unchanged += 1  # the same trouble as last time: said once, not every night
            return
        self.summary.failed += issue.level == "error"
        self.report(ref, issue)


def _vanished(batch: Observed) -> Issue | None:
    """Why a document could not be opened by the one who was to read it: nothing is known of it but its place."""
    issues = batch.issues
    return issues[0] if batch.status == "failed" and issues and issues[0].code == "unreadable" else None


def ingest(  # noqa: PLR0913 - the options of the main job
    archive_path: str, paths: Sequence[str], settings: Settings, *,
    include: Sequence[str] = (), exclude: Sequence[str] = (), full: bool = False, jobs: int = 1, wait: float = 5.0, backup: bool = False,
    report: Callable[[Ref, Issue], None] = lambda _ref, _issue: None, progress: Callable[[int], None] = lambda _done: None,
) -> Summary:
    """Import ``paths`` into the archive, which is made if it does not exist.

    ``jobs``: processes that read (a large import needs the guard ``if __name__ == "__main__"`` in a script then); 1: this one does all.
    ``report`` is called for every issue, ``progress`` with the number of inputs looked at. Raises ``UsageError`` for a path that does
    not exist (before anything is written) and ``ArchiveError`` where the archive cannot be written.
    """
    started = time.monotonic()
    sources.check(paths)
    check_settings(settings)
    with Archive.open(archive_path, wait=wait, backup=backup) as archive:
        archive.record_rules([(rule.name, rule.why, rule.evidence) for rule in RULES])
        run_id = archive.begin_run(forumclean.__version__, asdict(settings), list(paths))
        run = _Run(archive, run_id, settings, full, report, progress)
        try:
            wanted = sources.Wanted.of(include, exclude, [str(path) for path in archive.files()])
            run.take_all(sources.files(paths, wanted, None if full else run.unchanged), wanted, jobs)
            run.summary.stored += settle(archive)
            index_pending(archive.connection)
        except KeyboardInterrupt:
            run.summary.seconds = round(time.monotonic() - started, 3)
            archive.end_run(run_id, run.summary.as_json(), 1, status="interrupted")
            raise
        if wanted.everything:
            archive.settle_troubles(run_id, lambda path, place: sources.is_below(paths, path, place))
        run.summary.outdated, run.summary.outdated_paths = archive.outdated()
        run.summary.seconds = round(time.monotonic() - started, 3)
        archive.end_run(run_id, run.summary.as_json(), run.summary.exit_code)
    return run.summary
