"""Run every benchmark in this folder, one after the other: ``make bench``, or ``python tests/bench/run.py scrub print_r`` for some."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Each ``bench_NAME.py`` is a program of its own, so that its memory figures are its own."""
    names = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, HERE / f"bench_{name}.py"], check=False).returncode:
            failed.append(name)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
