"""What each input is, and what would be stored of it, without writing anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forumclean import sources
from forumclean.pipeline.work import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forumclean.pipeline.work import Reading
    from forumclean.records import Issue, Page, Ref
    from forumclean.settings import Settings


@dataclass(slots=True)
class Inspection:
    """One input: what it is and why, what it holds, what went wrong."""

    ref: Ref
    page: Page | None = None
    """The first page read from it; ``None`` where it could not be read at all."""
    holds: Counter[str] = field(default_factory=Counter)
    """What would be stored: configs, settings, threads, posts, posts without text, figures, documents, cuts, doubts."""
    names: list[str] = field(default_factory=list)
    """Forums, thread and document titles found in it."""
    issues: list[Issue] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Count one page of the input."""
        page = reading.page
        self.page = self.page or page
        self.issues += page.issues
        self.holds.update({
            "forum configs": len(page.configs),
            "settings": sum(len(config.leaves) for config in page.configs),
            "threads": len(page.threads),
            "posts": len(page.posts),
            "posts without text": sum(post.body is None for post in page.posts),
            "author figures": sum(len(post.stats) for post in page.posts),
            "documents": int(page.document is not None),
            "cuts": sum(len(clean.cuts) for clean in reading.scrubbed if clean),
            "doubts": sum(len(clean.doubts) for clean in reading.scrubbed if clean),
        })
        self.names += [f"forum {config.fid} {config.name or ''}".rstrip() for config in page.configs]
        self.names += [title for thread in page.threads if (title := thread.fields.get("title"))]
        if page.document is not None and page.document.title:
            self.names.append(page.document.title)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: what ``inspect --json`` prints for this input."""
        page = self.page
        return {
            "path": str(self.ref),
            "kind": page and page.kind, "engine": page and page.engine, "score": page and page.score, "reasons": page and list(page.reasons),
            "encoding": page and page.encoding, "encoding_how": page and page.encoding_how, "status": page.status if page else "failed",
            "holds": {name: count for name, count in self.holds.items() if count}, "names": self.names,
            "issues": [{"level": issue.level, "code": issue.code, "message": issue.message, "excerpt": issue.excerpt} for issue in self.issues],
        }


def inspect(
    paths: Sequence[str], settings: Settings, *, include: Sequence[str] = (), exclude: Sequence[str] = (),
) -> Iterator[Inspection]:
    """Look at every input below ``paths``, in order. Raises ``UsageError`` for a path that does not exist."""
    for item in sources.documents(paths, include=include, exclude=exclude):
        found = Inspection(item.ref)
        if isinstance(item, sources.Unreadable):
            found.issues.append(item.issue)
        else:
            for reading in read(item, settings):
                found.add(reading)
        yield found
