"""``python -m edgeassist.training``: tune the model; where a checkpoint lies in the folder, go on from it."""

from __future__ import annotations

import argparse
from pathlib import Path

from .feed import Limits
from .trainer import Plan, Trainer


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m edgeassist.training", description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="GGUF of the base model (Llama architecture)")
    parser.add_argument("--folder", type=Path, required=True, help="where checkpoint and adapter go")
    parser.add_argument("--minutes", type=float, required=True, help="budget of the whole run; the rate ends at zero")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--start", type=Path, help="adapter of the same rank to begin with, such as the bundled one")
    parser.add_argument("--rank", type=int, default=Plan.rank, help="rank of the changes (0 trains the matrices whole)")
    parser.add_argument("--alpha", type=float, default=None, help="twice the rank by default")
    parser.add_argument("--rate", type=float, default=Plan.rate, help="highest learning rate")
    parser.add_argument("--homes", type=int, default=Plan.homes, help="homes a step")
    parser.add_argument("--turns", type=int, default=Limits.turns, help="utterances of one home, at most")
    parser.add_argument("--tokens", type=int, default=Limits.tokens, help="longest packed home")
    parser.add_argument("--workers", type=int, default=Plan.workers, help="homes that are worked on at the same time")
    parser.add_argument("--checkpoint-minutes", type=float, default=Plan.checkpoint_minutes)
    parser.add_argument(
        "--form", choices=("Q4_0", "Q8_0"), help="learn for a file of this form, as the runtime reads it"
    )
    given = parser.parse_args()
    if given.form and not given.rank:
        parser.error("--form needs a rank: it is the low-rank change that learns beside the rounding")
    return Plan(
        base=given.base,
        folder=given.folder,
        minutes=given.minutes,
        seed=given.seed,
        start=given.start,
        rank=given.rank,
        alpha=given.alpha if given.alpha is not None else 2.0 * given.rank,
        rate=given.rate,
        homes=given.homes,
        workers=given.workers,
        limits=Limits(given.turns, given.tokens),
        checkpoint_minutes=given.checkpoint_minutes,
        form=given.form,
    )


if __name__ == "__main__":
    Trainer(_plan()).run()
