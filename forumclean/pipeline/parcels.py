"""What was read of documents, in files: so that a worker waits for nobody, and a document of any size passes in pieces.

A parcel is a part of a file: the batches of one document one behind the other.
"""

from __future__ import annotations

import pickle
from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forumclean.archiver.observed import Observed

LARGE = 4 * 10**6
"""Bytes of a document whose batches are not kept in memory."""


def pack(batches: Iterable[Observed], stream: BinaryIO) -> None:
    """Write the batches of one document. Raises OSError where they cannot be written."""
    for batch in batches:
        pickle.dump(batch, stream, pickle.HIGHEST_PROTOCOL)
    pickle.dump(None, stream)


def unpack(stream: BinaryIO, *, close: bool = False) -> Iterator[Observed]:
    """The batches of the next document, one at a time; ``close``: the stream is of no use afterwards."""
    with stream if close else nullcontext():
        while (batch := pickle.load(stream)) is not None:  # noqa: S301 - written by a process of ours a moment ago
            yield batch
