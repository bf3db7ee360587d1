"""Other processes that read documents.

A lot of documents lies as a file in a folder that they share, and its number (a byte, so that only one reader gets it) in a pipe that all of
them read: whoever is free takes the next. A worker renames the file to show that the lot is its own, puts what it made of it in its place,
renames it again, and sends the number back. The names tell how things stand, numbers only wake somebody up. So nobody waits for the writer
while the writer is busy, and no thread stands between them.

Each worker has the system kill it when a lot takes too long. Where a worker dies, every document of its lot is given to a worker alone, so
that it is the one document at fault that fails: not one whose worker somebody else has killed.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, NamedTuple

from forumclean.pipeline import parcels
from forumclean.pipeline.parcels import LARGE
from forumclean.pipeline.readers import timed_out
from forumclean.pipeline.worker import ENDING, Desk, limit, work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkContext, ForkServerContext
    from multiprocessing.process import BaseProcess
    from types import TracebackType
    from typing import Self

    from forumclean.archiver.observed import Observed
    from forumclean.pipeline.worker import Task
    from forumclean.settings import Settings

BYTES = 8 * 10**6
"""A larger document is never copied to a worker."""
LOTS_A_WORKER = 32
"""So many wait for each worker: it has work while the writer is busy, or waits for the disk."""
LOTS = 240
"""So many are under way at most: their numbers are bytes, and a few are kept for what is tried again."""
DEATHS = 3
"""Workers that die one after the other, none with a lot in its hands, before reading is given up."""
_TIME_LIMIT = "time-limit"
_PRELOAD = ["forumclean.pipeline.worker", "forumclean.parser.engines.discuz_x", "forumclean.parser.engines.tolerant"]


class Lost(NamedTuple):
    """Why a document could not be read by a worker."""

    code: str
    message: str


Outcome = Iterable["Observed"] | Lost
"""What was read of a document, to be gone through once, or why there is nothing."""


class Lot:
    """Documents on their way; ``Workers.outcomes`` waits for them."""

    __slots__ = ("number", "read", "tasks", "why")

    def __init__(self, number: int, tasks: Sequence[Task]) -> None:
        """Not read yet. ``number``: no other lot under way has it."""
        self.number = number
        self.tasks = tasks
        self.read = False
        self.why: Lost | None = None
        """What became of the worker that had it."""


class Workers:
    """A pool of ``jobs`` processes; a context manager. Nothing of it is left behind, however it ends."""

    def __init__(self, jobs: int, settings: Settings) -> None:
        """Start the processes. Raises OSError if the machine does not let us."""
        self.lots = min(LOTS_A_WORKER * jobs, LOTS)
        """So many may be under way."""
        self.settings = settings
        self._context = _context()
        self._open: dict[int, Lot] = {}
        self._deaths = 0
        self._running: list[BaseProcess] = []
        self._folder = tempfile.TemporaryDirectory(prefix="forumclean-")
        self._desk = Desk(self._folder.name, *self._context.Pipe(duplex=False), *self._context.Pipe(duplex=False))
        try:
            for _ in range(jobs):
                self._start()
        except BaseException:
            self._stop()
            raise

    def _start(self) -> None:
        process = self._context.Process(target=work, args=(self._desk, self.settings), daemon=True)
        # in the midst of it an exception could be raised where Python swallows it, or in the copy, before it knows that it is one
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            process.start()
            self._running.append(process)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        try:
            for process in self._running:
                process.kill()
            for process in self._running:
                process.join()
                process.close()
        finally:
            for pipe in self._desk[1:]:
                pipe.close()
            self._folder.cleanup()

    def submit(self, tasks: Sequence[Task]) -> Lot:
        """Hand over a lot; comes back at once. Its documents must be ``portable``. No more than ``lots`` at a time."""
        number = next(number for number in range(256) if number not in self._open)
        lot = self._open[number] = Lot(number, tasks)
        new = self._desk.taken(number, os.getpid())
        new.write_bytes(pickle.dumps(tasks, pickle.HIGHEST_PROTOCOL))
        new.rename(self._desk.waiting(number))
        self._desk.call([number])
        return lot

    def outcomes(self, lot: Lot, *, again: bool = False) -> list[Outcome]:
        """Wait for a lot: a parcel for each of its documents, or why there is none. ``again``: it is one document whose worker died before."""
        while not lot.read and lot.why is None:
            self._wait()
        del self._open[lot.number]
        if lot.why is not None:
            if again or (len(lot.tasks) == 1 and lot.why.code == _TIME_LIMIT):
                return [lot.why]
            return [outcome for task in lot.tasks for outcome in self.outcomes(self.submit([task]), again=True)]
        path = self._desk.read(lot.number)
        stream = path.open("rb")
        path.unlink()  # nothing is left of it, however the run ends
        if len(lot.tasks) == 1 and lot.tasks[0][0].size >= LARGE:
            return [parcels.unpack(stream, close=True)]
        with stream:
            return [list(parcels.unpack(stream)) for _ in lot.tasks]

    def _wait(self) -> None:
        """Until a worker has read a lot, or died."""
        done = self._desk.done
        ready = wait([done, *(process.sentinel for process in self._running)])
        if done in ready:
            self._look(os.read(done.fileno(), 256))
        for process in [process for process in self._running if process.sentinel in ready]:
            self._bury(process)

    def _look(self, numbers: Iterable[int]) -> None:
        """Find out which of these lots were read."""
        for number in numbers:
            if (lot := self._open.get(number)) is not None and self._desk.read(number).exists():
                lot.read = True
                self._deaths = 0

    def _bury(self, process: BaseProcess) -> None:
        """Another worker in its place; what it had in its hands is lost."""
        process.join()
        if process.exitcode == os.EX_IOERR:
            raise OSError("a reading process cannot write its temporary files; make room for them, or try again with --jobs 1")
        self._running.remove(process)
        self._deaths += 1
        self._look(self._open)  # it may have had no time to say so
        for lot in self._open.values():
            with suppress(FileNotFoundError):
                self._desk.taken(lot.number, process.pid).unlink()
                lot.why = _why(process.exitcode, lot.tasks)
                self._deaths = 0
        process.close()
        if self._deaths > DEATHS:
            raise OSError(f"the reading processes die as soon as they start ({DEATHS} times); try again with --jobs 1")
        self._start()
        # it may have read a number and done nothing about it; one that comes twice does no harm
        self._desk.call(number for number in self._open if self._desk.waiting(number).exists())


def _context() -> ForkContext | ForkServerContext:
    """How processes are started: as copies of this one if it has no threads, else by a server that imports everything once more.

    A copy holds an open archive, which it never touches: it ends without ceremony, and locks are not inherited.
    """
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


def _why(exitcode: int | None, tasks: Sequence[Task]) -> Lost:
    if exitcode == -signal.SIGALRM:
        return Lost(_TIME_LIMIT, timed_out(limit(tasks)))
    return Lost("worker-died", f"the process that read it died (exit code {exitcode}): perhaps it ran out of memory; please report it with the input")


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

