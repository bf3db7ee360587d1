"""Harm to text that was never jammed: ``python tests/bench/bench_harm.py [FOLDER] [MEGABYTES]``.

Fetches documentation and programs from the package registries into FOLDER (kept for the next time), reads every text file in them (Chinese,
English, code, logs, tables, data), scrubs it as one body and in pieces of 40 lines, and prints each cut. Asked: at least 100 MB, no cut. A text that holds a
jammer as an example would show up here too: look before you count it.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from forumclean.records import Body
from forumclean.scrubber import scrub

PACKAGES = (
    "linux-doc-6.1", "python3.11-doc", "vim-runtime", "perl-doc", "gimp-help-zh-cn", "libreoffice-help-zh-cn", "debian-handbook", "manpages-zh",
    "installation-guide-amd64", "linuxcnc-doc-zh-cn", "fortunes-zh", "miscfiles", "hwdata", "unicode-data", "wamerican", "nmap-common",
)
"""Manuals, programs, poems, key tables, hardware lists, character tables, word lists."""
LINES = 40


def fetch(folder: Path) -> None:
    """Download and unpack what is not there yet."""
    for name in PACKAGES:
        home = folder / name
        if home.exists():
            continue
        home.mkdir(parents=True)
        if subprocess.run(["apt-get", "download", name], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
            print(f"not to be had: {name}")
        for path in home.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", path, home], check=True)
            path.unlink()


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file that is text."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
        except (UnicodeDecodeError, OSError, EOFError):
            continue
        if "\0" not in text:
            yield path, text


def main() -> int:
    """Print cuts and speed; the number of cuts is the exit code."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir()) / "never-jammed"
    most = float(sys.argv[2]) if len(sys.argv) > 2 else 400
    fetch(folder)
    size = spent = 0.0
    found = 0
    for path, text in texts(folder):
        lines = text.split("\n")
        bodies = [text, *("\n".join(lines[n : n + LINES]) for n in range(0, len(lines), LINES))]
        start = time.process_time()
        done = [scrub([Body(body)])[0] for body in bodies]
        spent += time.process_time() - start
        size += len(text.encode()) / 1e6
        for clean in done:
            for cut in clean.cuts:
                found += 1
                print(f"{path.relative_to(folder)}: {cut.rule} {cut.before!r}")
        if size > most:
            break
    print(f"{size:.0f} MB scrubbed twice, {found} cuts, {2 * size / spent:.0f} MB/s")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
