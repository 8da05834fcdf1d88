from pathlib import Path

import gguf
import numpy as np
import pytest

from edgeassist.errors import ModelError
from edgeassist.models.adapter import Adapter, save
from edgeassist.models.build import digest_of, merge
from edgeassist.models.built import tuned
from edgeassist.models.lowercase import Lowercase
from edgeassist.models.store import Store
from edgeassist.models.weights import MATRICES, Floats, Weights, to_halves, to_pairs
from tests.support.llama import HEADS, WIDTH, adapter_for, small_llama


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_llama(tmp_path)


def test_orders_of_rows_undo_each_other_and_differ() -> None:
    rows: Floats = np.arange(WIDTH * 3, dtype=np.float32).reshape(WIDTH, 3)
    assert not np.array_equal(to_halves(rows, HEADS), rows)
    np.testing.assert_array_equal(to_pairs(to_halves(rows, HEADS), HEADS), rows)
    # llama.cpp's pair (0, 1) of the first head is the first of each half elsewhere
    half = WIDTH // HEADS // 2
    np.testing.assert_array_equal(to_halves(rows, HEADS)[[0, half]], rows[[0, 1]])


def test_merged_matrices_are_base_plus_change_in_the_order_of_the_file(base: Path, tmp_path: Path) -> None:
    save(adapter := adapter_for(base), tmp_path / "a")
    merge(base, tmp_path / "a", tmp_path / "out.gguf", quantisation="F16")
    before, after = Weights(base), Weights(tmp_path / "out.gguf")
    for matrix in MATRICES:
        name = f"blk.0.{matrix}"
        heads = before.shape.heads_of(matrix)
        change = to_pairs(adapter.change(name), heads) if heads else adapter.change(name)
        difference = after[f"{name}.weight"] - before[f"{name}.weight"]
        # int8 rows of the adapter and half precision leave a per cent
        assert np.abs(difference - change).max() < 0.02 * np.abs(change).max(), matrix


@pytest.mark.parametrize("quantisation", ["Q4_0", "Q4_1", "Q8_0"])
def test_merged_file_keeps_header_and_norms_and_rounds_embeddings_where_that_is_faster(
    base: Path, tmp_path: Path, quantisation: str
) -> None:
    save(adapter_for(base), tmp_path / "a")
    merge(base, tmp_path / "a", tmp_path / "out.gguf", quantisation=quantisation)
    before, after = Weights(base), Weights(tmp_path / "out.gguf")
    assert after.shape == before.shape
    assert after.value("tokenizer.ggml.tokens") == before.value("tokenizer.ggml.tokens")
    assert after.value("general.file_type") == gguf.LlamaFileType[f"MOSTLY_{quantisation}"]
    assert after.value("edgeassist.base.sha256") == digest_of(base)
    for name in ("output_norm.weight", "blk.0.attn_norm.weight"):
        np.testing.assert_array_equal(after[name], before[name])
    embedding = before["token_embd.weight"]
    if quantisation == "Q4_0":
        form = gguf.GGMLQuantizationType.Q4_0
        embedding = gguf.dequantize(gguf.quantize(embedding, form), form)
    np.testing.assert_array_equal(after["token_embd.weight"], embedding)


def test_tokens_with_capitals_stay_behind_and_the_others_keep_their_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeassist.models.lowercase._GROUP", 5)
    tokens = ["a", "B", "lamp", "Lamp", "ĠlaMp", "Ġlamp", "<|End|>"]
    base = small_llama(tmp_path, tokens, ["la mp", "La mp", "la Mp", "a B"])
    save(adapter_for(base), tmp_path / "a")
    merge(base, tmp_path / "a", tmp_path / "out.gguf", quantisation="Q8_0")
    before, after = Weights(base), Weights(tmp_path / "out.gguf")
    # A single letter and a control token are needed whatever is read.
    assert after.value("tokenizer.ggml.tokens") == ["a", "B", "lamp", "Ġlamp", "<|End|>"]
    assert after.value("tokenizer.ggml.merges") == ["la mp"]
    assert after.value("tokenizer.ggml.eos_token_id") == 4
    assert after.value("tokenizer.ggml.token_type")[-1] == gguf.TokenType.CONTROL
    assert after.shape.vocabulary == 5
    np.testing.assert_array_equal(after["token_embd.weight"], before["token_embd.weight"][[0, 1, 2, 5, 6]])


@pytest.mark.parametrize(("group", "count"), [(2, 6), (3, 6), (4, 7), (5, 5)])
def test_rows_of_the_output_are_full_groups_as_far_as_there_are_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int, count: int
) -> None:
    monkeypatch.setattr("edgeassist.models.lowercase._GROUP", group)
    base = small_llama(tmp_path, ["a", "B", "lamp", "Lamp", "ĠlaMp", "Ġlamp", "<|End|>"])
    assert len(Lowercase.of(Weights(base)).kept) == count


def test_vocabulary_of_another_sort_stays_whole(tmp_path: Path) -> None:
    base = small_llama(tmp_path, ["lamp", "Lamp", "</s>"], sort="llama")
    assert Lowercase.of(Weights(base)).kept.tolist() == [0, 1, 2]


def test_merging_twice_gives_equal_bytes_and_reports_progress(base: Path, tmp_path: Path) -> None:
    save(adapter_for(base), tmp_path / "a")
    seen: list[float] = []
    first = merge(base, tmp_path / "a", tmp_path / "one.gguf", progress=seen.append)
    assert first == merge(base, tmp_path / "a", tmp_path / "two.gguf") == digest_of(tmp_path / "one.gguf")
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_adapter_of_another_base_is_refused_and_leaves_no_file(base: Path, tmp_path: Path) -> None:
    made = adapter_for(base)
    save(Adapter(made.deltas, made.scale, {"base_sha256": "0" * 64}), tmp_path / "a")
    with pytest.raises(ValueError, match="was made for a base"):
        merge(base, tmp_path / "a", tmp_path / "out.gguf")
    assert not list(tmp_path.glob("out*"))


def test_adapter_of_ones_own_becomes_a_model_of_the_store(base: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "models")
    store.add(base, "tiny", template="zephyr", context=512)
    adapter = tmp_path / "mine.safetensors"
    save(adapter_for(base), adapter)
    stored = tuned(store, "tiny", adapter, "tiny-home")
    assert (stored.template, stored.context) == ("compact", 512)
    assert "mine.safetensors" in stored.source
    assert store.check("tiny-home").sha256 == digest_of(stored.path) != digest_of(base)


def test_adapter_made_for_another_base_is_refused_and_nothing_is_kept(base: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "models")
    store.add(base, "tiny", template="zephyr")
    other = adapter_for(base)
    adapter = tmp_path / "mine.safetensors"
    save(Adapter(other.deltas, other.scale, {"base_sha256": "0" * 64}), adapter)
    with pytest.raises(ModelError, match=r"tiny with .*mine\.safetensors"):
        tuned(store, "tiny", adapter, "tiny-home")
    assert store.names() == ["tiny"]
