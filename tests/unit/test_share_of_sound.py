"""How much of a sound a sentence accounts for."""

from __future__ import annotations

import numpy as np
import pytest

from edgeassist.voice.onset import share_in

_STEP = 160


def _sound(*levels: int) -> bytes:
    """A tenth of a second at each level."""
    tone = np.tile(np.array([1, -1], np.int16), 10 * _STEP // 2)
    return b"".join((tone * level).astype(np.int16).tobytes() for level in levels)


@pytest.mark.parametrize(
    ("spans", "share"), [([(10, 29)], 1.0), ([(10, 19)], 0.5), ([(0, 9)], 0.0), ([], 0.0), ([(0, 14), (20, 24)], 0.5)]
)
def test_share_is_of_the_loud_parts_alone(spans: list[tuple[int, int]], share: float) -> None:
    assert share_in(_sound(2, 5000, 4000, 3), spans, _STEP) == share


def test_noise_is_no_part_that_must_be_accounted_for() -> None:
    assert share_in(_sound(900, 2800, 900, 900), [(10, 19)], _STEP) == 1.0


def test_nothing_has_no_share() -> None:
    assert share_in(b"", [(0, 10)], _STEP) == 0.0
