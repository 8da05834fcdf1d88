"""The matrices of a Llama GGUF as plain numpy arrays, and the one trap in them.

llama.cpp rotates neighbouring pairs of a head, everybody else rotates the first half with the second. A GGUF therefore
keeps the rows of Q and K permuted; :func:`to_halves` undoes it and :func:`to_pairs` does it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import gguf
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

#: The matrices of one layer that an adapter changes, by their names in a GGUF.
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


@dataclass(frozen=True)
class Shape:
    """What of a Llama's header its arithmetic needs."""

    layers: int
    width: int
    hidden: int
    heads: int
    kv_heads: int
    vocabulary: int
    rope_base: float
    epsilon: float

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def heads_of(self, matrix: str) -> int | None:
        """Heads of a matrix whose rows a GGUF permutes; None for the others."""
        return {"attn_q": self.heads, "attn_k": self.kv_heads}.get(matrix)


class Weights:
    """A GGUF of the Llama architecture, open for reading. Arrays are row-major: (outputs, inputs)."""

    def __init__(self, path: Path) -> None:
        self._reader = gguf.GGUFReader(path)
        architecture = self.value("general.architecture")
        if architecture != "llama":
            raise ValueError(f"{path} is of the architecture {architecture!r}; only 'llama' can be tuned")
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        self.shape = Shape(
            layers=self.value("llama.block_count"),
            width=self.value("llama.embedding_length"),
            hidden=self.value("llama.feed_forward_length"),
            heads=self.value("llama.attention.head_count"),
            kv_heads=self.value("llama.attention.head_count_kv"),
            vocabulary=len(self._reader.fields["tokenizer.ggml.tokens"].data),
            rope_base=self.value("llama.rope.freq_base") if "llama.rope.freq_base" in self._reader.fields else 10_000.0,
            epsilon=self.value("llama.attention.layer_norm_rms_epsilon"),
        )

    @property
    def output(self) -> str:
        """The tensor that gives logits: the model's own (TinyLlama), or its embeddings once more (SmolLM2)."""
        return "output.weight" if "output.weight" in self._tensors else "token_embd.weight"

    @property
    def reader(self) -> Any:
        """The gguf package's reader, for those who copy the header."""
        return self._reader

    def value(self, key: str) -> Any:
        """A value of the header. Raises KeyError."""
        return self._reader.fields[key].contents()

    def __getitem__(self, name: str) -> Floats:
        """A tensor in single precision, rows as the file has them."""
        tensor = self._tensors[name]
        return cast("Floats", gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32, copy=False))


def to_halves(rows: Floats, heads: int) -> Floats:
    """Rows of Q or K from a GGUF's order into the order in which halves of a head rotate together."""
    return rows.reshape(heads, -1, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def to_pairs(rows: Floats, heads: int) -> Floats:
    """The inverse of :func:`to_halves`."""
    return rows.reshape(heads, 2, -1, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)
