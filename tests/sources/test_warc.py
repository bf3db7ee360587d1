"""WARC and WET files: captures with address, time and status; both readers; damage costs the record."""

from __future__ import annotations

import gzip
import runpy
import zlib
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import brotli
import pytest
import zstandard

from forumclean.records import RawDocument
from forumclean.sources import Unreadable, expand, warc_fast, warc_io, warc_walk
from forumclean.sources.http_body import dechunked

FILES = runpy.run_path(str(Path(__file__).resolve().parents[1] / "container_files.py"))
PAGE, http, record, packed = FILES["PAGE"], FILES["http"], FILES["record"], FILES["packed"]
A, B, C = (f"http://b.example/thread-{number}-1-1.html" for number in (1, 2, 3))
HTML = "Content-Type: text/html; charset=GBK"


@pytest.fixture(params=[warc_fast, warc_io], ids=["fastwarc", "warcio"], autouse=True)
def door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Every test is passed by both readers."""
    monkeypatch.setattr(warc_walk, "door", request.param)
    found: ModuleType = request.param
    return found


def look(data: bytes) -> tuple[list[RawDocument], list[tuple[str, str]]]:
    """The captures of a WARC file, and (level, code) of what was told."""
    found = list(expand(RawDocument.from_bytes(data, "x.warc")))
    return [item for item in found if isinstance(item, RawDocument)], [
        (item.issue.level, item.issue.code) for item in found if isinstance(item, Unreadable)]


def one(data: bytes) -> RawDocument:
    """The only capture."""
    (found,), told = look(data)
    assert not told
    return found


def read(document: RawDocument) -> bytes:
    """All bytes of a document."""
    with document.open() as stream:
        return stream.read()


def response(body: bytes, url: str = A, status: str = "200 OK", *headers: str, **more: str) -> bytes:
    """A response record."""
    made: bytes = record("response", http(body, status, *headers), url, **more)
    return made


OTHERS = [
    record("warcinfo", b"software: x\r\n"), record("request", b"GET / HTTP/1.1\r\n\r\n", A), record("metadata", b"x: y", A),
    record("resource", b"log", "metadata://gnu.org/software/wget/warc/MANIFEST.txt"), record("response", b"\0\1", "dns:b.example"),
    record("continuation", b"x", A), record("something-new", b"x", A),
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.split(b"\r\n")[1].decode())
def test_what_is_no_capture_is_passed_over_without_a_word(other: bytes) -> None:
    assert read(one(other + response(PAGE) + other)) == PAGE


def test_a_capture_has_address_time_status_and_type() -> None:
    found = one(response(PAGE, A, "200 OK", HTML))
    assert read(found) == PAGE
    assert (found.url, found.ref.member, found.captured_at, found.http_status, found.media_type, found.charset) == (
        A, A, "2024-05-06T07:08:09Z", 200, "text/html", "gbk")


def test_an_address_in_angle_brackets() -> None:
    assert one(response(PAGE, f"<{A}>")).url == A


def test_a_time_with_fractions_and_a_time_that_is_none() -> None:
    assert one(response(PAGE, A, WARC_Date="2024-05-06T07:08:09.123456Z")).captured_at == "2024-05-06T07:08:09Z"
    assert one(response(PAGE, A, WARC_Date="yesterday")).captured_at is None


@pytest.mark.parametrize("pack", [b"".join, lambda records: packed(*records)], ids=["plain", "gz"])
def test_offsets_lead_to_the_record(pack: Any) -> None:
    data = pack([response(PAGE, A), record("request", b"GET", A), response(PAGE + b"2", B)])
    found, _ = look(data)
    for item in found:
        again = one(data[item.ref.offset:] if item.url == B else pack([response(PAGE, A)]))
        assert (again.url, read(again)) == (item.url, read(item))


def test_a_file_packed_as_one_stream_has_offsets_of_the_unpacked_one() -> None:
    plain = b"".join([response(PAGE, A), response(PAGE + b"2", B)])
    (first, second), told = look(gzip.compress(plain))
    assert not told
    assert [item.ref.container for item in (first, second)] == ["warc.gz", "warc.gz"]
    assert (first.ref.offset, plain[second.ref.offset:]) == (0, response(PAGE + b"2", B))


def test_packed_by_zstd() -> None:
    pack = zstandard.ZstdCompressor().compress
    for data in (pack(response(PAGE, A)) + pack(response(PAGE, B)), pack(response(PAGE, A) + response(PAGE, B))):
        if warc_walk.door is warc_io and data.count(b"\x28\xb5\x2f\xfd") > 1:
            continue  # warcio knows no zstd: such a file is unpacked for it only when it is one stream
        assert [item.url for item in look(data)[0]] == [A, B]


def test_text_of_conversion_records_is_utf8() -> None:
    found = one(packed(record("warcinfo", b"x"), record("conversion", "浇水".encode(), A)))
    assert (read(found).decode(), found.charset, found.media_type, found.http_status) == ("浇水", "utf-8", "text/plain", None)


def deflated(data: bytes) -> bytes:
    """Bare DEFLATE, as some servers send."""
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(PAGE, ["Content-Encoding: gzip"], id="said to be packed, and is not any more"),
        pytest.param(PAGE, ["Transfer-Encoding: chunked"], id="said to be chunked, and is not any more"),
        pytest.param(PAGE, ["Content-Encoding: identity"], id="identity"),
        pytest.param(b"5\r\n" + PAGE[:5] + b"\r\n%x;a=b\r\n" % (len(PAGE) - 5) + PAGE[5:] + b"\r\n0\r\nX: y\r\n\r\n", ["Transfer-Encoding: chunked"], id="chunks"),
        pytest.param(gzip.compress(PAGE), ["Content-Encoding: gzip"], id="gzip"),
        pytest.param(b"%x\r\n" % len(gzip.compress(PAGE, mtime=0)) + gzip.compress(PAGE, mtime=0) + b"\r\n0\r\n\r\n",
                     ["Content-Encoding: gzip", "Transfer-Encoding: chunked"], id="both"),
        pytest.param(zlib.compress(PAGE), ["Content-Encoding: deflate"], id="deflate"),
        pytest.param(deflated(PAGE), ["Content-Encoding: deflate"], id="bare deflate"),
        pytest.param(zstandard.ZstdCompressor().compress(PAGE), ["Content-Encoding: zstd"], id="zstd"),
    ],
)
def test_the_body_is_what_the_server_meant(body: bytes, headers: list[str]) -> None:
    assert read(one(response(body, A, "200 OK", *headers))) == PAGE


def test_brotli() -> None:
    assert warc_fast.unbrotli(brotli.compress(PAGE)) == warc_fast.unbrotli(PAGE) == PAGE


@pytest.mark.parametrize(
    ("body", "want"),
    [(b"3\r\nabc\r\n0\r\n\r\n", b"abc"), (b"3\nabc\n0\n\n", b"abc"), (b"9\r\nabc", b"abc"), (b"3\r\nabcd\r\n0\r\n\r\n", None), (b"abc\r\n", None), (b"", b"")],
)
def test_chunks(body: bytes, want: bytes | None) -> None:
    """Cut off: what is there. Not chunked after all: as it is."""
    assert dechunked(body) == (body if want is None else want)


def test_a_packed_body_that_is_cut_off_costs_that_record() -> None:
    found, told = look(response(gzip.compress(PAGE)[:-9], A, "200 OK", "Content-Encoding: gzip") + response(PAGE, B))
    assert [item.url for item in found] == [B]
    assert told == [("error", "damaged")]


def test_a_redirect_is_its_status_and_where_it_leads() -> None:
    found = one(response(b"", A, "302 Found", f"Location: {B}", "Set-Cookie: sid=secret"))
    assert (found.http_status, read(found)) == (302, f"HTTP 302\nLocation: {B}\n".encode())


def test_an_empty_answer_is_no_failure() -> None:
    assert look(response(b"")) == ([], [("info", "empty")])


def test_what_the_crawler_cut_off_is_read_and_told() -> None:
    found, told = look(response(PAGE, A, WARC_Truncated="length"))
    assert (read(found[0]), told) == (PAGE, [("warning", "truncated")])


@pytest.mark.parametrize("pack", [b"".join, lambda records: packed(*records)], ids=["plain", "gz"])
def test_a_revisit_is_the_earlier_capture_seen_again(pack: Any) -> None:
    later = {"WARC_Date": "2025-01-01T00:00:00Z", "WARC_Payload_Digest": "sha1:AAA"}
    data = pack([
        response(PAGE, A, WARC_Payload_Digest="sha1:AAA"), record("revisit", http(b"", "200 OK", HTML), A, **later),
        record("revisit", http(b""), B, **(later | {"WARC_Payload_Digest": "sha1:BBB"})),
    ])
    found, told = look(data)
    assert [(item.url, item.captured_at, read(item)) for item in found] == [
        (A, "2024-05-06T07:08:09Z", PAGE), (A, "2025-01-01T00:00:00Z", PAGE)]
    assert found[0].ref.offset != found[1].ref.offset
    assert told == [("info", "revisit-without-original")]


THREE = [response(PAGE, A), response(PAGE + b"2" * 500, B), response(PAGE + b"3", C)]


def lie(record: bytes, by: int) -> bytes:
    """The record with a wrong length."""
    at = record.index(b"Content-Length: ") + 16
    end = record.index(b"\r\n", at)
    return record[:at] + str(int(record[at:end]) + by).encode() + record[end:]


@pytest.mark.parametrize("by", [-200, -1, 200, 100_000, 10**11])
@pytest.mark.parametrize("pack", [b"".join, lambda records: packed(*records)], ids=["plain", "gz"])
def test_a_wrong_length_costs_that_record(pack: Any, by: int) -> None:
    found, told = look(pack([THREE[0], lie(THREE[1], by), THREE[2]]))
    assert [item.url for item in found] == [A, C]
    assert told == [("error", "broken-record")]


@pytest.mark.parametrize("pack", [b"".join, lambda records: packed(*records)], ids=["plain", "gz"])
def test_rubbish_between_records_costs_none(pack: Any) -> None:
    found, told = look(pack(THREE[:1]) + b"rubbish " * 100 + pack(THREE[1:]))
    assert [item.url for item in found] == [A, B, C]
    assert told == [("error", "broken-record")]


def test_a_damaged_member_costs_that_record() -> None:
    first, second, third = (packed(one) for one in THREE)
    found, told = look(first + second[:60] + b"\xff\xff\xff" + second[63:] + third)
    assert [item.url for item in found] == [A, C]
    assert told == [("error", "broken-record")]


@pytest.mark.parametrize("pack", [b"".join, lambda records: packed(*records), lambda records: gzip.compress(b"".join(records))], ids=["plain", "gz", "one"])
def test_a_file_that_is_cut_off_gives_what_is_whole(pack: Any) -> None:
    whole = pack([response(Random(number).randbytes(70_000), url) for number, url in enumerate((A, B, C))])
    found, told = look(whole[:-30_000])
    assert [item.url for item in found] == [A, B]
    assert {level for level, _ in told} == {"error"}


def test_a_record_over_the_limit_is_told_and_the_others_read(monkeypatch: pytest.MonkeyPatch, door: ModuleType) -> None:
    for module in (door, warc_walk):
        monkeypatch.setattr(module, "MAX_DOCUMENT", 2000)
    monkeypatch.setattr("forumclean.sources.warcs.MAX_DOCUMENT", 2000)
    found, told = look(packed(THREE[0], response(b"x" * 5000, B), THREE[2]))
    assert [item.url for item in found] == [A, C]
    assert told == [("error", "too-large")]
