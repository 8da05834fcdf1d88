"""The daemon with a reader that does as it is told in place of a model: ``python -m tests.support.scripted CONFIG``.

"do off desk lamp" is read as that compact line; "wait 0.2" takes its time, "slow" until the deadline, "hang" never
ends, "raise" raises, "die" kills the process as a damaged model would. Anything else is not for us.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from edgeassist.config import load_config
from edgeassist.daemon import Daemon
from edgeassist.engine.decoder import Decoded
from edgeassist.errors import DeadlineExceeded, EdgeAssistError
from edgeassist.functions import Function, builtin_functions
from edgeassist.home import Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.rereading import Understood
from edgeassist.text import normalise_utterance

log = logging.getLogger(__name__)

_DECODED = Decoded((), (), 1, 0, 0, 0)


class ScriptedReader:
    """Stands where :class:`edgeassist.understanding.Understanding` does."""

    def __init__(self, functions: Mapping[str, Function] | None = None) -> None:
        self._functions = functions or builtin_functions()
        self._lexicon = Lexicon.of(Home())

    def prepare(self, home: Home) -> None:
        self._lexicon = Lexicon.of(home)

    def abandon(self) -> None:
        """Keep the home before."""

    def relearn(self, functions: Mapping[str, Function], progress: Callable[[], None]) -> None:
        """A script knows no functions."""

    def advance(self) -> bool:
        return True

    def close(self) -> None:
        return

    def understand(self, text: str, deadline: float) -> Understood:
        verb, _, rest = text.partition(" ")
        match verb:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                log.info("hangs on purpose")
                threading.Event().wait()
            case "raise":
                raise RuntimeError(rest)
            case "wait":
                threading.Event().wait(float(rest))
            case "slow":
                threading.Event().wait(max(0.0, deadline - time.monotonic()))
                raise DeadlineExceeded("the deadline passed while it was decoded")
        line = f" {rest}" if verb == "do" else syntax.NONE
        readings = syntax.read(line, self._functions, self._lexicon)
        return Understood(normalise_utterance(text), line, readings, self._lexicon, 1.0, _DECODED, 0.0)


def _bend() -> None:
    """Shorter patience, and a wall clock that is wrong by what a file says, where the environment asks for it."""
    if patience := os.environ.get("TEST_STUCK_S"):
        os.environ["EDGEASSIST_STUCK_S"] = patience
    if offset := os.environ.get("TEST_CLOCK"):
        true_time = time.time
        time.time = lambda: true_time() + float(Path(offset).read_text())


def main(config_file: str) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    _bend()
    load = None if os.environ.get("TEST_REAL_MODEL") else ScriptedReader
    try:
        Daemon(load_config(Path(config_file)), load, lambda: load_config(Path(config_file))).run()
    except EdgeAssistError as error:
        sys.stderr.write(f"edgeassist: {error}\n")
        return 78
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
