"""Damaged, hostile and odd containers: an issue each, the rest is read, memory and time stay bounded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import runpy
import struct
import tarfile
import zipfile
from pathlib import Path
from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from forumclean.records import RawDocument, Ref
from forumclean.sources import Unreadable, documents, expand
from forumclean.sources.budget import RATIO

FILES = runpy.run_path(str(Path(__file__).resolve().parents[1] / "container_files.py"))
PAGE, zipped, tarred, record, packed = (FILES[name] for name in ("PAGE", "zipped", "tarred", "record", "packed"))
NOISE = Random(0).randbytes(40_000)
TWO = {"a.html": NOISE, "b.html": PAGE}
PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor(write_checksum=True).compress}


def look(data: bytes, name: str = "x") -> tuple[dict[str | None, bytes], list[tuple[str, str | None]]]:
    """Members that can be read, and (code, member) of what was told."""
    document = RawDocument.from_bytes(data, name)
    good: dict[str | None, bytes] = {}
    told = []
    for item in expand(document):
        if isinstance(item, Unreadable):
            told.append((item.issue.code, item.ref.member))
            continue
        try:
            with item.open() as stream:
                good[item.ref.member] = stream.read()
        except OSError:
            told.append(("unreadable", item.ref.member))
    return good, told


@pytest.mark.parametrize("kind", PACK)
def test_a_packed_page_that_is_cut_off_is_not_stored_in_part(kind: str) -> None:
    assert look(PACK[kind](NOISE)[:-100]) == ({}, [("truncated", None)])


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])
def test_damage_in_a_packed_page_is_found(kind: str) -> None:
    data = bytearray(PACK[kind](NOISE))
    data[len(data) // 2] ^= 0xFF
    good, told = look(bytes(data))
    assert (good, told[0][0]) == ({}, "damaged")


@pytest.mark.parametrize("kind", PACK)
def test_of_a_packed_tar_that_is_cut_off_the_beginning_is_read(kind: str) -> None:
    data = PACK[kind](tarred({"b.html": PAGE, "noise": Random(1).randbytes(2_000_000)}))
    good, told = look(data[:-500_000])
    assert good["b.html"] == PAGE
    assert told == [("truncated", None)]


def test_other_bytes_behind_packed_data_are_told() -> None:
    assert look(gzip.compress(PAGE) + b"<!-- more -->", "x.html.gz") == ({"x.html": PAGE}, [("trailing-bytes", None)])


@pytest.mark.parametrize("size", [600, 5000, 41_000])
def test_a_tar_that_is_cut_off(size: int) -> None:
    good, told = look(tarred(TWO)[:size])
    assert set(good) <= set(TWO)
    assert told


def test_a_damaged_header_in_a_tar_costs_its_member() -> None:
    data = bytearray(tarred({"1": PAGE, "2": PAGE + b"2", "3": PAGE + b"3"}))
    data[1024:1034] = b"\xff" * 10
    good, told = look(bytes(data))
    assert sorted(map(str, good)) == ["1", "3"]
    assert told == [("damaged", None)]


def test_links_and_devices_in_a_tar_are_told(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as container:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("device", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            container.addfile(info)
    good, told = look(out.getvalue() + tarred({"a": PAGE}))
    assert good == {"a": PAGE}
    assert told == [("link", "soft"), ("link", "hard"), ("not-a-file", "device"), ("not-a-file", "pipe")]


def test_a_link_in_a_zip_is_told() -> None:
    info = zipfile.ZipInfo("soft")
    info.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr(info, b"/etc/passwd")
    assert look(out.getvalue()) == ({}, [("link", "soft")])


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "C:\\x", "a/../../x", "..\\x"])
@pytest.mark.parametrize("make", [zipped, tarred], ids=["zip", "tar"])
def test_names_that_climb_out_are_told_and_read(make: object, name: str) -> None:
    good, told = look(make({name: PAGE, "b": b"b"}))  # type: ignore[operator]
    assert good == {name: PAGE, "b": b"b"}
    assert told == [("unsafe-name", name)]


def test_a_name_with_a_zero_byte() -> None:
    good, _ = look(zipped({"a.html_.exe": PAGE}).replace(b"a.html_", b"a.html\0"))
    assert list(good.values()) == [PAGE]


def test_encrypted_members_are_told_and_the_others_read() -> None:
    data = bytearray(zipped({"a": PAGE, "b": b"b"}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert look(bytes(data)) == ({"b": b"b"}, [("encrypted", "a")])


def test_a_method_nobody_knows_is_told() -> None:
    data = bytearray(zipped({"a": PAGE, "b": b"b"}))
    at = data.index(b"PK\x01\x02")
    data[at + 10:at + 12] = struct.pack("<H", 9)
    assert look(bytes(data)) == ({"b": b"b"}, [("compression", "a")])


def test_a_damaged_member_of_a_zip_costs_that_member() -> None:
    data = bytearray(zipped(TWO, zipfile.ZIP_STORED))
    data[5000] ^= 0xFF
    good, told = look(bytes(data))
    assert (good, told) == ({"b.html": PAGE}, [("unreadable", "a.html")])


def test_a_directory_that_points_nowhere() -> None:
    data = bytearray(zipped({"a": PAGE, "b": b"b"}))
    at = data.index(b"PK\x01\x02")
    data[at + 42:at + 46] = struct.pack("<I", 7)
    good, told = look(bytes(data))
    assert (good, told) == ({"b": b"b"}, [("unreadable", "a")])


@pytest.mark.parametrize(("data", "whole"), [
    pytest.param(zipped(TWO)[:40], [], id="in the first head"),
    pytest.param(zipped(TWO)[:20_000], [], id="in the first member"),
    pytest.param(zipped(TWO)[:zipped(TWO).rindex(b"PK\x03\x04") + 50], ["a.html"], id="in the second"),
    pytest.param(zipped(TWO, zipfile.ZIP_STORED)[:-30], ["a.html", "b.html"], id="in the directory"),
    pytest.param(b"PK\x03\x04" + bytes(60), [], id="no zip at all"),
])
def test_of_a_zip_that_is_cut_off_the_whole_members_are_read(data: bytes, whole: list[str]) -> None:
    """And that it is cut off is told."""
    good, told = look(data)
    assert (good, told) == ({name: TWO[name] for name in whole}, [("damaged", None)])


def test_a_zip_made_on_a_pipe_states_its_sizes_behind_its_members() -> None:
    """Without its directory nobody knows where they end."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container, container.open(zipfile.ZipInfo("a"), "w", force_zip64=True) as member:
        member.write(PAGE)
    assert look(out.getvalue()[:-20]) == ({}, [("damaged", None)])


