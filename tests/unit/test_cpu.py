from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist import cpu
from edgeassist.profiles import load_all
from tests.support.boards import A53, A76, BOARDS, X86, X86_AVX512

AVX512_FLAGS = {"-DGGML_AVX512=ON", "-DGGML_AVX512_VNNI=ON", "-DGGML_AVX512_VBMI=ON"}


def test_avx512_with_all_parts_is_compiled_in() -> None:
    assert set(cpu.cmake_args("x86_64", X86_AVX512.split())) >= AVX512_FLAGS


@pytest.mark.parametrize("missing", sorted(cpu.AVX512))
def test_avx512_with_a_part_missing_is_left_out(missing: str) -> None:
    have = set(X86_AVX512.split()) - {missing}
    assert not AVX512_FLAGS & set(cpu.cmake_args("x86_64", have))


def test_x86_without_avx2_gets_no_avx_at_all() -> None:
    assert "-DGGML_AVX2=OFF" in cpu.cmake_args("x86_64", ["lm", "sse4_2"])
    assert "-DGGML_AVX2=OFF" not in cpu.cmake_args("x86_64", X86.split())


@pytest.mark.parametrize(
    ("features", "architecture"),
    [(A53, "armv8-a"), (A76, "armv8.2-a+dotprod+fp16"), (f"{A76} i8mm", "armv8.2-a+dotprod+fp16+i8mm")],
)
def test_arm_cores_get_their_architecture(features: str, architecture: str) -> None:
    assert f"-DGGML_CPU_ARM_ARCH={architecture}" in cpu.cmake_args("aarch64", features.split())


@given(st.sampled_from(["x86_64", "aarch64", "riscv64"]), st.sets(st.sampled_from(X86_AVX512.split() + A76.split())))
def test_native_build_is_never_chosen(machine: str, features: set[str]) -> None:
    flags = cpu.cmake_args(machine, features)
    assert "-DGGML_NATIVE=OFF" in flags
    assert not any("AMX" in flag for flag in flags)


def test_features_are_those_that_every_core_has() -> None:
    text = "processor: 0\nFeatures : fp asimd asimddp\n\nprocessor: 1\nFeatures : fp asimd\n"
    assert cpu.parse_features(text) == {"fp", "asimd"}


@pytest.mark.parametrize(
    ("hwcap", "hwcap2", "words"),
    [
        (0x8FF, 0, {"asimd"}),  # Cortex-A72
        (0x119FFF, 0, {"asimd", "asimdhp", "asimddp"}),  # Cortex-A76
        (0x119FFF, 1 << 13, {"asimd", "asimdhp", "asimddp", "i8mm"}),
    ],
)
def test_auxiliary_vector_of_an_arm_core_names_its_features(hwcap: int, hwcap2: int, words: set[str]) -> None:
    assert cpu.arm_features({16: hwcap, 26: hwcap2}) == words


@given(st.text())
def test_any_cpuinfo_is_survived(text: str) -> None:
    assert isinstance(cpu.parse_features(text), frozenset)


@pytest.mark.parametrize("name", [name for name, board in BOARDS.items() if board.profile.startswith(("pi", "rk"))])
def test_a_profile_gives_the_flags_that_its_boards_would_pick(name: str) -> None:
    board = BOARDS[name]
    profile, _ = load_all()[board.profile]
    assert profile.cmake_args == cpu.cmake_args("aarch64", board.features.split())
