"""One message of a Discuz board: HTML → text with marks, clean HTML, and what stands inside it (quotes, attachments, notices, media).

One walk over the message as lexbor writes it. What each element is stands in the tables of ``elements``; the walk here makes lines of
running text and hands over to ``boxes`` what is read or left out as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forumclean.parser.markup import noise
from forumclean.parser.markup.boxes import Boxes, Message
from forumclean.parser.markup.elements import VOID, kind_of
from forumclean.parser.markup.flow import Flow
from forumclean.parser.markup.media import without_raw
from forumclean.parser.markup.tokens import TAG, attributes_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Message", "read_message"]

_STEP = 4
"""Tokens come as: end mark, name, attributes, the text behind."""


def read_message(html: str, base: str | None = None, hidden: frozenset[str] = frozenset()) -> Message:
    """Read the inner HTML of a message.

    ``html``: as lexbor writes it (a node's ``inner_html``, or ``tree.normal``). ``base``: what relative links refer to (``<base href>``);
    ``None`` leaves them relative. ``hidden``: classes that the page hides, see ``noise.hidden_classes``. Never raises.

    >>> said = read_message('one<font class="jammer">, q% [</font><br>\\ntwo <img src="a/b.png"> &lt;b&gt;', "http://b.example/")
    >>> said.body.text
    'one, q% [\\ntwo [image: http://b.example/a/b.png] <b>'
    >>> said.body.marks
    (Mark(start=3, end=9, name='jammer', detail='font.jammer'),)
    >>> said.html
    'one<br>\\ntwo <img src="http://b.example/a/b.png"> &lt;b&gt;'
    """
    return _Walk(html, base, hidden).run()


class _Walk:
    """The walk over the tokens of one message."""

    __slots__ = ("boxes", "clean", "code", "flow", "hidden", "pending", "stack", "tokens")

    def __init__(self, html: str, base: str | None, hidden: frozenset[str]) -> None:
        self.tokens: list[Any] = TAG.split(without_raw(html))
        self.hidden = hidden
        self.flow = Flow()
        self.clean: list[str] = []
        self.boxes = Boxes(self.flow, self.clean, base)
        self.stack: list[Callable[[], None] | str] = []
        self.code = ""
        """Inside code: ``items`` (a list item is a line), ``breaks`` or ``pre``."""
        self.pending = False
        """In code of items: a ``br`` was met; it counts only if something follows it in its item."""

    def run(self) -> Message:
        tokens, end = self.tokens, len(self.tokens)
        self.text(tokens[0])
        at = 1
        while at < end:
            name = tokens[at + 1]
            if name is None:  # a comment
                at += _STEP
            elif tokens[at]:
                self.close()
                at += _STEP
            elif name == "br":
                self.line_break(at)
                at += _STEP
            else:
                at = self.open(at, name, tokens[at + 2])
            self.text(tokens[at - 1])
        while self.stack:
            self.close()
        return self.boxes.message()

    def text(self, escaped: str) -> None:
        if not escaped:
            return
        self.clean.append(escaped)
        if not self.code:
            self.flow.text(text_of(escaped) if "&" in escaped else escaped)
            return
        text = text_of(escaped)
        if self.code != "pre":
            text = text.replace("\r", "").replace("\n", "")
        if text:
            if self.pending:
                self.flow.newline()
                self.pending = False
            self.flow.verbatim(text)

    def open(self, at: int, name: str, written: str) -> int:
        """An element begins: the place behind its tag, or behind its end where it is read or left out as a whole."""
        if written and (behind := self.noise(at, name, written)):
            return behind
        kind = kind_of(name, written) if written else _KIND(name, "inline")
        if kind != "inline":
            return _HANDLERS[kind](self, at, name, written)
        return self.enter(at, name, written)

    def enter(self, at: int, name: str, written: str, end: Callable[[], None] | None = None) -> int:
        """Keep the tag, and remember what its end means."""
        self.clean.append(f"<{name}{written}>")
        if name not in VOID:
            self.stack.append(f"</{name}>" if end is None else end)
        return at + _STEP

    def close(self) -> None:
        """The innermost element ends; an end without a beginning is nothing."""
        if self.stack:
            ends = self.stack.pop()
            if isinstance(ends, str):
                self.clean.append(ends)
            else:
                ends()

    def end_of(self, at: int) -> int:
        """The place of the end tag of the element that begins at ``at``."""
        tokens, depth = self.tokens, 0
        for here in range(at + _STEP, len(tokens), _STEP):
            name = tokens[here + 1]
            if name is None or name in VOID:
                continue
            if not tokens[here]:
                depth += 1
            elif depth:
                depth -= 1
            else:
                return here
        return len(tokens) - _STEP

    def inside(self, at: int) -> tuple[str, int]:
        """The HTML inside the element at ``at``, and the place behind its end."""
        tokens, end = self.tokens, self.end_of(at)
        parts = [tokens[at + 3]] if end > at else []
        for here in range(at + _STEP, end, _STEP):
            if tokens[here + 1] is not None:
                parts += "<", tokens[here], tokens[here + 1], tokens[here + 2], ">"
            parts.append(tokens[here + 3])
        return "".join(parts), end + _STEP

    # noise

    def noise(self, at: int, name: str, written: str) -> int:
        """Take in a jammer with a mark: the place behind it, or 0 if this is none."""
        if name not in noise.INLINE:
            return 0
        tokens = self.tokens
        content = tokens[at + 3]
        bare = at + _STEP < len(tokens) and tokens[at + _STEP] == "/"  # holds nothing but text
        how = noise.jammer(name, written, self.hidden)
        if how is None:
            if not (bare and noise.is_random(written, content) and self.at_break(at)):
                return 0
            how = "random string"
        elif how not in noise.SURE and not (bare and (self.at_break(at) or noise.is_pairs(content))):
            return 0
        if bare:
            self.flow.jammer(text_of(content), how)
            return at + 2 * _STEP
        html, behind = self.inside(at)
        self.flow.jammer(text_of(TAG.sub("", html)), how)
        return behind

    def at_break(self, at: int) -> bool:
        """Whether an element that holds only text stands at the start or the end of a line."""
        if self.flow.at_start or self.tokens[at - 1].endswith("\n"):
            return True
        return self.next_tag(at + _STEP) in {"br", ""}

    def next_tag(self, at: int) -> str | None:
        """What follows the tag at ``at`` with nothing but blanks and jammers between: a name, ``/name``, ``""`` at the end, else ``None``."""
        tokens, end = self.tokens, len(self.tokens)
        while True:
            if tokens[at + 3].strip(" \t\r\n"):
                return None
            at += _STEP
            if at >= end:
                return ""
            name = tokens[at + 1]
            if tokens[at]:
                return f"/{name}"
            if name not in noise.INLINE or not (noise.jammer(name, tokens[at + 2], self.hidden) or noise.is_random(tokens[at + 2], tokens[at + 3])):
                return str(name)
            if at + _STEP >= end or tokens[at + _STEP] != "/":
                return None
            at += _STEP

    # lines and blocks

    def line_break(self, at: int) -> None:
        self.clean.append("<br>")
        if self.code == "items":
            self.pending = True
        elif self.next_tag(at) not in {"/td", "/th"}:  # a break at the end of a cell or an item shows nothing
            self.flow.newline()

    def block(self, at: int, name: str, written: str) -> int:
        self.flow.block()

        def end() -> None:
            self.flow.block()
            self.clean.append(f"</{name}>")

        return self.enter(at, name, written, end)

    def rule(self, at: int, name: str, written: str) -> int:
        self.flow.block()
        return self.enter(at, name, written)

    def item(self, at: int, name: str, written: str) -> int:
        if self.code != "items":
            return self.block(at, name, written)
        if not self.boxes.first_line:
            self.flow.newline()
        self.boxes.first_line = self.pending = False
        return self.enter(at, name, written, self.end_item)

    def end_item(self) -> None:
        self.pending = False
        self.clean.append("</li>")

    def cell(self, at: int, name: str, written: str) -> int:
        self.flow.cell()
        return self.enter(at, name, written)

    def unwrap(self, at: int, _name: str, _written: str) -> int:
        self.stack.append("")
        return at + _STEP

    # quotes, code, parts that were hidden

    def quote(self, at: int, name: str, written: str) -> int:
        self.boxes.open_quote()

        def end() -> None:
            self.boxes.close_quote()
            self.clean.append(f"</{name}>")

        return self.enter(at, name, written, end)

    def code_block(self, at: int, name: str, written: str) -> int:
        if self.code:
            return self.enter(at, name, written)
        names = self.tokens[at + _STEP + 1 : self.end_of(at) : _STEP]
        self.code = "pre" if name == "pre" else "items" if "li" in names else "breaks" if "br" in names else "pre"
        self.boxes.first_line = True
        self.flow.open_code()

        def end() -> None:
            self.code, self.pending = "", False
            self.flow.close_code()
            self.clean.append(f"</{name}>")

        return self.enter(at, name, written, end)

    def revealed(self, at: int, name: str, written: str) -> int:
        self.boxes.revealed = True
        return self.block(at, name, written)

    # what is read as a whole

    def whole(self, at: int, name: str, written: str) -> int:
        """Hand an element with all that is in it to the boxes; what they do not know is walked through."""
        html, behind = self.inside(at) if name not in VOID else ("", at + _STEP)
        kind = kind_of(name, written)
        if getattr(self.boxes, kind)(html, attributes_of(written)):
            return behind
        return self.block(at, name, written) if name in {"div", "p", "dl"} else self.enter(at, name, written)

    def drop(self, at: int, name: str, _written: str) -> int:
        return at + _STEP if name in VOID else self.end_of(at) + _STEP

    def image(self, at: int, _name: str, written: str) -> int:
        self.boxes.image(attributes_of(written))
        return at + _STEP

    def link(self, at: int, _name: str, written: str) -> int:
        if "href=" not in written:
            return self.unwrap(at, "a", written)
        self.clean.append(self.boxes.link(attributes_of(written), self.tokens[at + 3]))
        self.stack.append("</a>")
        return at + _STEP
