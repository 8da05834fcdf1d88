"""llama.cpp's own quantiser, so that a file has the form whose kernels suit the CPU."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Literal

from edgeassist.errors import ModelError

from .binding import llama_cpp

Form = Literal["f16", "q8_0", "q4_0", "q4_1", "q4_k_m"]
FORMS: dict[Form, int] = {
    "f16": llama_cpp.LLAMA_FTYPE_MOSTLY_F16,
    "q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
    "q4_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0,
    "q4_1": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_1,
    "q4_k_m": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
}
#: Tensor rows held in memory at once; llama.cpp's default of 8 GiB is more than a board has.
_BUFFER_BYTES = 256 << 20
#: Weights in one block of the k-quants.
_K_BLOCK = 256


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes knows no signatures
def _ignore_log(_level: int, _text: bytes, _data: object) -> None:
    """One line for each tensor; only the outcome matters."""


def quantise(source: Path, target: Path, form: Form) -> None:
    """Write ``source``, whatever its form, to ``target`` in another.

    From a form that is already coarse this loses a little more; a half-precision source is better where there is one.
    Raises ModelError, and then leaves no target.
    """
    llama_cpp.llama_log_set(_ignore_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = FORMS[form]
    params.allow_requantize = True
    params.nthread = len(os.sched_getaffinity(0))
    params.max_buf_size = _BUFFER_BYTES
    # Else output weights of narrow models, whose rows hold no block of Q6_K, become Q8_0: it has no fast kernel on x86.
    params.pure = form == "q4_0" and _width(source) % _K_BLOCK != 0
    status = llama_cpp.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(params))
    if status != 0:
        target.unlink(missing_ok=True)
        raise ModelError(f"{source}: llama.cpp cannot quantise this file to {form} (code {status})")


def _width(source: Path) -> int:
    """Weights in one row of the embeddings. Raises ModelError for a file that is no model."""
    import gguf

    try:
        fields = gguf.GGUFReader(source).fields
        return int(fields[f"{fields['general.architecture'].contents()}.embedding_length"].contents())
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{source}: this is no GGUF file that can be quantised ({error})") from error
