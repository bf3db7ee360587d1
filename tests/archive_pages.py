"""Pages of an invented board as the pipeline hands them to the archive; used by the tests of archive and settle."""

from __future__ import annotations

import hashlib
from typing import Any

from forumclean.records import Batch, Cut, Document, ForumConfig, Issue, Leaf, Page, Post, Ref, SeenPost, Thread


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def ref(path: str, *, seconds: int = 1_700_000_000, size: int = 10, **more: Any) -> Ref:
    more.setdefault("place", digest(path)[:32])
    return Ref(path=path, size=size, mtime_ns=seconds * 10**9, **more)


def seen(  # noqa: PLR0913 - a builder: all that a test may want to say
    ordinal: int, text: str | None = "正文", *, pid: int | None = None, html: str | None = None, state: str | None = None,
    cuts: tuple[Cut, ...] = (), stats: dict[str, Any] | None = None, **fields: Any,
) -> SeenPost:
    post = Post(ordinal=ordinal, pid=pid, state=state or ("missing" if text is None else "ok"), fields=fields, stats=stats or {})  # type: ignore[arg-type]
    return SeenPost(post=post, text=text, html=html, content_hash=None if text is None else digest(text)[:32], cuts=cuts)


def batch(  # noqa: PLR0913 - as above
    path: str, *posts: SeenPost, tid: int | None = None, fid: int | None = None, page: int | None = None, view: str = "desktop",
    at: str | None = None, salt: str = "", thread: dict[str, Any] | None = None, **more: Any,
) -> Batch:
    """A thread page. Its bytes are told by path, capture and ``salt``."""
    where = more.pop("ref", None) or ref(path)
    own = (Thread(tid=tid, fid=fid, page=page, fields=thread or {}),) if posts or tid is not None else ()
    record = Page(
        ref=where, kind=more.pop("kind", "thread"), engine="x3", view=view, captured_at=at, captured_how="page" if at else None,
        threads=more.pop("threads", own), **{name: more.pop(name) for name in list(more) if name in Page.__dataclass_fields__},
    )
    return Batch(page=record, sha256=digest(f"{path} {at} {salt}"), site=more.pop("site", None), posts=posts, **more)


def document(path: str, text: str, **fields: Any) -> Batch:
    return Batch(page=Page(ref=ref(path), kind="text", document=Document(text=text, **fields)), sha256=digest(text), site=None)


def config(path: str, leaves: dict[str, str], *, salt: str = "", complete: bool = True, **facts: Any) -> Batch:
    block = ForumConfig(leaves=tuple(Leaf(name, value, "text") for name, value in leaves.items()), complete=complete, **facts)
    return Batch(page=Page(ref=ref(path), kind="config", configs=(block,)), sha256=digest(path + salt), site=None)


def issue(code: str = "unreadable") -> Issue:
    return Issue(level="error", stage="source", code=code, message="cannot be read; check its permissions")
