"""The only door to selectolax: HTML text → lexbor's tree, the one a browser would build.

Building that tree takes time that grows with the square of the nesting and of the attributes of one tag, and memory that grows with
the nodes. So large texts are looked over first, in linear time, and what no forum would print is refused (design: Bounded).
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser as Tree
from selectolax.lexbor import LexborNode as Node

__all__ = ["Markup", "MarkupTooHeavyError", "Node", "Tree", "normal", "parse"]

MAX_CHARACTERS = 20 * 10**6
"""A page of 500 posts of 10,000 characters, each line with its jammer, has half of that."""
MAX_TAGS = 500_000
"""About 300 bytes of memory for each node."""
MAX_DEPTH = 5_000
"""Open elements at one time; 30,000 take ten seconds to build."""
MAX_TAG = 100_000
"""Characters of one tag besides its quoted values: about 10,000 attributes."""
_SMALL = 100_000
"""Characters below which nothing can be bad enough to look: a few seconds at worst, and ordinary pages are smaller."""

_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]{0,40}+)
        (?P<rest>(?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>?""",
    re.VERBOSE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# no end tag, or one that HTML itself supplies: unclosed ones are neighbours, not nested (`<li>` of a code block, `<p>`)
_FLAT = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "li", "p", "td",
    "th", "tr", "tbody", "thead", "tfoot", "dd", "dt", "option", "optgroup",
})


class MarkupTooHeavyError(ValueError):
    """HTML that would take too long or too much memory to build; the message says what is wrong with it."""


class Markup:
    """The markup of a document, looked over; a tree is built of it when somebody first asks: many pages are read without one."""

    __slots__ = ("_text", "_tree", "_utf8")

    def __init__(self, text: str, utf8: bytes | None = None) -> None:
        """Take the text of a document or of a fragment, and the same as UTF-8 if it is at hand. Raises MarkupTooHeavyError."""
        if len(text) > _SMALL:
            _look_over(text)
        self._text = text
        self._utf8 = utf8
        self._tree: Tree | None = None

    @property
    def utf8(self) -> bytes:
        """The text as UTF-8."""
        if self._utf8 is None:
            self._utf8 = self._text.encode("utf-8", "replace")
        return self._utf8

    @property
    def tree(self) -> Tree:
        """The tree, the same one each time; a fragment is inside ``body``."""
        if self._tree is None:
            self._tree = Tree(self.utf8)
        return self._tree


def parse(text: str) -> Tree:
    """The tree of a document (or of a fragment: then inside ``body``). Raises MarkupTooHeavyError; never fails otherwise."""
    return Markup(text).tree


def normal(fragment: str) -> str:
    """A fragment of HTML as lexbor writes it: every element closed, attributes in double quotes. Raises MarkupTooHeavyError.

    >>> normal("<LI title=a>one<li>two & three")
    '<li title="a">one</li><li>two &amp; three</li>'
    """
    body = parse(f"<body>{fragment}").body
    return "" if body is None else body.inner_html or ""


def _look_over(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise MarkupTooHeavyError(f"{len(text):,} characters of HTML; no forum page has more than {MAX_CHARACTERS:,}")
    if (tags := text.count("<")) > MAX_TAGS:
        raise MarkupTooHeavyError(f"{tags:,} tags; no forum page has more than {MAX_TAGS:,}")
    depth = 0
    opened: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > MAX_TAG:
            _look_into(tag["rest"])
        if tags <= MAX_DEPTH:  # too few to nest so deep
            continue
        name = tag["name"].lower()
        if name in _FLAT:
            continue
        if not tag["close"]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > MAX_DEPTH:
                raise MarkupTooHeavyError(f"more than {MAX_DEPTH:,} elements open at one time, the last a <{name}>")
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1


def _look_into(rest: str) -> None:
    if len(_QUOTED.sub("", rest)) > MAX_TAG or rest.count("<") > MAX_TAG // 10:
        raise MarkupTooHeavyError(f"one tag of {len(rest):,} characters")
