"""Which container a file is: by its first bytes, never by its name."""

from __future__ import annotations

import json
import re
import tarfile
from typing import TYPE_CHECKING

from forumclean.sources.jsonl import fields_of
from forumclean.sources.unpack import MAGIC
from forumclean.sources.zips import is_office_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

HEAD = 4096
"""Bytes that tell every kind but JSON lines, whose first line may be a long page."""
_LINE = 256 * 1024
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}\{\s{0,100}\"")
_TELLING = re.compile(rb"\"(?:text|html|content|raw_content)\"\s{0,9}:\s{0,9}\"")
_MHTML = re.compile(rb"(?:[!-9;-~]{1,80}:[^\n]{0,998}\r?\n(?:[ \t][^\n]{0,998}\r?\n){0,30}){1,60}", re.ASCII)
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_PLAIN_TAR = 512


def packing_of(head: bytes) -> str | None:
    r"""Name the compression of a stream: ``gz``, ``bz2``, ``xz``, ``zst``; ``None``: it is not packed.

    >>> packing_of(b"\x1f\x8b\x08\x00"), packing_of(b"<html>")
    ('gz', None)
    """
    return next((kind for kind, starts in MAGIC.items() if head.startswith(starts)), None)


def kind_of(opener: Callable[[], BinaryIO], head: bytes) -> str | None:
    """Name the container that begins with ``head``: ``zip``, ``tar``, ``warc``, ``mhtml``, ``jsonl``; ``None``: it is none.

    ``opener`` gives the stream again, where more of it has to be seen.
    """
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None if _office(opener) else "zip"
    if head.startswith(b"WARC/"):
        return "warc"
    if _is_tar(head):
        return "tar"
    if _JSON.match(head):
        return "jsonl" if _is_jsonl(opener) else None
    found = _MHTML.match(head)
    return "mhtml" if found is not None and _RELATED.search(found[0]) else None


def _office(opener: Callable[[], BinaryIO]) -> bool:
    with opener() as stream:
        return is_office_file(stream)


def _is_tar(head: bytes) -> bool:
    """The checksum of the first header is right: old tars have no other sign."""
    block = head[:_PLAIN_TAR]
    if len(block) < _PLAIN_TAR or (block[257:262] != b"ustar" and not block[148:154].strip(b" 0").isdigit()):
        return False
    try:
        stated = int(block[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return stated in tarfile.calc_chksums(block)  # type: ignore[attr-defined]  # not declared; as old as tarfile


def _is_jsonl(opener: Callable[[], BinaryIO]) -> bool:
    """The first line is an object with a text or a page in it; of a very long line, its beginning has to do."""
    with opener() as stream:
        line = stream.readline(_LINE)
    if len(line) == _LINE and not line.endswith(b"\n"):
        return _TELLING.search(line) is not None
    try:
        return fields_of(json.loads(line)) is not None
    except (ValueError, RecursionError):
        return False
