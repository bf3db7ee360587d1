"""Signatures that only the whole archive shows: cut from flattened sightings, kept apart, undone where they hold no more."""

from __future__ import annotations

import json
import random
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean.archiver import migrations
from forumclean.archiver.archive import Archive
from forumclean.cuts import restore
from forumclean.pipeline.settle import settle
from forumclean.records import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
batch, seen = make["batch"], make["seen"]
JANUARY, FEBRUARY = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"
SIGN = "院里养花\n心里不慌"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened
        assert opened.verify() == []


def _page(tid: int, *posts: Any, at: str = JANUARY, view: str = "flattened") -> Any:
    return batch(f"{tid}{at}{view}", *posts, tid=tid, at=at, view=view)


def _say(ordinal: int, text: str, name: str | None = "甲", **more: Any) -> Any:
    return seen(ordinal, text, author_name=name, created_at=f"2023-01-{ordinal:02}T00:00:00Z", **more)


def _texts(archive: Archive) -> list[str]:
    settle(archive)
    return [text for text, in archive.connection.execute("SELECT p.text FROM posts p JOIN threads t ON t.id = p.thread_id ORDER BY t.tid, p.id")]


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([_page(1, _say(1, "一\n谢谢大家")), _page(2, _say(1, "二\n谢谢大家"))], id="two posts are too few"),
        pytest.param([_page(n, _say(1, f"{n}\n谢谢大家" if n < 4 else f"{n}")) for n in range(1, 7)], id="half of the posts are a habit"),
        pytest.param([_page(n, _say(1, f"{n}\n顶")) for n in range(1, 7)], id="too short to know it by"),
        pytest.param([_page(n, _say(1, f"{n}\n{SIGN}", name=f"人{n}")) for n in range(1, 7)], id="each by another author"),
        pytest.param([_page(n, _say(1, f"{n}\n{SIGN}", name=None)) for n in range(1, 7)], id="authors unknown"),
        pytest.param([_page(n, _say(1, f"{n}\n{SIGN}", name="匿名", author_kind="anonymous")) for n in range(1, 7)], id="anonymous is nobody"),
        pytest.param([_page(n, _say(1, f"{n}\n{SIGN}"), view="desktop") for n in range(1, 7)], id="markup told them apart already"),
    ],
)
def test_texts_that_stay(archive: Archive, pages: list[Any]) -> None:
    archive.store(pages)
    assert _texts(archive) == [page.posts[0].text for page in pages]
    assert archive.connection.execute("SELECT count(*) FROM signatures").fetchone() == (0,)


def test_an_ending_of_nearly_all_posts_is_a_signature(archive: Archive) -> None:
    """It leaves text and revision, is kept once, and the parsed text can be restored; verify (in the fixture) agrees."""
    archive.store([_page(n, _say(1, f"第{n}帖\n{SIGN}" if n != 3 else "没有签名")) for n in range(1, 7)])
    assert _texts(archive) == [f"第{n}帖" if n != 3 else "没有签名" for n in range(1, 7)]
    assert archive.connection.execute("SELECT u.name, s.text FROM signatures s JOIN users u ON u.id = s.user_id").fetchall() == [("甲", SIGN)]
    cuts = archive.connection.execute("SELECT DISTINCT cuts FROM sightings WHERE cuts IS NOT NULL").fetchall()
    assert cuts == [(f'[[3,"\\n{SIGN.replace(chr(10), chr(92) + "n")}","","signature.repeated"]]',)]
    assert not settle(archive, everything=True)


def test_a_signature_that_layout_showed_on_one_page_is_known_on_others(archive: Archive) -> None:
    archive.store([_page(1, _say(1, "一", signature=SIGN)), _page(2, _say(1, f"二\n{SIGN}")), _page(3, _say(1, "三"))])
    assert _texts(archive) == ["一", "二", "三"]


def test_authors_without_names_are_known_by_their_counters(archive: Archive) -> None:
    """By all three of them; and an author of whom only two are shown is nobody."""
    card = {"threads": 5, "posts": 70, "credits": 900}
    archive.store([_page(n, _say(1, f"{n}\n{SIGN}", name=None, stats=card if n < 4 else {**card, "posts": 71})) for n in range(1, 6)])
    archive.store([_page(n, _say(1, f"{n}\n{SIGN}", name=None, stats={"threads": 5, "posts": 70})) for n in range(6, 9)])
    assert _texts(archive) == ["1", "2", "3", *(f"{n}\n{SIGN}" for n in range(4, 9))]


