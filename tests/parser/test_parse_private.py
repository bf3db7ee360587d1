"""Secrets stay out of every document that a page leaves (design: law 7)."""

from __future__ import annotations

import pytest

from forumclean.parser import parse
from forumclean.records import RawDocument
from forumclean.settings import Settings

# two flattened posts; then a paragraph about the board, with a member's row printed into it
POSTS = "".join(
    f"用户{name}\n用户{name}\n当前离线\n积分86\n发表于 2023-6-4 21:15:0{number}\n|\n只看该作者\n今天浇了第 {number} 次水。\n回复\n举报\n"
    for number, name in enumerate("甲乙", 1)
)
PROSE = "本站的历史和规矩写在这里,给第一次来的客人看,内容比较长,请慢慢读完再发言,不要着急。" * 8
AROUND = f"{PROSE}\n    [email] => someone@example.org\n    [password] => sesame99\n{PROSE}\n    [salt] => a1b2c3d4\n"


@pytest.mark.parametrize("text", [pytest.param(POSTS + AROUND, id="outside the posts of a thread"), pytest.param(AROUND, id="no forum page")])
def test_secrets_are_masked_in_what_is_kept_as_a_document(text: str) -> None:
    """Masked by default, kept on demand; the prose around them is kept either way."""
    for keep in (False, True):
        page, = parse(RawDocument.from_bytes(text.encode(), "page.txt"), Settings(keep_private=keep))
        assert page.document is not None
        assert page.document.text.count(PROSE) == 2
        assert [secret in page.document.text for secret in ("someone@example.org", "sesame99", "a1b2c3d4")] == [keep] * 3
