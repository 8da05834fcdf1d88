"""The set-up script, except for what only a fresh machine can show."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def setup() -> ModuleType:
    loader = SourceFileLoader("edgeassist_setup", str(ROOT / "scripts/setup"))
    specification = importlib.util.spec_from_loader(loader.name, loader)
    assert specification
    module = importlib.util.module_from_spec(specification)
    loader.exec_module(module)
    return module


@pytest.fixture
def pip(setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real pip behind a made-up configuration file, which is returned."""
    for name in setup.PIP_TO_UV:
        monkeypatch.delenv(f"PIP_{name.upper().replace('-', '_')}", raising=False)
    for name in [*setup.PIP_TO_UV.values(), "UV_INDEX_STRATEGY"]:
        monkeypatch.delenv(name, raising=False)
    executable = tmp_path / "bin/pip"
    executable.parent.mkdir()
    executable.write_text(f'#!/bin/sh\nexec {sys.executable} -m pip "$@"\n')
    executable.chmod(0o755)
    monkeypatch.setattr(setup, "TOOLS", tmp_path)
    configuration = tmp_path / "pip.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    return configuration


def test_every_lock_has_a_hash_for_each_package_and_no_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text, lock
        for entry in text.replace("\\\n", "").splitlines():
            if entry and not entry.lstrip().startswith("#"):
                assert "--hash=sha256:" in entry, entry


def test_llama_is_taken_out_of_the_lock(setup: ModuleType) -> None:
    pinned, rest = setup.split_lock((ROOT / "requirements-dev.lock").read_text())
    assert pinned.startswith("llama-cpp-python==0.3.36 ")
    assert pinned.count("--hash") == 1
    assert "llama-cpp-python" not in rest
    assert "pydantic==" in rest


def test_the_runtime_lock_is_part_of_the_development_lock(setup: ModuleType) -> None:
    def pins(name: str) -> set[str]:
        return {line for line in (ROOT / name).read_text().splitlines() if "==" in line and line[0] != " "}

    assert pins("requirements.lock") < pins("requirements-dev.lock")


def test_uv_is_told_of_pips_settings(setup: ModuleType, pip: Path) -> None:
    pip.write_text(
        "[global]\nindex-url = http://mirror.invalid/simple\nextra-index-url =\n    file:///a\n    file:///b\n"
        "find-links = /w1 /w2\ncert = /c.pem\n[install]\ntrusted-host = mirror.invalid\n"
    )
    environment = setup.uv_environment()
    assert environment["UV_DEFAULT_INDEX"] == "http://mirror.invalid/simple"
    assert environment["UV_INDEX"] == "file:///a file:///b"
    assert environment["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert environment["UV_FIND_LINKS"] == "/w1,/w2"
    assert environment["SSL_CERT_FILE"] == "/c.pem"
    assert environment["UV_INSECURE_HOST"] == "mirror.invalid"


def test_the_environment_goes_over_pips_files(setup: ModuleType, pip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip.write_text("[global]\nindex-url = http://file.invalid/simple\n")
    monkeypatch.setenv("PIP_INDEX_URL", "http://environment.invalid/simple")
    assert setup.uv_environment()["UV_DEFAULT_INDEX"] == "http://environment.invalid/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://uv.invalid/simple")
    assert setup.uv_environment()["UV_DEFAULT_INDEX"] == "http://uv.invalid/simple"


def test_without_settings_uv_gets_none(setup: ModuleType, pip: Path) -> None:
    pip.write_text("")
    environment = setup.uv_environment()
    assert not {"UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS"} & environment.keys()


def test_a_missing_package_without_rights_names_the_command(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(setup.PROBES, "mosquitto", lambda: False)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup, "succeeds", lambda *_: False)
    with pytest.raises(SystemExit) as stop:
        setup.debian("mosquitto")
    assert stop.value.code == "setup: mosquitto missing; run: sudo apt-get install -y mosquitto"


def test_make_help_lists_the_commands() -> None:
    output = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in ("demo", "test", "bench", "lint", "check", "lock", "clean"):
        assert f"{name} " in output


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_brings_catalogue_and_profiles(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "edgeassist/models/catalogue.toml" in names
    assert {f"edgeassist/profiles/{path.name}" for path in (ROOT / "profiles").glob("*.toml")} <= names
    assert not any(name.startswith("tests/") for name in names)


def test_an_installed_package_finds_its_profiles(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import edgeassist.profiles as p; print(p.__file__); print(len(p.load_all()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    module, count = done.stdout.split()
    assert module.startswith(str(tmp_path))
    assert int(count) >= 9
