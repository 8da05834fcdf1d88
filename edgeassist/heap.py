"""Settings of the C library's heap. They do nothing where the C library is another than glibc."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -2, -3, -4
_LARGE_BYTES = 128 << 10


def return_freed_memory() -> None:
    """Large blocks go back to the kernel when they are freed, as they do until glibc has seen one.

    Then it raises its idea of what is large, and a process that has loaded a model keeps some 2 MiB for nothing.
    """
    _set({_MMAP_THRESHOLD: _LARGE_BYTES})


def keep_freed_memory() -> None:
    """They stay, for the training: the kernel would have to clear them again for the next activation.

    Measured on two cores: 556 tokens/s without this, 709 with it.
    """
    _set({_MMAP_MAX: 0, _TRIM_THRESHOLD: 2**31 - 1, _TOP_PAD: 2**28})


def _set(values: dict[int, int]) -> None:
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for name, value in values.items():
            library.mallopt(name, value)
