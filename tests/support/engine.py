"""The real small model, or only its vocabulary; tests that need it are skipped where the store lacks it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edgeassist.engine.options import EngineOptions
from edgeassist.errors import ModelError
from edgeassist.models.store import Store
from tests.support.model import NAME

#: Small batches, so that a prefix takes several steps; one thread, since threads that spin starve on a busy machine.
SMALL = EngineOptions(context=2048, threads=1, threads_batch=1, batch=64, prefix_tokens=800)


def model_path() -> Path:
    try:
        return Store().check(NAME).path
    except ModelError as error:
        pytest.skip(f"{error}")


class Vocabulary:
    """The tokenizer of the real model without its weights: what the grammar is checked with."""

    def __init__(self, path: Path) -> None:
        import llama_cpp
        from llguidance.llamacpp import lltokenizer_from_vocab

        llama_cpp.llama_backend_init()
        params = llama_cpp.llama_model_default_params()
        params.vocab_only = True
        self._model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
        self.tokenizer: Any = lltokenizer_from_vocab(llama_cpp.llama_model_get_vocab(self._model))
        self._matchers: dict[str, Any] = {}

    def admits(self, lark: str, line: str) -> bool:
        """Whether the grammar admits exactly this line. Fails for a grammar that llguidance does not take."""
        matcher = self._matcher(lark).deep_copy()
        tokens = self.tokenizer.tokenize_str(line)
        whole = matcher.validate_tokens(tokens) == len(tokens) and matcher.consume_tokens(tokens)
        return bool(whole and matcher.is_accepting())

    def _matcher(self, lark: str) -> Any:
        """Compiled once for each grammar."""
        import llguidance

        if lark not in self._matchers:
            compiled = llguidance.LLMatcher.grammar_from_lark(lark)
            self._matchers = {lark: llguidance.LLMatcher(self.tokenizer, compiled, log_level=0)}
            assert not self._matchers[lark].get_error(), self._matchers[lark].get_error()
        return self._matchers[lark]


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(model_path())
