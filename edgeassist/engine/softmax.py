"""Probabilities from logits, computed by ggml, which is loaded anyway.

numpy would do it as well, for a seventh of a second of every start and 14 MB of every process.
"""

from __future__ import annotations

import ctypes
from typing import Any

from edgeassist.errors import ModelError

from .binding import library

_F32 = 0


class _InitParams(ctypes.Structure):
    """``ggml_init_params``."""

    _fields_ = (("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool))


def _declare(name: str, result: Any, *arguments: Any) -> None:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


_POINTER = ctypes.c_void_p
_declare("ggml_init", _POINTER, _InitParams)
_declare("ggml_free", None, _POINTER)
_declare("ggml_tensor_overhead", ctypes.c_size_t)
_declare("ggml_graph_overhead", ctypes.c_size_t)
_declare("ggml_new_tensor_1d", _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_declare("ggml_soft_max_inplace", _POINTER, _POINTER, _POINTER)
_declare("ggml_new_graph", _POINTER, _POINTER)
_declare("ggml_build_forward_expand", None, _POINTER, _POINTER)
_declare("ggml_get_data", _POINTER, _POINTER)
_declare("ggml_backend_cpu_init", _POINTER)
_declare("ggml_backend_cpu_set_n_threads", None, _POINTER, ctypes.c_int)
_declare("ggml_backend_alloc_ctx_tensors", _POINTER, _POINTER, _POINTER)
_declare("ggml_backend_graph_compute", ctypes.c_int, _POINTER, _POINTER)
_declare("ggml_backend_buffer_free", None, _POINTER)
_declare("ggml_backend_free", None, _POINTER)


class Softmax:
    """The probabilities of ``size`` logits, in a place of its own: a result is valid until the next call."""

    def __init__(self, size: int) -> None:
        room = 4 * library.ggml_tensor_overhead() + library.ggml_graph_overhead()
        self._context = library.ggml_init(_InitParams(room, None, no_alloc=True))
        row = library.ggml_new_tensor_1d(self._context, _F32, size)
        self._graph = library.ggml_new_graph(self._context)
        library.ggml_build_forward_expand(self._graph, library.ggml_soft_max_inplace(self._context, row))
        self._backend = library.ggml_backend_cpu_init()
        library.ggml_backend_cpu_set_n_threads(self._backend, 1)
        self._buffer = library.ggml_backend_alloc_ctx_tensors(self._context, self._backend)
        self._row = (ctypes.c_float * size).from_address(library.ggml_get_data(row))

    def __call__(self, logits: Any) -> ctypes.Array[ctypes.c_float]:
        """``logits`` is a pointer to the floats. Raises ModelError."""
        ctypes.memmove(self._row, logits, ctypes.sizeof(self._row))
        if library.ggml_backend_graph_compute(self._backend, self._graph) != 0:
            raise ModelError("ggml could not compute the probabilities")
        return self._row

    def close(self) -> None:
        library.ggml_backend_buffer_free(self._buffer)
        library.ggml_backend_free(self._backend)
        library.ggml_free(self._context)
