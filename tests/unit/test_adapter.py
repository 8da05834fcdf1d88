from pathlib import Path

import numpy as np
import pytest

from edgeassist.models.adapter import Adapter, Delta, load, save


def _adapter() -> Adapter:
    random = np.random.default_rng(3)
    a, b = (random.normal(size=size).astype(np.float32) for size in ((4, 16), (8, 4)))
    b[:, 2] = 0
    return Adapter({"blk.0.attn_q": Delta(a, b)}, scale=2.0, facts={"seed": "3"})


def test_saved_adapter_comes_back_within_half_a_step(tmp_path: Path) -> None:
    made = _adapter()
    save(made, tmp_path / "a")
    found = load(tmp_path / "a")
    assert found.scale == 2.0
    assert found.facts["seed"] == "3"
    for part in ("a", "b"):
        wanted, got = (getattr(x.deltas["blk.0.attn_q"], part) for x in (made, found))
        assert np.abs(wanted - got).max() <= np.abs(wanted).max() / 254 * 1.001


def test_change_carries_the_scale(tmp_path: Path) -> None:
    made = _adapter()
    delta = made.deltas["blk.0.attn_q"]
    np.testing.assert_allclose(made.change("blk.0.attn_q"), 2 * delta.b @ delta.a)


def test_equal_adapters_give_equal_bytes(tmp_path: Path) -> None:
    save(_adapter(), tmp_path / "a")
    save(_adapter(), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("data", [b"", b"GGUF", b"\x08" + bytes(7) + b"{}      ", b"\xff" * 64])
def test_file_that_is_no_adapter_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"adapter\.safetensors"):
        load(path)


def test_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    save(_adapter(), path)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ValueError, match="no adapter"):
        load(path)
