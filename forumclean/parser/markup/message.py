"""One message of a Discuz board: HTML → text with marks, clean HTML, and what stands inside it (quotes, attachments, notices, media).

One walk over the message as lexbor writes it. What each element is stands in the tables of ``elements``; the walk here makes lines of
running text and hands over to ``boxes`` what is read or left out as a whole.
"""

from __future__ import annotations

import re

from forumclean.parser.markup.boxes import Message
from forumclean.parser.markup.elements import VOID, kind_of
from forumclean.parser.markup.media import without_raw
from forumclean.parser.markup.tokens import attributes_of, plain
from forumclean.parser.markup.walk import RawMetError, Walk, read_run
from forumclean.parser.notices import EDITED

__all__ = ["Message", "read_message"]

_PATIENCE = 30
"""How many times the tokens of a message may be looked at ahead."""
# above a part that was hidden, a quotation, code (D6), a list of files: that there is one
_LABEL = re.compile(r"\s*(?:本帖隐藏的内容|本帖隱藏的內容|以下内容需要|以下內容需要|引用|代码|代碼|原帖|(?:本[帖贴])?附件[:：]?\s*$)")

_BELOW = re.compile(r"\bclass=\"(?:box )?(?:postattachlist|t_attachlist|notice|locked|pattl)\b")
"""What stands below a message and is read with it."""


def read_message(html: str, base: str | None = None, hidden: frozenset[str] = frozenset()) -> Message:
    r"""Read the inner HTML of a message.

    ``html``: as lexbor writes it (a node's ``inner_html``, or ``tree.normal``). ``base``: what relative links refer to (``<base href>``);
    ``None`` leaves them relative. ``hidden``: classes that the page hides, see ``noise.hidden_classes``. Never raises.

    >>> said = read_message('one<font class="jammer">, q% [</font><br>\ntwo <img src="a/b.png"> &lt;b&gt;', "http://b.example/")
    >>> said.body.text
    'one, q% [\ntwo [image: http://b.example/a/b.png] <b>'
    >>> said.body.marks
    (Mark(start=3, end=9, name='jammer', detail='font.jammer'),)
    >>> said.html
    'one<br>\ntwo <img src="http://b.example/a/b.png"> &lt;b&gt;'
    """
    if (message := read_run(html)) is not None:
        return message
    try:
        return _Reader(without_raw(html) if "<!" in html else html, base, hidden).run()
    except RawMetError:
        return _Reader(without_raw(html), base, hidden, raw=frozenset()).run()


class _Reader(Walk):
    """What each kind of element does."""

    __slots__ = ()

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

    def italic(self, at: int, name: str, written: str) -> int:
        """Discuz 4 to 6 wrote the edit notice behind the text: ``[<i> 本帖最后由 … 编辑 </i>]``, and upgraded boards still print it."""
        behind = self.tokens[at + 3 : at + 5]
        content = self.content(at)
        last = bool(behind) and behind[0][0].strip() == "]" and (len(behind) == 1 or _BELOW.search(behind[1][3]) is not None)
        if content and last and self.boxes.edited_by is None and self.flow.ends_with("["):
            self.boxes.edited_by = EDITED.fullmatch(plain(content))
            if self.boxes.edited_by is not None:
                self.flow.cut_end()
                self.clean[-1] = self.clean[-1].rstrip()[:-1].rstrip()
                return at + 4
        return self.enter(at, name, written)

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
        if self.spent > _PATIENCE * len(self.tokens):  # boxes in boxes without end, and none of them Discuz's
            return self.block(at, name, written)
        html, behind = self.inside(at) if name not in VOID else ("", at + 1)
        kind = kind_of(name, written)
        if getattr(self.boxes, kind)(html, attributes_of(written)):
            return behind
        return self.block(at, name, written) if name in {"div", "p", "dl"} else self.enter(at, name, written)

    def image(self, at: int, _name: str, written: str) -> int:
        self.boxes.image(attributes_of(written))
        return at + 1

    def link(self, at: int, _name: str, written: str) -> int:
        if "href=" not in written:
            return self.unwrap(at, "a", written)
        self.clean.append(self.boxes.link(attributes_of(written), self.content(at) or ""))
        self.stack.append("</a>")
        return at + 1


_Reader.handlers = {
    "link": _Reader.link, "image": _Reader.image, "rule": _Reader.rule, "pre": _Reader.code_block, "code": _Reader.code_block, "item": _Reader.item,
    "cell": _Reader.cell, "block": _Reader.block, "drop": _Reader.drop, "unwrap": _Reader.unwrap, "quote": _Reader.quote, "revealed": _Reader.revealed,
    "italic": _Reader.italic,
    **dict.fromkeys(("media", "notice", "edited", "tip", "thumb", "popup", "attachment"), _Reader.whole),
}  # fmt: skip
