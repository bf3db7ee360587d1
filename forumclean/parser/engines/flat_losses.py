"""Texts that an extractor made of a Discuz page and that hold no posts (any more): said, with the reason, instead of posts made of rubbish.

A list of threads, the index and a notice never held posts, and printed data is no page: no posts are missed there.
"""

from __future__ import annotations

import re

from forumclean.parser.engines.not_content_table import MESSAGES
from forumclean.parser.furniture import COPY_LINK, COUNTERS, FOOTER
from forumclean.records import Issue

_PAGE = re.compile(
    r"""Powered\ by\ Discuz | ^GMT[+-]\d[^\n]{0,40}\n?[^\n]{0,5}Processed\ in | 本版[积積]分[规規][则則] | (?:查看|閱讀)\s?[:：]\s?\d+\s?\\?[|\s]\s?回[复復覆]\s?[:：]
      | 当前(?:离线|在线)$ | 當前(?:離線|在線)$ | 发表于\ \d{4}-\d{1,2}-\d{1,2}""",
    re.VERBOSE | re.MULTILINE,
)
"""What the templates print around posts."""
_PRINTED = re.compile(r"""\A\s{0,200}(?:Array\b\s{0,20}\(|array\s?\(|<\?xml|[\[{]\s{0,20}["{\[\]]|[aO]:\d{1,9}:(?:\{|")|\[\w{1,40}\]\s?=>)""", re.IGNORECASE)
"""How print_r, var_dump, var_export, JSON, serialize and XML begin."""
_LIST = re.compile(
    r"""(?:回[复復覆]/查看|查看/回[复復覆])[\s|\\]{0,9}最[后後][发發]表 | 今日\s?[:：]\s?\**\d+[^\n\d]{1,20}(?:昨日|主[题題])\s?[:：] | [欢歡]迎新[会會][员員] | 在[线線][会會][员員]\s?-\s
      | ^[\s|*#-]{0,9}快速[发發]帖$ | 本版[积積]分[规規][则則]\s{1,3}[发發]表帖子""",
    re.VERBOSE | re.MULTILINE,
)
"""What lists of threads (head of the table, figures of the forum, the form for a new thread) and the index print, and thread pages do not."""
_SORRY = re.compile(r"^[\s|*#>]{0,20}(?:抱歉|对不起|對不起)[，,！!\s](?P<words>[^\n]{2,200})", re.MULTILINE)
_NOTICE_PAGE = 4000  # characters that are no blanks; notice pages are short
_FOOT = re.compile(r"(?:Copyright\b|©|,?\s?Processed in\b|[\s.]*$)")
_NOISE = re.compile(r"(?:[!-;] [?-~]){6,}")
"""A jammer, as far as it needs no care here: it only tells whose page this was."""
_NOISE_FROM = 3
_ROW = re.compile(r"^\|(?P<cells>[^\n]*)\|[ \t]*$", re.MULTILINE)
_LONG = 60  # characters in the cells of a row before it can be a whole post
_ROWS = 2
_LOOKED_AT = 400_000


def is_of_board(text: str) -> bool:
    """Whether ``text`` is what an extractor left of any page of a Discuz board: what its templates print is in it, or jammers are."""
    text = text[:_LOOKED_AT]
    return _PAGE.search(text) is not None or any(link in text for link in COPY_LINK) or _noisy(text)


def loss_of(text: str) -> Issue | None:
    """What an extractor lost of a Discuz page, if ``text`` is what it left of one; ``None`` for any other text and where nothing is lost."""
    text = text[:_LOOKED_AT]
    if not is_of_board(text) or _PRINTED.match(text):
        return None
    of_thread = any(link in text for link in COPY_LINK) or COUNTERS.search(text) is not None or _noisy(text)
    if not of_thread and (other := _without_posts(text)) is not None:
        return other
    if all(FOOTER.match(line) or _FOOT.match(line) for line in map(str.strip, text.split("\n"))):
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


def _noisy(text: str) -> bool:
    return sum(1 for _ in zip(_NOISE.finditer(text), range(_NOISE_FROM), strict=False)) >= _NOISE_FROM


def _without_posts(text: str) -> Issue | None:
    """Say of a flattened list, index or notice what it is."""
    if _LIST.search(text) is not None:
        return Issue(
            level="info", stage="parse", code="list-flattened",
            message="is a list of threads or forums that an extractor flattened: lists are read from HTML pages only; kept as a document",
        )
    if len("".join(text.split())) > _NOTICE_PAGE:
        return None
    for sorry in _SORRY.finditer(text):
        name = next((sign.name for sign in MESSAGES if sign.pattern.search(sorry["words"])), None)
        if name is not None:
            return Issue(level="info", stage="parse", code="notice-flattened", message=f"is a notice of a Discuz board ({name}) that holds no posts; kept as a document")
    return None
