"""The bundles for ARM on ARM: emulated, with and without dot products; `make arm` builds them and prints the tables."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.chroot import Chroot
from tests.support.machine import CACHE

ROOT = Path(__file__).parents[2]
#: A Pi 4's core has no dot products, a Pi 5's has; "max" has whatever QEMU can do.
PI4, PI5, MAX = "cortex-a72", "cortex-a76", "max"
PLAIN, DOTPROD = "armv8", "armv8.2"
#: What the unit tests need besides the release, from the lock; all of it without compiled parts.
TEST_TOOLS = ("hypothesis", "iniconfig", "packaging", "pluggy", "pygments", "pytest", "pytest-timeout",
              "sortedcontainers")  # fmt: skip
INSTALL = """
    export PYTHONPATH=$(ls /mnt/{board}/wheels/edgeassist-*.whl)
    python3 -m edgeassist.release install /mnt/{board} --root /opt/{board}
    python3 -m edgeassist.release activate $(ls /opt/{board}/releases) --root /opt/{board}
"""
MODEL = "$(ls /opt/{board}/models/edgeassist-135m-*.gguf)"

pytestmark = pytest.mark.e2e


def bundle(board: str) -> Path:
    found = [*(ROOT / "wheels").glob(f"*-{board}"), *(CACHE / "bundles").glob(f"*-{board}")]
    assert found, f"no bundle for {board} is here; run: make wheels BOARDS={board}"
    return found[0]


@pytest.fixture(scope="module")
def chroot() -> Iterator[Chroot]:
    assert os.geteuid() == 0, "a chroot needs root"
    with Chroot(
        f"arm64-{os.getpid()}", {bundle(PLAIN): "/mnt/armv8", bundle(DOTPROD): "/mnt/armv8.2", ROOT: "/mnt/src"}
    ) as made:
        yield made


def installed(chroot: Chroot, board: str) -> Chroot:
    """With a bundle installed, once, on the board that it is for."""
    if not (chroot.root / f"opt/{board}/current").is_symlink():
        printed = chroot.run(INSTALL.format(board=board), PI5 if board == DOTPROD else PI4).stdout
        assert [json.loads(line)["changed"] for line in printed.splitlines()] == [True, True]
    return chroot


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What this machine makes of the utterances, with the very code and model of the bundle."""
    code = tmp_path_factory.mktemp("code")
    with zipfile.ZipFile(next(bundle(PLAIN).glob("wheels/edgeassist-*.whl"))) as wheel:
        wheel.extractall(code)
    command = [sys.executable, "tests/arm/calls.py", str(bundle(PLAIN) / "models/edgeassist-135m.gguf")]
    environment = os.environ | {"PYTHONPATH": str(code)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return lines(done.stdout)


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


@pytest.mark.timeout(1800)
def test_build_for_a_pi5_is_refused_on_a_pi4_and_nothing_is_switched(chroot: Chroot) -> None:
    refused = chroot.run(INSTALL.format(board=DOTPROD), PI4, check=False)
    assert refused.returncode == 1
    assert "needs asimddp, asimdhp, which this CPU has not: it would die of SIGILL" in refused.stderr
    assert chroot.run(f"ls /opt/{DOTPROD}", PI4, check=False).stdout == ""


@pytest.mark.timeout(1800)
def test_build_for_a_pi5_would_have_died_on_a_pi4(chroot: Chroot) -> None:
    probe = f"/opt/{DOTPROD}/current/bin/python -m edgeassist.probe {MODEL.format(board=DOTPROD)}"
    installed(chroot, DOTPROD)
    assert chroot.run(probe, PI4, check=False).returncode in {-signal.SIGILL, 128 + signal.SIGILL}
    assert '"step": "decode"' in chroot.run(probe, PI5).stdout


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("board", "cpu"), [(PLAIN, PI4), (DOTPROD, PI5)])
def test_doctor_finds_a_build_that_suits_the_cpu_and_decodes(chroot: Chroot, board: str, cpu: str) -> None:
    printed = (
        installed(chroot, board)
        .run(
            f"EDGEASSIST_MODEL__NAME=edgeassist-135m EDGEASSIST_PATHS__MODELS=/opt/{board}/models"
            f" /opt/{board}/current/bin/edgeassist doctor --json --config /dev/null",
            cpu,
            check=False,
        )
        .stdout
    )
    checks = {check["name"]: check for check in json.loads(printed)}
    print(board, cpu, *(f"{check['level']} {name}: {check['detail']}" for name, check in checks.items()), sep="\n  ")
    assert [checks[name]["level"] for name in ("build", "decode")] == ["ok", "ok"]
    assert checks["model"]["detail"].startswith("edgeassist-135m: ")
    assert ("DOTPROD" in checks["build"]["detail"]) == (board == DOTPROD)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("board", "cpu"), [(PLAIN, PI4), (DOTPROD, PI5), (DOTPROD, MAX)])
def test_thirty_utterances_are_the_same_calls_as_on_x86(
    chroot: Chroot, expected: list[dict[str, Any]], board: str, cpu: str
) -> None:
    began = time.monotonic()
    command = f"/opt/{board}/current/bin/python /mnt/src/tests/arm/calls.py {MODEL.format(board=board)}"
    found = lines(installed(chroot, board).run(command, cpu, timeout=3600).stdout)
    print(f"\n{board} on {cpu}, {time.monotonic() - began:.0f} s under emulation")
    for here, there in zip(expected, found, strict=True):
        # Of what neither was sure of, both ask: there the lines may differ.
        mark = "same" if here["meant"] == there["meant"] else "unsure" if here["calls"] == there["calls"] else "DIFFERS"
        print(f"  {mark:8} {here['text']:66} {here['confidence']:.4f} {there['confidence']:.4f} {there['line']}")
    assert len(found) == 30
    assert [line["calls"] for line in found] == [line["calls"] for line in expected]


@pytest.mark.timeout(3600)
def test_unit_tests_pass_on_arm(chroot: Chroot, tmp_path: Path) -> None:
    tools = tools_of_tests(tmp_path)
    inside = installed(chroot, DOTPROD).root / "opt/tests"
    subprocess.run(["cp", "-r", tools, inside], check=True)
    done = chroot.run(
        f"""
        cd /mnt/src
        export PYTHONPATH=/opt/tests:/mnt/src PYTHONDONTWRITEBYTECODE=1 HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis
        /opt/{DOTPROD}/current/bin/python -m pytest tests/unit -q -p no:cacheprovider --timeout 900
        """,
        PI5,
        timeout=3600,
        check=False,
    )
    print(done.stdout[-3000:], done.stderr[-2000:])
    assert done.returncode == 0


def tools_of_tests(folder: Path) -> Path:
    """pytest and hypothesis as the lock has them."""
    wanted, inside = folder / "tools.txt", False
    with wanted.open("w") as out:
        for line in (ROOT / "requirements-dev.lock").read_text().splitlines(keepends=True):
            if line[:1].isalpha():
                inside = line.partition("==")[0] in TEST_TOOLS
            if inside and not line.strip().startswith("#"):
                out.write(line)
    target = folder / "tools"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", str(target)]
    platform = ["--platform=manylinux_2_17_aarch64", "--python-version=3.11", "--only-binary=:all:"]
    subprocess.run([*pip, *platform, "-r", str(wanted)], check=True)
    return target
