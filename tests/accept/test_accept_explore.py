"""The corpus' board as the reading pages show it: every thread and post, every old address, two-character words in every box."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explore")
    subprocess.run([sys.executable, "-m", "forumclean", "ingest", "corpus.db", str(shared / "corpus" / "desktop"), "--quiet"], cwd=folder, check=True)
    return folder / "corpus.db"


async def _ask(archive: Path, paths: list[str]) -> list[tuple[str, Any, float]]:
    from datasette.app import Datasette

    datasette = Datasette([str(archive)])
    await datasette.invoke_startup()
    answers = []
    for path in paths:
        started = time.process_time()
        answers.append((path, await datasette.client.get(path), 1000 * (time.process_time() - started)))
    return answers


@pytest.mark.filterwarnings("default")
def test_every_old_address_leads_to_a_page(shared: Path, archive: Path) -> None:
    """All posts by pid and all threads by their file's name; each thread's page holds its posts. Prints what a page costs."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(archive)) as connection:
        pids = [pid for pid, in connection.execute("SELECT pid FROM posts")]
        threads = connection.execute("SELECT id, tid, (SELECT count(*) FROM posts WHERE thread_id = threads.id) FROM threads").fetchall()
    addresses = [f"/-/find?url={quote(f'forum.php?mod=redirect&goto=findpost&pid={pid}')}" for pid in pids]
    addresses += [f"/-/find?url=thread-{tid}-1-1.html" for _, tid, _ in threads]
    for path, answer, _ in asyncio.run(_ask(archive, addresses)):
        assert answer.status_code == 302, path
    pages = asyncio.run(_ask(archive, [f"/-/thread/{thread}" for thread, _, _ in threads]))
    assert sum(answer.text.count('<li class="post"') for _, answer, _ in pages) == len(pids) == 685
    cost = sorted(cost for _, _, cost in pages[1:])
    print(f"\n{len(pages)} threads, {len(pids)} posts; CPU of a page: median {cost[len(cost) // 2]:.1f} ms, most {cost[-1]:.1f} ms")


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("word", ["电源", "机房", "硬盘", "空调", "显卡", "编译"])
def test_two_characters_are_found_wherever_they_stand(shared: Path, archive: Path, word: str) -> None:
    """Datasette's own box finds the posts that hold a word outside of their quotations, or in their title."""
    from contextlib import closing
    from sqlite3 import connect

    with closing(connect(archive)) as connection:
        rows = connection.execute("SELECT p.pid, p.text, p.subject, CASE WHEN p.position = 1 THEN t.title END FROM posts AS p JOIN threads AS t ON t.id = p.thread_id").fetchall()
    own = {pid: "\n".join(line for line in (text or "").split("\n") if not line.startswith(">")) for pid, text, _, _ in rows}
    expected = {pid for pid, _, subject, title in rows if any(word in (text or "") for text in (own[pid], subject, title))}
    [(_, answer, _)] = asyncio.run(_ask(archive, [f"/corpus/posts.json?_shape=array&_size=max&_search={quote(word)}"]))
    assert {row["pid"] for row in answer.json()} >= expected
    assert expected
