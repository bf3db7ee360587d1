"""A whole import: `python tests/bench/bench_import.py [POSTS …]` (10,000 and 40,000; a million takes its time) of an invented board.

For each size and 1 and 2 processes: posts a second, processor time of the parent and of all processes, the peak memory of each, bytes of archive a
post; then how far from linear the largest is, and what a second run costs beside `find DIR -printf`. Two processes are twice as fast as one only
where nobody else needs the cores: `cores` tells how many the import got.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from synthetic_board import write  # type: ignore[import-not-found]

SIZES = (10_000, 40_000)
TICK = os.sysconf("SC_CLK_TCK")
LOOK = 0.05
"""Seconds between two looks at the processes."""


class Cost(NamedTuple):
    """What one run took."""

    wall: float
    parent: float
    """Seconds of processor time."""
    workers: float
    parent_mb: float
    """Peak memory."""
    worker_mb: float
    """Of the largest worker."""


def _stat(pid: int) -> tuple[int, float] | None:
    """Session and processor seconds of a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[3]), (int(fields[11]) + int(fields[12])) / TICK


def _peak(pid: int) -> float:
    """Peak of the memory that a process has for itself and shares, 10⁶ bytes."""
    try:
        line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0.0
    return int(line.split()[1]) * 1024 / 10**6


def run(command: list[str]) -> Cost:
    """Run a command in a session of its own and look at its processes while it runs."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)
    seconds: dict[int, float] = {}
    peaks: dict[int, float] = {}
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK):
            for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
                if (found := _stat(pid)) is not None and found[0] == process.pid:
                    seconds[pid] = found[1]
                    peaks[pid] = max(peaks.get(pid, 0.0), _peak(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate()
    wall = time.perf_counter() - begun
    over.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {out.decode()}")
    others = [pid for pid in seconds if pid != process.pid]
    return Cost(
        wall, seconds.get(process.pid, 0.0), sum(seconds[pid] for pid in others), peaks.get(process.pid, 0.0), max((peaks[pid] for pid in others), default=0.0))


def main() -> None:
    """Print a line for each run, then the ratios that issue 6 asks for."""
    sizes = [int(argument) for argument in sys.argv[1:]] or SIZES
    walls: dict[tuple[int, int], Cost] = {}
    print(f"{'posts':>9} {'jobs':>4} {'wall s':>8} {'posts/s':>8} {'parent s':>9} {'workers s':>9} {'cores':>5} {'parent MB':>9} {'worker MB':>9} {'B/post':>7}")
    with tempfile.TemporaryDirectory() as place:
        for posts in sizes:
            folder = Path(place) / str(posts)
            pages = write(folder, posts)
            for jobs in (1, 2):
                archive = Path(place) / f"{posts}-{jobs}.db"
                cost = walls[posts, jobs] = run([sys.executable, "-m", "forumclean", "ingest", "--quiet", "--jobs", str(jobs), str(archive), str(folder)])
                print(
                    f"{posts:9,} {jobs:4} {cost.wall:8.1f} {posts / cost.wall:8.0f} {cost.parent:9.1f} {cost.workers:9.1f}"
                    f" {(cost.parent + cost.workers) / cost.wall:5.2f} {cost.parent_mb:9.0f}"
                    f" {cost.worker_mb:9.0f} {archive.stat().st_size / posts:7.0f}", flush=True)
            again = run([sys.executable, "-m", "forumclean", "ingest", "--json", str(archive), str(folder)])
            find = run(["sh", "-c", f"find {json.dumps(str(folder))} -printf '%p %s %T@\\n' | wc -l"])
            print(f"{'':9} second run over {pages:,} files: {again.wall:.2f} s; find: {find.wall:.2f} s (asked: at most 2 x find + 1 s)")
    first, last = sizes[0], sizes[-1]
    print(f"two processes / one, {last:,} posts: {walls[last, 1].wall / walls[last, 2].wall:.2f} x (asked: 1.7)")
    for jobs in (1, 2):
        one, all_ = (walls[size, jobs].parent + walls[size, jobs].workers for size in (first, last))
        print(f"processor time a post, {last:,} / {first:,} posts, {jobs} jobs: {all_ / last / (one / first):.2f} x (asked: at most 1.2)")


if __name__ == "__main__":
    main()
