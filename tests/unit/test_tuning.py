"""The PyTorch model of the recipe, on a Llama of one layer; skipped where the extra ``training`` is not installed."""

from pathlib import Path

import gguf
import numpy as np
import pytest

torch = pytest.importorskip("torch", exc_type=ImportError)

from torch import Tensor  # noqa: E402

from edgeassist.models.adapter import save  # noqa: E402
from edgeassist.models.build import digest_of, merge  # noqa: E402
from edgeassist.models.shape import Shape, write  # noqa: E402
from edgeassist.models.weights import Weights  # noqa: E402
from edgeassist.training.attention import Layout, attention  # noqa: E402
from edgeassist.training.lora import extract, install, matrices  # noqa: E402
from edgeassist.training.loss import cross_entropy  # noqa: E402
from edgeassist.training.model import Llama  # noqa: E402
from edgeassist.training.packing import Packed, pack  # noqa: E402
from tests.support.llama import WORDS, adapter_for, small_llama  # noqa: E402

# Threads that meet at barriers crawl on a machine that is busy with other tests.
torch.set_num_threads(1)
TURNS = [("on", " x"), ("everything off", " yy"), ("stop it", " z")]


def _packed(turns: list[tuple[str, str]]) -> Packed:
    return pack(" hall and kitchen\n", turns, lambda text: [3 + ord(letter) % (WORDS - 3) for letter in text])


def _hidden(model: Llama, packed: Packed) -> Tensor:
    tokens, positions, asked = map(torch.from_numpy, (packed.tokens, packed.positions, packed.asked))
    return model.hidden(tokens, positions, Layout.of(packed), asked)


def _logits(model: Llama, packed: Packed) -> Tensor:
    with torch.no_grad():
        logits: Tensor = torch.nn.functional.linear(_hidden(model, packed), model.embedding)
        return logits


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_llama(tmp_path)


@pytest.fixture
def model(base: Path) -> Llama:
    made = Llama.load(base, rank=4, alpha=2.0, dtype=torch.float32)
    install(made, adapter_for(base, size=0.05))
    return made


def test_turn_beside_others_has_the_logits_that_it_has_alone(model: Llama) -> None:
    together = _logits(model, _packed(TURNS))
    alone = torch.cat([_logits(model, _packed([turn])) for turn in TURNS])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-4)


def test_attention_in_parts_is_attention_under_the_mask() -> None:
    packed = _packed(TURNS)
    torch.manual_seed(0)
    n = len(packed.tokens)
    q, k, v = torch.randn(n, 4, 8), torch.randn(n, 2, 8), torch.randn(n, 2, 8)
    heads = [part.repeat_interleave(4 // part.shape[1], 1).transpose(0, 1)[None] for part in (q, k, v)]
    mask = torch.from_numpy(packed.mask())
    whole = torch.nn.functional.scaled_dot_product_attention(*heads, attn_mask=mask)[0].transpose(0, 1)
    torch.testing.assert_close(attention(q, k, v, Layout.of(packed)), whole, rtol=1e-4, atol=1e-5)


def test_loss_and_its_gradient_are_those_of_the_library() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(5, 8, requires_grad=True)
    embedding, answers = torch.randn(11, 8), torch.randint(11, (5,))
    losses, best = cross_entropy(hidden, embedding, answers)
    wanted = torch.nn.functional.cross_entropy(hidden @ embedding.T, answers, reduction="none")
    torch.testing.assert_close(losses, wanted)
    (found,) = torch.autograd.grad(losses.mean(), hidden)
    (gradient,) = torch.autograd.grad(wanted.mean(), hidden)
    torch.testing.assert_close(found, gradient)
    assert best.tolist() == (hidden @ embedding.T).argmax(-1).tolist()


def test_merged_file_has_the_logits_of_the_tuned_model(model: Llama, base: Path, tmp_path: Path) -> None:
    from edgeassist.models.build import digest_of

    save(extract(model, {"base_sha256": digest_of(base)}), tmp_path / "a")
    merge(base, tmp_path / "a", tmp_path / "out.gguf", quantisation="F16")
    merged = Llama.load(tmp_path / "out.gguf", rank=4, alpha=2.0, dtype=torch.float32)
    wanted, found = (_logits(one, _packed(TURNS)).numpy() for one in (model, merged))
    assert np.corrcoef(wanted.ravel(), found.ravel())[0, 1] > 0.999
    untuned = _logits(Llama.load(base, rank=4, alpha=2.0, dtype=torch.float32), _packed(TURNS)).numpy()
    assert np.corrcoef(wanted.ravel(), untuned.ravel())[0, 1] < 0.99


def test_rounded_model_has_the_logits_of_the_coarse_file(base: Path, tmp_path: Path) -> None:
    from edgeassist.models.build import digest_of

    model = Llama.load(base, rank=4, alpha=2.0, dtype=torch.float32, form=gguf.GGMLQuantizationType.Q4_0)
    install(model, adapter_for(base, size=0.05))
    fine = _logits(model, _packed(TURNS))
    model.round()
    save(extract(model, {"base_sha256": digest_of(base)}), tmp_path / "a")
    merge(base, tmp_path / "a", tmp_path / "out.gguf", quantisation="Q4_0")
    coarse = Llama.load(tmp_path / "out.gguf", rank=4, alpha=2.0, dtype=torch.float32)
    found, wanted = _logits(model, _packed(TURNS)), _logits(coarse, _packed(TURNS))
    # Sums that differ in their last digit are now and then rounded the other way.
    assert (found - wanted).abs().mean() < 0.1 * (fine - wanted).abs().mean()


def test_low_rank_tuning_lowers_the_loss_and_leaves_the_base_alone(model: Llama) -> None:
    packed = _packed(TURNS)
    before = {name: linear.weight.clone() for name, linear in matrices(model)}
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.01)
    seen = []
    for _ in range(20):
        loss = cross_entropy(_hidden(model, packed), model.embedding, torch.from_numpy(packed.answers))[0].mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seen.append(loss.item())
    assert seen[-1] < 0.5 * seen[0]
    assert all(torch.equal(linear.weight, before[name]) for name, linear in matrices(model))


def test_output_weights_of_the_model_itself_give_the_logits(tmp_path: Path) -> None:
    path = tmp_path / "untied.gguf"
    shape = Shape(layers=1, width=64, feed_forward=96, heads=4, kv_heads=2, vocabulary=WORDS, context=64)
    write(path, shape, [f"w{n}" for n in range(WORDS)])
    assert Weights(path).output == "output.weight"
    model = Llama.load(path, rank=4, alpha=2.0, dtype=torch.float32)
    packed = _packed(TURNS)
    tokens, positions, asked = map(torch.from_numpy, (packed.tokens, packed.positions, packed.asked))
    with torch.no_grad():
        logits = model(tokens, positions, Layout.of(packed), asked)
        own = _hidden(model, packed) @ torch.from_numpy(Weights(path)["output.weight"]).T
    torch.testing.assert_close(logits, own, rtol=1e-4, atol=1e-4)
    save(extract(model, {"base_sha256": digest_of(path)}), tmp_path / "a.safetensors")
    merge(path, tmp_path / "a.safetensors", tmp_path / "merged.gguf")
    kept = {tensor.name for tensor in gguf.GGUFReader(tmp_path / "merged.gguf").tensors}
    assert {"output.weight", "token_embd.weight"} <= kept
