"""What the CPU can do, and the flags that compile llama.cpp for it.

Standard library only: ``scripts/setup`` imports this before anything is installed. ``python3 -m edgeassist.cpu`` prints
the flags for the CPU at hand.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

#: What the AVX-512 build needs, in the spelling of the kernel, which has no underscore in the last.
AVX512 = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512vbmi"})

_AVX2 = frozenset({"avx", "avx2", "fma", "f16c", "bmi2"})
#: Extensions as compilers spell them, and as the kernel does.
_ARM_WORDS = {"dotprod": "asimddp", "fp16": "asimdhp", "i8mm": "i8mm"}
#: Bits of the entries 16 (AT_HWCAP) and 26 (AT_HWCAP2) of ARM's auxiliary vector, those that we ask for.
_ARM_BITS = {16: {"asimd": 1, "asimdhp": 10, "asimddp": 20, "sve": 22}, 26: {"i8mm": 13}}

# GGML_NATIVE stays off everywhere: it trusts what the CPU advertises, and virtual machines advertise AMX that faults.
_ALWAYS = ("-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF")


def features(sysroot: Path = Path("/")) -> frozenset[str]:
    """The kernel's feature words that every core has: ``flags`` on x86, ``Features`` on ARM."""
    if sysroot == Path("/") and platform.machine() == "aarch64":
        # What this very process may use: under emulation /proc/cpuinfo is that of the machine around it.
        ask = ctypes.CDLL(None).getauxval
        ask.argtypes, ask.restype = [ctypes.c_ulong], ctypes.c_ulong
        return arm_features({entry: ask(entry) for entry in _ARM_BITS})
    try:
        text = (sysroot / "proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    return parse_features(text)


def arm_features(auxiliary: Mapping[int, int]) -> frozenset[str]:
    """The words for the entries of the auxiliary vector."""
    return frozenset(
        word for entry, bits in _ARM_BITS.items() for word, bit in bits.items() if auxiliary[entry] >> bit & 1
    )


def parse_features(cpuinfo: str) -> frozenset[str]:
    cores = [
        frozenset(value.split())
        for key, _, value in (line.partition(":") for line in cpuinfo.splitlines())
        if key.strip() in {"flags", "Features"}
    ]
    return frozenset.intersection(*cores) if cores else frozenset()


def cmake_args(machine: str, features: Iterable[str]) -> tuple[str, ...]:
    """The flags for a CPU: ``machine`` as in ``uname -m``, ``features`` as from :func:`features`."""
    have = frozenset(features)
    if machine == "x86_64":
        return _ALWAYS + _x86(have)
    if machine == "aarch64":
        return (*_ALWAYS, f"-DGGML_CPU_ARM_ARCH={_arm(have)}")
    return _ALWAYS


def share_cores() -> None:
    """Bound how long llama.cpp's threads spin where they wait for each other; call it before llama_cpp is imported.

    They wait hundreds of times a token. Where another process holds a core they spin for whole time slices otherwise:
    3,000 ms a token on two cores, 27 ms with this bound, and no difference without that process. Sleeping at once
    (OMP_WAIT_POLICY=passive) halves the speed of a small model on an idle machine.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def required(machine: str, args: Iterable[str]) -> frozenset[str]:
    """The feature words without which a build with these flags dies of SIGILL: the other way round."""
    given = tuple(args)
    if machine == "aarch64":
        extensions = {word for arg in given if "ARM_ARCH=" in arg for word in arg.split("+")[1:]}
        return frozenset(_ARM_WORDS[word] for word in extensions)
    if machine != "x86_64" or "-DGGML_AVX=OFF" in given:
        return frozenset()
    return _AVX2 | (AVX512 if "-DGGML_AVX512=ON" in given else frozenset())


def _x86(have: frozenset[str]) -> tuple[str, ...]:
    if have >= AVX512:
        return ("-DGGML_AVX512=ON", "-DGGML_AVX512_VNNI=ON", "-DGGML_AVX512_VBMI=ON")
    if have >= _AVX2:
        return ()  # ggml's portable build is an AVX2 build
    return tuple(f"-DGGML_{name}=OFF" for name in ("AVX", "AVX2", "BMI2", "F16C", "FMA"))


def _arm(have: frozenset[str]) -> str:
    """Cortex-A53 and A72 are plain ARMv8; A55 and A76 are ARMv8.2 with dot products and half floats."""
    if "asimddp" not in have:
        return "armv8-a"
    return "armv8.2-a+dotprod" + ("+fp16" if "asimdhp" in have else "") + ("+i8mm" if "i8mm" in have else "")


if __name__ == "__main__":
    print(shlex.join(cmake_args(platform.machine(), features())))
