"""How fast inputs are read: `python tests/bench/bench_read.py [FOLDER …]` prints MB/s for reading, decoding and parsing alone.

Without arguments the fixtures are repeated to a size that can be timed. MB are 10⁶ bytes of input.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from forumclean.parser import parse
from forumclean.parser.decode import decode
from forumclean.records import RawDocument
from forumclean.settings import Settings
from forumclean.sources import documents

FLAT = Path(__file__).resolve().parents[2] / "fixtures" / "flat"


def read(document: RawDocument) -> bytes:
    """All bytes of a document."""
    with document.open() as stream:
        return stream.read()


def _inputs(paths: list[str]) -> list[RawDocument]:
    if paths:
        return [item for item in documents(paths) if isinstance(item, RawDocument)]
    return [RawDocument.from_bytes(path.read_bytes(), path.name) for path in sorted(FLAT.iterdir()) for _ in range(200)]


def _time(label: str, size: int, work: object) -> None:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    seconds = time.perf_counter() - start
    print(f"{label:28} {size / 10**6:8.2f} MB {seconds:8.3f} s {size / 10**6 / seconds:8.1f} MB/s")


def main() -> None:
    """Time each step over the same inputs, the later steps containing the earlier ones."""
    inputs = _inputs(sys.argv[1:])
    size = sum(document.size for document in inputs)
    _time("read", size, lambda: [read(document) for document in inputs])
    _time("read and decode", size, lambda: [decode(read(document)) for document in inputs])
    _time("read, decode and parse", size, lambda: [list(parse(document, Settings())) for document in inputs])


if __name__ == "__main__":
    main()
