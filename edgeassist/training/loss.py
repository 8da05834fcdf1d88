"""Cross entropy over a large vocabulary; its gradient is made on the way forward, in one pass over the logits."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, embedding: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
        logits = hidden @ embedding.T
        best = logits.argmax(dim=-1)
        rows = torch.arange(len(answers), device=answers.device)
        probabilities = logits.softmax(dim=-1, dtype=torch.float32)
        losses = -probabilities[rows, answers].clamp(min=1e-30).log()
        probabilities[rows, answers] -= 1
        ctx.save_for_backward(probabilities.to(embedding.dtype) @ embedding)
        ctx.mark_non_differentiable(best)
        return losses, best

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return (gradient * gradients[0][:, None]).to(gradient.dtype), None, None


def cross_entropy(hidden: Tensor, embedding: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of each answer, and the most probable token in its place.

    ``hidden`` is (answers, width), ``embedding`` (vocabulary, width) and gets no gradient.
    """
    losses, best = _CrossEntropy.apply(hidden, embedding, answers)  # type: ignore[no-untyped-call]
    return losses, best
