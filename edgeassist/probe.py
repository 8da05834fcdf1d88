"""One real decode by llama.cpp, run as ``python -m edgeassist.probe MODEL THREADS`` by ``doctor``.

It is a process of its own, and knows nothing of the engine: a build that does not suit the CPU dies here by a signal,
and the caller lives to say so. Each step that was survived is a line of JSON.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time

from edgeassist import cpu

cpu.share_cores()

import llama_cpp

_PROMPT = b"The light in the kitchen"
_TOKENS = 8


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes knows no signatures
def _ignore_log(_level: int, _text: bytes, _data: object) -> None:
    """Only the outcome matters here."""


def main(path: str | None = None, threads: str = "1") -> None:
    llama_cpp.llama_log_set(_ignore_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    _say(step="build", system=llama_cpp.llama_print_system_info().decode())
    if path:
        _decode(path, int(threads))


def _decode(path: str, threads: int) -> None:
    """Greedy, a few tokens; what they say does not matter."""
    began = time.monotonic()
    model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
    if not model:
        sys.exit(f"llama.cpp cannot load {path}")
    _say(step="load", ms=_ms_since(began))
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx, parameters.n_threads, parameters.n_threads_batch = 64, threads, threads
    context = llama_cpp.llama_init_from_model(model, parameters)
    sampler = llama_cpp.llama_sampler_init_greedy()
    vocabulary = llama_cpp.llama_model_get_vocab(model)
    tokens = (llama_cpp.llama_token * 32)()
    count = llama_cpp.llama_tokenize(vocabulary, _PROMPT, len(_PROMPT), tokens, len(tokens), True, False)
    began = time.monotonic()
    for _ in range(_TOKENS):
        if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(tokens, count)):
            sys.exit(f"llama.cpp cannot decode with {path}")
        tokens[0], count = llama_cpp.llama_sampler_sample(sampler, context, -1), 1
    _say(step="decode", tokens=_TOKENS, ms=_ms_since(began))


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _say(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
