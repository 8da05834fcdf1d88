"""A Llama of one layer in a GGUF, and an adapter for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np

from edgeassist.models.adapter import Adapter, Delta
from edgeassist.models.build import digest_of
from edgeassist.models.weights import MATRICES

WIDTH, HIDDEN, HEADS, KV_HEADS, WORDS = 64, 96, 4, 2, 40
_TOKENS = tuple(f"word{number}é" for number in range(WORDS))


def _outputs_inputs(matrix: str) -> tuple[int, int]:
    kv = WIDTH * KV_HEADS // HEADS
    return {
        "attn_k": (kv, WIDTH),
        "attn_v": (kv, WIDTH),
        "ffn_gate": (HIDDEN, WIDTH),
        "ffn_up": (HIDDEN, WIDTH),
        "ffn_down": (WIDTH, HIDDEN),
    }.get(matrix, (WIDTH, WIDTH))


def small_llama(
    folder: Path,
    tokens: Sequence[str] = _TOKENS,
    merges: Sequence[str] = ("w o",),
    sort: str = "gpt2",
) -> Path:
    """A Llama of one layer, quantised as the bundled base is; the last of its tokens ends a text."""
    random = np.random.default_rng(1)
    path = folder / "base.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(100000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model(sort)
    writer.add_token_list(tokens)
    writer.add_token_types([*[gguf.TokenType.NORMAL] * (len(tokens) - 1), gguf.TokenType.CONTROL])
    writer.add_token_merges(merges)
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_1)
    for matrix in MATRICES:
        rows = random.normal(size=_outputs_inputs(matrix)).astype(np.float32)
        packed = gguf.quantize(rows, gguf.GGMLQuantizationType.Q4_1)
        writer.add_tensor(f"blk.0.{matrix}.weight", packed, raw_dtype=gguf.GGMLQuantizationType.Q4_1)
    for norm in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
        writer.add_tensor(f"{norm}.weight", np.ones(WIDTH, np.float32))
    embedding = random.normal(size=(len(tokens), WIDTH)).astype(np.float32)
    writer.add_tensor(
        "token_embd.weight",
        gguf.quantize(embedding, gguf.GGMLQuantizationType.Q8_0),
        raw_dtype=gguf.GGMLQuantizationType.Q8_0,
    )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def adapter_for(base: Path, size: float = 1.0) -> Adapter:
    random = np.random.default_rng(2)
    deltas = {}
    for matrix in MATRICES:
        outputs, inputs = _outputs_inputs(matrix)
        a, b = (random.normal(size=shape).astype(np.float32) for shape in ((4, inputs), (outputs, 4)))
        deltas[f"blk.0.{matrix}"] = Delta(size * a, b)
    return Adapter(deltas, 0.5, {"base_sha256": digest_of(base)})
