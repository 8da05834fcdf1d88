"""The other end of a contender's conversation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from edgeassist.errors import EdgeAssistError

from .contender import Answered, Ask, Settings

#: The arguments that start a contender, its settings left out.
COMMAND = (sys.executable, "-m", "edgeassist.bench.contender")


class Contestant:
    """A running contender. ``ready_s`` from the start of its process to the first moment at which it could answer."""

    def __init__(self, settings: Settings, command: Sequence[str] = COMMAND) -> None:
        self.settings = settings
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (it lives as long as the process)
        settings = settings.model_copy(update={"spawned": time.monotonic()})
        self._process = subprocess.Popen(
            [*command, settings.model_dump_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            text=True,
            encoding="utf-8",
        )
        hello = self._hear()
        self.ready_s: float = hello["ready"]
        self.prompt: int = hello["prompt"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, ask: Ask) -> Answered:
        self._say(ask=ask.model_dump())
        return Answered.model_validate(self._hear()["answered"])

    def floor(self, suffix: int, free: int) -> float:
        """Seconds that the bare engine takes for a batch of ``suffix`` tokens and ``free`` single ones."""
        self._say(floor=[suffix, free])
        seconds: float = self._hear()["seconds"]
        return seconds

    def peak_rss(self) -> int:
        self._say(rss=True)
        size: int = self._hear()["rss"]
        return size

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._errors.close()

    def _say(self, **order: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            last = self._errors.read().decode(errors="replace").strip().splitlines()[-3:]
            raise EdgeAssistError(
                f"the {self.settings.path} contender died (code {self._process.returncode}): {' / '.join(last)}"
            )
        said: dict[str, Any] = json.loads(line)
        return said


def _environment() -> dict[str, str]:
    """Ours, with compiled modules kept between processes: installed packages have them compiled as well."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), f"edgeassist-bench-{os.getuid()}"))}
