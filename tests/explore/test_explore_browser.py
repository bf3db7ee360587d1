"""Reading as a person does: a real server, a real browser, on a desk and in a hand; and what strangers wrote cannot run there."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from forumclean.archiver.schema import APPLICATION_ID

pytestmark = pytest.mark.needs("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
WINDOWS = {"desk": {"width": 1200, "height": 900}, "hand": {"width": 390, "height": 844}}
HOSTILE = [
    "<script>hurt()</script>", "<ScRiPt>hurt()</sCrIpT>", "<img src=x onerror=hurt()>", "<img src='x' onerror='hurt()'//>", "<svg onload=hurt()></svg>",
    "<svg><script>hurt()</script></svg>", "<svg><animate onbegin=hurt() attributeName=x dur=1s>", "<body onload=hurt()>", "<iframe src='javascript:parent.hurt()'></iframe>",
    "<iframe srcdoc='<script>parent.hurt()</script>'></iframe>", "<object data='javascript:hurt()'></object>", "<embed src='javascript:hurt()'>",
    "<a href='javascript:hurt()' id=bait>x</a>", "<a href='java&#10;script:hurt()'>x</a>", "<a href=' &#14;javascript:hurt()'>x</a>", "<a href='data:text/html,<script>hurt()</script>'>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hurt()></style></mglyph></table></mtext></math>", "<form action='javascript:hurt()'><button>x</button></form>",
    "<details open ontoggle=hurt()>x</details>", "<input autofocus onfocus=hurt()>", "<video src=x onerror=hurt()></video>", "<audio src onloadstart=hurt()>",
    "<style>@import 'javascript:hurt()';</style>", "<div style='background:url(javascript:hurt())'>x</div>", "<link rel=stylesheet href='data:text/css,*{}'>", "<base href='http://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:hurt()'>", "<noscript><p title='</noscript><img src=x onerror=hurt()>'></noscript>", "<template><script>hurt()</script></template>",
    "<img alt='\"><script>hurt()</script>' src=x>", "</title><script>hurt()</script>", '"><script>hurt()</script>', "'-hurt()-'", "{{ 7 * 7 }}{% include 'x' %}", "]]><script>hurt()</script>",
    "<xss style='behavior:url(x)' onpointerenter=hurt()>x</xss>", "<marquee onstart=hurt()>x</marquee>", "<textarea autofocus onfocus=hurt()></textarea>", "\u2028<script>hurt()</script>",
]


class Reader(NamedTuple):
    """A page of a browser, and what went wrong on it."""

    page: Any
    complaints: list[str]

    def open(self, address: str) -> None:
        """Go somewhere and wait until nothing moves."""
        self.page.goto(address, wait_until="networkidle")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=WINDOWS)
def reader(browser: Any, board: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader who notes errors, and requests to anywhere else."""
    context = browser.new_context(viewport=WINDOWS[request.param], color_scheme="dark" if request.param == "hand" else "light")
    yield watched(context, board.address)
    context.close()


def watched(context: Any, address: str) -> Reader:
    page, complaints = context.new_page(), []
    page.set_default_timeout(20_000)
    page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}") if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(f"asked {asked.url}"))
    return Reader(page, complaints)


def test_from_a_word_to_a_floor_a_quote_and_a_revision(board: Any, reader: Reader) -> None:
    page = reader.page
    reader.open(f"{board.address}/-/board")
    page.keyboard.press("/")
    page.keyboard.type("水库")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/search?q=*")
    assert page.locator("mark").first.inner_text() == "水库"
    page.locator(".hits .title").first.click()
    page.wait_for_url("**/-/thread/**")
    assert page.locator(".post:target, .post").count() >= 5
    page.goto(page.url.partition("#")[0] + "?floor=7")
    assert page.locator(".post:target .body").inner_text().strip() == "一行字"
    page.locator(".reply a").first.click()
    page.locator(".post:target .author", has_text="钓鱼老李").wait_for()
    page.locator(".post:target").get_by_text("2 versions").click()
    page.wait_for_url("**/-/post/**")
    assert page.locator(".pieces ins, .pieces del").count() > 0
    assert reader.complaints == []


