"""From tuned model to adapter file and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch

from edgeassist.models.adapter import Adapter, Delta
from edgeassist.models.weights import MATRICES

from .model import Linear, Llama


def matrices(model: Llama) -> Iterator[tuple[str, Linear]]:
    """Every tuned matrix by its tensor's name in a GGUF, without ".weight"."""
    for index, layer in enumerate(model.layers):
        for matrix in MATRICES:
            linear = getattr(layer, matrix)
            assert isinstance(linear, Linear)
            yield f"blk.{index}.{matrix}", linear


def extract(model: Llama, facts: Mapping[str, str]) -> Adapter:
    """The low-rank changes of a model; raises ValueError for one whose matrices are trained whole."""
    deltas = {}
    scale = 1.0
    for name, linear in matrices(model):
        if linear.a is None or linear.b is None:
            raise ValueError("a full fine-tune has no low-rank changes; train with a rank")
        a, b = (part.detach().float().cpu().numpy().copy() for part in (linear.a, linear.b))
        deltas[name], scale = Delta(a, b), linear.scale
    return Adapter(deltas, scale, facts)


def install(model: Llama, adapter: Adapter) -> None:
    """Puts an adapter of the same rank into a model; training goes on from there."""
    for name, linear in matrices(model):
        assert linear.a is not None
        assert linear.b is not None
        delta = adapter.deltas[name]
        with torch.no_grad():
            linear.a.copy_(torch.from_numpy(delta.a))
            linear.b.copy_(torch.from_numpy(delta.b) * (adapter.scale / linear.scale))
