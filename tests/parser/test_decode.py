"""Bytes to text: the charset is proved, damage is replaced and reported, nothing is fatal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.errors import UsageError
from forumclean.parser.decode import DecodedStream, decode, find_charset

PROSE = "院子里的番茄今年长得不错，阳台上一共收了四斤。下一季打算换成黄瓜，听说更好养。"
TRADITIONAL = "這是一個測試，繁體中文網頁的內容與樓主發表於二○○九年，論壇裡的人都說好。"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", ("", "utf-8", "proved"), id="empty"),
        pytest.param(b"plain", ("plain", "utf-8", "proved"), id="ascii"),
        pytest.param(PROSE.encode(), (PROSE, "utf-8", "proved"), id="utf-8"),
        pytest.param("café, naïve".encode(), ("café, naïve", "utf-8", "proved"), id="accents are no GBK"),
        pytest.param("a\ufffdb".encode(), ("a\ufffdb", "utf-8", "proved"), id="a replacement character that was in the input"),
        pytest.param(b"\x00a\x1bb", ("\x00a\x1bb", "utf-8", "proved"), id="control characters stay"),
    ],
)
def test_good_text_is_left_alone(data: bytes, expected: tuple[str, str, str]) -> None:
    assert decode(data)[:4] == (*expected, ())


@pytest.mark.parametrize("data", [b"", PROSE.encode(), b"a\r\nb\r\n", b"a\rb\r\n", b"a\r", b"\xef\xbb\xbfa\r\nb", "\u0d0a\u0a0d".encode("utf-16"), PROSE.encode("gbk"), b"a\xffb\r\n"])
def test_the_bytes_given_along_are_those_of_the_text(data: bytes) -> None:
    decoded = decode(data)
    assert "\r" not in decoded.text
    assert decoded.utf8 in {None, decoded.text.encode()}


def test_good_utf8_is_given_along() -> None:
    assert decode("一行\r\n二行".encode()).utf8 == "一行\n二行".encode()


@pytest.mark.parametrize(
    ("data", "text", "encoding", "how"),
    [
        pytest.param(b"\xef\xbb\xbf" + PROSE.encode(), PROSE, "utf-8", "bom", id="utf-8 mark"),
        pytest.param(b"\xff\xfe" + PROSE.encode("utf-16-le"), PROSE, "utf-16-le", "bom", id="utf-16 mark"),
        pytest.param(b"\xfe\xff" + PROSE.encode("utf-16-be"), PROSE, "utf-16-be", "bom", id="utf-16 mark, big endian"),
        pytest.param(b"\xff\xfe\0\0" + PROSE.encode("utf-32-le"), PROSE, "utf-32-le", "bom", id="utf-32 is not taken for utf-16"),
        pytest.param((PROSE + "\n12 a\n").encode("utf-16-le"), PROSE + "\n12 a\n", "utf-16-le", "guessed", id="utf-16 without a mark"),
        pytest.param(PROSE.encode("gbk"), PROSE, "gb18030", "proved", id="gbk"),
        pytest.param(("𠮷" + PROSE).encode("gb18030"), "𠮷" + PROSE, "gb18030", "proved", id="four-byte characters"),
        pytest.param(TRADITIONAL.replace("裡", "裏").encode("big5hkscs"), TRADITIONAL.replace("裡", "裏"), "big5", "proved", id="big5"),
        pytest.param(b"<meta charset=gb2312>" + "朱镕基".encode("gbk"), "<meta charset=gb2312>朱镕基", "gb18030", "declared", id="gb2312 is read as GB18030"),
        pytest.param(b'<?xml version="1.0" encoding="GBK"?>' + PROSE.encode("gbk"), '<?xml version="1.0" encoding="GBK"?>' + PROSE, "gb18030", "declared", id="xml"),
        pytest.param(b"<meta charset=gbk>" + PROSE.encode(), "<meta charset=gbk>" + PROSE, "utf-8", "proved", id="a meta that lies: utf-8"),
        pytest.param(b"<meta charset=utf-8>" + PROSE.encode("gbk"), "<meta charset=utf-8>" + PROSE, "gb18030", "proved", id="a meta that lies: gbk"),
        pytest.param(b"<meta charset=gbk>" + TRADITIONAL.encode("big5"), "<meta charset=gbk>" + TRADITIONAL, "big5", "proved", id="a meta that lies: big5"),
        pytest.param(b"charset=gbk " + "什么".encode("gbk"), "charset=gbk 什么", "gb18030", "declared", id="gbk that is utf-8 by accident, declared"),
        pytest.param(b"charset=shift_jis " + "これは日本語".encode("shift_jis"), "charset=shift_jis これは日本語", "cp932", "declared", id="japanese"),
        pytest.param(b"caf\xe9 na\xefve", "café naïve", "windows-1252", "guessed", id="western"),
    ],
)
def test_charsets(data: bytes, text: str, encoding: str, how: str) -> None:
    assert decode(data)[:4] == (text, encoding, how, ())


def test_the_euro_byte_of_windows_is_no_damage() -> None:
    """0x80 alone: Python's gb18030 refuses it, browsers and Windows read €."""
    assert decode(b"charset=gbk " + PROSE.encode("gbk") + b" \x80 5")[0].endswith("。 € 5")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1)], ids=["at the start", "at the end"])
