"""The mean of two adapters, as a file that a model can be built from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgeassist.models import adapter as adapter_file
from edgeassist.models.adapter import Adapter, Delta
from edgeassist.models.build import digest_of
from edgeassist.training.average import average


def saved(path: Path, value: float, **facts: str) -> Path:
    delta = Delta(np.full((2, 3), value, np.float32), np.full((4, 2), -value, np.float32))
    adapter_file.save(Adapter({"blk.0.attn_q": delta}, 2.0, {"base_sha256": "abc", "rank": "2", **facts}), path)
    return path


def test_mean_lies_between_and_says_of_what(tmp_path: Path) -> None:
    paths = [saved(tmp_path / "one", 1.0, seed="1"), saved(tmp_path / "two", 3.0, seed="2")]
    out = tmp_path / "mean"
    adapter_file.save(average(paths), out)
    mean = adapter_file.load(out)
    assert mean.deltas["blk.0.attn_q"].a == pytest.approx(np.full((2, 3), 2.0), rel=1e-6)
    assert mean.deltas["blk.0.attn_q"].b == pytest.approx(np.full((4, 2), -2.0), rel=1e-6)
    assert mean.scale == 2.0
    assert mean.facts["mean_of"] == " ".join(map(digest_of, paths))
    assert mean.facts["base_sha256"] == "abc"
    assert "seed" not in mean.facts


def test_adapters_of_other_bases_have_no_mean(tmp_path: Path) -> None:
    paths = [saved(tmp_path / "one", 1.0), saved(tmp_path / "two", 1.0, base_sha256="xyz")]
    with pytest.raises(ValueError, match="base_sha256"):
        average(paths)
