"""Piper: a natural voice from a file of some 60 MB, at about the length of the sentence on a Pi 4."""

from __future__ import annotations

import shutil
import subprocess

from edgeassist.errors import AudioError
from edgeassist.voice.engines import EngineOptions, Speaker

_LIMIT_S = 60.0


class _Piper:
    def __init__(self, piper: str, aplay: str, model: str) -> None:
        self._make = (piper, "--model", model, "--output_file", "-")
        self._play = (aplay, "-q", "-")

    def say(self, text: str) -> None:
        try:
            made = subprocess.run(self._make, input=text.encode(), capture_output=True, timeout=_LIMIT_S, check=True)
            subprocess.run(self._play, input=made.stdout, capture_output=True, timeout=_LIMIT_S, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise AudioError(f"piper: {error}") from None


def create(options: EngineOptions) -> Speaker:
    piper, aplay = shutil.which("piper"), shutil.which("aplay")
    if piper is None or aplay is None:
        raise AudioError("voice.speaker = 'piper': piper and aplay must be on the PATH; pip install piper-tts")
    if options.model is None or not options.model.is_file():
        raise AudioError("voice.speaker_model: piper needs the .onnx file of a voice, with its .json beside it")
    return _Piper(piper, aplay, str(options.model))
