"""How often in a row the daemon has started without lasting a minute: too often is a crash loop."""

from __future__ import annotations

import logging
from pathlib import Path

_log = logging.getLogger(__name__)
#: A start that held this long, in seconds, was a good one.
GOOD_AFTER_S = 60.0
MAX_BAD = 10


class Boots:
    """A count in a small file. A file that cannot be read or written counts as no bad start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = 0
        self._counted = False

    def begin(self) -> int:
        """Count this start as bad until it proves good; the bad ones before it."""
        try:
            self._before = int(self._path.read_text())
        except (OSError, ValueError):
            self._before = 0
        self._counted = self._write(self._before + 1)
        return self._before

    def forgive(self) -> None:
        """Do not count this start: its configuration was wrong, which safe mode would not mend."""
        if self._counted:
            self._counted = not self._write(self._before)

    def good(self) -> None:
        """It has lasted, or was ended on purpose."""
        if self._counted:
            self._counted = not self._write(0)

    def _write(self, count: int) -> bool:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path.write_text(str(count))
        except OSError as error:
            _log.debug("starts are not counted: %s", error)
            return False
        return True
