"""Documents in, their batches out, in the same order: read here while there is little to do, by workers as soon as that pays.

Bounded: only so many documents are under way, and what they became waits in files.
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections import deque
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.observed import observed
from forumclean.errors import ForumcleanError
from forumclean.pipeline.parcels import LARGE, pack, unpack
from forumclean.pipeline.work import batches
from forumclean.records import Batch, Issue, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from forumclean.archiver.observed import Observed
    from forumclean.pipeline.worker import Task
    from forumclean.pipeline.workers import Lot, Workers
    from forumclean.settings import Settings

WORTH_WORKERS = 800_000
"""Bytes to read before workers are started: less is read here in the time that it takes to start them."""
LOT_BYTES = 256_000
"""Documents go to a worker together up to this size; a larger one goes alone."""
LOT_DOCUMENTS = 64
UNDER_WAY = 48 * 10**6
"""Bytes of documents under way; a larger one goes alone."""
SECONDS = 60.0
"""Time limit of a document that is read here, and of a lot that a worker reads."""
SECONDS_PER_MB = 2.0
"""More time for each 10⁶ bytes."""


class Reading(NamedTuple):
    """A document that was read: what the archive is to store of it."""

    task: Task
    batches: Iterable[Observed]
    """To be gone through once."""


class _TimeUp(BaseException):
    """Not an ``Exception``: the parser makes issues of those."""


def readings(wanted: Iterable[Task], settings: Settings, jobs: int) -> Iterator[Reading]:
    """Read what is wanted, in order. ``jobs``: processes; 1: all is read in this one.

    ``wanted`` is drawn from a little ahead of what comes out. A document that takes too long or kills its worker is a failed page.
    """
    tasks = iter(wanted)
    if jobs > 1:
        few, more = _begin(tasks)
        tasks = chain(few, tasks)
        if more and (workers := _start(jobs, settings)) is not None:
            with workers:
                yield from _read_there(workers, tasks, settings)
            return
    for task in tasks:
        yield Reading(task, _read_here(task, settings))


def seconds(size: int) -> float:
    """Time limit for so many bytes."""
    return SECONDS + SECONDS_PER_MB * size / 10**6


def lost(task: Task, settings: Settings, code: str, message: str) -> Observed:
    """What is stored of a document that could not be read to its end."""
    document, sha256 = task
    issue = Issue(level="error", stage="parse", code=code, message=message)
    return next(observed([Batch(page=Page(ref=document.ref, kind="text", status="failed", issues=(issue,)), sha256=sha256, site=settings.site)]))


def _begin(tasks: Iterator[Task]) -> tuple[list[Task], bool]:
    """Draw tasks until there is enough for workers to do; whether there is."""
    few: list[Task] = []
    size = 0
    for task in tasks:
        few.append(task)
        size += task[0].size
        if size >= WORTH_WORKERS:
            return few, True
    return few, False


def _start(jobs: int, settings: Settings) -> Workers | None:
    if not hasattr(os, "fork"):  # pragma: no cover - Windows knows no processes with our pipes in their hands
        return None
    from forumclean.pipeline.workers import Workers  # noqa: PLC0415 - small imports never need it

    try:
        return Workers(jobs, settings)
    except OSError:  # no processes, or no temporary folder: slower, not worse
        return None


def _read_there(workers: Workers, tasks: Iterator[Task], settings: Settings) -> Iterator[Reading]:
    """Keep the workers busy; what they made of it in the order of ``tasks``."""
    under_way: deque[tuple[Lot | None, list[Task]]] = deque()
    size = 0
    for here, lot in _lots(tasks):
        load = sum(document.size for document, _ in lot)
        while under_way and (len(under_way) >= workers.lots or size + load > UNDER_WAY):
            size -= sum(document.size for document, _ in under_way[0][1])
            yield from _outcome(workers, *under_way.popleft(), settings)
        under_way.append((None if here else workers.submit(lot), lot))
        size += load
    while under_way:
        yield from _outcome(workers, *under_way.popleft(), settings)


def _lots(tasks: Iterator[Task]) -> Iterator[tuple[bool, list[Task]]]:
    """Lots of tasks; and whether this process has to read them, because nobody else can open them."""
    from forumclean.pipeline.workers import portable  # noqa: PLC0415 - as above

    lot: list[Task] = []
    size = 0
    for task in tasks:
        handed = portable(task)
        if lot and (handed is None or size + task[0].size > LOT_BYTES or len(lot) >= LOT_DOCUMENTS):
            yield False, lot
            lot, size = [], 0
        if handed is None:
            yield True, [task]
        else:
            lot.append(handed)
            size += task[0].size
    if lot:
        yield False, lot


def _outcome(workers: Workers, lot: Lot | None, tasks: list[Task], settings: Settings) -> Iterator[Reading]:
    if lot is None:
        yield from (Reading(task, _read_here(task, settings)) for task in tasks)
        return
    for task, outcome in zip(tasks, workers.outcomes(lot), strict=True):
        yield Reading(task, [lost(task, settings, *outcome)] if isinstance(outcome, tuple) else outcome)


def _read_here(task: Task, settings: Settings) -> Iterable[Observed]:
    """Read in this process; a large document goes through a file, like that of a worker, so that the archive waits for nothing."""
    document, sha256 = task
    limit = seconds(document.size)
    try:
        with _alarm(limit):
            if document.size < LARGE:
                return list(observed(batches(document, settings, sha256)))
            parcel = tempfile.TemporaryFile()  # noqa: SIM115 - unpack closes it
            pack(observed(batches(document, settings, sha256)), parcel)
            parcel.seek(0)
            return unpack(parcel, close=True)
    except _TimeUp:
        return [lost(task, settings, "time-limit", timed_out(limit))]
    except (OSError, ForumcleanError):
        raise
    except Exception as error:  # noqa: BLE001 - one bad page never stops a run
        return [lost(task, settings, "reader-error", failed(error))]


def failed(error: Exception) -> str:
    """What people are told of a document that our own fault kept from being read."""
    return f"could not be read ({type(error).__name__}: {str(error)[:80]}); please report it with the input"


def timed_out(limit: float) -> str:
    """What people are told of a document that took too long."""
    return f"took longer than {limit:.0f} seconds to read and was given up; please report it with the input"


@contextmanager
def _alarm(limit: float) -> Iterator[None]:
    """Raise ``_TimeUp`` inside after so many seconds, where the system and the thread allow it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
