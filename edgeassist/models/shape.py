"""A model file with TinyLlama's exact shape and random weights.

Speed and memory depend on the shape alone, so those of the real default can be measured where it cannot be downloaded.
What it says is meaningless by construction, and its name, its metadata and its record say so.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from edgeassist.models.store import Origin, Store, Stored

if TYPE_CHECKING:
    import numpy as np
    from gguf import GGUFWriter
    from numpy.typing import NDArray

ShapeForm = Literal["q4_0", "q4_k_m"]
#: The name in the store of each form.
NAMES: dict[ShapeForm, str] = {form: f"tinyllama-shape-random-{form}" for form in ("q4_0", "q4_k_m")}
TITLE = "TinyLlama's shape, random weights: its output is meaningless"
SOURCE = "generated: random weights, for measuring speed and memory only; its output is meaningless"

#: What TinyLlama's own file says of its conversations; a stock chat needs one.
_CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' + message['content'] + eos_token + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
#: Told how many tensors are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """A Llama architecture; the defaults are TinyLlama's."""

    layers: int = 22
    width: int = 2048
    feed_forward: int = 5632
    heads: int = 32
    kv_heads: int = 4
    vocabulary: int = 32_000
    context: int = 2048

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Names and shapes, rows first as numpy has them, in the order of a real file."""
        kv = self.width // self.heads * self.kv_heads
        yield "token_embd.weight", (self.vocabulary, self.width)
        for layer in range(self.layers):
            block = f"blk.{layer}"
            yield f"{block}.attn_norm.weight", (self.width,)
            yield f"{block}.attn_q.weight", (self.width, self.width)
            yield f"{block}.attn_k.weight", (kv, self.width)
            yield f"{block}.attn_v.weight", (kv, self.width)
            yield f"{block}.attn_output.weight", (self.width, self.width)
            yield f"{block}.ffn_norm.weight", (self.width,)
            yield f"{block}.ffn_gate.weight", (self.feed_forward, self.width)
            yield f"{block}.ffn_up.weight", (self.feed_forward, self.width)
            yield f"{block}.ffn_down.weight", (self.width, self.feed_forward)
        yield "output_norm.weight", (self.width,)
        yield "output.weight", (self.vocabulary, self.width)


def ensure(
    store: Store,
    form: ShapeForm = "q4_0",
    *,
    vocabulary_of: Path,
    shape: Shape | None = None,
    progress: Progress | None = None,
) -> Stored:
    """The file in that form, generated on the first call and kept in the store.

    ``vocabulary_of`` is any model file with a byte-level BPE vocabulary, from which the words are taken.
    """
    stored = store.find(NAMES[form])
    if stored is not None:
        return stored
    from edgeassist.engine.quantise import quantise

    shape = shape or Shape()
    store.make_folder()
    # Half precision, and then the quantised file.
    store.need_space(3 * sum(_size(dimensions) for _, dimensions in shape.tensors()))
    with tempfile.TemporaryDirectory(dir=store.folder, prefix=".shape-") as folder:
        half, part = Path(folder, "half.gguf"), Path(folder, "quantised.gguf")
        write(half, shape, vocabulary(vocabulary_of, shape.vocabulary), progress)
        quantise(half, part, form)
        return store.accept(part, NAMES[form], Origin(SOURCE, template="zephyr", context=shape.context))


def write(path: Path, shape: Shape, words: list[str], progress: Progress | None = None) -> None:
    """The file in half precision. One tensor is in memory at a time; the same shape gives the same bytes."""
    import numpy as np
    from gguf import GGUFWriter

    writer = GGUFWriter(path, "llama")
    _describe(writer, shape)
    _add_vocabulary(writer, words)
    tensors = list(shape.tensors())
    for name, dimensions in tensors:
        kind = np.float16 if len(dimensions) > 1 else np.float32
        writer.add_tensor_info(name, dimensions, np.dtype(kind), _size(dimensions) * np.dtype(kind).itemsize)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(1)
    for done, (_, dimensions) in enumerate(tensors, 1):
        writer.write_tensor_data(_weights(random, dimensions))
        if progress:
            progress(done, len(tensors))
    writer.close()


def vocabulary(model: Path, size: int) -> list[str]:
    """Pieces in the order of their merges, as SentencePiece writes them, from a file with byte-level BPE.

    BPE makes each piece of two earlier ones, so that SentencePiece's merging by score comes to much the same tokens.
    """
    from gguf import GGUFReader

    field = GGUFReader(model).get_field("tokenizer.ggml.tokens")
    assert field is not None
    bytes_of = _byte_level()
    pieces: dict[str, None] = {"\u2581": None}
    for token in field.contents():
        try:
            text = bytes(bytes_of[letter] for letter in token).decode()
        except (KeyError, UnicodeDecodeError):
            continue  # a control token, or a part of a letter
        if text.isprintable():
            pieces.setdefault(text.replace(" ", "\u2581"))
    control = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    words = [*control, *pieces][:size]
    return [*words, *(f"[unused{i}]" for i in range(size - len(words)))]


def _describe(writer: GGUFWriter, shape: Shape) -> None:
    from gguf import LlamaFileType

    writer.add_name(TITLE)
    writer.add_description(SOURCE)
    writer.add_tags(["random-weights", "meaningless"])
    writer.add_file_type(LlamaFileType.MOSTLY_F16)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(shape.vocabulary)


def _add_vocabulary(writer: GGUFWriter, words: list[str]) -> None:
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words)
    writer.add_token_scores([-float(i) for i in range(len(words))])
    writer.add_token_types([_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * (len(words) - 259)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_chat_template(_CHAT_TEMPLATE)


def _weights(random: np.random.Generator, dimensions: tuple[int, ...]) -> NDArray[np.float16] | NDArray[np.float32]:
    """Norms are ones; all else is spread like the weights of a trained model, so that nothing overflows."""
    import numpy as np

    if len(dimensions) == 1:
        return np.ones(dimensions, dtype=np.float32)
    values = random.random(dimensions, dtype=np.float32)
    values -= 0.5
    values *= 0.07
    return values.astype(np.float16)


def _size(dimensions: tuple[int, ...]) -> int:
    size = 1
    for dimension in dimensions:
        size *= dimension
    return size


def _byte_level() -> dict[str, int]:
    """The letters that byte-level BPE writes bytes with: printable ones stand for themselves, others follow U+0100."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + i): byte for i, byte in enumerate(others)}
