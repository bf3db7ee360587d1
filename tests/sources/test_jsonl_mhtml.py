"""JSON lines of crawlers and corpora, and pages that a browser saved as MHTML."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from forumclean.records import RawDocument
from forumclean.sources import Unreadable, expand

URL = "http://b.example/forum.php?mod=viewthread&tid=5&page=2"


def look(data: bytes) -> tuple[list[RawDocument], list[tuple[str, str, str | None]]]:
    """The documents of a file, and (level, code, member) of what was told."""
    found = list(expand(RawDocument.from_bytes(data, "x")))
    return [item for item in found if isinstance(item, RawDocument)], [
        (item.issue.level, item.issue.code, item.ref.member) for item in found if isinstance(item, Unreadable)]


def read(document: RawDocument) -> str:
    """The text of a document."""
    with document.open() as stream:
        return stream.read().decode()


def lines(*records: Any) -> bytes:
    """JSON lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


@pytest.mark.parametrize(
    ("record", "text", "url", "at"),
    [
        pytest.param({"text": "浇水", "url": URL, "date": "2024-05-06T07:08:09Z"}, "浇水", URL, "2024-05-06T07:08:09Z", id="text, url, date"),
        pytest.param({"text": "浇水"}, "浇水", None, None, id="text alone"),
        pytest.param({"html": "<p>", "text": "p"}, "<p>", None, None, id="html goes before text"),
        pytest.param({"raw_content": "a", "url": URL, "date_download": "2019-02-19T01:02:03Z"}, "a", URL, "2019-02-19T01:02:03Z", id="as CCNet writes"),
        pytest.param({"text": "a", "timestamp": "2019-04-25 12:57:54", "url": URL}, "a", URL, "2019-04-25T12:57:54Z", id="as C4 writes"),
        pytest.param({"content": "a", "warc_headers": {"warc-target-uri": URL, "warc-date": "2021-01-02T03:04:05Z"}}, "a", URL, "2021-01-02T03:04:05Z", id="as OSCAR"),
        pytest.param({"text": "a", "metadata": {"url": URL, "date": "20210102030405"}}, "a", URL, "2021-01-02T03:04:05Z", id="inside metadata"),
        pytest.param({"text": "a", "date": "2024-05-06"}, "a", None, None, id="a day is no moment"),
        pytest.param({"text": "a", "date": "gestern", "url": 7}, "a", None, None, id="what is neither time nor address"),
        pytest.param({"text": "a\ud83d", "url": ""}, "a?", None, None, id="half a character"),
    ],
)
def test_a_line_is_a_document(record: Any, text: str, url: str | None, at: str | None) -> None:
    data = (json.dumps(record) + "\n").encode()
    (found,), told = look(data)
    assert not told
    assert (read(found), found.url, found.captured_at, found.charset, found.ref.offset) == (text, url, at, "utf-8", 0)
    assert found.ref.member == (url or "line 1")


def test_offsets_and_packing() -> None:
    data = lines({"text": "浇水"}, {"text": "b"}) + b"\n" + lines({"text": "c"})
    for packed in (data, gzip.compress(data)):
        found, told = look(packed)
        assert not told
        assert [(item.ref.member, json.loads(data[item.ref.offset:].split(b"\n")[0])["text"]) for item in found] == [
            ("line 1", "浇水"), ("line 2", "b"), ("line 4", "c")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{broken\n", ("error", "not-json", "line 2")), (b"\xff\xfe\n", ("error", "not-json", "line 2")), (b"[" * 90_000 + b"\n", ("error", "not-json", "line 2")),
        (b"[]\n", ("warning", "no-text", "line 2")), (b'{"text": 5}\n', ("warning", "no-text", "line 2")), (b'{"url": "x"}\n', ("warning", "no-text", "line 2")),
    ],
)
def test_a_bad_line_costs_that_line(line: bytes, told: tuple[str, str, str]) -> None:
    found, said = look(lines({"text": "a"}) + line + lines({"text": "c"}))
    assert [read(item) for item in found] == ["a", "c"]
    assert said == [told]


def test_a_last_line_that_is_cut_off() -> None:
    data = lines({"text": "a"}, {"text": "b" * 50})[:-9]
    found, told = look(data)
    assert ([read(item) for item in found], told) == (["a"], [("error", "truncated", "line 2")])


def test_a_line_over_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forumclean.sources.jsonl.MAX_DOCUMENT", 1000)
    found, told = look(lines({"text": "a"}, {"text": "b" * 3_000_000}, {"text": "c"}))
    assert ([read(item) for item in found], [code for _, code, _ in told]) == (["a", "c"], ["too-large"])
    assert found[1].ref.offset == len(lines({"text": "a"}, {"text": "b" * 3_000_000}))


MHTML = (
    f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {URL}\r\nSubject: =?utf-8?Q?=E6=B5=87?=\r\nDate: Mon, 6 May 2024 15:08:09 +0800\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B--"\r\n\r\n'
    f"----B--\r\nContent-Type: text/html\r\nContent-ID: <f@mhtml.blink>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: {URL}\r\n\r\n"
    "<html>=E6=B5=87=E6=B0=B4=\r\n</html>\r\n"
    "----B--\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\nContent-Location: http://b.example/x.gif\r\n\r\nR0lGODlhAQABAAAAACw=\r\n"
    '----B--\r\nContent-Type: text/css; charset="utf-8"\r\nContent-Location: cid:css-1@mhtml.blink\r\n\r\na { b: c }\r\n----B----\r\n'
).encode()


def test_a_saved_page_and_its_parts() -> None:
    found, told = look(MHTML)
    assert not told
    assert [(item.ref.member, item.media_type, item.url) for item in found] == [
        (URL, "text/html", URL), ("http://b.example/x.gif", "image/gif", "http://b.example/x.gif"), ("cid:css-1@mhtml.blink", "text/css", None)]
    assert read(found[0]).strip() == "<html>浇水</html>"
    assert {item.captured_at for item in found} == {"2024-05-06T07:08:09Z"}
    assert {item.ref.container for item in look(gzip.compress(MHTML))[0]} == {"mhtml"}


def test_a_page_without_its_own_address_has_that_of_the_snapshot() -> None:
    found, _ = look(MHTML.replace(b"quoted-printable\r\nContent-Location: " + URL.encode(), b"quoted-printable"))
    assert (found[0].url, found[0].ref.member) == (URL, "<f@mhtml.blink>")


def test_a_saved_page_that_is_cut_off_is_told() -> None:
    assert look(MHTML[:-9])[1] == [("warning", "truncated", None)]


def test_parts_without_end_are_told() -> None:
    nested = b"".join(b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (number, number + 1) for number in range(3000))
    found, told = look(b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b0"\r\n\r\n' + nested)
    assert not found
    assert told


def test_a_date_that_is_none() -> None:
    found, _ = look(MHTML.replace(b"Mon, 6 May 2024 15:08:09 +0800", b"today"))
    assert found[0].captured_at is None
