"""The bundled adapter: low-rank changes of the base's matrices in one small file that numpy alone can read.

The file is a safetensors file. Each change is ``scale * b @ a``; ``a`` (rank, inputs) and the transpose of ``b``
(rank, outputs) are kept as int8 with one factor for each row. Rows of Q and K are in the order of halves (see
:mod:`edgeassist.models.weights`).
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .weights import Floats

FORMAT = "edgeassist-lora-1"
_DTYPES = {"I8": np.dtype(np.int8), "F32": np.dtype("<f4")}


@dataclass(frozen=True)
class Delta:
    """One change: ``a`` is (rank, inputs), ``b`` is (outputs, rank)."""

    a: Floats
    b: Floats


@dataclass(frozen=True)
class Adapter:
    """Changes by the GGUF's tensor names ("blk.0.attn_q"), their scale (alpha / rank), facts about the run."""

    deltas: Mapping[str, Delta]
    scale: float
    facts: Mapping[str, str]

    def change(self, matrix: str) -> Floats:
        """What is added to that matrix: (outputs, inputs), in single precision."""
        delta = self.deltas[matrix]
        return np.float32(self.scale) * (delta.b @ delta.a)


def save(adapter: Adapter, path: Path) -> None:
    """Writes the file atomically; equal adapters give equal bytes."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name, delta in sorted(adapter.deltas.items()):
        for part, rows in (("a", delta.a), ("b", delta.b.T)):
            arrays[f"{name}.{part}"], arrays[f"{name}.{part}.scale"] = _quantised(rows)
    facts = {**adapter.facts, "format": FORMAT, "scale": repr(float(adapter.scale))}
    header: dict[str, object] = {"__metadata__": dict(sorted(facts.items()))}
    at = 0
    for name, array in arrays.items():
        header[name] = {
            "dtype": next(code for code, dtype in _DTYPES.items() if dtype == array.dtype),
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    part_file = path.with_name(f"{path.name}.part")
    with part_file.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(array.tobytes())
        file.flush()
        os.fsync(file.fileno())
    part_file.replace(path)


def load(path: Path) -> Adapter:
    """Raises ValueError for a file that is no adapter of this format."""
    data = path.read_bytes()
    try:
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        facts = header.pop("__metadata__")
        arrays = {name: _array(entry, data, 8 + length) for name, entry in header.items()}
        scale = float(facts["scale"])
    except (struct.error, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path} is no adapter: {error}") from error
    if facts.get("format") != FORMAT:
        raise ValueError(f"{path} is of the format {facts.get('format')!r}; this program reads {FORMAT!r}")
    deltas = {
        name: Delta(_restored(arrays, f"{name}.a"), np.ascontiguousarray(_restored(arrays, f"{name}.b").T))
        for name in sorted({key.removesuffix(".a") for key in arrays if key.endswith(".a")})
    }
    return Adapter(deltas, scale, facts)


def _quantised(rows: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    factors = (np.abs(rows).max(axis=1, keepdims=True) / 127).astype(np.float32)
    steps = np.rint(rows / np.where(factors > 0, factors, 1))
    return steps.astype(np.int8), factors[:, 0]


def _restored(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Floats:
    restored: Floats = arrays[name].astype(np.float32) * arrays[f"{name}.scale"].astype(np.float32)[:, None]
    return restored


def _array(entry: Mapping[str, list[int]], data: bytes, start: int) -> npt.NDArray[np.generic]:
    first, end = entry["data_offsets"]
    dtype: Any = _DTYPES[str(entry["dtype"])]
    array: npt.NDArray[np.generic] = np.frombuffer(data[start + first : start + end], dtype)
    return array.reshape(entry["shape"])
