"""Other processes that read documents. The only module that imports pebble: the standard pool cannot stop one hung worker, and breaks when one dies.

A lot of documents is one task. Where its worker dies or exceeds the time limit, every document of the lot is given to a worker alone, so that it
is the one document at fault that fails. Workers come from a server process that was never more than that (no threads, no archive, no locks).
"""

from __future__ import annotations

import io
import multiprocessing
import pickle
import tempfile
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pebble import ProcessExpired, ProcessPool

from forumclean.errors import ForumcleanError
from forumclean.pipeline.parcels import Parcel, pack
from forumclean.pipeline.readers import failed, seconds, timed_out
from forumclean.pipeline.work import batches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from pebble import ProcessFuture

    from forumclean.records import RawDocument
    from forumclean.settings import Settings

BYTES = 8 * 10**6
"""A larger document is never copied to a worker."""
GRACE = 90.0
"""Seconds after the time limit in which pebble must have stopped a worker; then the pool itself hangs and is made anew."""
REPAIRS = 3
"""A pool that breaks more often than this without one result is given up."""
_PRELOAD = ["forumclean.pipeline.workers", "forumclean.parser.engines.discuz_x", "forumclean.parser.engines.tolerant"]

Task = tuple["RawDocument", str]
"""A document and the SHA-256 of its bytes."""


class Lost(NamedTuple):
    """Why a document could not be read by a worker."""

    code: str
    message: str


Outcome = Parcel | Lost


def read_lot(tasks: Sequence[Task], settings: Settings, folder: str) -> list[Outcome]:
    """Runs in a worker: every document of a lot as a parcel of batches. Raises OSError where a large parcel cannot be written."""
    return [_read(document, sha256, settings, folder) for document, sha256 in tasks]


def _read(document: RawDocument, sha256: str, settings: Settings, folder: str) -> Outcome:
    try:
        return pack(batches(document, settings, sha256), folder)
    except (OSError, ForumcleanError):
        raise
    except Exception as error:  # noqa: BLE001 - one bad page never stops a run
        return Lost("reader-error", failed(error))


class Lot:
    """Documents on their way; ``outcomes`` waits for them."""

    __slots__ = ("future", "tasks")

    def __init__(self, tasks: Sequence[Task], future: ProcessFuture[list[Outcome]] | None) -> None:
        """``future``: of the pool that has them."""
        self.tasks = tasks
        self.future = future


class Workers:
    """A pool of ``jobs`` processes; a context manager. Nothing of it is left behind, however it ends."""

    def __init__(self, jobs: int, settings: Settings) -> None:
        """Start the processes. Raises OSError if the machine does not let us."""
        self.jobs = jobs
        self.settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="forumclean-")
        self._open: dict[int, Lot] = {}
        self._repairs = 0
        try:
            self._pool = self._start()
        except BaseException:
            self._folder.cleanup()
            raise

    def _start(self) -> ProcessPool:
        kinds = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in kinds else "spawn")
        if "forkserver" in kinds:
            context.set_forkserver_preload(_PRELOAD)
        return ProcessPool(self.jobs, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._stop()
        finally:
            self._folder.cleanup()

    def _stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def submit(self, tasks: Sequence[Task]) -> Lot:
        """Hand over a lot; comes back at once. Its documents must be ``portable``."""
        lot = Lot(tasks, None)
        self._open[id(lot)] = lot
        self._give(lot)
        return lot

    def _give(self, lot: Lot) -> None:
        try:
            lot.future = self._pool.schedule(read_lot, args=(lot.tasks, self.settings, self._folder.name), timeout=_limit(lot.tasks))
        except RuntimeError:  # the pool broke in the meantime: outcomes() makes a new one
            lot.future = None

    def outcomes(self, lot: Lot) -> list[Outcome]:
        """Wait for a lot: a parcel for each of its documents, or why there is none."""
        try:
            found = self._result(lot)
        except FutureTimeout:
            found = self._one_by_one(lot, Lost("time-limit", timed_out(_limit(lot.tasks))))
        except ProcessExpired as error:
            message = f"the process that read it died (exit code {error.exitcode}): perhaps it ran out of memory; please report it with the input"
            found = self._one_by_one(lot, Lost("worker-died", message))
        self._open.pop(id(lot), None)
        self._repairs = 0
        return found

    def _one_by_one(self, lot: Lot, why: Lost) -> list[Outcome]:
        if len(lot.tasks) == 1:
            return [why]
        return [outcome for task in lot.tasks for outcome in self.outcomes(self.submit([task]))]

    def _result(self, lot: Lot) -> list[Outcome]:
        while True:
            try:
                if lot.future is not None:
                    # the oldest lot is read first: when it takes longer than its own limit and that of one before it, the pool itself hangs
                    return lot.future.result(timeout=2 * _limit(lot.tasks) + GRACE)
            except BrokenProcessPool:
                pass
            except FutureTimeout:
                if lot.future is not None and lot.future.done():
                    raise
            self._repair()

    def _repair(self) -> None:
        """A new pool for all that is under way."""
        self._repairs += 1
        if self._repairs > REPAIRS:
            raise OSError(f"the reading processes die as soon as they start ({REPAIRS} times); try again with --jobs 1")
        self._stop()
        for lot in self._open.values():
            if lot.future is not None and lot.future.done() and not lot.future.cancelled() and lot.future.exception() is None:
                continue
            lot.future = None
        self._pool = self._start()
        for lot in self._open.values():
            if lot.future is None:
                self._give(lot)


def portable(task: Task) -> Task | None:
    """The same document so that another process can open it, or ``None`` if only this one can and it is large, or not even this one.

    Members of some containers can only be opened here: small ones are handed over as bytes.
    """
    document, sha256 = task
    try:
        pickle.dumps(document.open)
    except (TypeError, AttributeError, pickle.PicklingError):
        if document.size > BYTES:
            return None
        try:
            with document.open() as stream:
                return replace(document, open=partial(io.BytesIO, stream.read())), sha256
        except OSError:
            return None
    return task


def _limit(tasks: Sequence[Task]) -> float:
    return seconds(sum(document.size for document, _ in tasks))
