"""``python -m edgeassist.training``: tune the model; where a checkpoint lies in the folder, go on from it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from edgeassist.errors import ConfigError, EdgeAssistError
from edgeassist.home import Home
from edgeassist.models import catalogue
from edgeassist.models.built import adapter_of
from edgeassist.models.store import Store

from .feed import Limits
from .trainer import Plan, Trainer

_BASE = "smollm2-135m"
_BUNDLED = "edgeassist-135m"


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m edgeassist.training", description=__doc__)
    parser.add_argument("--base", type=Path, help=f"GGUF of the base model (Llama architecture); default: {_BASE}")
    parser.add_argument(
        "--home",
        type=Path,
        metavar="CONFIG",
        help="tune for your own home: the configuration file of its daemon. Every second sample is of that home, the"
        " others are random, and the run begins with the bundled adapter unless --start names another",
    )
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
    if given.home and given.start is None:
        given.start = _bundled_adapter()
    return Plan(
        base=given.base or Store().check(_BASE).path,
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
        own=_own_home(given.home) if given.home else None,
    )


def _bundled_adapter() -> Path:
    source = catalogue.get(_BUNDLED).source
    assert isinstance(source, catalogue.BuiltSource)
    return adapter_of(source)


def _own_home(config: Path) -> Home:
    """The home as the broker tells it now, or else home.toml. Raises ConfigError where there is nothing in it."""
    from edgeassist.client import known_home
    from edgeassist.config import load_config

    with known_home(load_config(config)) as known:
        if known.trouble:
            sys.stderr.write(f"{known.trouble}; this is the home of home.toml alone\n")
        home = known.registry.snapshot()
    if not home.devices:
        raise ConfigError(f"{config}: its home has no devices to speak of; edgeassist devices lists them")
    return home


if __name__ == "__main__":
    try:
        Trainer(_plan()).run()
    except EdgeAssistError as error:
        sys.exit(f"error: {error}")
