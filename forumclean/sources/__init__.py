"""Bytes and where they came from: files, folders, standard input. Streams; opens nothing before it is asked for."""

from __future__ import annotations

from forumclean.sources.counting import count
from forumclean.sources.files import Unreadable, check, documents
from forumclean.sources.reading import fingerprint, still, unreadable

__all__ = ["Unreadable", "check", "count", "documents", "fingerprint", "still", "unreadable"]
