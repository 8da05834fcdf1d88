"""Guessed lines against plain decoding, by thousands: ``python -m tests.soak.drafts [COUNT] [SEED]``.

The lines must be the same. Where the model wavers, a batch of another size may round to the other choice; such
differences are counted and shown, and any other fails.
"""

from __future__ import annotations

import sys

from tests.support.drafts import best_model, compare

_TOLD = 250


def main(count: int, seed: int) -> int:
    understanding = best_model()
    print(f"{understanding.model.path.stem}, seed {seed}")
    told = 0
    for tally in compare(understanding, seed, count):
        if tally.compared >= told + _TOLD or tally.compared >= count:
            told = tally.compared
            print(tally, flush=True)
    for difference in tally.differences:
        print(f"{'by rounding' if difference.by_rounding else 'UNEXPLAINED'}: {difference}")
    understanding.close()
    return 1 if tally.unexplained else 0


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*given) if len(given) == 2 else main(given[0] if given else 3000, 1))
