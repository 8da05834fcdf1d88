"""Loads a model file so that every weight is in memory once."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

from edgeassist.errors import ModelError

from .binding import library, llama_cpp
from .options import EngineOptions

_LOAD_MODES = {(False, False): 0, (True, False): 1, (False, True): 2, (True, True): 3}
#: What ggml asks of the address of a buffer.
_ALIGNMENT = 64


class _Override(ctypes.Structure):
    """llama.cpp's ``llama_model_tensor_buft_override``; a list of them ends with an empty one."""

    _fields_ = (("pattern", ctypes.c_char_p), ("buffer_type", ctypes.c_void_p))


def load(path: Path, options: EngineOptions) -> object:
    """llama.cpp's model.

    Raises ModelError where the file cannot be loaded.
    """
    if not path.is_file():
        raise ModelError(f"{path}: no such model file; `edgeassist models pull` fetches one")
    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = 0
    params.load_mode = _LOAD_MODES[options.mmap, options.mlock]
    params.use_extra_bufts = options.repack
    if options.repack:
        params.tensor_buft_overrides = ctypes.addressof(_embeddings_as_they_are())
    model: object = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
    if not model:
        raise ModelError(
            f"{path}: llama.cpp cannot load this file; `edgeassist models verify` tells whether it is damaged"
        )
    return model


@cache
def _embeddings_as_they_are() -> ctypes.Array[_Override]:
    """Rows of embeddings are looked up, which repacked ones cannot be.

    A model whose output layer is its embeddings would hold them in both forms (11 MiB of SmolLM2-135M); its output
    reads the plain ones instead, for 4 % of the time.
    """
    return (_Override * 2)(_Override(rb"^token_embd\.weight$", _plain()))


def _plain() -> int:
    """Ggml's type of plain memory, by another name than its first.

    Asked for plain memory by that one, llama.cpp goes on to look for a repacked form; a buffer of memory that somebody
    else owns has a type that is left as it is.
    """
    of_memory, type_of, free = (
        library.ggml_backend_cpu_buffer_from_ptr,
        library.ggml_backend_buffer_get_type,
        library.ggml_backend_buffer_free,
    )
    of_memory.argtypes, of_memory.restype = (ctypes.c_void_p, ctypes.c_size_t), ctypes.c_void_p
    type_of.argtypes, type_of.restype = (ctypes.c_void_p,), ctypes.c_void_p
    free.argtypes, free.restype = (ctypes.c_void_p,), None
    memory = ctypes.create_string_buffer(2 * _ALIGNMENT)
    buffer = of_memory(-(-ctypes.addressof(memory) // _ALIGNMENT) * _ALIGNMENT, _ALIGNMENT)
    try:
        return int(type_of(buffer))
    finally:
        free(buffer)
