"""Pages that html2text made: Markdown with links, tables and wrapped lines. Brought to the plain form of a flattened page.

What it did can be undone line by line: it fills lines to 78 characters, marks line breaks of the page by two blanks, escapes what would be
Markdown, and draws the table around each post with a rule below the row that holds its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.parser.dates import ANY
from forumclean.parser.engines.flat_columns import with_rows
from forumclean.parser.furniture import BARS, ONLY_AUTHOR, TOOLS, button_words

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDTH = 78
"""html2text's own default, in characters."""
_HEAD = re.compile(
    rf"""^(?P<panel>.{{0,3000}}?) \*\*\[\s{{0,3}} (?P<floor>[^\]\n]{{1,20}}) \]\([^()\s]{{0,400}}\)\s{{0,3}}\*\*
         (?P<between>[^\n]{{0,600}}?) _(?:发表于|發表於|发表於)\s{{1,2}}(?P<date>{ANY})_ (?P<rest>.{{0,200000}})$""",
    re.VERBOSE,
)
"""Floor with its link, icons, 楼主 beside the starter's posts, the time; then tools, and behind them the text begins on the same line."""
_TOOL = re.compile(r"\s{0,3}\|?\s{0,3}!?\[(?P<word>[^\[\]\n]{0,20})\]\([^()\n]{0,400}\)")
_URL = r"""(?:https?:|ftp:|mailto:|javascript:|thunder:|ed2k:|//|\./|\#)[^()\s]{0,800}(?:\([^()\s]{0,100}\)[^()\s]{0,200}){0,3}|/?[\w./-]{1,200}\.(?:php|html?|gif|png|jpe?g)[^()\s]{0,800}|archiver/"""
_IMAGE = re.compile(rf"""!\[[^\[\]\n]{{0,200}}\]\((?P<url>{_URL})(?:\s"[^"\n]{{0,300}}")?\)""")
_LINK = re.compile(rf"""\[(?P<text>(?:[^\[\]\n]|\[(?:[^\[\]\n]|\[[^\[\]\n]{{0,60}}\]){{0,100}}\]){{0,300}})\]\((?P<url>{_URL})(?:\s"[^"\n]{{0,300}}")?\)""")
_BARE_LINK = re.compile(r"<(?P<url>(?:https?|ftp)://[^<>\s]{1,800}|[\w.+-]{1,60}@[\w.-]{1,60})>")
_STRONG = re.compile(r"(?<!\*)\*\*(?=[^\s*])(?P<text>[^*\n]{0,200}[^\s*])\*\*(?!\*)")
_EMPHASIS = re.compile(r"(?<![\w_])_(?=[^\s_])(?P<text>[^_\n`~@#$%^&*+=|\\{}\[\]<>\"']{0,120}[^\s_])_(?![\w_])")
"""Without the signs that noise is full of."""
_EDITED = re.compile(r"^ {0,2}_ ?(?P<text>本帖最[后後]由 .{1,60}? 於?于? ?.{1,60}?(?:编辑|編輯)) ?_")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{4}|^[»›]$|^\d{1,6}$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!])")
_RULE = re.compile(r"^(?:---\|?){1,40}\s*$")
_CARD = re.compile(r"((?:\d{1,9}(?:主题|主題|帖子|积分|積分|听众|聽眾|精华|精華|回帖|好友|记录|日志|相册|分享)(?:\|\s)?){2,6})")
"""The counters of the author's card, in cells of a row."""
_ITEM = re.compile(r"^(?: {2}){1,4}(?:\d{1,4}\.|\*) ")
_SMILEY = re.compile(r"smil(?:ey|ies)/(?:[\w-]{1,40}/)?(?P<name>[\w.-]{1,60})\.\w{3,4}$")
_STANDING = re.compile(r"^\s{0,8}(?:[|>#*]|\d{1,4}\.\s|---|!\[|\[!\[)")
"""Beginnings of lines that begin something new."""
_NAME = re.compile(r"\*\*\[(?P<name>[^\[\]\n]{1,60})\]\(home\.php\?[^()\s]{0,200}\)\*\*")


def is_markdown(text: str) -> bool:
    """Whether a page's own furniture stands in it as Markdown links."""
    return any(f"[{tool}](" in text for tool in ONLY_AUTHOR)


def without_markdown(text: str) -> str:
    """The page in plain form: a line for each line of the page, without links, emphasis and rules."""
    lines = _unwrapped(text.split("\n"))
    heads = [(index, found) for index, line in enumerate(lines) if "发表" in line or "發表" in line for found in [_HEAD.match(line)] if found is not None]
    out: list[str] = []
    done = 0
    for number, (index, head) in enumerate(heads):
        out += _plain(lines[done:index])
        end = _end(lines, index + 1, heads[number + 1][0] if number + 1 < len(heads) else len(lines))
        out += _post(head, lines[index + 1:end])
        done = end
    return "\n".join([*out, *_plain(lines[done:])])


