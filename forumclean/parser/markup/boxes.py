"""What stands inside a message besides running text: pictures, files, quotes, notices, the edit notice, media, links."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.parser.dates import ANY
from forumclean.parser.markup import links, media
from forumclean.parser.markup.files import picture_name, read_file, read_menu, smiley_name
from forumclean.parser.markup.tokens import plain, tags
from forumclean.parser.notices import EDITED, is_tip, notice_in

if TYPE_CHECKING:
    from forumclean.parser.markup.flow import Flow
    from forumclean.records import Body


class Quoted(NamedTuple):
    """A quotation inside a message."""

    pid: int | None
    author: str | None
    at: str | None
    """As printed: ``2015-1-25 12:21``."""
    text: str
    """Without the line that says who said it, and without noise."""


class Message(NamedTuple):
    """A message, read."""

    body: Body
    html: str
    """Its inner HTML: without jammers, edit notice, menus, scripts and controls; links and pictures absolute and without tokens.
    Not safe to show: ``sanitise`` does that."""
    edited: re.Match[str] | None = None
    """The edit notice: groups ``by`` and ``at`` (as printed)."""
    quotes: tuple[Quoted, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
    """Notices that stand in for content: state (``banned``, ``locked``, ``hidden``) and words."""
    attachments: tuple[dict[str, Any], ...] = ()
    """``aid``, ``name``, ``url``, ``kind`` (``image``, ``file``), ``size`` (bytes), ``downloads``: those that are known."""
    extras: dict[str, Any] | None = None
    """What else it says: ``attachments_hidden``, ``revealed``, ``price``, ``reply_to`` ``{pid, author}``."""


# NAME 发表于 DATE (X, D7; zh-TW 發表於), 原帖由 NAME 于 DATE 发表 (D4-D6); behind it perhaps the arrow back, by a URL of the board's own
_SAID = re.compile(
    rf"(?:(?:原帖由|最初由) \s? (?P<old>.{{1,60}}?) \s? [于於] \s? (?P<old_at>{ANY}) \s? (?:发表|發表|發佈)"
    rf"  | (?P<author>.{{1,60}}?) \s (?:发表于|發表於) \s? (?P<at>{ANY}) ) (?:\s*\[image:\ [^\]\s]{{1,300}}\])? \s*$",
    re.VERBOSE,
)
_REPLY = re.compile(r"(?:回复|回復|回覆)?\s*(?P<author>\S.{0,60}?)\s*的帖子$")
_PID = re.compile(r"[?&]pid=(\d{1,15})\b")
_VIEWER = re.compile(r"^[^，,]{1,40}[，,]\s?(?=如果您|本帖)|[，,]您[当當]前[积積]分[为為]\s?-?\d+|^提示\s?[:：]\s?|^购买主题\s*|\s*记录$")
"""What a notice says about the visitor, not about the post."""
_PICTURE = re.compile(r"\.(?:jpe?g|gif|png|bmp|webp)$", re.IGNORECASE)
_DEEPEST = 5
"""Quotations in quotations of which a record is made; Discuz itself makes none."""
_REVEALED = re.compile(r"以下[内內]容需要")
"""Above a part that was hidden and that this visitor may see (D6, D7): what follows can be seen by those who replied, have credits."""
_PRICE = re.compile(r"付[费費]主[题題]")
_LEADING_BREAKS = re.compile(r"^(?:\s*<br>)+\s*")


class Boxes:
    """Collects what stands inside one message while it is walked through. Handlers say whether they knew what they were given."""

    def __init__(self, flow: Flow, clean: list[str], base: str | None) -> None:
        """``flow``, ``clean``: where text and HTML grow; ``base``: what relative links refer to."""
        self.flow = flow
        self.clean = clean
        self.base = base
        self.first_line = False
        """In code of items: no line yet."""
        self.revealed = False
        self.edited_by: re.Match[str] | None = None
        self.quotes: list[Quoted] = []
        self.open_quotes: list[dict[str, Any]] = []
        self.notices: list[tuple[str, str]] = []
        self.files: dict[int | str, dict[str, Any]] = {}
        self.extras: dict[str, Any] = {}

    def message(self) -> Message:
        """All that was found."""
        html = "".join(self.clean)
        if self.edited_by is not None:
            html = _LEADING_BREAKS.sub("", html)
        if self.revealed:
            self.extras["revealed"] = True
        return Message(
            body=self.flow.body(), html=html.strip(), edited=self.edited_by, quotes=tuple(self.quotes), notices=tuple(self.notices),
            attachments=tuple(self.files.values()), extras=self.extras or None,
        )  # fmt: skip

    def put(self, placeholder: str) -> None:
        """A placeholder, in the text and in the HTML."""
        self.flow.placeholder(placeholder)
        self.clean.append(escape(placeholder, quote=False))

    # notices

    def notice(self, html: str, _attributes: dict[str, str]) -> bool:
        """``div.locked``: content is not shown, or it was paid for."""
        words = plain(html)
        known = notice_in(words)
        if known is None and _REVEALED.match(words):
            self.revealed = True
            return True
        if known is None and is_tip(words):
            self.extras["attachments_hidden"] = True
            return True
        if known is None and _PRICE.search(words):
            self.extras["price"] = _VIEWER.sub("", words.removeprefix("记录"))
            return True
        self.notices.append((known[0].state if known else "locked", words))
        reason = _VIEWER.sub("", _VIEWER.sub("", words)).replace("[", "(").replace("]", ")")
        self.flow.block()
        self.put(f"[locked: {reason[:200]}]")
        self.flow.block()
        return True

    def edited(self, html: str, _attributes: dict[str, str]) -> bool:
        """``i.pstatus``: the edit notice, if it is at the beginning and says so (members can type ``[i=s]``)."""
        if self.edited_by is not None or not self.flow.empty:
            return False
        self.edited_by = EDITED.fullmatch(plain(html))
        return self.edited_by is not None

    def tip(self, _html: str, _attributes: dict[str, str]) -> bool:
        """A tip for guests in place of attachments."""
        self.extras["attachments_hidden"] = True
        return True

    # quotes

    def open_quote(self) -> None:
        """``div.quote`` begins."""
        place = self.flow.open_quote()
        self.open_quotes.append({"place": place if len(self.open_quotes) < _DEEPEST else None, "pid": None})

    def close_quote(self) -> None:
        """It ends: who is quoted stands in its first line (X), or in its last (D7)."""
        seen = self.open_quotes.pop()
        text = "" if seen["place"] is None else self.flow.since(seen["place"])
        self.flow.close_quote()
        if seen["place"] is None:
            return
        first, _, rest = text.partition("\n")
        said = _SAID.match(first)
        if said is None:
            rest, _, last = text.rpartition("\n")
            said = _SAID.match(last)
        if said is None:
            self.quotes.append(Quoted(seen["pid"], None, None, text))
        else:
            self.quotes.append(Quoted(seen["pid"], said["author"] or said["old"], said["at"] or said["old_at"], rest.strip()))

    # links, pictures, files

    def link(self, attributes: dict[str, str], text: str) -> str:
        """The start tag of a link; a link to a post says whom a quotation or a reply is for."""
        url = links.canonical(links.resolve(attributes["href"], self.base))
        if "findpost" in url and (pid := _PID.search(url)) is not None:
            if self.open_quotes:
                self.open_quotes[-1]["pid"] = self.open_quotes[-1]["pid"] or int(pid[1])
            elif "reply_to" not in self.extras and (reply := _REPLY.match(text.strip())) is not None:
                self.extras["reply_to"] = {"pid": int(pid[1]), "author": reply["author"]}
        return f'<a href="{escape(url)}">' if url else "<a>"

    def image(self, attributes: dict[str, str]) -> None:
        """``img``: a smiley, a picture, an attached picture, or Discuz's own decoration (left out)."""
        smiley = smiley_name(attributes)
        if smiley is not None:
            self.flow.placeholder(f"[smiley: {smiley}]")
            src = links.resolve(attributes.get("src", ""), self.base)
            self.clean.append(f'<img src="{escape(src)}" alt="[smiley: {escape(smiley)}]">')
            return
        url = picture_name(attributes)
        if not url:
            return
        url = links.canonical(links.resolve(url, self.base))
        if not url:
            return
        shown = url if len(url) < 2000 and not url.startswith("data:") else url[:40] + "…"  # noqa: PLR2004 - a picture written into the page
        self.flow.placeholder(f"[image: {shown}]")
        self.clean.append(f'<img src="{escape(url)}">')
        aid = attributes.get("aid", "")  # the id alone is random for pictures that are linked, not attached
        number = int(aid) if aid.isascii() and aid.isdigit() and len(aid) < 13 else links.attachment_id(url)  # noqa: PLR2004
        if number is not None:
            self.file({"aid": number, "url": url, "kind": "image", "name": attributes.get("alt") or None})

    def file(self, seen: dict[str, Any]) -> None:
        """Remember a file; what is said of it in two places is joined."""
        key = seen.get("aid") or seen.get("url") or len(self.files)
        mine = self.files.setdefault(key, {})
        mine.update({name: value for name, value in seen.items() if value is not None and mine.get(name) is None})

    def popup(self, html: str, attributes: dict[str, str]) -> bool:
        """A menu: of a picture or file it says name, size and downloads."""
        seen = read_menu(html, attributes.get("id", ""))
        if seen is not None and (seen["aid"] in self.files or seen.get("name")):
            url = seen.pop("url")
            if url and seen["aid"] not in self.files:  # D6: the picture in front of the menu does not say that it is attached
                seen |= {"url": links.canonical(links.resolve(url, self.base)), "kind": "image" if _PICTURE.search(seen["name"]) else "file"}
            self.file(seen)
        return True

    def attachment(self, html: str, attributes: dict[str, str]) -> bool:
        """``span#attach_AID``, ``dl.tattl``, ``p.attnm``: a file, or an attached picture with its name and size."""
        seen, pictures = read_file(html, attributes.get("id", ""))
        if seen is None and not pictures:
            return False
        if seen is not None and seen.get("url") is None and "none" in attributes.get("style", ""):
            return True  # D6, D7: the sign that opens the menu of the picture behind it
        if seen is not None:
            seen["url"] = links.canonical(links.resolve(seen["url"], self.base)) if seen.get("url") else None
        for picture in pictures:
            self.image(picture)
        if seen is not None:
            if not pictures:
                self.flow.placeholder(f"[attachment: {seen.get('name') or seen.get('aid')}]")
                href = f' href="{escape(seen["url"])}"' if seen["url"] else ""
                self.clean.append(f"<a{href}>{escape(str(seen.get('name') or seen.get('aid')), quote=False)}</a>")
            self.file({**seen, "kind": "image" if pictures else "file"})
        return True

    def thumb(self, html: str, _attributes: dict[str, str]) -> bool:
        """``div.guestviewthumb``: the picture stays, the invitation to log in goes."""
        for _, attributes in tags(html, {"img"}):
            self.image(attributes)
        return True

    def media(self, html: str, attributes: dict[str, str]) -> bool:
        """A player: its address."""
        url = links.resolve(media.address(attributes, html), self.base)
        if url:
            self.flow.placeholder(f"[media: {url}]")
            self.clean.append(f'<a href="{escape(url)}">{escape(url, quote=False)}</a>')
        return True
