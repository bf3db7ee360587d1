"""Bytes to records: what an input is, its charset, its config blocks, threads and posts. Deletes nothing inside a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.errors import ForumcleanError
from forumclean.parser.reading import answered, check_settings, failed, read_document
from forumclean.records import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.records import Page, RawDocument
    from forumclean.settings import Settings

__all__ = ["check_settings", "parse"]


def parse(document: RawDocument, settings: Settings) -> Iterator[Page]:
    """Parse one document: one page, or several for a large dump that is read block by block (each with a part of its configs).

    A bad input never raises: it is a page with an issue. Raises UsageError for settings that name no charset, engine or time zone.
    """
    try:
        for page in read_document(document, settings):
            yield answered(page, document.http_status)
    except ForumcleanError:
        raise
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        message = f"cannot be read ({why}); check its permissions and the disk"
        yield failed(document, "text", Issue(level="error", stage="source", code="unreadable", message=message))
    except Exception as error:  # noqa: BLE001 - one bad page never stops a run; every known fault has its own code
        message = f"could not be parsed ({type(error).__name__}: {str(error)[:80]}); please report it with the input"
        yield failed(document, "text", Issue(level="error", stage="parse", code="parser-error", message=message))
