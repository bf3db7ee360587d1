"""How much may come out of a container: a bomb is met early, whatever its make.

One budget belongs to one file that PATH leads to and is handed down into the containers inside it, so that boxes within boxes share it.
"""

from __future__ import annotations

from forumclean.settings import MAX_DOCUMENT

RATIO = 250
"""Bytes that may come out for each byte that went in. Pages of one board packed together as tightly as can be reach a hundred;
a bomb of DEFLATE reaches 1,032, of xz and zstd many thousands."""
DEPTH = 4
"""So many containers may lie in each other: a zip in a tar.gz in a zip is read, a quine is not."""


class BombError(Exception):
    """More would come out than any pile of pages packs: the rest of the file is not read."""


class Budget:
    """Bytes that may still be unpacked."""

    def __init__(self, packed: int) -> None:
        """``packed``: bytes of the file as it lies on the disk."""
        self._left = MAX_DOCUMENT + RATIO * packed

    def spend(self, size: int) -> None:
        """Account for ``size`` unpacked bytes. Raises BombError when it is too much."""
        self._left -= size
        if self._left < 0:
            raise BombError


def is_bomb(size: int, packed: int) -> bool:
    """Whether one member that states both its sizes is a bomb by itself.

    >>> is_bomb(4_000_000_000, 4_000_000), is_bomb(90_000, 50), is_bomb(200_000_000, 8_000_000)
    (True, False, False)
    """
    return size > MAX_DOCUMENT and size > RATIO * packed
