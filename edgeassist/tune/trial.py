"""One candidate measured: ``python -m edgeassist.tune.trial MODEL OPTIONS`` prints a line of JSON.

It is a process of its own: threads and repacked weights of the candidate before would be in its way.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from edgeassist.engine.options import EngineOptions
from edgeassist.errors import EdgeAssistError

from .search import Timing

#: Tokens of the prefix, of an utterance and of a guess.
PREFIX, UTTERANCE, GUESS = 512, 14, 5
_REPEATS = 7
_PATIENCE_S = 120.0


class ProcessTimer:
    """A :class:`edgeassist.tune.search.Timer` for a model file."""

    def __init__(self, model: Path) -> None:
        self._model = model

    def __call__(self, options: EngineOptions) -> Timing:
        command = [sys.executable, "-m", __name__, str(self._model), options.model_dump_json()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise EdgeAssistError(f"took longer than {_PATIENCE_S:.0f} s") from error
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise EdgeAssistError(f"did not run (code {done.returncode}): {last}")
        return Timing(**json.loads(done.stdout.splitlines()[-1]))


def measure(model: Path, options: EngineOptions) -> Timing:
    """Times behind a prefix of the usual length; the first run of each is not counted."""
    from edgeassist.engine.llama import LlamaModel

    engine = LlamaModel(model, options)
    words = engine.tokenize(" turn on the light in the kitchen and close the blinds of the bedroom")
    prefix = (words * (PREFIX // len(words) + 1))[:PREFIX]
    began = time.perf_counter()
    for start in range(0, PREFIX, options.batch):
        engine.decode(prefix[start : start + options.batch], start, 0)
    reading = time.perf_counter() - began

    def timed(count: int, wanted: int) -> float:
        def decode() -> None:
            engine.decode(prefix[:count], PREFIX, 0, logits_at=range(count - wanted, count))
            engine.forget(0, PREFIX)

        return _shortest(decode)

    return Timing(
        prefix=reading,
        utterance=timed(UTTERANCE, 1),
        drafted=timed(UTTERANCE + GUESS, GUESS + 1),
        token=timed(1, 1),
        peak_rss=_peak_rss(),
    )


def _shortest(run: Callable[[], None]) -> float:
    """Seconds of the quickest of some runs: whatever else the machine does can only add to them."""
    run()
    seconds: list[float] = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _peak_rss() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def main(model: str, options: str) -> None:
    timing = measure(Path(model), EngineOptions.model_validate_json(options))
    print(json.dumps({name: getattr(timing, name) for name in Timing.__dataclass_fields__}))


if __name__ == "__main__":
    main(*sys.argv[1:])
