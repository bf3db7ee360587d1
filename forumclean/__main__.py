"""``python -m forumclean``: the same as the ``forumclean`` command."""

from __future__ import annotations

from forumclean.cli import main

if __name__ == "__main__":
    main()