def test_a_whole_member_of_a_cut_off_zip_is_the_same_when_the_zip_is_whole() -> None:
    """Same name and place: the next night it is known."""
    data = zipped(TWO, zipfile.ZIP_STORED)
    places = [[(item.ref.member, item.ref.offset, item.size) for item in expand(RawDocument.from_bytes(part)) if isinstance(item, RawDocument)]
              for part in (data, data[:-30])]
    assert places[0] == places[1]


def test_a_member_without_a_name() -> None:
    """It has a place in its zip, which tells it apart."""
    data = bytearray(zipped({"a": PAGE, "b": b"b"}))
    for at in (26, data.index(b"PK\x01\x02") + 28):
        data[at:at + 4] = struct.pack("<HH", 0, 1)  # the name becomes an extra field
    assert look(bytes(data)) == ({"": PAGE, "b": b"b"}, [])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_several_members_of_one_name_are_all_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("a", b"1")
        container.writestr("a", b"2")
    found = list(expand(RawDocument.from_bytes(out.getvalue())))
    assert [getattr(item, "issue", None) and item.issue.code for item in found] == [None, "duplicate-name", None]  # type: ignore[union-attr]
    assert len({item.ref.offset for item in found if isinstance(item, RawDocument)}) == 2


@pytest.mark.parametrize("data", [zipped({}), tarred({}), gzip.compress(tarred({}))], ids=["zip", "tar", "tar.gz"])
def test_an_empty_container_is_told(data: bytes) -> None:
    good, told = look(data)
    assert good == {} or list(good.values()) == [b"\0" * 10240]  # a tar of zero blocks alone is no tar
    assert told == [] if good else told == [("empty", None)]


