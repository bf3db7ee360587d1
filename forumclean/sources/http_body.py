"""An HTTP response as a crawler kept it: status, type, and the body as the server meant it."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.budget import Budget
from forumclean.sources.unpack import DamagedError, Unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})[^\n]*\n")
_END = re.compile(rb"\r?\n\r?\n")
_LONGEST = 256 * 1024
"""Bytes of header that are looked through."""
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


class Response(NamedTuple):
    """What a server answered."""

    status: int
    media_type: str | None
    charset: str | None
    location: str | None
    body: bytes


def read_response(block: bytes, unbrotli: Callable[[bytes], bytes]) -> Response | None:
    """The response in the block of a WARC record; ``None`` if it is none. Raises DamagedError if its body cannot be unpacked.

    Crawlers differ in whether they keep the body as it came over the wire: chunks and packing that are announced but not there are taken
    for removed already.
    """
    start = _HEAD.match(block)
    if start is None:
        return None
    end = _END.search(block, start.end() - 2, _LONGEST)
    headers = _headers(block[start.end():end.start() if end else _LONGEST])
    body = block[end.end():] if end else b""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = dechunked(body)
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        body = _decoded(body, coding.strip(), unbrotli)
    kind = headers.get("content-type", "")
    charset = _CHARSET.search(kind)
    return Response(
        int(start[1]), kind.partition(";")[0].strip().lower() or None, charset[1].lower() if charset else None, headers.get("location"), body)


def dechunked(body: bytes) -> bytes:
    r"""Join the chunks of a body; a body that is not chunked stays as it is, one that is cut off gives what is there.

    >>> dechunked(b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n"), dechunked(b"<html>")
    (b'abcde', b'<html>')
    """
    parts: list[bytes] = []
    at = 0
    while (found := _CHUNK.match(body, at)) is not None:
        size = int(found[1], 16)
        if size == 0:
            return b"".join(parts)
        end = found.end() + size
        parts.append(body[found.end():end])
        if end >= len(body):
            return b"".join(parts) or body
        at = end + (2 if body[end:end + 2] == b"\r\n" else body[end:end + 1] == b"\n")
        if at == end:
            return body
    return b"".join(parts) if parts and at >= len(body) else body


def _headers(raw: bytes) -> dict[str, str]:
    """Names in lower case; the first of equal ones."""
    found: dict[str, str] = {}
    for line in raw.decode("latin-1").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _decoded(body: bytes, coding: str, unbrotli: Callable[[bytes], bytes]) -> bytes:
    if coding in {"gzip", "x-gzip"} and body.startswith(b"\x1f\x8b"):
        return _unpacked(body, "gz")
    if coding == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
        return _unpacked(body, "zst")
    if coding == "deflate" and body:
        return _inflated(body)
    return unbrotli(body) if coding == "br" and body else body


def _unpacked(body: bytes, kind: str) -> bytes:
    with Unpacked(io.BytesIO(body), kind, Budget(len(body))) as stream:
        data = io.BufferedReader(stream).read(MAX_DOCUMENT + 1)
        if stream.damage is not None:
            raise stream.damage
    return _limited(data)


def _inflated(body: bytes) -> bytes:
    """Servers send zlib's format or bare DEFLATE under this name."""
    for bits in (15, -15):
        try:
            inflater = zlib.decompressobj(bits)
            data = inflater.decompress(body, MAX_DOCUMENT + 1)
        except zlib.error:
            continue
        if inflater.eof or len(data) > MAX_DOCUMENT:
            return _limited(data)
    return body


def _limited(data: bytes) -> bytes:
    if len(data) > MAX_DOCUMENT:
        raise DamagedError(f"unpacks to over {MAX_DOCUMENT // 10**6} MB: not read")
    return data
