"""Start to finish of one small import, beside the bare import of what such a program needs.

The floor: at most 1.5 × ``python -c "import lxml.html, sqlite_utils, click"`` plus 0.3 s. Both are run in turn.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parents[2] / "shared" / "seeds"
SAMPLES = HERE.parents[1] / "forumclean" / "demo" / "samples"
ROUNDS = 9


def seconds(command: list[str]) -> float:
    """Wall time of one whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Print the medians and the ratio."""
    inputs = SEEDS if SEEDS.is_dir() else SAMPLES
    try:
        import lxml.html  # noqa: F401
        bare = "import lxml.html, sqlite_utils, click"
    except ImportError:
        bare = "import sqlite_utils, click"
    imports, ingests = [], []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            imports.append(seconds([sys.executable, "-c", bare]))
            ingests.append(seconds([sys.executable, "-m", "forumclean", "ingest", f"{folder}/{turn}.db", str(inputs), "--quiet"]))
    reference, whole = statistics.median(imports), statistics.median(ingests)
    print(f"python -c {bare!r}: {reference:.3f} s; ingest of {len(list(inputs.iterdir()))} files: {whole:.3f} s")
    print(f"allowed {1.5 * reference + 0.3:.3f} s; used {whole / (1.5 * reference + 0.3):.0%} of it")


if __name__ == "__main__":
    main()