BOMB = gzip.compress(b"\0" * 90_000_000, 9)


def _swelling() -> bytes:
    """A zip with a bomb and a page."""
    return zipped({"bomb": b"\0" * 90_000_000, "page": PAGE})


@pytest.mark.parametrize(
    ("data", "good"),
    [
        pytest.param(BOMB, {}, id="gz"),
        pytest.param(lzma.compress(b"\0" * 90_000_000, preset=1), {}, id="xz"),
        pytest.param(zstandard.ZstdCompressor().compress(b"\0" * 90_000_000), {}, id="zst"),
        pytest.param(bz2.compress(b"\0" * 90_000_000), {}, id="bz2"),
        pytest.param(_swelling(), {"page": PAGE}, id="zip: the others are read"),
        pytest.param(zipped({"1.gz": BOMB, "2.gz": BOMB}), {}, id="nested"),
    ],
)
def test_bombs_do_not_go_off(data: bytes, good: dict[str, bytes]) -> None:
    assert len(data) * RATIO < 90_000_000 * 6
    found, told = look(data)
    assert found == good
    assert "bomb" in {code for code, _ in told}


def test_a_zip_whose_members_overlap_is_a_bomb() -> None:
    """Many entries of the directory lead to the same bytes: the budget is the file's, not the member's."""
    base = zipped({"a": b"\0" * 5_000_000})
    at, end = base.index(b"PK\x01\x02"), base.index(b"PK\x05\x06")
    entry, tail = base[at:end], bytearray(base[end:])
    struct.pack_into("<HHI", tail, 8, 400, 400, 400 * len(entry))
    found, told = look(base[:at] + entry * 400 + bytes(tail))
    assert ("bomb", None) in told
    assert len(found) == 1


def test_containers_without_end_are_given_up() -> None:
    data = PAGE
    for _ in range(9):
        data = zipped({"x": data})
    assert [code for code, _ in look(data)[1]] == ["nested-too-deep"]


def test_a_header_that_claims_an_impossible_length_fills_no_memory() -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 7 * 10**9
    good, told = look(tarred({"a": PAGE})[:-1024] + info.tobuf() + b"x" * 2048)
    assert good == {"a": PAGE}
    assert [code for code, _ in told] == ["damaged"]


def test_a_member_that_vanished_with_its_container_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(TWO))
    items = documents([str(path)])
    first = next(items)
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        first.open()  # type: ignore[union-attr]


@given(st.sampled_from([zipped(TWO), tarred(TWO), gzip.compress(tarred(TWO)), packed(record("conversion", b"x", "http://a/")), gzip.compress(PAGE)]), st.data())
def test_no_damage_raises(data: bytes, draw: st.DataObject) -> None:
    """Whatever happens to its bytes, a container never stops a run."""
    broken = bytearray(data)
    for at, value in draw.draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=6)):
        broken[at] = value
    look(bytes(broken[: draw.draw(st.integers(0, len(data)))]))


def test_a_place_is_kept_for_what_cannot_be_read() -> None:
    ref = Ref(path="x.zip", place="p", size=1, mtime_ns=2)
    data = zipped(TWO)[:-30]
    *_, item = expand(RawDocument(ref=ref, open=lambda: io.BytesIO(data), size=len(data)))
    assert item.ref == ref
