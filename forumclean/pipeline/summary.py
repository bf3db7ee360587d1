"""What one import did, in numbers of inputs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Summary:
    """What one import did, in numbers of inputs. ``exit_code`` is the one of the command: 0, or 3 where an input newly failed."""

    new: int = 0
    changed: int = 0
    """Read again, because the file is not what was read from its place before."""
    unchanged: int = 0
    failed: int = 0
    unsupported: int = 0
    assets: int = 0
    postponed: int = 0
    """Files that were written to while they were read: left for the next run."""
    outdated: int = 0
    """Documents that only an older version has read: they are gone, or were not given to this run."""
    outdated_paths: list[str] = field(default_factory=list)
    """Of some of them."""
    stored: Counter[str] = field(default_factory=Counter)
    """New rows by table, and what settle changed, as the archive counted them."""
    cuts: Counter[str] = field(default_factory=Counter)
    """Cuts by rule, in what was read by this run; bytes that it met twice count once."""
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """3 if an input newly failed, else 0."""
        return 3 if self.failed else 0

    def as_json(self) -> dict[str, Any]:
        """The summary as plain JSON values, for ``--json`` and the run log."""
        return {**asdict(self), "stored": dict(self.stored), "cuts": dict(self.cuts), "exit_code": self.exit_code}