def _unwrapped(lines: list[str]) -> list[str]:
    """Undo the filling of lines: an end is the extractor's where the next word would not have fitted."""
    out: list[list[str]] = []
    last = ""
    for line in lines:
        open_line = bool(last.strip()) and not last.endswith("  ") and not _RULE.match(last)
        quoted = open_line and line.startswith("> ") and out[-1][0].startswith("> ")
        more = line[2:] if quoted else line
        fits = len(last) + 1 + len(more.split(" ", 1)[0]) <= _WIDTH
        if open_line and more.strip() and not fits and not _STANDING.match(more):
            hyphen = last.endswith("-") and last[-2:-1].isalnum() and more[:1].isalpha()
            out[-1].append(more if hyphen else f" {more}")
        else:
            out.append([line])
        last = line
    return ["".join(parts) for parts in out]


def _end(lines: list[str], start: int, limit: int) -> int:
    """The first line behind a post's buttons."""
    last = start
    for index in range(start, limit):
        if (line := lines[index]) and "](" in line and button_words(_flat(line)):
            last = index + 1
    return last if last > start else limit


def _post(head: re.Match[str], lines: list[str]) -> list[str]:
    """The lines of one post: what is left of the panel, floor and time, text, rows of their own below the rule, buttons."""
    rest = head["rest"]
    at = 0
    while (tool := _TOOL.match(rest, at)) is not None and (tool["word"] in TOOLS or rest[tool.start():].lstrip(" |").startswith("!")):
        at = tool.end()
    only = ONLY_AUTHOR[0] if any(tool in rest[:at] for tool in ONLY_AUTHOR) else ""
    text = [rest[at:].lstrip(" |"), *lines]
    rule = next((index for index in range(len(text) - 1, -1, -1) if _RULE.match(text[index])), len(text))  # tables in a text have theirs before
    below = [line.removeprefix("### ") for line in _plain(text[rule + 1:]) if line.strip(" |_")]
    buttons = len(below)
    while buttons and button_words(below[buttons - 1].strip(BARS)):
        buttons -= 1
    body = _plain(_items(text[:rule]))
    floor = _EMPHASIS.sub(r"\g<text>", head["floor"]).replace(" ", "")
    return [*_plain([head["panel"]]), floor, f"发表于 {head['date']} | {only}".rstrip(" |"), *with_rows([*body, *below[buttons:]], below[:buttons])]


def _items(lines: list[str]) -> list[str]:
    """Without the signs of lists and numbers of code, and the blank lines between them: such a line of a member's own would be escaped."""
    out: list[str] = []
    for line in lines:
        item = _ITEM.match(line)
        if item is not None and out and not out[-1]:
            out.pop()
        out.append(line if item is None else line[item.end():])
    return out


def _plain(lines: Iterable[str]) -> list[str]:
    return [part for line in lines if not _RULE.match(line) for part in _flat(line).split("\n")]


def _flat(line: str) -> str:
    """A line without Markdown."""
    line = line.rstrip(" ")
    if "](" in line:
        line = _IMAGE.sub(_image, _NAME.sub(r"\n\g<name> ", line))
        line = _LINK.sub(_text, _LINK.sub(_text, line))
        line = _CARD.sub(r"\n\1\n", line).replace("| ", "") if _CARD.search(line) else line
        if button_words(buttons := " ".join(line.replace("_", " ").strip(BARS).split())):
            return buttons
    line = _BARE_LINK.sub(r"\g<url>", line)
    line = _EDITED.sub(r"\g<text>", line)
    for mark, pattern in (("**", _STRONG), ("_", _EMPHASIS)):
        if mark in line:
            line = pattern.sub(lambda found: found["text"] if _WORDS.search(found["text"]) else found[0], line)
    return _ESCAPED.sub(r"\1", line) if "\\" in line else line


def _text(found: re.Match[str]) -> str:
    """The words of a link; a row of its own for the counters of a first post (收藏 0), with which others begin."""
    return f"{found['text'].strip('_')}\n" if "ac=favorite" in found["url"] else found["text"]


def _image(found: re.Match[str]) -> str:
    """A placeholder for what a member showed; nothing for the board's own icons."""
    url = found["url"]
    if (smiley := _SMILEY.search(url)) is not None:
        return f"[smiley: {smiley['name']}]"
    return f"[image: {url}]" if url.startswith("http") and "avatar.php" not in url and "static/image/" not in url else ""
