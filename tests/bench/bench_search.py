"""Search on a synthetic board: build, index size, time of the first page of hits, proof.

Run: ``python tests/bench/bench_search.py [POSTS] [DATABASE]`` (50,000 posts by default; 1,000,000 take about ten minutes and 4 GB).
Goal of the design: p95 of a first page with snippets below 300 ms on one million posts.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from forumclean.archiver.archive import Archive
from forumclean.archiver.search import index_pending, parse, search, verify_index

if TYPE_CHECKING:
    from collections.abc import Iterator

# words of one to four characters, the frequent ones first: a word is drawn with a probability of about 1 / its place
FREQUENT = ["的", "是", "了", "我", "不", "在", "有", "一个", "这个", "电力", "比特币", "可以", "没有", "AI", "矿机", "算力", "芯片", "美国", "数据中心", "价格", "H100", "求助", "谢谢", "楼主", "GPT-5", "英伟达"]
SELDOM = 20_000
QUERIES = ("电力", "比特币", "数据中心", "AI芯片", "H100", "英伟达 GPT-5", "矿机 -谢谢", "电力 OR 算力", '"求助 谢谢"', "词5000", "楼", "的", "AI*")
ROUNDS = 3


def main() -> None:
    """Build, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "bench.db"
        fresh = not path.exists()
        if fresh:
            Archive.open(path).close()
        connection = sqlite3.connect(path, isolation_level=None)
        if fresh:
            build(connection, count, path)
        measure(connection)
        if count <= 200_000:
            started = time.perf_counter()
            wrong = verify_index(connection)
            print(f"verify (deep)          {time.perf_counter() - started:8.1f} s   {wrong or 'in step'}")


def build(connection: sqlite3.Connection, count: int, path: Path) -> None:
    """Fill a new archive and index it."""
    connection.execute("BEGIN")
    connection.execute("INSERT INTO sites (id, slug) VALUES (1, 'bench')")
    connection.executemany("INSERT INTO threads (id, site_id, tid, title) VALUES (?, 1, ?, ?)", ((n, n, f"主题 {n}") for n in range(1, count // 16 + 2)))
    started = time.perf_counter()
    connection.executemany(
        "INSERT INTO posts (site_id, thread_id, pid, position, created_at, text, state) VALUES (1, ?, ?, ?, ?, ?, 'ok')", posts(count),
    )
    connection.execute("COMMIT")
    print(f"rows                   {count / (time.perf_counter() - started):8,.0f} /s")
    text, = connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM posts").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    started = time.perf_counter()
    index_pending(connection)
    seconds = time.perf_counter() - started
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size - before
    print(f"index                  {count / seconds:8,.0f} posts/s, {text / 1e6 / seconds:.1f} MB/s; {seconds:.1f} s")
    print(f"size                   {text / 1e6:8,.0f} MB text, {size / 1e6:,.0f} MB index (x {size / text:.2f})")


def posts(count: int) -> Iterator[tuple[int, int, int, str, str]]:
    """Give rows; lengths are like those of a board: most are short, a few very long."""
    chance = random.Random(1)  # the same board every time
    words = FREQUENT + [f"词{n}" if n % 3 else chr(0x4E00 + n % 20_000) + chr(0x4E00 + n * 7 % 20_000) for n in range(SELDOM)]
    weights = list(accumulate(1 / (n + 60) for n in range(len(words))))  # the most frequent word is in every fifth post or so
    for n in range(count):
        length = min(int(chance.lognormvariate(4.2, 1.1)), 4_000)
        text = "".join(word + ("，" if n % 9 == 0 else "") for n, word in enumerate(chance.choices(words, cum_weights=weights, k=length)))
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_200_000_000 + chance.randrange(500_000_000)))
        yield n // 16 + 1, n + 1, n % 16 + 1, moment, text


def measure(connection: sqlite3.Connection) -> None:
    """Time the first page of every query, in both orders."""
    for order in ("relevance", "date"):
        times = []
        for query in QUERIES:
            mine = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                hits = search(connection, query, order=order)
                mine.append(1000 * (time.perf_counter() - started))
            times += mine
            found, = connection.execute("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?", (parse(query).match(),)).fetchone()
            print(f"{order:10} {query:14} {statistics.median(mine):8.1f} ms   {len(hits)} of {found:,}")
        times.sort()
        print(f"{order:10} all            p50 {statistics.median(times):.0f} ms, p95 {times[int(len(times) * 0.95)]:.0f} ms, max {times[-1]:.0f} ms")


if __name__ == "__main__":
    main()
