"""print_r dumps in a document: their forum configs, and the text around them.

A document in memory is split at its blocks. A large dump is read block by block and given in parts, so that memory does not grow
with it; the text between its blocks is kept up to ``MAX_BETWEEN``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.decode import Charset, DecodedStream
from forumclean.parser.php.forum_config import forum_config, forum_rows
from forumclean.parser.php.headers import find_header
from forumclean.parser.php.print_r import find_blocks, read_blocks
from forumclean.parser.secrets import mask_text
from forumclean.records import Document, Issue
from forumclean.settings import MAX_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from forumclean.parser.php.values import Block
    from forumclean.records import ForumConfig, Page

LARGE = 4 * 10**6
"""Bytes from which a dump is read block by block."""
MAX_BETWEEN = MAX_DOCUMENT // 4
"""Code points of text between the blocks of a large dump that are kept; a code point takes up to four bytes."""
PART = 200
"""Configs on one page of a large dump."""


class Dump(NamedTuple):
    """What the blocks of a document hold."""

    kind: str
    """``config`` if there is a forum's row among them, else ``print_r``."""
    configs: tuple[ForumConfig, ...]
    issues: tuple[Issue, ...]
    rest: str
    """The text without the blocks of forum rows; arrays of other things stay in it."""
    reasons: tuple[str, ...]


def holds_dump(text: str) -> bool:
    r"""Whether a printed array begins in ``text``.

    >>> holds_dump("see:\nArray\n(\n [fid] => 2"), holds_dump("an Array of things")
    (True, False)
    """
    return find_header(text) is not None


def split_dump(text: str, *, keep_private: bool) -> Dump | None:
    """Take the forum rows out of a text; ``None`` if it holds no printed array. Identical rows are kept once."""
    if not holds_dump(text):
        return None
    configs: dict[ForumConfig, None] = {}
    issues: list[Issue] = []
    rest: list[str] = []
    at = others = copies = 0
    for block in find_blocks(text):
        found, said = _configs(block, keep_private=keep_private)
        if not found:
            others += 1
            continue
        copies += sum(config in configs for config in found)
        configs.update(dict.fromkeys(found))
        issues += said
        rest.append(text[at:block.start])
        at = block.end
    if not configs and not others:
        return None
    rest.append(text[at:])
    if copies:
        issues.append(Issue(level="info", stage="parse", code="repeated-block", message=f"{copies} identical config blocks left out"))
    reasons = (f"{len(configs)} forum config blocks",) if configs else (f"{others} printed PHP values, none of them a forum",)
    return Dump("config" if configs else "print_r", tuple(configs), tuple(dict.fromkeys(issues)), "".join(rest), reasons)


def read_dump(stream: BinaryIO, charset: Charset, page: Page, *, keep_private: bool) -> Iterator[Page]:
    """Read a large dump block by block; give pages of up to ``PART`` configs, the last one with the text between the blocks."""
    text = DecodedStream(stream, charset)
    between = _Between(text)
    base = replace(page, kind="config", engine="print_r", score=1.0, encoding=charset.name, encoding_how=charset.how,
                   reasons=("a large dump, read block by block",))
    configs: dict[ForumConfig, None] = {}
    issues: dict[Issue, None] = {}
    any_config = False
    for block in read_blocks(between):
        found, said = _configs(block, keep_private=keep_private)
        between.pass_over(block, keep=not found)
        configs.update(dict.fromkeys(found))
        issues.update(dict.fromkeys(said))
        if len(configs) >= PART:
            any_config = True
            yield replace(base, configs=tuple(configs), issues=tuple(issues))
            configs, issues = {}, {}
    rest = between.finish()
    document = Document(text=rest if keep_private else mask_text(rest)) if rest.strip() else None
    kind = "config" if any_config or configs else "print_r" if rest.strip() else "text"
    yield replace(base, kind=kind, configs=tuple(configs), document=document, issues=(*issues, *text.issues, *between.issues))


def onto_page(page: Page, dump: Dump) -> Page:
    """The page with the configs of a dump printed on it; their jammer flag, if they agree on one, is evidence."""
    jammers = {config.jammer for config in dump.configs} - {None}
    return replace(
        page, kind=dump.kind, engine="print_r", score=1.0, configs=dump.configs, reasons=dump.reasons, issues=(*page.issues, *dump.issues),
        evidence=replace(page.evidence, jammer=jammers.pop() if len(jammers) == 1 else None),
    )


def _configs(block: Block, *, keep_private: bool) -> tuple[list[ForumConfig], list[Issue]]:
    found, issues = [], []
    for row in forum_rows(block.value):
        config, said = forum_config(row, complete=block.complete, keep_private=keep_private)
        issues += said
        if config is not None:
            found.append(config)
    return found, issues


class _Between:
    """Hands chunks on to the reader of blocks and keeps the text that no block takes."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = chunks
        self._held, self._base = "", 0
        """Text not yet given away for good, and the offset of its first character."""
        self._done = 0
        self._kept: list[str] = []
        self._size = 0
        self._lost = 0

    def __iter__(self) -> Iterator[str]:
        for chunk in self._chunks:
            self._held, self._base = self._held[self._done - self._base:] + chunk, self._done
            yield chunk

    def pass_over(self, block: Block, *, keep: bool) -> None:
        """Keep the text up to a block, and the block itself if ``keep``."""
        self._take(block.end if keep else block.start)
        self._done = block.end

    def finish(self) -> str:
        """All text that was kept."""
        self._take(self._base + len(self._held))
        return "".join(self._kept)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What was too much to keep."""
        if not self._lost:
            return ()
        message = f"{self._lost} characters between the config blocks are over the limit of {MAX_BETWEEN // 10**6} million: not kept"
        return (Issue(level="error", stage="parse", code="too-large", message=message),)

    def _take(self, end: int) -> None:
        piece = self._held[self._done - self._base:end - self._base]
        self._done = max(end, self._done)
        if not piece.strip():
            return
        if self._size + len(piece) > MAX_BETWEEN:
            self._lost += len(piece)
            return
        self._kept.append(piece)
        self._size += len(piece)
