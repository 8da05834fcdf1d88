"""Vosk: streaming, many languages, and a grammar with ``[unk]`` for everything that is not of this home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from edgeassist.errors import AudioError
from edgeassist.voice.engines import RATE, EngineOptions, Recogniser, Transcript
from edgeassist.voice.phrases import Phrases

UNKNOWN = "[unk]"


class _Vosk:
    """With a grammar Vosk says 1.0 for wrong words as well, so words that it takes for unknown count against it."""

    def __init__(self, model: Path) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(model))
        self._new: Any = vosk.KaldiRecognizer
        self._lists: dict[bool, list[str]] = {}
        self._recogniser: Any = None
        self._parts: list[dict[str, Any]] = []

    def know(self, phrases: Phrases) -> None:
        self._lists = {answer: self._known(phrases.fragments(answers=answer)) for answer in (False, True)}

    def start(self, *, answer: bool = False) -> None:
        fragments = self._lists.get(answer)
        arguments = [json.dumps([*fragments, UNKNOWN], ensure_ascii=False)] if fragments else []
        self._recogniser = self._new(self._model, RATE, *arguments)
        self._recogniser.SetWords(True)
        self._parts = []

    def accept(self, frame: bytes) -> None:
        if self._recogniser.AcceptWaveform(frame):
            self._parts.append(json.loads(self._recogniser.Result()))

    def finish(self) -> Transcript:
        self._parts.append(json.loads(self._recogniser.FinalResult()))
        words = [word for part in self._parts for word in part.get("result", ())]
        if not words:
            return Transcript("", 0.0)
        known = [word for word in words if word["word"] != UNKNOWN]
        confidence = sum(word["conf"] for word in known) / len(words)
        return Transcript(" ".join(word["word"] for word in known), confidence)

    def _known(self, fragments: list[str]) -> list[str]:
        """Those of words that the model has; Vosk warns about others on stderr, each time."""
        find = getattr(self._model, "FindWord", None) or getattr(self._model, "vosk_model_find_word", None)
        if find is None:
            return fragments
        return [each for each in fragments if all(find(word) >= 0 for word in each.split())]


def create(options: EngineOptions) -> Recogniser:
    if options.model is None or not options.model.is_dir():
        raise AudioError(
            f"voice.recogniser_model = {str(options.model)!r}: must be the folder of a Vosk model, for example what "
            '`edgeassist models pull vosk-small-en` prints; recogniser = "pocketsphinx" brings English with it'
        )
    return _Vosk(options.model)
