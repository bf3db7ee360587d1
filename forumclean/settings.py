"""What the user asked for, and the limits that keep a run bounded.

Floor 0. One frozen record carries every option that changes what is stored; the run log keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forumclean.records import Profile

READER = 3
"""Version of the parser: raised when it reads the same bytes differently, so that the next import reads again what is still there."""
RULES = 3
"""Version of the scrubber: raised when it cleans the same parsed text differently, so that the next import or ``settle`` scrubs again what is
stored. The files themselves need not be there."""
MAX_DOCUMENT = 64 * 10**6
"""Bytes: a larger document is an issue, except what can be read block by block (design: Bounded)."""
BLOCK = 1 << 20
"""Bytes read at a time where a document is streamed."""
SNIFF = 256 * 1024
"""Bytes looked at to find out what a large document is."""

FILES_VARIABLE = "FORUMCLEAN_FILES"
"""Environment variable: more folders where the pictures of mirrors lie, for ``serve`` and for Datasette with our plugin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Options of ``ingest``, ``inspect``, ``clean`` and ``explain`` that change what is made of an input."""

    site: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Host → site slug."""
    encoding: str | None = None
    engine: str | None = None
    timezone: str | None = None
    """IANA name or ``+08:00``; ``None``: the page's own, else Asia/Shanghai, recorded as assumed."""
    profile: Profile = "default"
    keep_private: bool = False
