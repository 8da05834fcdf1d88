"""Sentences that are no part of the repository: the folder of EDGEASSIST_EVALS, or one beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[2] / "../shared/evals"


def evals() -> Path:
    """The folder; the test is skipped where there is none."""
    folder = Path(os.environ.get("EDGEASSIST_EVALS", _BESIDE))
    if not (folder / "slurp-devel.jsonl").is_file():
        pytest.skip(f"no sentences for measuring in {folder}; EDGEASSIST_EVALS names another folder")
    return folder
