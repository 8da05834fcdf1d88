"""Short sounds instead of words: listening, understood, not understood."""

from __future__ import annotations

import array
import math
import shutil
import subprocess
from typing import Literal

from .engines import RATE

Earcon = Literal["listening", "done", "sorry"]
_TONES: dict[Earcon, tuple[int, ...]] = {"listening": (880,), "done": (660, 990), "sorry": (440, 330)}
_TONE_S = 0.09
_VOLUME = 8000
_LIMIT_S = 3.0


def play(earcon: Earcon) -> None:
    """Returns when it has sounded; silent where there is no aplay or no loudspeaker."""
    program = shutil.which("aplay")
    if program is None:
        return
    command = (program, "-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1", "-")
    try:
        subprocess.run(command, input=samples(earcon), capture_output=True, timeout=_LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return


def samples(earcon: Earcon) -> bytes:
    """The sound, with soft ends: a hard one clicks."""
    count = int(RATE * _TONE_S)
    sound = array.array("h")
    for hertz in _TONES[earcon]:
        sound.extend(
            int(_VOLUME * math.sin(math.pi * i / count) * math.sin(2 * math.pi * hertz * i / RATE))
            for i in range(count)
        )
    return sound.tobytes()
