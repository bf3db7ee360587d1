"""UTF-8 that was encoded twice: a program took the bytes for Latin-1 or Windows-1252 and wrote them as UTF-8 again (``ä½ å¥½`` for 你好)."""

from __future__ import annotations

import re

_ENOUGH = 20
"""CJK characters that must come out: nobody quotes so many, and nothing else beside them."""
_CJK = re.compile("[\u2e80-\U0010ffff]")
_HIGH = re.compile("[\x80-\xff]")
_BYTES = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}}
"""What Windows-1252 has in place of control characters; the five bytes it does not know stay as they are."""


def once(text: str) -> str | None:
    """The text as it was meant, ``None`` for a text that was encoded once: all of it must read as UTF-8, and give enough CJK characters.

    >>> once("你好" * 20) is None, (once(("你好" * 20).encode().decode("latin-1")) or "")[:2]
    (True, '你好')
    """
    if text.isascii() or _CJK.search(text) is not None or _HIGH.search(text) is None:  # most texts are answered by their first words
        return None
    try:
        meant = text.translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return meant if len(_CJK.findall(meant)) >= _ENOUGH else None
