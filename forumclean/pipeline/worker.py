"""A process that reads documents for another one; ``workers`` tells how they work together."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.observed import observed
from forumclean.pipeline import parcels
from forumclean.pipeline.readers import failed, lost, seconds
from forumclean.pipeline.work import batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from multiprocessing.connection import Connection
    from typing import BinaryIO

    from forumclean.records import RawDocument
    from forumclean.settings import Settings

NICE = 5
"""How far workers step back for the writer, which all of them wait for in the end: it never waits for a core."""

ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
"""Signals that end a run, with a line for people."""

Task = tuple["RawDocument", str]
"""A document and the SHA-256 of its bytes."""


class Desk(NamedTuple):
    """What the writer and its workers share."""

    folder: str
    due: Connection
    """Numbers of lots: workers read one byte each."""
    put: Connection
    """The writer's end of it."""
    done: Connection
    """Numbers of lots that were read: the writer's end."""
    tell: Connection
    """The workers' end of it."""

    def waiting(self, number: int) -> Path:
        """The file of a lot that nobody has taken."""
        return Path(self.folder, f"{number}.waiting")

    def taken(self, number: int, pid: int | None) -> Path:
        """The same file, while that worker has it."""
        return Path(self.folder, f"{number}.{pid}")

    def read(self, number: int) -> Path:
        """The file with what was made of it, whole."""
        return Path(self.folder, f"{number}.read")

    def call(self, numbers: Iterable[int]) -> None:
        """Wake up workers for these lots."""
        os.write(self.put.fileno(), bytes(numbers))


def work(desk: Desk, settings: Settings) -> None:
    """A worker's life: until the writer is gone, or stops it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes of a terminal: the writer sees to it
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):  # what the writer does about them is not ours to do
        signal.signal(name, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    os.nice(NICE)
    gc.freeze()  # what came from the parent stays shared with it
    desk.put.close()  # with the last of these open ends the writer is gone
    desk.done.close()
    with suppress(BrokenPipeError, FileNotFoundError):  # the writer is gone, or its folder
        while number := os.read(desk.due.fileno(), 1):
            _take(number[0], desk, settings)


def _take(number: int, desk: Desk, settings: Settings) -> None:
    """Read a lot and say so; nothing if somebody else has it."""
    mine = desk.taken(number, os.getpid())
    try:
        desk.waiting(number).rename(mine)
    except FileNotFoundError:
        return
    tasks = pickle.loads(mine.read_bytes())  # noqa: S301 - written by the process that started this one
    signal.setitimer(signal.ITIMER_REAL, limit(tasks))
    try:
        with mine.open("wb") as stream:
            for task in tasks:
                _read(task, settings, stream)
    except OSError:
        sys.exit(os.EX_IOERR)  # the next worker would fare no better
    signal.setitimer(signal.ITIMER_REAL, 0)
    mine.rename(desk.read(number))
    os.write(desk.tell.fileno(), bytes([number]))


def _read(task: Task, settings: Settings, stream: BinaryIO) -> None:
    """One document, as a parcel at the end of a stream."""
    begin = stream.tell()
    try:
        parcels.pack(observed(batches(task[0], settings, task[1])), stream)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad page never stops a run
        stream.seek(begin)
        stream.truncate()
        parcels.pack([lost(task, settings, "reader-error", failed(error))], stream)


def limit(tasks: Sequence[Task]) -> float:
    """Seconds in which a lot must have been read."""
    return seconds(sum(document.size for document, _ in tasks))
