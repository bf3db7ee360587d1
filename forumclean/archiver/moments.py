"""Times as the archive writes them: UTC, whole seconds, ``2025-11-27T06:37:34Z``. Text in this form sorts by time."""

from __future__ import annotations

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """The present moment."""
    return datetime.now(UTC).strftime(_FORM)


def from_mtime(mtime_ns: int) -> str:
    """The modification time of a file.

    >>> from_mtime(1764225454_000000001)
    '2025-11-27T06:37:34Z'
    """
    return datetime.fromtimestamp(mtime_ns // 10**9, UTC).strftime(_FORM)
