"""A vocabulary without capital letters, for a model that reads and says none.

What people say and what their things are called is in lower case when it comes to the model (:mod:`edgeassist.text`),
so no tokens with capitals in them are ever read or admitted. Of SmolLM2's they are more than a quarter. Without them
file, memory, start and every output are smaller, and a text without capitals has the same tokens as before: byte pairs
are merged by rank, and no pair with a capital ever took part in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt

from .weights import Weights

_CAPITAL = re.compile("[A-Z]")
#: Byte pairs that are merged by rank. SentencePiece merges by score, and SmolLM2's is not of that sort.
_BYTE_PAIRS = "gpt2"
_PER_TOKEN = frozenset(f"tokenizer.ggml.{name}" for name in ("tokens", "token_type", "scores"))
#: ggml's fast kernels take rows of the output weights in groups, and none where the last group is not full.
_GROUP = 32
#: Tensors with one row for each token.
_ROWS = frozenset({"token_embd.weight", "output.weight"})


@dataclass(frozen=True)
class Lowercase:
    """The tokens that stay, by their numbers in the base, ascending."""

    kept: npt.NDArray[np.int64]

    @classmethod
    def of(cls, weights: Weights) -> Lowercase:
        """Those of a base; all of them where its tokens are not byte pairs."""
        tokens: list[str] = weights.value("tokenizer.ggml.tokens")
        if weights.value("tokenizer.ggml.model") != _BYTE_PAIRS:
            return cls(np.arange(len(tokens)))
        types: list[int] = weights.value("tokenizer.ggml.token_type")
        plain = gguf.TokenType.NORMAL
        # A letter alone stays: every text must have tokens.
        stays = np.array(
            [
                kind != plain or len(text) == 1 or not _CAPITAL.search(text)
                for text, kind in zip(tokens, types, strict=True)
            ]
        )
        others = np.flatnonzero(~stays)
        stays[others[: -np.count_nonzero(stays) % _GROUP]] = True  # no pair gives them any more
        return cls(np.flatnonzero(stays))

    def field(self, name: str, value: Any) -> Any:
        """What of the header's field ``name`` stays."""
        if name in _PER_TOKEN:
            return [value[token] for token in self.kept]
        if name == "tokenizer.ggml.merges":
            return [pair for pair in value if not _CAPITAL.search(pair)]
        if name.startswith("tokenizer.") and name.endswith("_token_id"):
            (at,) = np.flatnonzero(self.kept == value)
            return int(at)
        return len(self.kept) if name.endswith(".vocab_size") else value

    def rows(self, tensor: str, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What of a tensor stays."""
        return array[self.kept] if tensor in _ROWS else array