def test_a_character_cut_in_half_costs_that_character_only(encoding: str, cut: slice) -> None:
    text, found, _, issues = decode(PROSE.encode(encoding)[cut])[:4]
    assert found == encoding
    assert PROSE[1:-1] in text
    assert "\ufffd" in text
    assert [issue.code for issue in issues] == ["cut-bytes"]


def test_a_byte_lost_in_the_middle_is_reported() -> None:
    data = PROSE.encode()
    text, _, _, issues = decode(data[:31] + data[32:])[:4]
    assert text[:10] == PROSE[:10]
    assert text[-10:] == PROSE[-10:]
    assert issues[0].message.startswith("1 places")


@pytest.mark.parametrize(("most", "some"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_lines_in_another_charset_are_read_in_theirs(most: str, some: str) -> None:
    lines = [PROSE + str(number) for number in range(12)]
    data = b"\n".join(line.encode(some if number == 7 else most) for number, line in enumerate(lines))
    text, encoding, _, issues = decode(data)[:4]
    assert (text, encoding) == ("\n".join(lines), most)
    assert [issue.code for issue in issues] == ["mixed-encodings"]


def test_line_ends_become_newlines_and_nothing_else_changes() -> None:
    assert decode(b"a\r\nb\rc\nd\x0be\xc2\x85f\r\n\r\n").text == "a\nb\nc\nd\x0be\x85f\n\n"


def test_a_forced_charset_is_believed() -> None:
    text, encoding, how, _ = decode(PROSE.encode(), "gbk")[:4]
    assert (encoding, how) == ("gb18030", "forced")
    assert text != PROSE
    assert decode(b"caf\xe9", "latin1").text == "café"


def test_an_unknown_charset_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="klingon"):
        decode(b"x", "klingon")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16-le"])
def test_a_stream_gives_the_same_text(encoding: str) -> None:
    text = (TRADITIONAL + "\r\n") * 40_000
    data = text.encode(encoding)
    charset = find_charset(data[:100_000])
    assert "".join(DecodedStream(io.BytesIO(data), charset)) == text.replace("\r\n", "\n")


def test_a_stream_counts_what_it_replaced() -> None:
    stream = DecodedStream(io.BytesIO(PROSE.encode()[:-1]), find_charset(PROSE.encode()))
    assert "".join(stream).startswith(PROSE[:-1])
    assert [issue.code for issue in stream.issues] == ["cut-bytes"]


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=150)
def test_no_bytes_are_fatal(data: bytes) -> None:
    assert "\r" not in decode(data).text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\ufeff"), max_size=200))
@settings(deadline=None, max_examples=150)
def test_utf8_with_a_mark_comes_back_as_it_was(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()).text == text
