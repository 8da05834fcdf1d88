"""The bundled model's file: base plus adapter, quantised, made once at set-up. Needs numpy and gguf only.

The matrices go from the base's quantised values through single precision straight into the wanted format, so they are
rounded once; tokens that are never read stay behind (:mod:`edgeassist.models.lowercase`). The same base, adapter and
format give the same bytes on machines whose BLAS adds in the same order; the digest of the result is therefore recorded
per machine, and the digests of both inputs stand in its header.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt

from .adapter import Adapter, load
from .lowercase import Lowercase
from .weights import Floats, Weights, to_pairs

#: Called with the part that is done, 0 to 1.
Progress = Callable[[float], None]

#: The form whose kernels take several tokens at once on x86 as on ARM.
_FASTEST = "Q4_0"
_FILE_TYPES = {
    "F16": gguf.LlamaFileType.MOSTLY_F16,
    "Q4_0": gguf.LlamaFileType.MOSTLY_Q4_0,
    "Q4_1": gguf.LlamaFileType.MOSTLY_Q4_1,
    "Q5_1": gguf.LlamaFileType.MOSTLY_Q5_1,
    "Q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
}
_OWN = {"general.architecture", "general.file_type", "general.quantization_version"}


def merge(base: Path, adapter: Path, out: Path, *, quantisation: str = "Q4_0", progress: Progress | None = None) -> str:
    """Writes the merged model to ``out``, whole or not at all, and returns its SHA-256.

    Raises ValueError when the adapter was made for another base.
    """
    tuned = load(adapter)
    made_for, found = tuned.facts.get("base_sha256"), digest_of(base)
    if made_for != found:
        raise ValueError(f"{adapter} was made for a base with the SHA-256 {made_for}, but {base} has {found}")
    weights = Weights(base)
    vocabulary = Lowercase.of(weights)
    part = out.with_name(f"{out.name}.part")
    writer = gguf.GGUFWriter(part, weights.value("general.architecture"))
    _copy_header(weights, vocabulary, writer)
    writer.add_file_type(_FILE_TYPES[quantisation])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_string("edgeassist.base.sha256", found)
    writer.add_string("edgeassist.adapter.sha256", digest_of(adapter))
    for array, name, kind in _tensors(weights, tuned, quantisation, progress or (lambda _done: None)):
        writer.add_tensor(name, vocabulary.rows(name, array), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(out)
    return digest_of(out)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def merged(weights: Weights, adapter: Adapter, name: str) -> Floats:
    """A tensor of the base with its change added, rows as a GGUF has them."""
    tensor = weights[name]
    matrix = name.removesuffix(".weight")
    if matrix not in adapter.deltas:
        return tensor
    change = adapter.change(matrix)
    heads = weights.shape.heads_of(matrix.rpartition(".")[2])
    return tensor + (to_pairs(change, heads) if heads else change)


def _tensors(
    weights: Weights, adapter: Adapter, quantisation: str, progress: Progress
) -> Iterator[tuple[npt.NDArray[Any], str, gguf.GGMLQuantizationType]]:
    kept = list(weights.reader.tensors)
    for number, tensor in enumerate(kept, 1):
        # Embeddings as well where that makes them faster: they are the output weights, which are read most.
        tuned = tensor.name.removesuffix(".weight") in adapter.deltas
        if len(tensor.shape) < 2 or not (tuned or quantisation == _FASTEST):
            yield np.asarray(tensor.data), tensor.name, tensor.tensor_type
        else:
            kind = gguf.GGMLQuantizationType[quantisation]
            yield gguf.quantize(merged(weights, adapter, tensor.name), kind), tensor.name, kind
        progress(number / len(kept))


def _copy_header(weights: Weights, vocabulary: Lowercase, writer: gguf.GGUFWriter) -> None:
    for name, field in weights.reader.fields.items():
        if name.startswith("GGUF.") or name in _OWN:
            continue
        inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, vocabulary.field(name, field.contents()), field.types[0], inner)
