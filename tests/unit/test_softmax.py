from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from subprocess import run

import numpy as np
import pytest

from edgeassist.engine.softmax import Softmax

SIZE = 49_152


@pytest.fixture(scope="module")
def softmax() -> Iterator[Softmax]:
    made = Softmax(SIZE)
    yield made
    made.close()


@pytest.mark.parametrize("scale", [0.1, 8.0, 40.0])
def test_probabilities_are_those_of_the_logits(softmax: Softmax, scale: float) -> None:
    logits = np.random.default_rng(3).normal(scale=scale, size=SIZE).astype(np.float32)
    weights = np.exp(logits.astype(np.float64) - logits.max())
    found = np.array(softmax(logits.ctypes.data_as(ctypes.POINTER(ctypes.c_float))), dtype=np.float64)
    np.testing.assert_allclose(found, weights / weights.sum(), rtol=1e-3, atol=1e-30)
    assert found.sum() == pytest.approx(1, abs=1e-4)


def test_call_after_call_holds_what_was_given_last(softmax: Softmax) -> None:
    row = (ctypes.c_float * SIZE)()
    for token in (5, 40_000):
        row[token] = 100.0
        assert softmax(row)[token] == pytest.approx(1)
        row[token] = 0.0


def test_daemon_needs_no_numpy() -> None:
    """A seventh of a second of every start, and 14 MB."""
    done = run([sys.executable, "-c", "import edgeassist.daemon, sys; sys.exit('numpy' in sys.modules)"], check=False)
    assert done.returncode == 0
