"""The C interface of llama.cpp and the engine of llguidance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgeassist import cpu, heap

from .entry import enter

__all__ = ["library", "llama_cpp", "llguidance"]

heap.return_freed_memory()
cpu.share_cores()  # OpenMP reads its settings when it is loaded
#: The module of the C functions; ctypes knows no signatures, so it is not typed.
llama_cpp: Any = enter("llama_cpp", "llama_cpp")
#: The library behind it, and with it ggml: for calls by the ten thousand, and for what llama.cpp's own header lacks.
library: Any = llama_cpp._lib  # noqa: SLF001  (it has no public handle)

if TYPE_CHECKING:
    import llguidance
else:
    llguidance = enter("llguidance", "_lib")
