"""The same folder night after night: what is new is read, the rest is not even opened."""

from __future__ import annotations

import io
import os
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pytest

from forumclean import settings as limits
from forumclean import sources
from forumclean.archiver.archive import Archive
from forumclean.archiver.reading import list_runs
from forumclean.pipeline import local
from forumclean.settings import Settings

TESTS = Path(__file__).resolve().parents[1]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    board["write"](tmp_path / "in", 100)
    return tmp_path / "in"


def imported(folder: Path, **options: Any) -> dict[str, int]:
    """An import, as the numbers of its summary that are not zero."""
    said = local.ingest(str(folder.parent / "a.db"), [str(folder)], Settings(), **options).as_json()
    return {name: said[name] for name in ("new", "changed", "unchanged", "failed", "postponed", "exit_code") if said[name]}


def no_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: Any) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(sources, "fingerprint", opened)
    monkeypatch.setattr(sources, "expand", opened)


def pages_in(folder: Path) -> int:
    return len(list(folder.rglob("*.html")))


def test_what_has_not_changed_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and time tell; --full opens it."""
    count = pages_in(folder)
    assert imported(folder) == {"new": count}
    assert imported(folder, full=True) == {"unchanged": count}
    no_opening(monkeypatch)
    assert imported(folder) == {"unchanged": count}


def test_an_input_that_failed_does_not_open_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again, and said once."""
    (folder / "gone.html").symlink_to("nowhere")
    assert imported(folder) == {"new": pages_in(folder) - 1, "failed": 1, "exit_code": 3}
    no_opening(monkeypatch)
    assert imported(folder) == {"unchanged": pages_in(folder)}


def test_what_could_be_opened_in_the_meantime_is_news_when_it_fails_again(folder: Path) -> None:
    """A disk that is not there on some nights; elsewhere nothing is known of it, and what only some names are asked of says nothing."""
    link, count = folder / "lost.html", pages_in(folder)
    link.symlink_to("target.htm")
    assert imported(folder) == {"new": count, "failed": 1, "exit_code": 3}
    assert imported(folder, exclude=["lost*"]) == {"unchanged": count}
    local.ingest(str(folder.parent / "a.db"), [str(folder / "0000")], Settings())
    assert imported(folder) == {"unchanged": count + 1}
    (folder / "target.htm").write_bytes(max(folder.rglob("thread*.html")).read_bytes())
    assert imported(folder) == {"unchanged": count + 2}
    (folder / "target.htm").rename(folder / "moved.htm")
    assert imported(folder) == {"unchanged": count + 1, "failed": 1, "exit_code": 3}
    assert imported(folder) == {"unchanged": count + 2}


def test_a_file_that_could_not_be_opened_is_new_when_it_can(folder: Path) -> None:
    """Nothing of it was read before."""
    link, count = folder / "lost.html", pages_in(folder)
    link.symlink_to("target.htm")
    imported(folder)
    link.unlink()
    link.write_text("一封信，写给种菜的邻居。", "utf-8")
    assert imported(folder) == {"new": 1, "unchanged": count}


def test_a_file_that_changed_is_read_again(folder: Path) -> None:
    """One that was only touched, or moved, is known by its bytes."""
    one, two, three, *_ = sorted(folder.rglob("*.html"))
    imported(folder)
    one.write_bytes(one.read_bytes().replace(b"</body>", b"<!-- edited --></body>"))
    two.touch()
    three.rename(three.with_name("moved.html"))
    assert imported(folder) == {"changed": 1, "unchanged": pages_in(folder) - 1}


def test_a_time_beyond_all_clocks_is_read_once(folder: Path) -> None:
    """File systems know times that nanoseconds of 64 bits do not reach; a clock without a battery writes them."""
    page = min(folder.rglob("*.html"))
    try:
        os.utime(page, (2**34, 2**34))
    except OSError:
        pytest.skip("this file system has no such time")
    if page.stat().st_mtime < 2**33:
        pytest.skip("this file system has no such time")
    assert imported(folder) == {"new": pages_in(folder)}
    assert imported(folder) == {"unchanged": pages_in(folder)}