def test_nothing_is_wider_than_the_window(board: Any, reader: Reader) -> None:
    for path in ("board", "forum/1", "thread/1", "post/1", "overview", "search?q=水库", "find", "source/1", "author/1"):
        reader.open(f"{board.address}/-/{path}")
        assert reader.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert reader.complaints == []


def test_keys_go_from_post_to_post(board: Any, reader: Reader) -> None:
    thread = _thread(board.archive)
    reader.open(f"{board.address}/-/thread/{thread}")
    reader.page.keyboard.press("j")
    first = reader.page.evaluate("document.activeElement.id")
    reader.page.keyboard.press("j")
    second = reader.page.evaluate("document.activeElement.id")
    reader.page.keyboard.press("k")
    assert first.startswith("p")
    assert second != first
    assert reader.complaints == []


def test_charts_are_drawn_and_lead_to_rows(board: Any, reader: Reader) -> None:
    reader.open(f"{board.address}/-/overview")
    charts = reader.page.locator("figure.chart canvas")
    assert charts.count() >= 4
    drawn = charts.first.evaluate("c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((value) => value)")
    assert drawn
    reader.page.locator("figure.chart summary").nth(1).click()
    reader.page.locator("figure.chart").nth(1).locator("tbody a").first.click()
    reader.page.wait_for_url("**/-/forum/*")
    assert reader.complaints == []


def test_datasette_finds_chinese_in_its_own_box(board: Any, browser: Any) -> None:
    context = browser.new_context(viewport=WINDOWS["desk"])
    reader = watched(context, board.address)
    reader.open(f"{board.address}/{board.name}/posts")
    reader.page.fill("input[name=_search]", "开竿")
    reader.page.press("input[name=_search]", "Enter")
    reader.page.wait_for_url("**_search=*")
    assert reader.page.locator("td mark").first.inner_text() == "开竿"
    context.close()


def _thread(archive: Path) -> int:
    with closing(sqlite3.connect(archive)) as connection:
        return int(connection.execute("SELECT id FROM threads WHERE tid = 52").fetchone()[0])