def test_authors_of_older_archives_are_the_same(archive: Archive) -> None:
    """The step that brings in ``signer`` says what the writer says."""
    card = {"credits": 900, "posts": "70", "threads": 5}
    archive.store([
        _page(1, _say(1, "一"), _say(2, "二", name=None, stats=card), _say(3, "三", name=None, stats={"posts": 70}), _say(4, "四", name="")),
        _page(2, _say(1, "一", author_kind="guest"), _say(2, None), _say(3, "三", name="", stats=card)), _page(3, _say(1, "一"), view="desktop"),
    ])
    query = "SELECT signer FROM sightings ORDER BY id"
    written = archive.connection.execute(query).fetchall()
    archive.connection.execute("DROP INDEX sightings_signer")
    archive.connection.execute("ALTER TABLE sightings DROP COLUMN signer")
    migrations._signers(archive.connection)
    assert archive.connection.execute(query).fetchall() == written
    assert [who for who, in written] == ["甲", "\n900/70/5", None, None, None, None, "\n900/70/5", None]


def test_it_stands_behind_earlier_cuts(archive: Archive) -> None:
    """Offsets of cuts count in the parsed text; where noise was cut inside these lines, they are left alone."""
    noise, inside = Cut(1, "# a", "", "jammer.block"), Cut(9, "x", "", "jammer.block")
    archive.store([
        *(_page(n, _say(1, f"{n}\n{SIGN}", cuts=(noise,))) for n in range(1, 6)), _page(6, _say(1, f"6\n{SIGN}", cuts=(noise, inside))),
    ])
    assert _texts(archive) == [*map(str, range(1, 6)), f"6\n{SIGN}"]
    start, = archive.connection.execute("SELECT DISTINCT json_extract(cuts, '$[1][0]') FROM sightings WHERE cuts LIKE '%signature%'").fetchone()
    assert start == 4


def test_what_holds_no_more_is_undone(archive: Archive) -> None:
    """More posts of the same month show that it was a habit; another month decides for itself."""
    archive.store([_page(n, _say(1, f"{n}\n{SIGN}")) for n in range(1, 4)])
    assert _texts(archive) == ["1", "2", "3"]
    archive.store([_page(n, _say(1, f"{n}")) for n in range(4, 8)])
    assert _texts(archive) == [*(f"{n}\n{SIGN}" for n in range(1, 4)), "4", "5", "6", "7"]
    archive.store([_page(n, _say(1, f"{n}\n{SIGN}"), at=FEBRUARY) for n in range(8, 11)])
    assert _texts(archive)[-3:] == ["8", "9", "10"]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_inputs_does_not_matter(tmp_path: Path, seed: int) -> None:
    pages = [_page(n, _say(1, f"{n}\n{SIGN}"), _say(2, f"又{n}", name="乙")) for n in range(1, 8)]
    contents = []
    for order in (pages, random.Random(seed).sample(pages, len(pages))):
        with Archive.open(tmp_path / f"{len(contents)}.db") as opened:
            for page in order:
                opened.store([page])
                settle(opened)
            contents.append((_texts(opened), opened.connection.execute(
                "SELECT p.text, r.content_hash, x.cuts, x.fields FROM sightings x JOIN revisions r ON r.id = x.revision_id"
                " JOIN posts p ON p.id = x.post_id ORDER BY 1, 2").fetchall()))
            assert opened.verify() == []
    assert contents[0] == contents[1]


def test_noise_on_the_line_above(archive: Archive) -> None:
    """A blank line that was all noise stands between text and signature: the signature is still found, and the parsed text comes back."""
    noise = "# a6 I- l @* J/ z. r"
    archive.store([_page(n, _say(1, f"{n}\n\n{SIGN}", cuts=(Cut(2, noise, "", "jammer.alone"),))) for n in range(1, 5)])
    assert [text.rstrip() for text in _texts(archive)] == ["1", "2", "3", "4"]
    rows = archive.connection.execute("SELECT r.text, x.cuts FROM sightings AS x JOIN revisions AS r ON r.id = x.revision_id ORDER BY r.text")
    assert [restore(text, [Cut(*cut) for cut in json.loads(cuts)]) for text, cuts in rows] == [f"{n}\n{noise}\n{SIGN}" for n in range(1, 5)]
