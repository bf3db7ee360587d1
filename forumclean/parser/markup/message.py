"""One message of a Discuz board: HTML → text with marks, clean HTML, and what stands inside it (quotes, attachments, notices, media).

One walk over the message as lexbor writes it. What each element is stands in the tables of ``elements``; the walk here makes lines of
running text and hands over to ``boxes`` what is read or left out as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from forumclean.parser.markup import noise
from forumclean.parser.markup.boxes import Boxes, Message
from forumclean.parser.markup.elements import KINDS, VOID, kind_of
from forumclean.parser.markup.flow import Flow
from forumclean.parser.markup.media import without_raw
from forumclean.parser.markup.tokens import JAMMER, TAG, TOKENS, attributes_of, text_of

__all__ = ["Message", "read_message"]

_NEAR = 8
"""Tokens looked at behind a hidden element for a line break: two jammers stand on an empty line, a few more where old edits left some."""
_LAST_BREAK = re.compile(r"<br>\s*$")
# above a part that was hidden, a quotation, code (D6): that there is one
_LABEL = re.compile(r"\s*(?:本帖隐藏的内容|本帖隱藏的內容|以下内容需要|以下內容需要|引用|代码|代碼|原帖)")


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
    """The walk over the tokens of one message: runs of text, and tags."""

    __slots__ = ("boxes", "cells", "clean", "code", "flow", "hidden", "pending", "stack", "tokens")

    def __init__(self, html: str, base: str | None, hidden: frozenset[str]) -> None:
        self.tokens: list[tuple[str, str, str, str]] = TOKENS.findall(without_raw(html))
        self.hidden = hidden
        self.flow = Flow()
        self.clean: list[str] = []
        self.boxes = Boxes(self.flow, self.clean, base)
        self.stack: list[Callable[[], None] | str] = []
        self.cells = False
        """A table was met."""
        self.code = ""
        """Inside code: ``items`` (a list item is a line), ``breaks`` or ``pre``."""
        self.pending = False
        """In code of items: a ``br`` was met; it counts only if something follows it in its item."""

    def run(self) -> Message:
        tokens, end = self.tokens, len(self.tokens)
        at = 0
        while at < end:
            run, ends, name, written = tokens[at]
            if run:
                self.text(at, run)
                at += 1
            elif ends:
                self.close()
                at += 1
            else:
                at = self.open(at, name, written)
        while self.stack:
            self.close()
        return self.boxes.message()

    def open(self, at: int, name: str, written: str) -> int:
        """An element begins: the place behind its tag, or behind its end where it is read or left out as a whole."""
        if written and name in noise.INLINE and (behind := self.noise(at, name, written)):
            return behind
        kind = kind_of(name, written) if written else KINDS.get(name, "inline")
        if kind == "inline":
            if name == "em" and self.code:  # 复制代码, copy the code
                return self.drop(at, name, written)
            self.clean.append(f"<{name}{written}>")
            if name not in VOID:
                self.stack.append(f"</{name}>")
            return at + 1
        return _HANDLERS[kind](self, at, name, written)

    def enter(self, at: int, name: str, written: str, end: Callable[[], None] | None = None) -> int:
        """Keep the tag, and remember what its end means."""
        self.clean.append(f"<{name}{written}>")
        if name not in VOID:
            self.stack.append(f"</{name}>" if end is None else end)
        return at + 1

    def close(self) -> None:
        """The innermost element ends; an end without a beginning is nothing."""
        if self.stack:
            ends = self.stack.pop()
            if isinstance(ends, str):
                self.clean.append(ends)
            else:
                ends()

    def behind(self, at: int) -> int:
        """The place behind the end of the element that begins at ``at``."""
        depth = 0
        for here in range(at, len(self.tokens)):
            run, ends, name, _ = self.tokens[here]
            if run or name in VOID:
                continue
            depth += -1 if ends else 1
            if not depth:
                return here + 1
        return len(self.tokens)

    def inside(self, at: int) -> tuple[str, int]:
        """The HTML inside the element at ``at``, and the place behind its end."""
        behind = self.behind(at)
        return "".join(run or f"<{ends}{name}{written}>" for run, ends, name, written in self.tokens[at + 1 : behind - 1]), behind

    def content(self, at: int) -> str | None:
        """The text of the element at ``at`` if it holds nothing else."""
        inner = self.tokens[at + 1 : at + 3]
        if inner and inner[0][1]:
            return ""
        return inner[0][0] if len(inner) > 1 and inner[1][1] and "<" not in inner[0][0] and inner[0][0] else None

    # text and noise

    def text(self, at: int, run: str) -> None:
        """A run: text and line breaks go to the flow; a jammer leaves its characters there, marked."""
        if "</" not in run:
            self.plain(at, run, run)
            return
        parts = JAMMER.split(run)
        last = len(parts) - 1
        self.plain(at if last == 0 else -1, parts[0], parts[0])
        for place in range(1, last, 3):
            which, content, behind = parts[place], parts[place + 1], parts[place + 2]
            if which[0] == "f" or self.flow.at_start or self.code or behind.lstrip().startswith("<br>") or noise.is_pairs(content) or (
                parts[place - 1].endswith("\n")
            ):
                self.flow.jammer(text_of(content), "font.jammer" if which[0] == "f" else "hidden span")
                self.plain(at if place + 2 == last else -1, behind, behind)
            else:  # hidden, but neither random nor beside a line break: not Discuz's
                self.plain(-1, content, f"<{which}>{content}</span>")
                self.plain(at if place + 2 == last else -1, behind, behind)

    def plain(self, at: int, run: str, html: str) -> None:
        """Text and line breaks without noise. ``at``: the place of the run if this is its end, else -1."""
        if not run:
            return
        self.clean.append(html)
        if self.code:
            self.lines_of_code(run)
        elif self.cells and at >= 0 and self.tokens[at + 1 : at + 2] and self.tokens[at + 1][2] in {"td", "th"}:
            self.flow.text(_LAST_BREAK.sub("", run))  # a break at the end of a cell shows nothing
        else:
            self.flow.text(run)

    def lines_of_code(self, run: str) -> None:
        if self.code == "pre":
            self.flow.verbatim(text_of(run.replace("<br>", "\n")))
            return
        for number, piece in enumerate(run.replace("\r", "").replace("\n", "").split("<br>")):
            if number and self.code == "items":
                self.pending = True
            elif number:
                self.flow.newline()
            if piece:
                if self.pending:
                    self.flow.newline()
                    self.pending = False
                self.flow.verbatim(text_of(piece))

    def noise(self, at: int, name: str, written: str) -> int:
        """Take in a jammer of another shape with a mark: the place behind it, or 0 if this is none."""
        how = noise.jammer(name, written, self.hidden)
        if how is None and "class=" not in written:
            return 0
        content = self.content(at)
        if how is None:
            if content is None or not noise.is_pairs(content) or not self.at_break(at):
                return 0
            how = "random string"
        elif how not in noise.SURE and (content is None or not (self.at_break(at) or noise.is_pairs(content))):
            return 0
        html, behind = self.inside(at)
        self.flow.jammer(text_of(TAG.sub("", html)), how)
        return behind

    def at_break(self, at: int) -> bool:
        """Whether an element that holds only text stands at the start or the end of a line."""
        if self.flow.at_start or (at and self.tokens[at - 1][0].endswith("\n")):
            return True
        behind = self.behind(at)
        for run, ends, name, written in self.tokens[behind : behind + _NEAR]:
            if run and not (run := JAMMER.sub("", run).lstrip()):
                continue
            if run:
                return run.startswith("<br>")
            if ends:
                continue
            if name not in noise.INLINE or noise.jammer(name, written, self.hidden) is None:
                return False
        return behind >= len(self.tokens)

    # blocks

    def block(self, at: int, name: str, written: str) -> int:
        if name in {"h4", "h5"} and _LABEL.match(self.content(at) or ""):
            return self.drop(at, name, written)
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
        self.cells = True
        self.flow.cell()
        return self.enter(at, name, written)

    def unwrap(self, at: int, _name: str, _written: str) -> int:
        self.stack.append("")
        return at + 1

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
        inner, _ = self.inside(at)
        self.code = "pre" if name == "pre" else "items" if "<li" in inner else "breaks" if "<br" in inner else "pre"
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
        html, behind = self.inside(at) if name not in VOID else ("", at + 1)
        kind = kind_of(name, written)
        if getattr(self.boxes, kind)(html, attributes_of(written)):
            return behind
        return self.block(at, name, written) if name in {"div", "p", "dl"} else self.enter(at, name, written)

    def drop(self, at: int, name: str, _written: str) -> int:
        return at + 1 if name in VOID else self.behind(at)

    def image(self, at: int, _name: str, written: str) -> int:
        self.boxes.image(attributes_of(written))
        return at + 1

    def link(self, at: int, _name: str, written: str) -> int:
        if "href=" not in written:
            return self.unwrap(at, "a", written)
        self.clean.append(self.boxes.link(attributes_of(written), self.content(at) or ""))
        self.stack.append("</a>")
        return at + 1


_HANDLERS: dict[str, Callable[[_Walk, int, str, str], int]] = {
    "link": _Walk.link, "image": _Walk.image, "rule": _Walk.rule, "pre": _Walk.code_block, "code": _Walk.code_block, "item": _Walk.item,
    "cell": _Walk.cell, "block": _Walk.block, "drop": _Walk.drop, "unwrap": _Walk.unwrap, "quote": _Walk.quote, "revealed": _Walk.revealed,
    **dict.fromkeys(("media", "notice", "edited", "tip", "thumb", "popup", "attachment"), _Walk.whole),
}  # fmt: skip
"""Kind (see ``elements``) → what is done. Each is given place, name and attributes, and gives the place to go on."""
