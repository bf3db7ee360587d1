"""Pictures of a mirror, from the folder it was ingested from.

The archive keeps no bytes of them. A file is handed out only if it is recorded as an asset, lies inside a folder that was ingested, still has
the bytes that were recorded, and is a raster picture by its content. The folders are those typed for imports, where they can still be found from
the working folder or from the archive's own, and those named in ``FORUMCLEAN_FILES`` (separated as in ``PATH``).
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from forumclean.settings import FILES_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forumclean.archiver.pages.assets import Asset

LARGEST = 32 * 10**6
"""Bytes of a picture."""
_RASTER = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"BM", "image/bmp"),
)
_HEAD = 32


class Picture(NamedTuple):
    """A file as it is handed out."""

    data: bytes
    type: str


def raster_type(head: bytes) -> str | None:
    r"""Return the type of a raster picture by its first bytes; ``None`` for anything else (SVG can hold scripts).

    >>> raster_type(b"GIF89a\x01\x00"), raster_type(b"<svg xmlns=''>"), raster_type(b"RIFF\x10\x00\x00\x00WEBPVP8 ")
    ('image/gif', None, 'image/webp')
    """
    for signature, name in _RASTER:
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if head[4:12] in {b"ftypavif", b"ftypavis"} else None


def roots(typed: Iterable[str], archive: str) -> list[Path]:
    """Return the folders that may hold the files, those that are there, each once."""
    named = [Path(part) for part in os.environ.get(FILES_VARIABLE, "").split(os.pathsep) if part]
    beside = Path(archive).absolute().parent
    for typed_path in typed:
        if typed_path != "-":
            named += [Path(typed_path).absolute(), beside / typed_path]
    folders: dict[Path, None] = {}
    for path in named:
        try:
            real = Path(os.path.realpath(path))
            if real.exists():
                folders[real if real.is_dir() else real.parent] = None
        except (OSError, ValueError):  # a name that cannot be one here
            continue
    return list(folders)


def have_moved() -> bool:
    """Tell whether folders were named that may be those of an import under other names."""
    return bool(os.environ.get(FILES_VARIABLE))


def place_of(path: str) -> str:
    """Return the hash of an absolute path, as the archive records it."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:32]


def places(url: str, pages: Sequence[str], folders: Sequence[Path]) -> Iterator[str]:
    """Give the absolute paths where a mirror would keep the picture at ``url`` that a page at one of ``pages`` shows.

    ``url`` is absolute, or relative to the page as mirrors write it; ``pages`` are relative to a folder. Mirrors keep ``/path`` or
    ``host/path`` in the page's own folder or in one above it.
    """
    for folder in folders:
        for relative in relative_places(url, pages):
            yield str(folder / relative)


def relative_places(url: str, pages: Sequence[str]) -> Iterator[str]:
    """Give the same places, relative to whatever folder was ingested."""
    return (path for path in _candidates(url, pages) if not path.startswith(("../", "/")) and "\0" not in path)


def _candidates(url: str, pages: Sequence[str]) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    path = unquote(parts.path).lstrip("/")
    names = [path] if not parts.query else [f"{path}?{parts.query}", f"{path}@{parts.query}", path]
    for page in pages:
        folder = posixpath.dirname(page)
        if not parts.netloc:
            yield posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            continue
        hosts = {parts.netloc, parts.netloc.replace(":", "_"), parts.netloc.replace(":", "+")}
        while True:
            for name in names:
                yield posixpath.normpath(posixpath.join(folder, name))
                for host in sorted(hosts):
                    yield posixpath.normpath(posixpath.join(folder, host, name))
            if not folder:
                break
            folder = posixpath.dirname(folder)


def read_picture(asset: Asset, folders: Sequence[Path]) -> Picture | None:
    """Return the bytes of an asset from the first folder that has them; ``None`` where no folder does or it is no raster picture."""
    for folder in folders:
        for path, _place in asset.paths:
            found = Path(os.path.realpath(folder / path))
            if found.is_relative_to(folder) and (picture := _checked(found, asset.sha256)) is not None:
                return picture
    return None


def _checked(path: Path, sha256: str) -> Picture | None:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        with path.open("rb") as file:
            head = file.read(_HEAD)
            kind = raster_type(head)
            if kind is None:
                return None
            data = head + file.read(LARGEST)
    except OSError:
        return None
    return Picture(data, kind) if hashlib.sha256(data).hexdigest() == sha256 else None
