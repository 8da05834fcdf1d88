"""espeak-ng: small, quick, and sounds like it."""

from __future__ import annotations

import shutil
import subprocess

from edgeassist.errors import AudioError
from edgeassist.voice.engines import EngineOptions, Speaker

_LIMIT_S = 30.0


class _Espeak:
    def __init__(self, program: str, voice: str) -> None:
        self._command = (program, "-v", voice, "--stdin")

    def say(self, text: str) -> None:
        try:
            done = subprocess.run(
                self._command, input=text.encode(), capture_output=True, timeout=_LIMIT_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AudioError(f"espeak-ng: {error}") from None
        if done.returncode:
            raise AudioError(f"espeak-ng: {done.stderr.decode(errors='replace').strip()[:200]}")


def create(options: EngineOptions) -> Speaker:
    program = shutil.which("espeak-ng")
    if program is None:
        raise AudioError("voice.speaker = 'espeak': espeak-ng is not installed; apt-get install espeak-ng")
    return _Espeak(program, options.voice)
