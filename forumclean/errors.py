"""Errors for people: each says what happened, to which input, and what to do; the exit code is part of the error.

Floor 0. An ordinary bad input is not an error but an ``Issue``; errors are for misuse and for an archive that cannot be written.
"""

from __future__ import annotations


class ForumcleanError(Exception):
    """Something that ends the command with one line on stderr."""

    exit_code = 1


class UsageError(ForumcleanError):
    """Wrong options, or a PATH that does not exist: nothing was read or written."""

    exit_code = 2


class ArchiveError(ForumcleanError):
    """The archive cannot be used: not writable, disk full, damaged."""


class NotOursError(ArchiveError):
    """The file is not SQLite, or not an archive of forumclean, or made by a newer version."""


class LockedError(ArchiveError):
    """Another process is writing to the archive."""
