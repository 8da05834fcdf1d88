"""The real small model, or only its vocabulary; tests that need it are skipped where the store lacks it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edgeassist.engine.constraint import Compiler, Constraint
from edgeassist.engine.options import EngineOptions
from edgeassist.errors import ModelError
from edgeassist.language.grammar import MARK, Grammar
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
        self.compiler = Compiler(self.tokenizer, MARK)

    def admits(self, grammar: Grammar, line: str) -> bool:
        """Whether the grammar admits exactly this line. Fails for a grammar that llguidance does not take."""
        constraint = Constraint(self.compiler, grammar)
        end: int = self.tokenizer.eos_token
        whole = takes(constraint, self.tokenizer.tokenize_str(line), end)
        assert not constraint.get_error(), constraint.get_error()
        return whole and ends(constraint, end)


def takes(constraint: Constraint, tokens: list[int], eos: int) -> bool:
    """Whether these tokens may come next, all of them."""
    while tokens:
        forced = [token for token in constraint.compute_ff_tokens() if token != eos]
        step = forced or tokens[:1]
        if tokens[: len(step)] != step or not (forced or _admitted(constraint, step[0])):
            return False
        constraint.consume_tokens(step)
        tokens = tokens[len(step) :]
    return True


def ends(constraint: Constraint, eos: int) -> bool:
    """Whether a line may end here."""
    if constraint.is_stopped():
        return True
    forced = constraint.compute_ff_tokens()
    return forced[:1] == [eos] if forced else _admitted(constraint, eos)


def _admitted(constraint: Constraint, token: int) -> bool:
    return bool(constraint.compute_bitmask()[token // 8] >> token % 8 & 1)


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(model_path())
