"""Threads that are settled before their rows are written: which are, and that it shows in nothing but the time it takes."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver.archive import Archive
from forumclean.pipeline.local import ingest
from forumclean.pipeline.settle import settle
from forumclean.pipeline.settle_fresh import FreshThreads
from forumclean.records import Thread
from forumclean.settings import Settings

if TYPE_CHECKING:
    from forumclean.records import Batch

ROOT = Path(__file__).resolve().parents[2]
make = runpy.run_path(str(ROOT / "tests" / "archive_pages.py"))
content = runpy.run_path(str(ROOT / "tests" / "archive_content.py"))["content"]
batch, config, ref, seen = (make[name] for name in ("batch", "config", "ref", "seen"))
JANUARY, FEBRUARY = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"


def posted(ordinal: int, pid: int | None, text: str | None = "正文", **more: Any) -> Any:
    return seen(ordinal, text, pid=pid, stats={"credits": pid}, author_name=f"人{ordinal}", author_uid=ordinal, author_kind="member", **more)


def thread(tid: int, *pids: int, at: str = JANUARY, **more: Any) -> Batch:
    posts = [posted(ordinal, pid, html="<p>正文</p>", position=ordinal, quotes=[{"pid": 1, "text": "引"}]) for ordinal, pid in enumerate(pids, 1)]
    return batch(f"thread-{tid}-{pids[0]}", *posts, tid=tid, at=at, **{"fid": 5, "page": 1, "thread": {"title": f"题 {tid}"}, **more})


ON_THE_WAY = [
    pytest.param([thread(1, 11, 12)], 1, id="a thread of one page"),
    pytest.param([thread(1, 11, 12), thread(1, 13, 14, page=2)], 1, id="of two pages"),
    pytest.param([thread(1, 11), thread(2, 21), thread(3, 31, fid=None)], 3, id="several"),
    pytest.param([batch("a", posted(1, 11, None), posted(2, 12, ""), tid=1, at=JANUARY)], 1, id="posts without a text"),
    pytest.param([batch("a", posted(1, None), posted(2, None), tid=1, page=1, at=JANUARY, view="archiver")], 1, id="posts without numbers"),
    pytest.param([thread(1, 11, view="touch"), thread(2, 21, view="printable")], 2, id="a page without a capture of its own view's better"),
]
LEFT = [
    pytest.param([batch("a", posted(1, 11), at=JANUARY)], id="a thread without a number"),
    pytest.param([thread(1, 11), thread(1, 11, at=FEBRUARY)], id="a post captured twice"),
    pytest.param([thread(1, 11, 12), thread(2, 12, 13)], id="a post in two threads"),
    pytest.param([batch("a", seen(1, "正文\ud800", pid=11, author_name="半\ud800"), tid=1, at=JANUARY)], id="half characters"),
    pytest.param([batch("a", seen(1, pid=11, author_name="甲"), tid=1, view="flattened", at=JANUARY)], id="signatures are to be looked for"),
    pytest.param([batch("a", seen(1, html="<p>x</p>"), tid=1, at=JANUARY)], id="HTML of a post without a number"),
    pytest.param([batch("a", posted(1, 11), threads=(Thread(tid=1), Thread(tid=2, ordinal=1)), at=JANUARY)], id="a page that is a list too"),
    pytest.param([batch("a", posted(1, 11), tid=1, at=JANUARY, configs=config("c", {"fid": "5"}, fid=5).page.configs)], id="a page with a config block"),
]


def both(folder: Path, *lots: list[Batch]) -> tuple[dict[str, Any], list[int]]:
    """The content, which is the same either way, and how many threads were settled on the way in each lot."""
    counts = []
    with Archive.open(folder / "late.db") as archive:
        for lot in lots:
            archive.store(lot)
        settle(archive)
        expected = content(archive.connection)
    with Archive.open(folder / "early.db") as archive:
        for lot in lots:
            settler = FreshThreads(archive.connection)
            archive.store(lot, settler=settler)
            counts.append(settler.counts["threads"])
        settle(archive)
        assert archive.verify() == []
        assert content(archive.connection) == expected
        assert settle(archive, everything=True) == {}
    return expected, counts


@pytest.mark.parametrize(("pages", "threads"), ON_THE_WAY)
def test_new_threads_are_settled_on_the_way(tmp_path: Path, pages: list[Batch], threads: int) -> None:
    """With all that hangs on their posts; nothing is left for later."""
    assert both(tmp_path, pages)[1] == [threads]
    with Archive.open(tmp_path / "new.db") as archive:
        archive.store(pages, settler=FreshThreads(archive.connection))
        assert archive.connection.execute("SELECT count(*) FROM unsettled").fetchone() == (0,)


@pytest.mark.parametrize("pages", LEFT)
def test_what_needs_a_second_thought_waits(tmp_path: Path, pages: list[Batch]) -> None:
    """It is settled when all is stored, with the same result."""
    assert both(tmp_path, pages)[1] == [0]


def test_what_comes_later_joins_what_was_settled(tmp_path: Path) -> None:
    """A further page, another capture, the same post in another thread, a list."""
    lists = batch("list", threads=(Thread(tid=1, ordinal=1, fields={"views": 7}), Thread(tid=9, ordinal=2)), kind="list", at=FEBRUARY)
    later = [thread(1, 13, page=2), thread(1, 11, 14, at=FEBRUARY), thread(2, 12, at=FEBRUARY), lists]
    found, counts = both(tmp_path, [thread(1, 11, 12)], later)
    assert counts == [1, 0]
    assert sorted(post[3] for post in found["posts"]) == [11, 12, 13, 14]


def test_what_is_new_in_a_run_is_not_called_changed(tmp_path: Path) -> None:
    """A list that says more about a thread of the same run changes nothing that people had; one of the next run does."""
    lists = batch("list", threads=(Thread(tid=1, ordinal=1, fid=5, fields={"views": 7}),), kind="list", at=FEBRUARY, forums=({"fid": 5, "name": "水区"},))
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run("1", {}, [])
        archive.store([thread(1, 11)], settler=FreshThreads(archive.connection))
        archive.store([lists])
        assert settle(archive) == {}
        archive.begin_run("1", {}, [])
        archive.store([batch("list", threads=(Thread(tid=1, ordinal=1, fields={"views": 8}),), kind="list", at="2024-03-01T00:00:00Z")])
        assert settle(archive) == {"changed threads": 1}


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Neither of what was stored nor of what was settled."""
    def broken() -> Any:
        yield thread(1, 11)
        raise KeyboardInterrupt

    with Archive.open(tmp_path / "a.db") as archive:
        with pytest.raises(KeyboardInterrupt):
            archive.store(broken(), settler=FreshThreads(archive.connection))
        archive.store([thread(2, 21)], settler=FreshThreads(archive.connection))
        assert archive.connection.execute("SELECT tid FROM threads").fetchall() == [(2,)]
        assert archive.connection.execute("SELECT name, uid FROM users").fetchall() == [("人1", 1)]
        assert archive.verify() == []


def test_real_pages_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All pages of the fixtures, of every view."""
    ingest(str(tmp_path / "early.db"), [str(ROOT / "fixtures" / "html")], Settings())
    monkeypatch.setattr(FreshThreads, "settle", lambda _self, _pages: {})
    ingest(str(tmp_path / "late.db"), [str(ROOT / "fixtures" / "html")], Settings())
    assert content(tmp_path / "early.db") == content(tmp_path / "late.db")
