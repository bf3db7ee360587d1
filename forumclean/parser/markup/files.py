"""Pictures, smilies and attached files, as the markup of Discuz names them (discuz-facts.md §2.6)."""

from __future__ import annotations

import re
from typing import Any

from forumclean.parser.markup.links import attachment_id
from forumclean.parser.markup.tokens import plain, tags

_SMILEY = re.compile(r"(?:/|^)(?:images/smilies|static/image/smiley|smiley)/(?P<set>[^/]+)/(?P<name>[^/?]+?)\.\w{2,4}(?:\?|$)", re.IGNORECASE)
# Discuz's own pictures: icons of file types, the arrow behind a quotation, empty placeholders, buttons
_OWN = re.compile(
    r"(?:static/image/(?:filetype|common|magic|stamp|feed|editor)/|images/(?:attachicons|common|default|icons)/|/none\.gif(?:\?|$)|^none\.gif$)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(\d[\d,.]*)\s*(Bytes?|[KMGT]i?B|B)\b", re.IGNORECASE)
_UNITS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_DOWNLOADS = re.compile(r"(?:下载次数|下載次數|下载次數|Downloads?)\s*[:：]\s*(\d{1,12})", re.IGNORECASE)
_NUMBER = re.compile(r"(?:attach_|aimg_|aid)(\d{1,12})(?:_menu)?$")


def smiley_name(attributes: dict[str, str]) -> str | None:
    """The name of a smiley: its file's, with its set unless that is Discuz's own (numbers name nothing without it).

    >>> smiley_name({"src": "static/image/smiley/default/lol.gif", "smilieid": "12"}), smiley_name({"src": "a/b.png"})
    ('lol', None)
    """
    src = attributes.get("src", "") or attributes.get("file", "")
    found = _SMILEY.search(src)
    if found is None:
        return None if "smilieid" not in attributes else attributes.get("alt") or src.rpartition("/")[2].partition(".")[0] or attributes["smilieid"]
    return found["name"] if found["set"].lower() == "default" else f"{found['set']}/{found['name']}"


def picture_name(attributes: dict[str, str]) -> str:
    """The address of a picture in full size: ``zoomfile``, ``file`` (lazy loading leaves ``src`` empty or a placeholder), ``src``.

    ``""`` for Discuz's own decoration.
    """
    for name in ("zoomfile", "file", "data-original", "data-src", "src", "makefile"):
        url = attributes.get(name, "").strip()
        if url and _OWN.search(url) is None:
            return url
    return ""


def size_of(text: str) -> int | None:
    """Bytes, of ``64.25 KB`` and the like; ``None`` where none is printed. Discuz rounds to two decimals.

    >>> size_of("(64.25 KB, 下载次数: 20)"), size_of("x")
    (65792, None)
    """
    found = _SIZE.search(text)
    if found is None:
        return None
    try:
        return round(float(found[1].replace(",", "")) * _UNITS[found[2][0].lower()])
    except ValueError:  # 1.2.3
        return None


def _facts(text: str) -> dict[str, Any]:
    downloads = _DOWNLOADS.search(text)
    return {"size": size_of(text), "downloads": int(downloads[1]) if downloads else None}


def _text(html: str) -> str:
    """As text, a paragraph for itself: the number of downloads stands before a date."""
    return plain(html.replace("</p>", " </p>"))


def read_menu(html: str, element: str) -> dict[str, Any] | None:
    """What the menu of a picture says: ``aid`` (from the menu's id), name, url, size, downloads; ``None`` if it is no such menu."""
    number = _NUMBER.match(element)
    if number is None:
        return None
    text = _text(html)
    name = re.search(r"<strong[^>]*>([^<]{1,300})</strong>", html)
    aid = int(number[1])
    link = next((attributes["href"] for _, attributes in tags(html, {"a"}) if attachment_id(attributes.get("href", "")) == aid), None)
    return {"aid": aid, "name": plain(name[1]) if name else None, "url": link, **_facts(text)}


def read_file(html: str, element: str) -> tuple[dict[str, Any] | None, list[dict[str, str]]]:
    """A block about one attached file: what it says (aid, name, url, size, downloads), and the attributes of its pictures, if any.

    ``html``: what is inside the block, ``element``: its id.
    """
    pictures = [attributes for _, attributes in tags(html, {"img"}) if picture_name(attributes) and smiley_name(attributes) is None]
    best: dict[str, Any] | None = None
    for found in re.finditer(r"<a\b[^>]*\bhref=\"[^\"]*\"[^>]*>(?:<(?:strong|b|em)>)?([^<]*)", html):
        _, attributes = next(tags(found[0].partition(">")[0] + ">", {"a"}))
        aid = attachment_id(attributes["href"])
        name = plain(found[1])
        if aid is not None and (best is None or (not best["name"] and name)):
            best = {"aid": aid, "name": name or None, "url": attributes["href"]}
        if aid is not None and attributes.get("id", "").startswith("aid"):
            break
    number = _NUMBER.match(element)
    if best is None and number is not None:
        best = {"aid": int(number[1]), "name": plain(html.partition("<em")[0]) or None, "url": None}
    if best is not None:
        best.update(_facts(_text(html)))
    return best, pictures
