"""The mean of adapters of one family: ``python -m edgeassist.training.average A B --out C``.

A run that goes on from an adapter ends near it, and what lies between the two may be right more often than either.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edgeassist.models import adapter as adapter_file
from edgeassist.models.adapter import Adapter, Delta
from edgeassist.models.build import digest_of

_SHARED = ("base_sha256", "alpha", "rank", "prompt")


def average(paths: Sequence[Path]) -> Adapter:
    """The mean of their matrices, whose facts are what they share and which they are.

    Raises ValueError for adapters of different bases or shapes.
    """
    adapters = [adapter_file.load(path) for path in paths]
    kinds = {tuple(adapter.facts.get(fact) for fact in _SHARED) for adapter in adapters}
    if len(kinds) != 1:
        raise ValueError(f"adapters of different {', '.join(_SHARED)} have no mean: {sorted(map(str, kinds))}")
    first = adapters[0]
    deltas = {
        name: Delta(
            np.mean([adapter.deltas[name].a for adapter in adapters], axis=0, dtype=np.float32),
            np.mean([adapter.deltas[name].b for adapter in adapters], axis=0, dtype=np.float32),
        )
        for name in first.deltas
    }
    facts = {fact: first.facts[fact] for fact in _SHARED if fact in first.facts}
    return Adapter(deltas, first.scale, {**facts, "mean_of": " ".join(map(digest_of, paths))})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m edgeassist.training.average", description=average.__doc__)
    parser.add_argument("adapter", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        adapter_file.save(average(options.adapter), options.out)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(f"{options.out}: {digest_of(options.out)}")


if __name__ == "__main__":
    main()
