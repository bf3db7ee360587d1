"""Records of a WARC stream, by warcio, where fastwarc is not installed (it has no wheel for every machine). The door to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.warc_record import Record, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


def records(stream: BinaryIO) -> Iterator[Record]:
    """Every record from where the stream stands, plain or gzip. Raises RecordError at what is none, OSError if reading fails."""
    base = stream.tell()
    reader = ArchiveIterator(stream, no_record_parse=True)
    faults = 0
    while True:
        try:
            found = next(reader)
            if reader.err_count > faults:  # warcio reads on where a record does not end as it states
                raise RecordError("the record before it does not end where it states")
            headers = {name.lower(): value for name, value in found.rec_headers.headers}
            length = int(headers.get("content-length", ""))
            block = found.raw_stream.read(length) if length <= MAX_DOCUMENT else b""
        except StopIteration:
            return
        except (ArchiveLoadFailed, ValueError, EOFError) as error:
            raise RecordError(str(error)) from error
        yield Record(base + reader.get_record_offset(), headers.get("warc-type", "").lower(), headers, length, block)


def unbrotli(data: bytes) -> bytes:
    """Brotli is not undone here: the document stays as it came, and is told to be binary."""
    return data
