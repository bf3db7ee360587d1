"""What containers cost: `python tests/bench/bench_warc.py` sets zip, tar.zst and WARC.gz beside the same pages as loose files.

Pages: ../shared/corpus/desktop, else the fixtures. Twice: reading alone (every document opened and read to its end) and the whole import.
Processor time, in turn, the best of each; imports in a child process that has the modules loaded.
"""

from __future__ import annotations

import gzip
import sys
import tarfile
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from forumclean.pipeline.local import ingest
from forumclean.records import RawDocument
from forumclean.settings import Settings
from forumclean.sources import documents

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "desktop"
FIXTURES = ROOT / "fixtures" / "html" / "x"
ROUNDS = 7
ASKED = 1.3


def _make(folder: Path, place: Path) -> dict[str, Path]:
    """The same pages in every container."""
    pages = {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}
    with zipfile.ZipFile(place / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in pages.items():
            packed.writestr(name, data)
    with tarfile.open(place / "x.tar", "w") as tar:
        for name in pages:
            tar.add(folder / name, name)
    (place / "x.tar.zst").write_bytes(zstandard.ZstdCompressor().compress((place / "x.tar").read_bytes()))
    (place / "x.warc.gz").write_bytes(b"".join(gzip.compress(_record(data), mtime=0) for data in pages.values()))
    return {"loose files": folder, **{name: place / f"x.{name}" for name in ("zip", "tar", "tar.zst", "warc.gz")}}


def _record(data: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + data
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: application/http\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def _read(path: Path) -> float:
    start = time.process_time()
    for item in documents([str(path)]):
        if not isinstance(item, RawDocument):
            raise TypeError(item.issue.message)
        with item.open() as stream:
            stream.read()
    return time.process_time() - start


def _import(path: Path) -> float:
    with tempfile.TemporaryDirectory() as place:
        start = time.process_time()
        ingest(f"{place}/a.db", [str(path)], Settings())
        return time.process_time() - start


def _in_child(path: Path) -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(_import, path).result()


def _compare(title: str, paths: dict[str, Path], work: Callable[[Path], float]) -> float:
    best = dict.fromkeys(paths, 1e9)
    for _ in range(ROUNDS):
        best = {name: min(seconds, work(paths[name])) for name, seconds in best.items()}
    print(title)
    for name, seconds in best.items():
        print(f"  {name:12} {seconds * 1000:8.1f} ms  {seconds / best['loose files']:5.2f} x loose files")
    return best["warc.gz"] / best["loose files"]


def main() -> int:
    """Print both tables; 1 if a WARC costs more than is asked."""
    folder = CORPUS if CORPUS.is_dir() else FIXTURES
    with tempfile.TemporaryDirectory() as place:
        paths = _make(folder, Path(place))
        _import(FIXTURES)  # loads the modules
        _compare("reading alone", paths, _read)
        ratio = _compare("whole import", paths, _in_child)
    print(f"import of WARC.gz / of loose files: {ratio:.2f} x (asked: at most {ASKED})")
    return int(ratio > ASKED)


if __name__ == "__main__":
    sys.exit(main())
