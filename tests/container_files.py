"""Containers made for tests: zip, tar and WARC with what a test puts into them. Tests load it with runpy."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = "<!DOCTYPE html><html><head><title>阳台</title></head><body>今天浇了水。</body></html>".encode()


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, data in files.items():
            container.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], mtime: int = 1_700_000_000) -> bytes:
    """A tar file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as container:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), mtime
            container.addfile(info, io.BytesIO(data))
    return out.getvalue()


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP response as it came over the wire."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def record(kind: str, block: bytes, url: str | None = None, /, **headers: str) -> bytes:
    """A WARC record; ``headers`` with ``_`` for ``-`` replace the usual ones."""
    usual = {
        "WARC-Type": kind, "WARC-Date": "2024-05-06T07:08:09Z", "WARC-Record-ID": "<urn:uuid:0>", "Content-Length": str(len(block)),
        "Content-Type": "application/http; msgtype=response" if kind == "response" else "text/plain",
    }
    if url is not None:
        usual["WARC-Target-URI"] = url
    usual |= {name.replace("_", "-"): value for name, value in headers.items()}
    return b"WARC/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in usual.items()).encode() + b"\r\n" + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """Records as crawlers pack them: each a gzip member of its own."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)
