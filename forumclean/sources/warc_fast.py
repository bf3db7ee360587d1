"""Records of a WARC stream, by fastwarc. The door to it; ``warc_io`` does the same in pure Python."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from fastwarc.stream_io import BrotliReader
from fastwarc.warc import ArchiveIterator

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.warc_record import Record, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


def records(stream: BinaryIO) -> Iterator[Record]:
    """Every record from where the stream stands, plain, gzip or zstd. Raises RecordError at what is none, OSError if reading fails."""
    reader = iter(ArchiveIterator(stream, parse_http=False))
    while True:
        try:
            found = next(reader)
            headers = {name.lower(): value for name, value in found.headers.items()}
            length = found.content_length
            block = found.reader.read() if length <= MAX_DOCUMENT else b""
        except StopIteration:
            return
        except OSError as error:
            if error.errno is not None:
                raise
            raise RecordError(str(error)) from error
        except ValueError as error:
            raise RecordError(str(error)) from error
        yield Record(found.stream_pos, headers.get("warc-type", "").lower(), headers, length, block)


def unbrotli(data: bytes) -> bytes:
    """Undo Content-Encoding: br; what is no brotli stays as it is."""
    try:
        unpacked: bytes = BrotliReader(io.BytesIO(data)).read(MAX_DOCUMENT)
    except (OSError, ValueError):
        return data
    return unpacked or data
