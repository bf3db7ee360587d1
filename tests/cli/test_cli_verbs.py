"""The verbs on the bundled samples, as real processes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., "CompletedProcess[str]"]
SAMPLES = Path(__file__).resolve().parents[2] / "forumclean" / "demo" / "samples"
LINE = "土的配方:椰糠 5 份,堆肥 3 份,珍珠岩 2 份。"  # of the sample post: "soil: 5 parts coir, 3 compost, 2 perlite"


@pytest.fixture
def archive(forumclean: Run, tmp_path: Path) -> Path:
    """The samples in ``f.db``."""
    shutil.copytree(SAMPLES, tmp_path / "dumps")
    done = forumclean("ingest", "f.db", "dumps")
    assert done.returncode == 0, done.stderr
    return tmp_path / "f.db"


def test_ingest_twice_is_once(forumclean: Run, archive: Path) -> None:
    """The second run says that nothing is new; under --quiet it says nothing."""
    again = forumclean("ingest", "f.db", "dumps")
    assert again.returncode == 0
    assert "nothing new" in again.stdout
    silent = forumclean("ingest", "f.db", "dumps", "--quiet")
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")


def test_ingest_full_changes_nothing(forumclean: Run, archive: Path) -> None:
    """Reading unchanged inputs again adds no row to what was seen or derived."""
    tables = ("sources", "source_paths", "sightings", "revisions", "posts", "threads", "forums", "forum_settings", "documents", "user_stats")
    count = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    before = sqlite3.connect(archive).execute(count).fetchall()
    assert forumclean("ingest", "f.db", "dumps", "--full").returncode == 0
    assert sqlite3.connect(archive).execute(count).fetchall() == before


def test_ingest_json_is_one_object(forumclean: Run, archive: Path) -> None:
    """--json prints one summary object and nothing else."""
    summary = json.loads(forumclean("ingest", "f.db", "dumps", "--json").stdout)
    assert (summary["new"], summary["unchanged"], summary["failed"], summary["exit_code"]) == (0, 3, 0, 0)


def test_standard_input(forumclean: Run, tmp_path: Path) -> None:
    """- reads standard input."""
    done = forumclean("ingest", "f.db", "-", stdin=(SAMPLES / "letter.md").read_bytes())
    assert done.returncode == 0, done.stderr
    assert sqlite3.connect(tmp_path / "f.db").execute("SELECT title, published_at FROM documents").fetchall() == [
        ("给城市菜农的一封信", "2024-04-01T00:30:00Z"),  # "a letter to gardeners in town"
    ]


def test_search_finds_words_of_any_length(forumclean: Run, archive: Path) -> None:
    """One, two and more Chinese characters, Latin words in any case, several words; hits name thread, author and date."""
    for query in ("桶", "雨水", "不锈钢", "micro tom", "雨水 蚊子"):  # barrel, rain, stainless, rain + mosquito
        assert forumclean("search", "f.db", query).stdout.strip(), query
    hits = json.loads(forumclean("search", "f.db", "不锈钢", "--json").stdout)
    assert [(hit["author"], hit["tid"], hit["created_at"]) for hit in hits] == [("用户乙", 877, "2023-06-04T14:02:51Z")]
    nothing = forumclean("search", "f.db", "比特币")  # "bitcoin"
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert forumclean("search", "f.db", '"open').returncode in {0, 2}


def test_export_is_one_post_a_line(forumclean: Run, archive: Path) -> None:
    """Every post with its thread, forum, author and times; Chinese as Chinese."""
    lines = [json.loads(line) for line in forumclean("export", "f.db", "--to", "jsonl").stdout.splitlines()]
    assert len(lines) == 6
    second = next(line for line in lines if line["author"] == "用户乙")
    assert (second["tid"], second["position"], second["created_at"], second["edited_at"]) == (877, 2, "2023-06-04T14:02:51Z", "2023-06-04T14:10:00Z")
    assert LINE in "".join(line["text"] or "" for line in lines)


def test_clean_prints_the_posts(forumclean: Run, archive: Path) -> None:
    """Clean text, form feeds between posts, no noise, nothing but the posts."""
    bodies = forumclean("clean", "dumps/thread-877-1-1.txt").stdout.split("\f")
    assert [body.strip().split("\n")[-1] for body in bodies] == ["加盖以后雨水怎么进去?", "另外每 2 个月刷一次桶。", "等用过一个月再来汇报。"]


def test_clean_reads_standard_input(forumclean: Run) -> None:
    """Without PATH, standard input; a text that is no page is one body."""
    jammed = f"一定要加盖。# x( }}5 [3 K( h! i9 T4 d+ V\n{LINE}\n"  # the noise of one line break
    assert forumclean("clean", stdin=jammed.encode()).stdout.strip() == f"一定要加盖。\n{LINE}"


def test_clean_jsonl(forumclean: Run) -> None:
    """One body a line, order kept, other fields kept, cuts added; a bad line is passed on and said."""
    jammed = f"一定要加盖。# x( }}5 [3 K( h! i9 T4 d+ V\n{LINE}"
    lines = [json.dumps({"id": 1, "text": jammed}), "no json", json.dumps({"id": 2, "text": LINE}), json.dumps(["text"])]
    done = forumclean("clean", "--jsonl", stdin="\n".join(lines).encode())
    assert done.returncode == 3
    got = done.stdout.split("\n")[:4]
    assert json.loads(got[0])["text"] == f"一定要加盖。\n{LINE}"
    assert [cut[1] for cut in json.loads(got[0])["cuts"]] == ["# x( }5 [3 K( h! i9 T4 d+ V"]
    assert got[1] == "no json"
    assert json.loads(got[2]) == {"id": 2, "text": LINE, "cuts": []}
    assert got[3] == json.dumps(["text"])
    assert "line 2" in done.stderr
    assert "line 4" in done.stderr


def test_clean_jsonl_with_several_processes(forumclean: Run) -> None:
    """--jobs changes nothing but the time: the same lines in the same order."""
    jammed = f"一定要加盖。# x( }}5 [3 K( h! i9 T4 d+ V\n{LINE}\n" * 40
    lines = "\n".join(json.dumps({"id": number, "text": jammed}) for number in range(300)).encode()
    alone, together = (forumclean("clean", "--jsonl", "--jobs", jobs, stdin=lines).stdout for jobs in (1, 2))
    assert alone == together
    assert [json.loads(line)["id"] for line in alone.splitlines()] == list(range(300))


def test_explain_names_every_cut(forumclean: Run, archive: Path) -> None:
    """From the file and from the archive: the same cuts, each with a rule that the catalogue knows."""
    from_file = json.loads(forumclean("explain", "dumps/board-page.txt", "--json").stdout)[0]["cuts"]
    post_id = sqlite3.connect(archive).execute("SELECT id FROM posts WHERE text LIKE '%椰糠%'").fetchone()[0]
    from_archive = json.loads(forumclean("explain", "f.db", "--post", post_id, "--json").stdout)[0]["cuts"]
    assert from_file == from_archive
    assert len(from_file) >= 10
    names = {rule["name"] for rule in json.loads(forumclean("rules", "--json").stdout)}
    assert {cut["rule"] for cut in from_file} <= names
    assert forumclean("explain", "f.db", "--post", "99999").returncode == 2


def test_inspect_writes_nothing(forumclean: Run, archive: Path, tmp_path: Path) -> None:
    """What each input is; no file appears or changes."""
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    found = {one["path"]: one for one in json.loads(forumclean("inspect", "dumps", "--json").stdout)}
    assert {path: one["kind"] for path, one in found.items()} == {
        "board-page.txt": "thread+config", "letter.md": "article", "thread-877-1-1.txt": "thread",
    }
    assert all(one["reasons"] for one in found.values())
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_settle_and_verify_find_nothing_to_do(forumclean: Run, archive: Path) -> None:
    """A fresh archive is whole, and deriving it again changes nothing."""
    assert forumclean("verify", "f.db").stdout.strip() == "f.db: fine"
    assert "nothing changed" in forumclean("settle", "f.db").stdout
    assert forumclean("verify", "f.db", "--repair").returncode == 0


def test_listing_verbs(forumclean: Run, archive: Path) -> None:
    """runs, issues and coverage list, as text and as JSON."""
    runs = json.loads(forumclean("runs", "f.db", "--json").stdout)
    assert [(run["status"], run["exit_code"]) for run in runs] == [("finished", 0)]
    assert isinstance(json.loads(forumclean("issues", "f.db", "--json").stdout), list)
    gaps = json.loads(forumclean("coverage", "f.db", "--json").stdout)
    assert [gap["posts_without_text"] for gap in gaps] == [2]
    for verb in ("runs", "issues", "coverage"):
        assert forumclean(verb, "f.db").returncode == 0


def test_bare_environment(forumclean: Run, tmp_path: Path) -> None:
    """As cron calls it: no HOME, no LANG, no terminal; Chinese file names and texts all the same."""
    folder = tmp_path / "旧帖"  # "old posts"
    shutil.copytree(SAMPLES, folder)
    (folder / "信.md").write_bytes((SAMPLES / "letter.md").read_bytes() + "又及。".encode())  # "letter", "P.S."
    done = forumclean("ingest", "f.db", folder, env={"PATH": "/usr/bin:/bin", "LANG": "C"})
    assert done.returncode == 0, done.stderr
    found = forumclean("search", "f.db", "雨水", env={"LC_ALL": "C"})
    assert "雨水" in found.stdout
    assert "\x1b" not in found.stdout + done.stdout + done.stderr


def test_a_pipe_that_closes_early_is_no_error(archive: Path, tmp_path: Path) -> None:
    """`forumclean export … | head -1` ends quietly."""
    import subprocess
    import sys

    command = f"{sys.executable} -m forumclean export f.db --to jsonl | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert json.loads(done.stdout)
