"""Texts that were encoded as UTF-8 twice, and texts that only look so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.parser.decode import decode
from forumclean.parser.twice import once

# "the carp in the village pond are said to be older than the mill, though nobody ever counted their rings"
PROSE = "听说村口池塘里的鲤鱼比磨坊还老，可是谁也没有数过它们鳞片上的年轮。"


def twice(text: str, charset: str) -> bytes:
    """Encoded as UTF-8, taken for ``charset``, and encoded again; bytes that it does not know are passed through, as programs do."""
    return "".join(bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in text.encode()).encode()


@pytest.mark.parametrize("text", [
    pytest.param("", id="nothing"),
    pytest.param("plain words", id="ASCII"),
    pytest.param(PROSE, id="once"),
    pytest.param("Émile a mangé des pâtes à côté du château. " * 9, id="French"),
    pytest.param(f"{PROSE} é becomes Ã©, 你好 becomes ä½\xa0å¥½", id="a text about it"),
    pytest.param("é becomes Ã©, à becomes Ã\xa0", id="a text about it, in English"),
    pytest.param("你好".encode().decode("latin-1"), id="too little to be sure"),
    pytest.param(PROSE.encode().decode("latin-1") + " café", id="not all of it"),
])
def test_left_alone(text: str) -> None:
    """What is not proved is not changed."""
    assert once(text) is None
    assert decode(text.encode())[0] == text


@pytest.mark.parametrize("charset", ["latin-1", "cp1252"])
def test_read_as_it_was_meant(charset: str) -> None:
    """The text comes back, an issue says so; --encoding takes it as it stands."""
    data = twice(PROSE, charset)
    assert decode(data).text == PROSE
    assert [issue.code for issue in decode(data).issues] == ["encoded-twice"]
    assert decode(data, "utf-8").text == data.decode()


@given(st.text(alphabet=PROSE, min_size=20, max_size=60), st.sampled_from(["latin-1", "cp1252"]))
def test_any_prose_comes_back(text: str, charset: str) -> None:
    """Nothing is lost or changed on the way."""
    assert once(twice(PROSE + text, charset).decode()) == PROSE + text
