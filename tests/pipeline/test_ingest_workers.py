"""Reading by several processes: the same archive, whatever the number, and whatever happens to a worker."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline import local, readers, worker, workers
from forumclean.pipeline.work import batches
from forumclean.records import RawDocument
from forumclean.settings import Settings

if TYPE_CHECKING:
    from forumclean.pipeline.summary import Summary

TESTS = Path(__file__).resolve().parents[1]
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    """A small board: thirty threads on some fifty pages."""
    made: Path = tmp_path_factory.mktemp("board")
    board["write"](made, 700)
    return made


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are started for next to nothing, and get little at a time."""
    monkeypatch.setattr(readers, "WORTH_WORKERS", 1)
    monkeypatch.setattr(readers, "LOT_BYTES", 100_000)


def imported(archive: Path, folder: Path, jobs: int) -> Summary:
    return local.ingest(str(archive), [str(folder)], Settings(), jobs=jobs)


def held(archive: Path) -> dict[str, Any]:
    with Archive.open_readonly(archive) as opened:
        assert opened.verify() == []
        return content(opened.connection)


@pytest.fixture(params=["fork", "forkserver"])
def started(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which workers are started."""
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context(request.param))


@pytest.mark.usefixtures("at_once", "started")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # whoever runs the tests has threads
def test_the_number_of_workers_changes_nothing(tmp_path: Path, folder: Path) -> None:
    """Not even the ids: what they read is stored in the order in which it was found."""
    one, two = imported(tmp_path / "1.db", folder, 1), imported(tmp_path / "2.db", folder, 2)
    assert (one.new, one.stored, one.cuts) == (two.new, two.stored, two.cuts)
    assert held(tmp_path / "1.db") == held(tmp_path / "2.db")
    ids = [sqlite3.connect(tmp_path / name).execute("SELECT id, pid, text FROM posts").fetchall() for name in ("1.db", "2.db")]
    assert ids[0] == ids[1]


def test_a_small_import_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is done before they would have started."""
    monkeypatch.setattr(workers, "Workers", None)
    board["write"](tmp_path / "in", 60)
    assert imported(tmp_path / "a.db", tmp_path / "in", 8).stored["posts"] == 60


@pytest.mark.usefixtures("at_once")
def test_where_no_process_can_be_started_it_is_read_here(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slower, not worse."""
    def refused(*_: Any) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(workers.Workers, "_start", refused)
    assert imported(tmp_path / "a.db", folder, 2).stored["posts"] == 700


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are copies of this process: they see what is patched here."""
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context("fork"))


@pytest.fixture
def deadly(copies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that kill or stop the worker that reads them."""
    def fatal(document: RawDocument, *rest: Any) -> Any:
        with document.open() as stream:
            data = stream.read()
        if b"DIE" in data:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"FAULT" in data:
            raise ZeroDivisionError("ours")
        if b"HANG" in data:
            time.sleep(600)
        return batches(document, *rest)

    monkeypatch.setattr(worker, "batches", fatal)
    monkeypatch.setattr(readers, "SECONDS", 4.0)


@pytest.mark.usefixtures("at_once", "deadly")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_document_that_kills_or_stops_its_worker_costs_itself_only(tmp_path: Path) -> None:
    """It is a row in issues; its neighbours in the same lot are read; the next run does not mention it."""
    board["write"](tmp_path / "in", 300)
    (tmp_path / "in" / "0000" / "a.txt").write_text("DIE, said the page")
    (tmp_path / "in" / "0000" / "thread-2-9-1.html").write_text("HANG, said the page")
    (tmp_path / "in" / "0000" / "thread-3-9-1.html").write_text("FAULT, said the page")
    reported: list[tuple[str, str]] = []
    summary = local.ingest(
        str(tmp_path / "a.db"), [str(tmp_path / "in")], Settings(), jobs=2, report=lambda ref, issue: reported.append((ref.path, issue.code)))
    assert sorted(reported) == [("0000/a.txt", "worker-died"), ("0000/thread-2-9-1.html", "time-limit"), ("0000/thread-3-9-1.html", "reader-error")]
    assert (summary.stored["posts"], summary.failed, summary.exit_code) == (300, 3, 3)
    assert local.ingest(str(tmp_path / "a.db"), [str(tmp_path / "in")], Settings(), jobs=2).exit_code == 0


@pytest.mark.usefixtures("at_once", "copies")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_workers_that_die_at_once_or_cannot_write_end_the_run(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No document is to blame: none is noted as failed, the next run reads them."""
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(worker, "batches", full)
        with pytest.raises(OSError, match="cannot write its temporary files"):
            imported(tmp_path / "a.db", folder, 2)
    with monkeypatch.context() as patch:
        patch.setattr(workers, "work", lambda *_: os._exit(3))
        with pytest.raises(OSError, match="die as soon as they start"):
            imported(tmp_path / "a.db", folder, 2)
    assert imported(tmp_path / "a.db", folder, 2).stored["posts"] == 700
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("after", [0.05, 0.15, 0.4])
def test_workers_that_are_killed_are_replaced(tmp_path: Path, folder: Path, after: float) -> None:
    """Whatever they were doing: busy or idle. Once, because a page whose reader dies twice is at fault."""
    def kill() -> None:
        time.sleep(after)
        children = multiprocessing.active_children()
        for sent in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none takes over from a dead one before it dies too
            for child in children:
                os.kill(child.pid or 0, sent)

    killer = threading.Thread(target=kill)
    killer.start()
    imported(tmp_path / "a.db", folder, 2)
    killer.join()
    imported(tmp_path / "1.db", folder, 1)
    assert held(tmp_path / "a.db")["posts"] == held(tmp_path / "1.db")["posts"]


@pytest.mark.usefixtures("at_once", "copies")
@pytest.mark.parametrize("pages", [1, 3])
def test_a_worker_that_somebody_kills_costs_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Nor where it was alone in its lot: what is at fault kills its worker again."""
    def killed_once(*rest: Any) -> Any:
        with suppress(FileNotFoundError):
            (tmp_path / "first").unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return batches(*rest)

    monkeypatch.setattr(worker, "batches", killed_once)
    (tmp_path / "first").touch()
    board["write"](tmp_path / "in", 100)
    for path in sorted((tmp_path / "in").rglob("*.html"))[pages:]:
        path.unlink()
    summary = imported(tmp_path / "a.db", tmp_path / "in", 2)
    assert not (tmp_path / "first").exists()
    assert (summary.new, summary.failed) == (pages, 0)


def test_what_another_process_cannot_open_is_read_in_its_turn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members of some containers: small ones go over as bytes, large ones are read here; the order stays."""
    monkeypatch.setattr(workers, "BYTES", 20_000)
    data = [path.read_bytes() for path in sorted(folder.rglob("*.html"))[:8]]
    assert {len(one) > 20_000 for one in data} == {True, False}
    tasks = [(RawDocument.from_bytes(one, f"{place}.html"), str(place)) for place, one in enumerate(data)]
    with workers.Workers(1, Settings()) as pool:
        found = [(reading.task[1], sum(len(batch.posts) for batch in reading.batches)) for reading in readers._read_there(pool, iter(tasks), Settings())]
    assert found == [(sha256, sum(len(batch.posts) for batch in batches(document, Settings(), sha256))) for document, sha256 in tasks]


def test_a_document_that_takes_too_long_here_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With one process too; the limit is over afterwards."""
    def slow(*_: Any) -> Any:
        time.sleep(5)
        yield

    monkeypatch.setattr(readers, "batches", slow)
    monkeypatch.setattr(readers, "SECONDS", 0.05)
    (tmp_path / "a.txt").write_text("一篇文章")
    reported: list[str] = []
    summary = local.ingest(str(tmp_path / "a.db"), [str(tmp_path / "a.txt")], Settings(), report=lambda _ref, issue: reported.append(issue.code))
    assert (reported, summary.exit_code) == (["time-limit"], 3)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0


def test_a_fault_of_ours_costs_one_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not the run; with one process too."""
    def fault(document: RawDocument, *rest: Any) -> Any:
        if document.ref.path == "a.txt":
            raise ZeroDivisionError("ours")
        return batches(document, *rest)

    monkeypatch.setattr(readers, "batches", fault)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("一篇文章 " + name)
    summary = local.ingest(str(tmp_path / "a.db"), [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], Settings())
    assert (summary.new, summary.failed) == (1, 1)