def _poison(archive: Path) -> int:
    """Put every hostile piece everywhere a stranger's words are kept; tells which thread has them."""
    with closing(sqlite3.connect(archive)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        all_of_it = "\n".join(HOSTILE)
        connection.execute("INSERT INTO sites (id, slug, title) VALUES (90, ?, ?)", (HOSTILE[0], all_of_it))
        connection.execute("INSERT INTO forums (id, site_id, fid, name, description, moderators, last_post_title, last_post_author) VALUES (90, 90, 1, ?1, ?1, ?2, ?1, ?1)",
                           (all_of_it, json.dumps(HOSTILE)))
        connection.execute("INSERT INTO users (id, site_id, uid, name, group_title) VALUES (90, 90, 1, ?1, ?1)", (all_of_it,))
        connection.execute("INSERT INTO signatures (user_id, text, html) VALUES (90, ?1, ?1)", (all_of_it,))
        extras = json.dumps({"poll": {"voters": 2, "options": [{"text": text} for text in HOSTILE]}})
        connection.execute("INSERT INTO threads (id, site_id, tid, forum_id, title, type_name, user_id, author_name, special, extras) VALUES (90, 90, 1, 90, ?1, ?1, 90, ?1, ?1, ?2)",
                           (all_of_it, extras))
        for n, text in enumerate([*HOSTILE, all_of_it], 1):
            connection.execute(
                "INSERT INTO posts (id, site_id, thread_id, pid, position, floor_label, user_id, author_name, author_kind, edited_by, created_at, subject, text, html, state)"
                " VALUES (?1, 90, 90, ?1, ?2, ?3, 90, ?3, ?3, ?3, ?3, ?3, ?3, ?4, ?3)",
                (9000 + n, n, text, text if n % 2 else None),
            )
            connection.execute("INSERT INTO quotes (post_id, ordinal, quoted_pid, quoted_author, text) VALUES (?1, 1, 9001, ?2, ?2)", (9000 + n, text))
            connection.execute("INSERT INTO attachments (post_id, ordinal, name, url, kind) VALUES (?1, 1, ?2, ?3, ?2)", (9000 + n, text, "javascript:hurt()"))
            connection.execute("INSERT INTO comments (post_id, ordinal, author_name, text, created_at) VALUES (?1, 1, ?2, ?2, ?2)", (9000 + n, text))
            connection.execute("INSERT INTO ratings (post_id, ordinal, author_name, scores, reason) VALUES (?1, 1, ?2, ?3, ?2)", (9000 + n, text, json.dumps({text: text})))
        connection.execute("INSERT INTO sources (id, sha256, kind, status, engine, host, site_id) VALUES (90, 'x', ?1, ?1, ?1, ?1, 90)", (all_of_it,))
        connection.execute("INSERT INTO source_paths (source_id, path, member) VALUES (90, ?1, ?1)", (all_of_it,))
        connection.execute("INSERT INTO issues (source_id, level, stage, code, message) VALUES (90, ?1, ?1, ?1, ?1)", (all_of_it,))
        connection.execute("INSERT INTO documents (id, source_id, kind, title, author, text) VALUES (90, 90, ?1, ?1, ?1, ?1)", (all_of_it,))
        connection.execute("INSERT INTO revisions (id, post_id, content_hash, text) VALUES (90, 9001, 'a', ?1), (91, 9001, 'b', ?2)", (all_of_it, all_of_it[::-1]))
        cuts = json.dumps([[0, HOSTILE[0], "", HOSTILE[0]]])
        connection.execute("INSERT INTO sightings (source_id, ordinal, post_id, revision_id, view, state, fields, cuts) VALUES (90, 1, 9001, 90, ?1, 'ok', '{}', ?2)", (HOSTILE[0], cuts))
        connection.commit()
    return 90


@pytest.fixture
def hostile(board: Any, tmp_path: Path) -> Iterator[Any]:
    """A copy of the archive, poisoned, and served."""
    with closing(sqlite3.connect(board.archive)) as archive, closing(sqlite3.connect(tmp_path / "hostile.db")) as copy:
        archive.backup(copy)
    with board.another(tmp_path / "hostile.db") as served:
        yield served


def test_what_strangers_wrote_cannot_run(hostile: Any, browser: Any) -> None:
    """Every kind of page, with every hostile piece in every place, on our pages and on Datasette's."""
    board, thread = hostile, _poison(hostile.archive)
    context = browser.new_context(viewport=WINDOWS["desk"])
    context.add_init_script("window.hurt = () => { window.wasHurt = true; };")
    page = context.new_page()
    outside: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith((board.address, "about:")) else outside.append(asked.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    ours = [f"/-/thread/{thread}", f"/-/forum/{thread}", "/-/board", "/-/author/90", "/-/post/9001", "/-/source/90", "/-/document/90", "/-/overview", "/-/search?q=hurt",
            f"/-/search?q={HOSTILE[0]}", f"/-/find?url={HOSTILE[0]}", f"/-/author/0?name={HOSTILE[0]}"]
    theirs = [f"/{board.name}/posts?_search=hurt", f"/{board.name}/posts/9001", f"/{board.name}/threads", f"/{board.name}/documents?_search=hurt"]
    for path in (*ours, *theirs):
        answer = page.goto(board.address + path.replace("#", "%23"), wait_until="load")
        assert answer.status < 500, path
        for bait in page.locator("#bait").all():
            bait.click(timeout=1000, no_wait_after=True)
        assert not page.evaluate("window.wasHurt"), path
    for link in page.locator("a[href]").evaluate_all("all => all.map((a) => a.protocol)"):
        assert link in {"http:", "https:", "mailto:"}
    assert (outside, dialogs) == ([], [])
    context.close()
