"""Containers as documents: every member with its bytes, its name and its place, whatever holds it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
import runpy
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
import zstandard

from forumclean.records import RawDocument
from forumclean.sources import Unreadable, documents, expand

FILES = runpy.run_path(str(Path(__file__).resolve().parents[1] / "container_files.py"))
PAGE, zipped, tarred = FILES["PAGE"], FILES["zipped"], FILES["tarred"]
TWO = {"a/thread-1-1-1.html": PAGE, "b.txt": b"b" * 5000}
PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}


def read(document: RawDocument) -> bytes:
    """All bytes of a document."""
    with document.open() as stream:
        return stream.read()


def put(folder: Path, name: str, data: bytes, **options: list[str]) -> list[RawDocument | Unreadable]:
    """The documents of a file with this content."""
    (folder / name).write_bytes(data)
    return list(documents([str(folder / name)], **options))  # type: ignore[arg-type]


def content(found: Iterable[RawDocument | Unreadable]) -> dict[str | None, bytes]:
    """Member → bytes; no trouble is expected."""
    items = list(found)
    assert not [item for item in items if isinstance(item, Unreadable)]
    return {item.ref.member: read(item) for item in items}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PAGE, id="a page"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK is how the name Katz is shortened", id="a text that begins like a zip"),
        pytest.param(b"BZ is no packing", id="a text that begins like bzip2"),
        pytest.param(b'{"fid": 2, "name": "x"}\n', id="JSON without text"),
        pytest.param(b'{\n  "text": "x"\n}\n', id="JSON over several lines"),
        pytest.param(b'{"text": "x"', id="JSON that is cut off"),
        pytest.param(b"From: me\nSubject: related\n\nmultipart/related is a type", id="a letter"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 600, id="a picture"),
        pytest.param(b"\0" * 1024, id="zero bytes"),
        pytest.param(b"Array\n(\n    [fid] => 2\n)\n", id="print_r"),
        pytest.param(b"see WARC/1.0", id="a text about WARC"),
    ],
)
def test_what_is_no_container_stays_itself(tmp_path: Path, data: bytes) -> None:
    (item,) = put(tmp_path, "x", data)
    assert isinstance(item, RawDocument)
    assert (item.ref.container, item.ref.member, item.ref.offset, read(item)) == (None, None, None, data)


def test_office_files_are_no_containers_of_pages(tmp_path: Path) -> None:
    (item,) = put(tmp_path, "x.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<y/>"}))
    assert item.ref.member is None


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip(tmp_path: Path, method: int) -> None:
    found = put(tmp_path, "x.zip", zipped(TWO, method))
    assert content(found) == TWO
    assert {(item.ref.container, item.ref.path) for item in found} == {("zip", "x.zip")}


def test_tar_members_keep_their_own_time(tmp_path: Path) -> None:
    found = put(tmp_path, "x.tar", tarred(TWO))
    assert content(found) == TWO
    assert {(item.ref.container, item.ref.modified_ns) for item in found} == {("tar", 1_700_000_000 * 10**9)}


@pytest.mark.parametrize("kind", PACK)
def test_packed_tar(tmp_path: Path, kind: str) -> None:
    found = put(tmp_path, f"x.tar.{kind}", PACK[kind](tarred(TWO)))
    assert content(found) == TWO
    assert {item.ref.container for item in found} == {f"tar.{kind}"}


@pytest.mark.parametrize("kind", PACK)
def test_a_single_packed_file_is_named_without_its_suffix(tmp_path: Path, kind: str) -> None:
    found = put(tmp_path, f"thread-1-1-1.html.{kind}", PACK[kind](PAGE))
    assert content(found) == {"thread-1-1-1.html": PAGE}
    assert found[0].ref.container == kind


@pytest.mark.parametrize("kind", PACK)
def test_several_packed_members_are_one_file(tmp_path: Path, kind: str) -> None:
    assert content(put(tmp_path, f"x.html.{kind}", PACK[kind](PAGE[:40]) + PACK[kind](b"") + PACK[kind](PAGE[40:]))) == {"x.html": PAGE}


@pytest.mark.parametrize("kind", PACK)
def test_zero_bytes_behind_packed_data_are_padding(tmp_path: Path, kind: str) -> None:
    assert content(put(tmp_path, f"x.html.{kind}", PACK[kind](PAGE) + b"\0" * 512)) == {"x.html": PAGE}


def test_magic_decides_not_the_name(tmp_path: Path) -> None:
    assert content(put(tmp_path, "x.html", zipped(TWO))) == TWO
    assert content(put(tmp_path, "x.tar.gz", PACK["xz"](tarred(TWO)))) == TWO
    (item,) = put(tmp_path, "x.zip", PAGE)
    assert read(item) == PAGE  # type: ignore[arg-type]


def test_containers_in_containers(tmp_path: Path) -> None:
    inner = {"in.zip": zipped(TWO), "in.tar": tarred({"c": b"c"}), "d.html.gz": gzip.compress(PAGE)}
    want = {"in.zip!/a/thread-1-1-1.html": PAGE, "in.zip!/b.txt": TWO["b.txt"], "in.tar!/c": b"c", "d.html.gz!/d.html": PAGE}
    for number, outer in enumerate((zipped(inner), tarred(inner), gzip.compress(tarred(inner)))):
        assert content(put(tmp_path, f"{number}", outer)) == want
    assert content(put(tmp_path, "z", gzip.compress(zipped(TWO)))) == {f"z!/{name}": data for name, data in TWO.items()}


@pytest.mark.parametrize("outer", [zipped(TWO), tarred(TWO)], ids=["zip", "tar"])
def test_members_are_opened_where_they_lie(tmp_path: Path, outer: bytes) -> None:
    """At the offset on record, and in another process as well, and as often as asked."""
    for item in put(tmp_path, "x", outer):
        assert isinstance(item, RawDocument)
        assert outer[item.ref.offset:].startswith((b"PK\x03\x04", str(item.ref.member).encode()))
        again = pickle.loads(pickle.dumps(item.open))
        assert len(pickle.dumps(item.open)) < 1000
        with again() as first, item.open() as second:
            assert first.read() == second.read() == TWO[str(item.ref.member)]


def test_standard_input_may_be_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    from types import SimpleNamespace

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(tarred(TWO)))))
    assert content(documents(["-"])) == TWO


@pytest.mark.parametrize(
    ("options", "names"),
    [
        pytest.param({"include": ["*.html"]}, ["a/thread-1-1-1.html"], id="include by the member's name"),
        pytest.param({"include": ["x.zip"]}, ["a/thread-1-1-1.html", "b.txt"], id="a container asked for is taken whole"),
        pytest.param({"include": ["a/*"]}, ["a/thread-1-1-1.html"], id="include by the member's path"),
        pytest.param({"exclude": ["*.txt"]}, ["a/thread-1-1-1.html"], id="exclude a member"),
        pytest.param({"exclude": ["*.zip"]}, [], id="exclude a container"),
    ],
)
def test_globs_apply_to_members(tmp_path: Path, options: dict[str, list[str]], names: list[str]) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(TWO))
    assert [item.ref.member for item in documents([str(tmp_path)], **options)] == names  # type: ignore[arg-type]


def test_hidden_names_are_skipped(tmp_path: Path) -> None:
    assert content(put(tmp_path, "x.zip", zipped({".git/x": b"x", "__MACOSX/a": b"x", "a/.DS_Store": b"x", "ok": b"y"}))) == {"ok": b"y"}


@pytest.mark.parametrize("name", ["主题/帖子-1.html", "丂亹.txt"])
def test_names_of_old_windows_programs_are_gbk(tmp_path: Path, name: str) -> None:
    """Written without the UTF-8 flag."""
    data = zipped({"x" * len(name.encode("gb18030")): PAGE}).replace(b"x" * len(name.encode("gb18030")), name.encode("gb18030"))
    assert content(put(tmp_path, "x.zip", data)) == {name: PAGE}


def test_a_zip_that_states_times_in_utc_keeps_them(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a")
    info.extra = struct.pack("<HHBi", 0x5455, 5, 1, 1_700_000_000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as container:
        container.writestr(info, b"a")
    (item,) = documents([str(tmp_path)])
    assert item.ref.modified_ns == 1_700_000_000 * 10**9


def test_takes_is_asked_for_members_only(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(PAGE)
    (item,) = documents([str(tmp_path)])
    assert list(expand(item, lambda _name: False)) == [item]  # type: ignore[arg-type]
