"""Bytes and where they came from: files, folders, standard input. Streams; opens nothing before it is asked for."""

from __future__ import annotations

from forumclean.sources.files import Unreadable, check, documents
from forumclean.sources.reading import fingerprint, unreadable

__all__ = ["Unreadable", "check", "documents", "fingerprint", "unreadable"]
