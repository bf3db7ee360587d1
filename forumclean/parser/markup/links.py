"""Links of a message: absolute, without what changes from one capture to the next, and as targets that a content hash can rely on."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from urllib.parse import unquote, urljoin

from forumclean.parser.markup.tokens import tags

_LONGEST = 4096
"""Characters: longer URLs (data: images) are kept as they are in HTML and are no targets."""
_SAFE = frozenset({"http", "https", "ftp", "mailto", "ed2k", "magnet", "thunder", "news", "telnet", "rtsp", "mms", "tel"})
"""Schemes that Discuz lets members link to and that run nothing."""
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*)\s*:")
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
# `aid|8hex|timestamp|uid|tid` in base64 (D7-X); the number alone (D4-D6); X: mod=attachment and mod=image
_ATTACHMENT = re.compile(r"(?:\bmod=(?:attachment|image)\b[^#]*|attachment\.php\?[^#]*)", re.IGNORECASE)
_AID = re.compile(r"[?&]aid=([^&#]+)")
_KEY = re.compile(r"&k=[0-9a-f]{32}(?![^&#])")
"""Of a download link of D6, drawn anew for each visit."""
_PACKED = re.compile(rb"(\d{1,12})(?:\||$)")
# what is drawn anew for each visitor or visit, or tells where the visitor came from: form hashes, sessions, the anti-theft
# signature, the thumbnail's key, list page, layout, highlighted words
_VOLATILE = re.compile(r"&(?:formhash|sid|_dsign|key|extra|mobile|highlight|nocache|noupdate|nothumb|fromuid|t)=[^&#]*")


def resolve(url: str, base: str | None) -> str:
    """``url`` made absolute against ``base`` (``None``: left relative); ``""`` for what is no link (``javascript:`` and its like).

    >>> resolve("thread-7-1-1.html", "http://bbs.example.org/a/"), resolve("JavaScript:alert(1)", None)
    ('http://bbs.example.org/a/thread-7-1-1.html', '')
    """
    url = url.strip()
    plain = url[:100]
    if " " in plain or not plain.isprintable():
        plain = _CONTROL.sub("", plain)
    if (scheme := _SCHEME.match(plain)) is not None and scheme[1].lower() not in _SAFE:
        return ""
    if base is None or url.startswith(("http://", "https://")) or len(url) > _LONGEST:
        return url
    try:
        return urljoin(base, url)
    except ValueError:  # an address in broken brackets
        return url


def attachment_id(url: str) -> int | None:
    """The number of the attachment that a download or image link is for; ``None`` if the link is for none.

    >>> attachment_id("forum.php?mod=attachment&aid=MjN8MGFiY2RlZjF8MTY5OTk5OTk5OXwwfDc%3D&nothumb=yes")
    23
    """
    if "aid=" not in url or _ATTACHMENT.search(url) is None or (found := _AID.search(url)) is None:
        return None
    return read_aid(found[1])


def read_aid(value: str) -> int | None:
    """The number in the value of an ``aid`` parameter: printed plainly, or packed with a checksum and a time of day.

    Old links stay readable: the number and the thread outlive the link (D7 and X, ``aidencode``).
    """
    value = unquote(value)
    if value.isascii() and value.isdigit():
        return int(value) if len(value) < 13 else None  # noqa: PLR2004 - no board has a million million files
    packed = value.rstrip("=")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=None, validate=True)
    except (binascii.Error, ValueError):
        return None
    found = _PACKED.match(raw)
    return int(found[1]) if found is not None else None


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """A URL without tokens: the same in all captures of a page. Attachments go by their number.

    >>> canonical("http://b.example/forum.php?mod=attachment&aid=MjN8MGFiY2RlZjF8MTY5OTk5OTk5OXwwfDc%3D&nothumb=yes")
    'http://b.example/forum.php?mod=attachment&aid=23'
    >>> canonical("forum.php?mod=viewthread&tid=7&extra=page%3D1&formhash=0a1b2c3d#pid9")
    'forum.php?mod=viewthread&tid=7#pid9'
    """
    if "?" not in url or len(url) > _LONGEST:
        return url
    number = attachment_id(url)
    if number is not None:
        url = _KEY.sub("", _AID.sub(lambda found: found[0][:5] + str(number), url, count=1))
    path, _, query = url.partition("?")
    return f"{path}?{_VOLATILE.sub('', '&' + query)[1:]}"


def canonical_targets(html: str, base: str | None = None) -> tuple[str, ...]:
    """Where the links and pictures of a message lead, in order: what a content hash takes besides the text.

    ``html``: the message as ``read_message`` or ``sanitise`` give it. An attachment counts by its number (``aid:23``), whatever its
    link's token; what is no link (``javascript:``) does not count.

    >>> canonical_targets('<a href="/thread-7-1-1.html">x</a><img src="attachment.php?aid=5" alt="">', "http://b.example/")
    ('http://b.example/thread-7-1-1.html', 'aid:5')
    """
    if '="' not in html:
        return ()
    targets: list[str] = []
    for name, attributes in tags(html, _LINKING):
        url = attributes.get("src" if name in _EMBEDDING else "href")
        if url is None or len(url) > _LONGEST:
            continue
        number = attachment_id(url)
        target = f"aid:{number}" if number is not None else canonical(resolve(url, base))
        if target:
            targets.append(target)
    return tuple(targets)


_EMBEDDING = frozenset({"img", "audio", "video", "source", "embed", "iframe"})
_LINKING = _EMBEDDING | {"a"}
