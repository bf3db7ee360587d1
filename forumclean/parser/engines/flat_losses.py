"""Texts that an extractor made of a Discuz page and that hold no posts any more: said, with the reason, instead of posts made of rubbish."""

from __future__ import annotations

import re

from forumclean.parser.furniture import COPY_LINK
from forumclean.records import Issue

_PAGE = re.compile(
    r"""Powered\ by\ Discuz | ^GMT[+-]\d[^\n]{0,40}Processed\ in | 本版[积積]分[规規][则則] | (?:查看|閱讀)\s?[:：]\s?\d+\s?\\?[|\s]\s?回[复復覆]\s?[:：]
      | 当前(?:离线|在线)$ | 當前(?:離線|在線)$ | 发表于\ \d{4}-\d{1,2}-\d{1,2}""",
    re.VERBOSE | re.MULTILINE,
)
"""What the templates print around posts."""
_NOISE = re.compile(r"(?:[!-;] [?-~]){6,}")
"""A jammer, as far as it needs no care here: it only tells whose page this was."""
_NOISE_FROM = 3
_ROW = re.compile(r"^\|(?P<cells>[^\n]*)\|[ \t]*$", re.MULTILINE)
_LONG = 60  # characters in the cells of a row before it can be a whole post
_ROWS = 2
_LOOKED_AT = 400_000


def loss_of(text: str) -> Issue | None:
    """What an extractor lost of a Discuz thread page, if ``text`` is what it left of one; ``None`` for any other text."""
    text = text[:_LOOKED_AT]
    noise = sum(1 for _, _ in zip(_NOISE.finditer(text), range(_NOISE_FROM), strict=False))
    furniture = _PAGE.search(text) is not None or any(link in text for link in COPY_LINK)
    if noise < _NOISE_FROM and not furniture:
        return None
    rows = sum(len(row["cells"]) > _LONG for row in _ROW.finditer(text))
    if rows >= _ROWS:
        return Issue(
            level="warning", stage="parse", code="lines-lost",
            message=f"is a Discuz page of which an extractor made a table: each of {rows} rows is a post without its line breaks, author and time, "
            "so none is made of it; kept as a document (flatten the page again with an extractor that keeps lines, or give the HTML)",
        )
    return Issue(
        level="warning", stage="parse", code="posts-not-found",
        message="is what an extractor left of a Discuz page: times and panels that tell posts apart are gone, so no post is made of it; "
        "kept as a document (flatten the page again with an extractor that keeps them, or give the HTML)",
    )
