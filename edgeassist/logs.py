"""The log: structured in the journal where python3-systemd is there, with syslog levels without it, plain elsewhere."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

_PLAIN = "%(levelname)s %(name)s: %(message)s"
#: Of sd-daemon(3): journald takes the level from the head of a line.
_LEVELS = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class LevelPrefix(logging.Formatter):
    """Puts ``<4>`` and the like before every line, also those of a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"<{_LEVELS.get(record.levelno, 6)}>"
        return "\n".join(head + line for line in super().format(record).splitlines())


def set_up(*, verbose: bool, environ: Mapping[str, str] = os.environ, stream: TextIO = sys.stderr) -> None:
    """Route the root logger. ``extra`` fields in capitals, such as INTENT_ID, become fields of the journal."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO, handlers=[_handler(environ, stream)], force=True
    )


def is_journal(environ: Mapping[str, str], stream: TextIO) -> bool:
    """Whether the stream is the one that systemd connected to the journal, and was not redirected since."""
    named = environ.get("JOURNAL_STREAM", "")
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return named == f"{status.st_dev}:{status.st_ino}"


def _handler(environ: Mapping[str, str], stream: TextIO) -> logging.Handler:
    handler: logging.Handler = logging.StreamHandler(stream)
    if not is_journal(environ, stream):
        handler.setFormatter(logging.Formatter(f"%(asctime)s {_PLAIN}"))
        return handler
    try:
        from systemd.journal import JournalHandler
    except ImportError:
        # journald notes the time itself.
        handler.setFormatter(LevelPrefix(_PLAIN))
        return handler
    journal: logging.Handler = JournalHandler(SYSLOG_IDENTIFIER="edgeassist")
    journal.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    return journal
