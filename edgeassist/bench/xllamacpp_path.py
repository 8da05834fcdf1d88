"""xllamacpp's server in process, with its prompt cache and a JSON schema."""

from __future__ import annotations

from typing import Any

import xllamacpp

from edgeassist.errors import EdgeAssistError

from . import baseline
from .contender import Answered, Ask, Settings
from .home import generated_home


class Server:
    """One slot, one chat for each utterance, the system prompt in the slot's cache."""

    def __init__(self, settings: Settings) -> None:
        self._home = generated_home(settings.devices)
        self._steered, self._now = settings.steered, settings.now
        self._system = {"role": "system", "content": baseline.system_prompt(self._home)}
        self._schema = baseline.schema(self._home)
        params = xllamacpp.CommonParams()
        params.model.path = str(settings.model)
        params.n_ctx = settings.context
        params.n_parallel = 1
        params.cpuparams.n_threads = settings.options.threads
        params.cpuparams_batch.n_threads = settings.options.threads_batch
        params.cache_prompt = True
        params.verbosity = 0
        self._server = xllamacpp.Server(params)
        reply = self._chat("hello", self._schema, most=1)
        self.prompt: int = reply["timings"]["prompt_n"]

    def ask(self, ask: Ask) -> Answered:
        schema = baseline.exactly(baseline.answer(ask.line, self._home, ask.text)) if self._steered else self._schema
        began = self._now()
        reply = self._chat(ask.text, schema)
        seconds = self._now() - began
        timings = reply["timings"]
        return Answered(
            text=ask.text,
            seconds=seconds,
            answer=reply["choices"][0]["message"]["content"],
            steps=timings["predicted_n"],
            evaluated=timings["prompt_n"],
            generated=timings["predicted_n"],
        )

    def floor(self, suffix: int, free: int) -> float:
        raise NotImplementedError(f"the floor of {suffix} tokens and {free} decisions is measured on the bare engine")

    def _chat(self, text: str, schema: dict[str, Any], most: int = baseline.MAX_TOKENS) -> dict[str, Any]:
        reply: dict[str, Any] = self._server.handle_chat_completions(
            {
                "messages": [self._system, {"role": "user", "content": text}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "call", "schema": schema}},
                "temperature": 0.0,
                "max_tokens": most,
                "cache_prompt": True,
            }
        )
        if "error" in reply:
            raise EdgeAssistError(f"xllamacpp: {reply['error']['message']}")
        return reply


def build(settings: Settings) -> Server:
    return Server(settings)
