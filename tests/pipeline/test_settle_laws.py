"""The law of settle: what comes out depends on what was seen, not on the order, the lots or the number of times it came in."""

from __future__ import annotations

import contextlib
import importlib
import runpy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.archiver.archive import Archive
from forumclean.pipeline.settle import settle, settle_new
from forumclean.pipeline.settle_fresh import FreshThreads
from forumclean.records import Cut

if TYPE_CHECKING:
    from forumclean.records import Batch

module = importlib.import_module("forumclean.pipeline.settle")
TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
batch, config, ref, seen = (make[name] for name in ("batch", "config", "ref", "seen"))

TIMES = ["2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", None]
CUTS = [(), (Cut(0, "~", "", "noise"),), (Cut(0, "~", "", "noise"), Cut(1, "!", "", "noise"))]
NAMES = ["甲", "乙", None]

fields = st.fixed_dictionaries({}, optional={
    "author_name": st.sampled_from(NAMES),
    "author_uid": st.sampled_from([1, 2, None]),
    "author_kind": st.sampled_from(["member", "guest"]),
    "created_at": st.sampled_from(["2023-05-05T10:00:00Z", "2023-05-05T10:00:30Z", "2023-05-06T09:00:00Z"]),
    "created_at_precision": st.sampled_from(["second", "minute", "day"]),
    "edited_by": st.sampled_from(NAMES),
    "signature": st.sampled_from(["签名", "另一个"]),
    "author_group": st.sampled_from(["新手", "元老"]),
    "quotes": st.sampled_from([[{"pid": 1, "text": "引"}], []]),
    "is_first": st.booleans(),
    "position": st.integers(1, 3),
})


def of_its_bytes(one: Batch) -> Batch:
    """Equal bytes say equal things, wherever and whenever they are found."""
    said = replace(one.page, ref=make["ref"]("any"))
    return replace(one, sha256=make["digest"](repr((said, one.posts))))


@st.composite
def pages(draw: Any) -> Batch:
    """A capture of one of a few pages of a few threads, so that captures often show the same posts."""
    tid = draw(st.sampled_from([1, 2, None]))
    view = draw(st.sampled_from(["desktop", "touch", "printable", "archiver", "flattened"]))
    texts = draw(st.lists(st.sampled_from(["一", "二一二", "三", "", None]), max_size=3))
    posts = [
        seen(
            ordinal, text, cuts=() if text is None else draw(st.sampled_from(CUTS)), pid=draw(st.sampled_from([11, 12, 13, None, None])),
            html=draw(st.sampled_from([None, "<p>x</p>", "<b>x</b>"])) if view != "flattened" else None,
            state=draw(st.sampled_from([None, None, "banned"])), stats=draw(st.sampled_from([{}, {"credits": 3}])), **draw(fields),
        )
        for ordinal, text in enumerate(texts, 1)
    ]
    name = draw(st.sampled_from(["a.html", "b.html", "c.html"]))
    return of_its_bytes(batch(
        name, *posts, ref=ref(name, seconds=draw(st.integers(1_700_000_000, 1_700_000_003))), tid=tid, fid=draw(st.sampled_from([5, None])), page=draw(st.sampled_from([1, 2, None])), view=view,
        at=draw(st.sampled_from(TIMES)), forums=draw(st.sampled_from([(), (), ({"fid": 5, "name": "水区"},), ({"fid": 6, "name": "新名"},)])),
        thread=draw(st.fixed_dictionaries({}, optional={"title": st.sampled_from(["题", "题目"]), "views": st.integers(1, 9)})),
    ))


configs = st.builds(
    lambda fid, name, posts, last, whole: of_its_bytes(config(
        "c.txt", {"fid": str(fid), "name": name, "posts": str(posts)}, fid=fid, name=name, posts_count=posts, last_post_at=last, complete=whole)),
    st.sampled_from([5, 6, None]), st.sampled_from(["水区", "新名"]), st.integers(1, 3), st.sampled_from(TIMES), st.booleans(),
)


def same(got: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare table by table: a difference is shown in a few lines."""
    assert got.keys() == expected.keys()
    for table, rows in expected.items():
        assert got[table] == rows, table


def build(
    folder: Path, lots: list[list[Batch]], *, settled: list[bool], on_the_way: list[bool] | None = None, everything: bool = False,
) -> dict[str, Any]:
    """Store some lots. ``on_the_way``: with what is new settled before it is written; ``settled``: settle after it."""
    with Archive.open(folder) as archive:
        for lot, now, fresh in zip(lots, settled, on_the_way or [False] * len(lots), strict=True):
            archive.store(lot, settler=FreshThreads(archive.connection) if fresh else None)
            if fresh:
                settle_new(archive)
            if now:
                settle(archive)
        settle(archive, everything=everything)
        assert settle(archive) == {}
        assert archive.verify() == []
        return content(archive.connection)


@settings(deadline=None, max_examples=30)
@given(data=st.data(), stored=st.lists(st.one_of(pages(), pages(), pages(), configs), min_size=1, max_size=7))
def test_order_lots_and_repetition_change_nothing(tmp_path_factory: Any, data: Any, stored: list[Batch]) -> None:
    """One import of all, and any order in any lots, settled on the way, between, or not, some of it twice."""
    folder = tmp_path_factory.mktemp("law")
    shuffled = data.draw(st.permutations(stored)) + data.draw(st.lists(st.sampled_from(stored), max_size=3))
    cut = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=3)))
    lots = [shuffled[start:end] for start, end in zip([0, *cut], [*cut, len(shuffled)], strict=True)]
    settled, fresh = (data.draw(st.lists(st.booleans(), min_size=len(lots), max_size=len(lots))) for _ in range(2))
    expected = build(folder / "one.db", [list(stored)], settled=[False])
    same(build(folder / "other.db", lots, settled=settled, on_the_way=fresh), expected)


@settings(deadline=None, max_examples=12)
@given(stored=st.lists(st.one_of(pages(), pages(), configs), min_size=1, max_size=6))
def test_settling_everything_again_changes_nothing(tmp_path_factory: Any, stored: list[Batch]) -> None:
    """``forumclean settle`` on an archive that is in order."""
    folder = tmp_path_factory.mktemp("law")
    with Archive.open(folder / "a.db") as archive:
        archive.store(stored)
        settle(archive)
        before = content(archive.connection)
        assert settle(archive, everything=True) == {}
        same(content(archive.connection), before)


@settings(deadline=None, max_examples=12)
@given(stored=st.lists(pages(), min_size=3, max_size=6), after=st.integers(0, 4))
def test_a_settle_that_was_cut_off_is_completed_by_the_next(tmp_path_factory: Any, stored: list[Batch], after: int) -> None:
    """What was settled before stays, what was not is still noted; the archive is whole at every moment."""
    folder = tmp_path_factory.mktemp("law")
    expected = build(folder / "one.db", [stored], settled=[True])
    with Archive.open(folder / "other.db") as archive, pytest.MonkeyPatch.context() as patch:
        archive.store(stored)
        patch.setattr(module, "SIGHTINGS_AT_ONCE", 1)
        derive, calls = module.derive_thread, iter(range(after))

        def interrupted(*arguments: Any) -> bool:
            if next(calls, None) is None:
                raise KeyboardInterrupt
            return derive(*arguments)

        patch.setattr(module, "derive_thread", interrupted)
        with contextlib.suppress(KeyboardInterrupt):
            settle(archive)
        assert archive.verify() == []
        patch.undo()
        settle(archive)
        same(content(archive.connection), expected)
