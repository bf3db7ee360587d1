"""Speed of reading print_r dumps: ``python tests/bench/bench_print_r.py [MEGABYTES]``.

Makes a dump of many forum blocks (indented, stripped and on one line), and prints MB/s (10^6 bytes of UTF-8) of reading and decoding
alone, of finding the blocks, and of turning them into forum configs (by the clock, and by the CPU time used, for busy machines), with the
largest memory of the process. Asked: at least 5 MB/s,
goal 10, memory flat.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from forumclean.parser.php.forum_config import forum_config
from forumclean.parser.php.print_r import read_blocks

CHUNK = 1 << 20
TYPES = ("讨论", "求助", "分享", "评测")


def array(entries: list[tuple[str, object]], base: int = 0) -> str:
    """What print_r prints for nested lists of pairs, from its opening bracket on."""
    out = [" " * base + "(\n"]
    for key, value in entries:
        inner = f"Array\n{array(value, base + 8)}\n" if isinstance(value, list) else f"{value}\n"
        out.append(" " * (base + 4) + f"[{key}] => {inner}")
    out.append(" " * base + ")\n")
    return "".join(out)


def forum(fid: int) -> str:
    """One printed forum row of about the usual size."""
    types = [(str(n), name) for n, name in enumerate(TYPES, fid)]
    rule = [("usecustom", 1), ("cycletype", 1), ("rewardnum", fid % 9), *[(f"extcredits{n}", n) for n in range(1, 9)], ("fid", fid)]
    groups = "\t" + "\t".join(map(str, range(1, 30))) + "\t"
    flags = [f"allow{name}" for name in ("smilies", "html", "bbcode", "imgcode", "mediacode", "anonymous", "append", "feed", "side")]
    entries: list[tuple[str, object]] = [
        ("fid", fid), ("description", f"茶余饭后，谈谈第 {fid} 号桌上的新鲜事"), ("password", ""), ("icon", f"b1/common_{fid}_icon.png"),
        ("redirect", ""), ("attachextensions", "zip, rar"), ("creditspolicy", [("post", rule), ("reply", rule)]),
        ("formulaperm", 'a:5:{i:0;s:0:"";i:1;s:0:"";s:7:"message";s:0:"";s:5:"medal";N;s:5:"users";s:0:"";}'),
        ("moderators", f"掌柜{fid}\t跑堂"), ("rules", "1. 不谈国事\n2. 不赊账\n3. 茶凉即走"),
        ("threadtypes", [("required", 1), ("listable", 1), ("prefix", 1), ("types", types), ("icons", [(key, "") for key, _ in types])]),
        ("threadsorts", []), ("viewperm", groups), ("postperm", groups), ("replyperm", groups), ("spviewperm", ""), ("seotitle", ""),
        ("extra", 'a:2:{s:9:"namecolor";s:0:"";s:9:"iconwidth";s:2:"60";}'), ("jointype", 0), ("dateline", 0), ("fup", 1),
        ("type", "forum"), ("name", f"茶桌 {fid}"), ("status", 1), ("displayorder", fid % 50), ("threads", fid * 7), ("posts", fid * 91),
        ("lastpost", f"{fid * 3}\t新到的龙井（谷雨前）\t{1600000000 + fid}\t掌柜{fid}"), *[(flag, 1) for flag in flags], ("jammer", fid % 2),
        ("simple", 16), ("recyclebin", 1), ("modnewposts", 0), ("autoclose", 0), ("forumcolumns", 0), ("disablecollect", 0),
    ]  # fmt: skip
    return "Array\n" + array(entries)


def shaped(block: str, shape: str) -> str:
    """The block as printed, with its indentation lost, or on one line."""
    if shape == "stripped":
        return "".join(line.strip() + "\n" for line in block.splitlines() if line.strip())
    return " ".join(block.split()) + "\n" if shape == "oneline" else block


def write(path: Path, size: int, shape: str) -> None:
    """Fill a file with blocks and a line of text between them."""
    with path.open("w", encoding="utf-8", newline="") as out:
        written, fid = 0, 1
        while written < size:
            piece = f"第 {fid} 块\n" + shaped(forum(fid), shape)
            written += len(piece.encode())
            out.write(piece)
            fid += 1


def chunks(path: Path) -> Iterator[str]:
    """The decoded file, piece by piece."""
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        while piece := text.read(CHUNK):
            yield piece


def timed(name: str, size: int, work: Callable[[], int], unit: str = "blocks") -> None:
    """Run, and print the speed and the largest memory so far."""
    start, used = time.perf_counter(), time.process_time()
    count = work()
    seconds, used = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {name:<24} {size / 1e6 / seconds:8.1f} MB/s ({size / 1e6 / used:6.1f} by CPU)  {count:>6} {unit}  peak {peak:4.0f} MB")


def configs(path: Path) -> int:
    """Forums in a file."""
    return sum(forum_config(block)[0] is not None for block in read_blocks(chunks(path)))


def main() -> None:
    """Measure each shape."""
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 50.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.txt"
        for shape in ("indented", "stripped", "oneline"):
            write(path, int(megabytes * 1e6), shape)
            size = path.stat().st_size
            print(f"{shape}, {size / 1e6:.1f} MB")
            timed("read and decode alone", size, lambda: sum(1 for _ in chunks(path)), "chunks")
            timed("blocks", size, lambda: sum(1 for _ in read_blocks(chunks(path))))
            timed("blocks + forum_config", size, lambda: configs(path))


if __name__ == "__main__":
    main()
