"""The stock path: ``create_chat_completion`` of llama-cpp-python with a JSON schema and its own prompt caching."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from llama_cpp import Llama

from . import baseline
from .contender import Answered, Ask, Settings
from .home import generated_home


class _Counting(Llama):  # type: ignore[misc]  # the library ships no types
    """Counts what is evaluated; nothing else differs."""

    passes = 0
    evaluated = 0

    def eval(self, tokens: Sequence[int]) -> None:
        self.passes += -(-len(tokens) // self.n_batch)
        self.evaluated += len(tokens)
        super().eval(tokens)


class Stock:
    """One chat for each utterance; the system prompt stays the same, so its tokens are read once."""

    def __init__(self, settings: Settings) -> None:
        options = settings.options
        self._home = generated_home(settings.devices)
        self._steered, self._now = settings.steered, settings.now
        self._system = {"role": "system", "content": baseline.system_prompt(self._home)}
        self._schema = baseline.schema(self._home)
        self._llama = _Counting(
            str(settings.model),
            n_ctx=settings.context,
            n_threads=options.threads,
            n_threads_batch=options.threads_batch,
            verbose=False,
        )
        self._chat("hello", self._schema, most=1)
        self.prompt = self._llama.evaluated

    def ask(self, ask: Ask) -> Answered:
        schema = baseline.exactly(baseline.answer(ask.line, self._home, ask.text)) if self._steered else self._schema
        passes, evaluated = self._llama.passes, self._llama.evaluated
        began = self._now()
        reply = self._chat(ask.text, schema)
        seconds = self._now() - began
        generated = reply["usage"]["completion_tokens"]
        steps = self._llama.passes - passes
        return Answered(
            text=ask.text,
            seconds=seconds,
            answer=reply["choices"][0]["message"]["content"],
            steps=steps,
            evaluated=self._llama.evaluated - evaluated - (steps - 1),
            generated=generated,
        )

    def floor(self, suffix: int, free: int) -> float:
        raise NotImplementedError(f"the floor of {suffix} tokens and {free} decisions is measured on the bare engine")

    def _chat(self, text: str, schema: dict[str, Any], most: int = baseline.MAX_TOKENS) -> dict[str, Any]:
        reply: dict[str, Any] = self._llama.create_chat_completion(
            messages=[self._system, {"role": "user", "content": text}],
            response_format={"type": "json_object", "schema": schema},
            temperature=0.0,
            max_tokens=most,
        )
        json.dumps(reply)
        return reply


def build(settings: Settings) -> Stock:
    return Stock(settings)
