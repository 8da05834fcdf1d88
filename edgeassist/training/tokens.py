"""The tokeniser of a GGUF, exactly as the runtime uses it: llama.cpp's vocabulary behind llguidance."""

from __future__ import annotations

import ctypes
from pathlib import Path

import llama_cpp
from llguidance.llamacpp import lltokenizer_from_vocab

from .packing import Tokenise


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes knows no signatures
def _quiet(_level: int, _text: bytes, _data: object) -> None:
    """llama.cpp narrates on stderr; what matters comes back as return values."""


def tokeniser(model: Path) -> Tokenise:
    """Text -> token ids, without special tokens. The vocabulary stays loaded as long as the process."""
    llama_cpp.llama_log_set(_quiet, ctypes.c_void_p(0))
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    loaded = llama_cpp.llama_model_load_from_file(str(model).encode(), parameters)
    if not loaded:
        raise ValueError(f"{model} is no model file that llama.cpp can read")
    tokenise: Tokenise = lltokenizer_from_vocab(llama_cpp.llama_model_get_vocab(loaded)).tokenize_str
    return tokenise
