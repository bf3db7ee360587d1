"""The walk over one message: its tokens, open elements, running text and noise. What the elements mean is in ``message``."""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003 - kept with ClassVar, which must be real
from typing import ClassVar

from forumclean.parser.markup import noise
from forumclean.parser.markup.boxes import Boxes, Message
from forumclean.parser.markup.elements import KINDS, VOID, kind_of
from forumclean.parser.markup.flow import Flow
from forumclean.parser.markup.tokens import JAMMER, RAW, RUN, TAG, TOKENS, text_of

_NEAR = 8
"""Tokens looked at behind a hidden element for a line break: two jammers stand on an empty line, a few more where old edits left some."""
_SEO = frozenset({"br", "img", "a", "b", "i", "strong", "em", "font"})
"""Tags inside a jammer: a smiley made of two of its signs, a line break, markup of the board's own SEO words."""
_NAMES = {'font class="jammer"': "font.jammer", 'span style="display:none"': "hidden span"}
_BESIDE = re.compile(r'<span style="display:none">(?<![>\n]<span style="display:none">)')
"""A hidden span with text in front of it on its line: it may be none of Discuz's."""
_LAST_BREAK = re.compile(r"<br>((?:\s|<(?:font|span) [^>]*>[^<]*</(?:font|span)>)*)$")


class RawMetError(Exception):
    """An element whose content is no HTML: the tokens behind its tag are not to be trusted."""


def read_run(html: str) -> Message | None:
    """A message that is one run, as most are: the same that the walk makes of it. ``None`` for any other."""
    if RUN.fullmatch(html) is None or _BESIDE.search(html) is not None:
        return None
    flow = Flow()
    if "</" not in html:
        flow.text(html)
        return Message(flow.body(), html.strip())
    parts = JAMMER.split(html)
    flow.run(parts[0::3], parts[2::3], [_NAMES[which] for which in parts[1::3]])
    return Message(flow.body(), "".join(parts[0::3]).strip())


class Walk:
    """The walk over the tokens of one message: runs of text, and tags."""

    __slots__ = ("boxes", "cells", "clean", "code", "flow", "hidden", "pending", "raw", "spent", "stack", "tokens")

    handlers: ClassVar[dict[str, Callable[..., int]]] = {}
    """Kind of element (see ``elements``) → what is done: given place, name and attributes, it gives the place to go on."""

    def __init__(self, html: str, base: str | None, hidden: frozenset[str], raw: frozenset[str] = RAW) -> None:
        """As ``message.read_message``."""
        self.tokens: list[tuple[str, str, str, str]] = TOKENS.findall(html)
        self.hidden = hidden
        self.raw = raw
        """Elements before which the walk stops: their content is no HTML. Empty once they are out (what is left of them is dropped)."""
        self.flow = Flow()
        self.clean: list[str] = []
        self.boxes = Boxes(self.flow, self.clean, base)
        self.stack: list[Callable[[], None] | str] = []
        self.spent = 0
        """Tokens looked at ahead of the walk."""
        self.cells = False
        """A table was met."""
        self.code = ""
        """Inside code: ``items`` (a list item is a line), ``breaks`` or ``pre``."""
        self.pending = False
        """In code of items: a ``br`` was met; it counts only if something follows it in its item."""

    def run(self) -> Message:
        """Walk to the end; what is still open ends there. Raises RawMetError."""
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
        if written and name in noise.INLINE and ("class=" in written or "style=" in written) and (behind := self.noise(at, name, written)):
            return behind
        if name in self.raw:
            raise RawMetError
        kind = kind_of(name, written) if written else KINDS.get(name, "inline")
        if kind == "inline":
            if name == "em" and self.code:  # 复制代码, copy the code
                return self.drop(at, name, written)
            self.clean.append(f"<{name}{written}>")
            if name not in VOID:
                self.stack.append(f"</{name}>")
            return at + 1
        return self.handlers[kind](self, at, name, written)

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
            if name in self.raw:
                raise RawMetError
            depth += -1 if ends else 1
            if not depth:
                self.spent += here - at
                return here + 1
        self.spent += len(self.tokens) - at
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
        put = self.clean.append, (self.plain if self.code else self.flow.text)
        if self.cells and self.tokens[at + 1 : at + 2] and self.tokens[at + 1][2] in {"td", "th"}:
            run = _LAST_BREAK.sub(r"\1", run)  # a break at the end of a cell shows nothing
        if "</" not in run:
            put[0](run)
            put[1](run)
            return
        keep, say = put
        flow = self.flow
        parts = JAMMER.split(run)
        if not self.code and _BESIDE.search(run) is None:
            self.clean += parts[0::3]
            flow.run(parts[0::3], parts[2::3], [_NAMES[which] for which in parts[1::3]])
            return
        if parts[0]:
            keep(parts[0])
            say(parts[0])
        for place in range(1, len(parts), 3):
            which, content, behind = parts[place : place + 3]
            if which[0] == "f":
                flow.jammer(text_of(content), "font.jammer")
            elif flow.at_start or self.code or parts[place - 1][-1:] == "\n" or behind.lstrip().startswith("<br>") or noise.is_pairs(content):
                flow.jammer(text_of(content), "hidden span")
            else:  # hidden, but neither random nor beside a line break: not Discuz's
                keep(f"<{which}>{content}</span>")
                say(content)
            if behind:
                keep(behind)
                say(behind)

    def plain(self, run: str) -> None:
        """Text and line breaks of code."""
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
        elif how not in noise.SURE and not self.hides(at, name, content, pairs_only=how in noise.PAIRS_ONLY):
            return 0
        html, behind = self.inside(at)
        self.flow.jammer(text_of(TAG.sub("", html)), how)
        return behind

    def hides(self, at: int, name: str, content: str | None, *, pairs_only: bool) -> bool:
        """Whether a hidden element is noise by what it holds and where it stands.

        Text alone, or, in D4, D5 and old archivers, whose strings hold any sign, line breaks and smilies; SEO words may have tags too.
        """
        if content is not None:
            return noise.is_pairs(content) or (not pairs_only and self.at_break(at))
        inner = self.tokens[at + 1 : self.behind(at) - 1]
        return name == "span" and all(run or tag in _SEO for run, _, tag, _ in inner) and self.at_break(at)

    def at_break(self, at: int) -> bool:
        """Whether an element stands at the start or the end of a line."""
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

    def drop(self, at: int, name: str, _written: str) -> int:
        """Leave an element out with all that is in it."""
        return at + 1 if name in VOID else self.behind(at)
