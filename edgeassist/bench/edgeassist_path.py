"""edgeassist's own path, and the floor under it: the same engine without anything around it."""

from __future__ import annotations

import time

from edgeassist.engine.llama import LlamaModel
from edgeassist.engine.store import StateStore
from edgeassist.functions import builtin_functions
from edgeassist.text import normalise_utterance
from edgeassist.understanding import Understanding

from .contender import Answered, Ask, Settings
from .home import generated_home
from .steered import SteeredModel

_PATIENCE_S = 120.0


class EdgeAssist:
    """The home is generated before the clock of an utterance starts; its prefix is read before the first."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings.now
        self._understanding = Understanding(
            settings.model,
            settings.options,
            builtin_functions(),
            template=settings.template,
            store=StateStore(settings.store) if settings.store else None,
            load=SteeredModel if settings.steered else LlamaModel,
        )
        self._understanding.prepare(generated_home(settings.devices))
        while not self._understanding.advance():
            pass
        self.prompt = self._understanding.prefix.evaluated

    def ask(self, ask: Ask) -> Answered:
        model = self._understanding.model
        suffix = self._understanding.suffix(normalise_utterance(ask.text))
        if isinstance(model, SteeredModel):
            model.expect(ask.line, suffix)
        deadline = time.monotonic() + _PATIENCE_S
        began = self._now()
        understood = self._understanding.understand(ask.text, deadline)
        seconds = self._now() - began
        decoded = understood.decoded
        return Answered(
            text=ask.text,
            seconds=seconds,
            answer=understood.line,
            steps=decoded.steps,
            evaluated=decoded.evaluated,
            generated=len(decoded.tokens),
            free=len(decoded.decisions),
            suffix=len(suffix),
            drafted=decoded.drafted,
            accepted=decoded.accepted,
        )

    def floor(self, suffix: int, free: int) -> float:
        """Seconds for one batch of ``suffix`` tokens and ``free`` single ones behind the prefix, and nothing else."""
        model, prefix = self._understanding.model, self._understanding.prefix
        tokens = model.tokenize(" turn on the light in the kitchen and set it to the right colour" * 8)[:suffix]
        began = self._now()
        model.decode(tokens, prefix.length, prefix.sequence)
        for i in range(free):
            model.decode(tokens[:1], prefix.length + suffix + i, prefix.sequence)
        seconds = self._now() - began
        model.forget(prefix.sequence, prefix.length)
        return seconds


def build(settings: Settings) -> EdgeAssist:
    return EdgeAssist(settings)