def test_a_file_that_somebody_writes_to_is_left_for_the_next_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size or time is another at the end of reading than in the listing."""
    page, fingerprint = max(folder.rglob("*.html")), sources.fingerprint

    def while_it_grows(document: Any) -> str:
        if document.ref.path.endswith(page.name):
            with page.open("ab") as stream:
                stream.write(b"<!-- more -->")
        return str(fingerprint(document))

    monkeypatch.setattr(sources, "fingerprint", while_it_grows)
    count = pages_in(folder)
    assert imported(folder) == {"new": count - 1, "postponed": 1}
    monkeypatch.undo()
    assert imported(folder) == {"new": 1, "unchanged": count - 1}


def test_a_newer_reader_reads_everything_once_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it reads as before is unchanged."""
    count = pages_in(folder)
    imported(folder)
    monkeypatch.setattr(limits, "READER", limits.READER + 1)
    (folder / "0000" / "thread-1-1-1.html").unlink()
    summary = local.ingest(str(folder.parent / "a.db"), [str(folder)], Settings())
    assert (summary.unchanged, summary.outdated, summary.outdated_paths) == (count - 1, 1, ["0000/thread-1-1-1.html"])
    no_opening(monkeypatch)
    assert imported(folder) == {"unchanged": count - 1}


def test_a_failing_input_is_reported_once_until_it_changes(folder: Path) -> None:
    """Also if it is touched; a copy of it elsewhere is news."""
    (folder / "bad.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.html").touch()
    count = pages_in(folder) - 1
    assert imported(folder) == {"new": count, "failed": 2, "exit_code": 3}
    assert imported(folder) == {"unchanged": count + 2}
    os.utime(folder / "bad.bin", (1, 1))
    assert imported(folder) == {"unchanged": count + 2}
    (folder / "bad.bin").write_bytes(bytes(range(256)) * 41)
    assert imported(folder) == {"unchanged": count + 1, "failed": 1, "exit_code": 3}


def zipped(folder: Path) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        for path in sorted(folder.rglob("*.html")):
            box.write(path, path.name)
    return held.getvalue()


def test_a_container_that_has_not_changed_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all its members are stored; one of which only some were asked for is opened again."""
    count, packed = pages_in(folder), folder.parent / "packed"
    packed.mkdir()
    (packed / "board.zip").write_bytes(zipped(folder))
    assert imported(packed, include=["thread-1-*"]) == {"new": len(list(folder.rglob("thread-1-*")))}
    some = len(list(folder.rglob("thread-1-*")))
    assert imported(packed) == {"new": count - some, "unchanged": some}
    with monkeypatch.context() as patch:
        no_opening(patch)
        assert imported(packed) == {"unchanged": count}
    with zipfile.ZipFile(packed / "board.zip", "a") as box:
        box.writestr("letter.txt", "一封信，写给种菜的邻居。")
    assert imported(packed) == {"new": 1, "unchanged": count}


def test_a_container_is_noted_only_when_its_members_are_stored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is stopped in the middle has not read it to its end."""
    packed = folder.parent / "packed"
    packed.mkdir()
    (packed / "board.zip").write_bytes(zipped(folder))
    monkeypatch.setattr(local, "TRANSACTION_BYTES", 30_000)
    store, calls = Archive.store, iter(range(2))

    def stopped(*arguments: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return store(*arguments)

    monkeypatch.setattr(Archive, "store", stopped)
    with pytest.raises(KeyboardInterrupt):
        imported(packed)
    monkeypatch.undo()
    with Archive.open_readonly(folder.parent / "a.db") as archive:
        assert archive.connection.execute("SELECT count(*) FROM containers").fetchone() == (0,)
        (run,) = list_runs(archive.connection, limit=1)
        assert run.status == "interrupted"
        assert run.counts["seconds"] > 0
    imported(packed)
    with Archive.open_readonly(folder.parent / "a.db") as archive:
        assert archive.connection.execute("SELECT members FROM containers").fetchall() == [(pages_in(folder),)]
