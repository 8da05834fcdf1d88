"""A Llama in PyTorch, small enough to read: what is tuned, and nothing that tuning does not need.

The forward pass takes one packed sequence, not a batch: a home's listing once, its turns beside each other behind it
(see :mod:`edgeassist.training.packing`).
"""

from __future__ import annotations

from pathlib import Path

import gguf
import torch
from gguf import GGMLQuantizationType as Form
from torch import Tensor, nn
from torch.nn import functional

from edgeassist.models.weights import MATRICES, Shape, Weights, to_halves

from .attention import Layout, attention


class Linear(nn.Module):
    """A matrix: frozen in the computing precision with a low-rank change beside it, or (rank 0) itself trained."""

    weight: Tensor
    a: nn.Parameter | None
    b: nn.Parameter | None

    def __init__(self, weight: Tensor, rank: int, scale: float, dtype: torch.dtype, form: Form | None) -> None:
        super().__init__()
        self.dtype, self.scale, self._form = dtype, scale, form
        self._exact = weight.clone() if form else None
        outputs, inputs = weight.shape
        if rank:
            self.register_buffer("weight", weight.to(dtype), persistent=False)
            self.a = nn.Parameter(torch.randn(rank, inputs) * inputs**-0.5)
            self.b = nn.Parameter(torch.zeros(outputs, rank))
        else:
            self.weight = nn.Parameter(weight)
            self.a = self.b = None

    @torch.no_grad()
    def round(self) -> None:
        """Compute from now on as a file of the form would with the change as it is now.

        What rounding does to the sum of matrix and change goes into the frozen matrix, so that the change learns beside
        it; it is done again every so often, since another change is rounded otherwise.
        """
        if self._form is None or self._exact is None or self.a is None or self.b is None:
            return
        change = (self.b * self.scale) @ self.a
        self.weight.copy_(_rounded(self._exact + change.cpu(), self._form).to(change.device) - change)

    def forward(self, x: Tensor) -> Tensor:
        """(tokens, inputs) -> (tokens, outputs), in the computing precision."""
        plain = functional.linear(x, self.weight.to(self.dtype))
        if self.a is None or self.b is None:
            return plain
        change = functional.linear(x, self.a.to(self.dtype))
        return torch.addmm(plain, change, (self.b * self.scale).to(self.dtype).T)


class Layer(nn.Module):
    """Attention and feed-forward, each behind a norm and added to what came in."""

    attn_q: Linear
    attn_k: Linear
    attn_v: Linear
    attn_output: Linear
    ffn_gate: Linear
    ffn_up: Linear
    ffn_down: Linear
    attn_norm: Tensor
    ffn_norm: Tensor

    def __init__(
        self, weights: Weights, index: int, rank: int, scale: float, dtype: torch.dtype, form: Form | None
    ) -> None:
        super().__init__()
        self.shape, self.dtype = weights.shape, dtype
        for matrix in MATRICES:
            rows = weights[f"blk.{index}.{matrix}.weight"]
            heads = weights.shape.heads_of(matrix)
            rows = to_halves(rows, heads) if heads else rows
            setattr(self, matrix, Linear(torch.from_numpy(rows.copy()), rank, scale, dtype, form))
        for norm in ("attn_norm", "ffn_norm"):
            self.register_buffer(norm, torch.from_numpy(weights[f"blk.{index}.{norm}.weight"].copy()), persistent=False)

    def forward(self, x: Tensor, rotation: tuple[Tensor, Tensor], layout: Layout) -> Tensor:
        x = x + self._attention(self._normed(x, self.attn_norm), rotation, layout)
        y = self._normed(x, self.ffn_norm)
        gated: Tensor = functional.silu(self.ffn_gate(y)) * self.ffn_up(y)
        out: Tensor = self.ffn_down(gated)
        return x + out

    def _attention(self, x: Tensor, rotation: tuple[Tensor, Tensor], layout: Layout) -> Tensor:
        heads, kv_heads, width = self.shape.heads, self.shape.kv_heads, self.shape.head_width
        q = _rotated(self.attn_q(x).view(-1, heads, width), rotation)
        k = _rotated(self.attn_k(x).view(-1, kv_heads, width), rotation)
        mixed = attention(q, k, self.attn_v(x).view(-1, kv_heads, width), layout)
        out: Tensor = self.attn_output(mixed.reshape(-1, heads * width))
        return out

    def _normed(self, x: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(x, (self.shape.width,), weight, self.shape.epsilon).to(self.dtype)


class Llama(nn.Module):
    """The whole model. ``rank`` 0 trains the matrices themselves; embeddings and norms never change."""

    embedding: Tensor
    output: Tensor
    norm: Tensor
    _steps: Tensor

    def __init__(
        self,
        weights: Weights,
        *,
        rank: int,
        alpha: float,
        dtype: torch.dtype = torch.bfloat16,
        form: Form | None = None,
    ) -> None:
        super().__init__()
        self.shape: Shape = weights.shape
        self.dtype = dtype
        scale = alpha / rank if rank else 1.0
        embedding = _rounded(torch.from_numpy(weights["token_embd.weight"].copy()), form)
        self.register_buffer("embedding", embedding.to(dtype), persistent=False)
        tied = weights.output == "token_embd.weight"
        output = self.embedding if tied else _rounded(torch.from_numpy(weights[weights.output].copy()), form).to(dtype)
        self.register_buffer("output", output, persistent=False)
        self.layers = nn.ModuleList(Layer(weights, i, rank, scale, dtype, form) for i in range(self.shape.layers))
        self.register_buffer("norm", torch.from_numpy(weights["output_norm.weight"].copy()), persistent=False)
        half = torch.arange(0, self.shape.head_width, 2, dtype=torch.float32)
        self.register_buffer("_steps", self.shape.rope_base ** (-half / self.shape.head_width), persistent=False)

    @classmethod
    def load(
        cls, path: Path, *, rank: int, alpha: float, dtype: torch.dtype = torch.bfloat16, form: Form | None = None
    ) -> Llama:
        """``form``: that of the file to be made. Embeddings are as in it from the beginning, matrices after a round."""
        return cls(Weights(path), rank=rank, alpha=alpha, dtype=dtype, form=form)

    def round(self) -> None:
        """Every tuned matrix as the file would have it (see :meth:`Linear.round`)."""
        for module in self.modules():
            if isinstance(module, Linear):
                module.round()

    def hidden(self, tokens: Tensor, positions: Tensor, layout: Layout, wanted: Tensor) -> Tensor:
        """(len(wanted), width): what the model holds behind the tokens at the indices ``wanted``."""
        angles = positions[:, None] * self._steps
        rotation = (angles.cos()[:, None].to(self.dtype), angles.sin()[:, None].to(self.dtype))
        x = self.embedding[tokens].float()
        for layer in self.layers:
            x = layer(x, rotation, layout)
        last = functional.rms_norm(x[wanted], (self.shape.width,), self.norm, self.shape.epsilon)
        return last.to(self.dtype)

    def forward(self, tokens: Tensor, positions: Tensor, layout: Layout, wanted: Tensor) -> Tensor:
        """Logits (len(wanted), vocabulary) behind the tokens at the indices ``wanted``."""
        return functional.linear(self.hidden(tokens, positions, layout, wanted), self.output).float()


def _rounded(rows: Tensor, form: Form | None) -> Tensor:
    return rows if form is None else torch.from_numpy(gguf.dequantize(gguf.quantize(rows.numpy(), form), form))


def _rotated(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """Rotary positions on (tokens, heads, head width); halves of a head turn together."""
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)
