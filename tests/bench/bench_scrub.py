"""Speed of the scrubber per core: ``python tests/bench/bench_scrub.py [MEGABYTES]``.

Makes texts (MB = 10^6 bytes of UTF-8), clean and jammed with Discuz's own grammar, scrubs them as bodies of 60 lines, and prints MB/s beside
the time of reading and decoding alone. Then hostile input, in two sizes: the time must grow with the size. Asked: 4 MB/s jammed (goal 15),
30 MB/s where there is nothing to cut (goal 60).
"""

from __future__ import annotations

import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forumclean.records import Body
from forumclean.scrubber import scrub

LINES = 60
CHINESE = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
ENGLISH = "the of and to in is that for it as was with be by on not he this are or his from at which but have an had they you were their one all we"


def chinese_line(rng: random.Random) -> str:
    """A paragraph of two or three sentences."""
    return "".join("".join(rng.choices(CHINESE, k=rng.randint(8, 30))) + rng.choice("，。") for _ in range(rng.randint(1, 4))) + "。"


def english_line(rng: random.Random) -> str:
    """A sentence."""
    return " ".join(rng.choices(ENGLISH.split(" "), k=rng.randint(6, 16))).capitalize() + "."


def noise(rng: random.Random) -> str:
    """One block: the bound drawn anew each turn, as Discuz does."""
    pairs: list[str] = []
    while len(pairs) < rng.randint(5, 15):
        pairs.append(f"{chr(rng.randint(32, 59))} {chr(rng.randint(63, 126))}")
    return "".join(pairs)


def jammed(lines: list[str], rng: random.Random) -> str:
    """One block at each line break, before it or after it."""
    return lines[0] + "".join(noise(rng) + "\n" + line if rng.random() < 1 / 2 else "\n" + noise(rng) + line for line in lines[1:])


def bodies(line: Callable[[random.Random], str], size: int, *, jam: bool) -> list[str]:
    """Posts of LINES lines, about ``size`` bytes together."""
    rng, made, out = random.Random(1), 0, []
    while made < size:
        lines = [line(rng) for _ in range(LINES)]
        out.append(jammed(lines, rng) if jam else "\n".join(lines))
        made += len(out[-1].encode())
    return out


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def report(name: str, texts: list[str]) -> None:
    """One line: speed of the scrubber, and of reading and decoding the same text."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        path.write_bytes("\f".join(texts).encode())
        read = timed(lambda: path.read_bytes().decode())
    spent = timed(lambda: [scrub([Body(text)]) for text in texts])
    cuts = sum(len(scrub([Body(text)])[0].cuts) for text in texts)
    print(f"{name:28} {size:6.1f} MB  scrubbed {size / spent:7.1f} MB/s  reading and decoding alone {size / read:7.0f} MB/s  cuts {cuts}")


def main() -> None:
    """Print the table."""
    size = int(float(sys.argv[1] if len(sys.argv) > 1 else 4) * 1e6)
    for name, line in (("Chinese", chinese_line), ("English", english_line)):
        report(f"{name}, nothing to cut", bodies(line, 4 * size, jam=False))
        texts = bodies(line, size, jam=True)
        report(f"{name}, jammed, blanks kept", texts)
        report(f"{name}, jammed, collapsed", [re.sub(" +", " ", text) for text in texts])
    rng = random.Random(2)
    run = "".join(noise(rng) for _ in range(500))
    hostile = {
        "one line of pairs": run, "1 a": "1 a", "near-pairs": "1 a2 b3 c4 ", "lone letters": " a", "blanks": " " * 99, "lines of four pairs": "1 a% b* c# D中\n",
        "blocks in one line": "# a6 I- l @* J/ z. r中",
    }
    for name, piece in hostile.items():
        for factor in (1, 4):
            text = piece * (factor * size // len(piece))
            spent = timed(lambda text=text: scrub([Body(text)]))  # type: ignore[misc]
            print(f"{name:28} {len(text) / 1e6:6.1f} MB  {spent:7.2f} s  {len(text) / 1e6 / spent:7.1f} MB/s")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
