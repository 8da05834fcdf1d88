from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from edgeassist import bundle, cpu, kept, release

PI4 = frozenset({"fp", "asimd", "crc32"})
PI5 = PI4 | {"asimddp", "asimdhp"}


def make(folder: Path, **changes: object) -> bundle.Bundle:
    folder.mkdir()
    (folder / "a.whl").write_bytes(b"wheel")
    manifest: dict[str, object] = {
        "version": "1.0", "machine": "aarch64", "python": "3.11", "models": {},
        "features": sorted(cpu.required("aarch64", cpu.cmake_args("aarch64", PI5))),
        "files": {"a.whl": hashlib.sha256(b"wheel").hexdigest()},
    }  # fmt: skip
    (folder / bundle.MANIFEST).write_text(json.dumps(manifest | changes))
    return bundle.read(folder)


def installed(root: Path, *names: str) -> None:
    for name in names:
        (root / "releases" / name).mkdir(parents=True)
        (root / "releases" / name / ".complete").touch()


def test_build_for_a_pi5_is_refused_on_a_pi4(tmp_path: Path) -> None:
    made = make(tmp_path / "b")
    bundle.check(made, "aarch64", PI5, (3, 11))
    with pytest.raises(bundle.Refused, match=r"asimddp, asimdhp.*SIGILL"):
        bundle.check(made, "aarch64", PI4, (3, 11))


@pytest.mark.parametrize(
    ("machine", "features"),
    [("aarch64", PI4), ("aarch64", PI5), ("x86_64", cpu.AVX512 | {"avx", "avx2", "fma", "f16c", "bmi2"}),
     ("x86_64", frozenset({"avx", "avx2", "fma", "f16c", "bmi2"})), ("x86_64", frozenset())],
)  # fmt: skip
def test_what_is_compiled_for_a_cpu_runs_on_it(machine: str, features: frozenset[str]) -> None:
    assert cpu.required(machine, cpu.cmake_args(machine, features)) <= features


@pytest.mark.parametrize(
    ("machine", "python", "said"), [("x86_64", (3, 11), "for aarch64"), ("aarch64", (3, 13), "for Python 3.11")]
)
def test_bundle_for_another_system_is_refused(tmp_path: Path, machine: str, python: tuple[int, int], said: str) -> None:
    with pytest.raises(bundle.Refused, match=said):
        bundle.check(make(tmp_path / "b"), machine, PI5, python)


def test_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    made = make(tmp_path / "b")
    (tmp_path / "b/a.whl").write_bytes(b"wheeI")
    with pytest.raises(bundle.Refused, match=r"a\.whl is damaged"):
        bundle.check(made, "aarch64", PI5, (3, 11))


@pytest.mark.parametrize("name", ["../a.whl", "/etc/passwd"])
def test_manifest_that_points_out_of_the_bundle_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(bundle.Refused, match="out of the bundle"):
        bundle.check(make(tmp_path / "b", files={name: ""}), "aarch64", PI5, (3, 11))


def test_rollback_exchanges_current_and_previous(tmp_path: Path) -> None:
    installed(tmp_path, "a", "b")
    assert release.activate("a", tmp_path)
    assert not release.activate("a", tmp_path)
    assert release.activate("b", tmp_path)
    assert release.rollback(tmp_path, tmp_path)
    assert (tmp_path / "current").resolve().name == "a"
    assert (tmp_path / "previous").resolve().name == "b"


def test_first_release_has_nothing_to_go_back_to(tmp_path: Path) -> None:
    installed(tmp_path, "a")
    release.activate("a", tmp_path)
    with pytest.raises(bundle.Refused, match="no previous"):
        release.rollback(tmp_path, tmp_path)


def test_half_installed_release_is_not_activated(tmp_path: Path) -> None:
    (tmp_path / "releases/a").mkdir(parents=True)
    with pytest.raises(bundle.Refused, match="not installed completely"):
        release.activate("a", tmp_path)


def test_prune_keeps_current_and_previous(tmp_path: Path) -> None:
    installed(tmp_path, *"abcd")
    for name in "ab":
        release.activate(name, tmp_path)
    release.prune(tmp_path, 2)
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == ["a", "b"]


def configured(system: Path, text: str) -> None:
    for name in ("etc/edgeassist/config.toml", "etc/systemd/system/edgeassist.service"):
        (system / name).parent.mkdir(parents=True, exist_ok=True)
        (system / name).write_text(text)


def current(root: Path) -> str:
    return (root / "current").resolve().name


def switched(root: Path, name: str, text: str) -> None:
    """What a roll-out does before it looks whether the node is healthy."""
    if (root / "current").exists():
        kept.keep((root / "current").resolve(), root)
    configured(root, text)
    release.activate(name, root)


def test_unhealthy_release_is_left_with_its_configuration_and_never_gone_back_to(tmp_path: Path) -> None:
    installed(tmp_path, *"abc")
    for name in "ab":
        switched(tmp_path, name, f"of {name}")
        release.settle(tmp_path, 3)
    switched(tmp_path, "c", "of c")
    (tmp_path / "etc/edgeassist/functions.d").mkdir()
    (tmp_path / "etc/edgeassist/functions.d/c.toml").touch()
    assert release.abandon(tmp_path, tmp_path)
    assert current(tmp_path) == "b"
    assert (tmp_path / "etc/edgeassist/config.toml").read_text() == "of b"
    assert (tmp_path / "etc/systemd/system/edgeassist.service").read_text() == "of b"
    assert not (tmp_path / "etc/edgeassist/functions.d").exists()
    assert release.rollback(tmp_path, tmp_path)
    assert current(tmp_path) == "a"
    assert (tmp_path / "etc/edgeassist/config.toml").read_text() == "of a"


def test_healthy_release_with_bad_configuration_stays_and_gets_the_one_before(tmp_path: Path) -> None:
    installed(tmp_path, *"ab")
    switched(tmp_path, "a", "good")
    release.settle(tmp_path, 3)
    switched(tmp_path, "a", "bad")
    assert release.abandon(tmp_path, tmp_path)
    assert current(tmp_path) == "a"
    assert (tmp_path / "etc/edgeassist/config.toml").read_text() == "good"
    assert not release.abandon(tmp_path, tmp_path)


def test_first_release_that_is_unhealthy_leaves_none(tmp_path: Path) -> None:
    installed(tmp_path, "a")
    switched(tmp_path, "a", "of a")
    assert release.abandon(tmp_path, tmp_path)
    assert not (tmp_path / "current").is_symlink()


def test_rolling_back_and_forth_gives_each_release_its_own_configuration(tmp_path: Path) -> None:
    installed(tmp_path, *"ab")
    for name in "ab":
        switched(tmp_path, name, f"of {name}")
        release.settle(tmp_path, 3)
    for name in "abab":
        release.rollback(tmp_path, tmp_path)
        assert (current(tmp_path), (tmp_path / "etc/edgeassist/config.toml").read_text()) == (name, f"of {name}")


def test_kept_configuration_is_for_root_alone_and_comes_back_with_its_modes(tmp_path: Path) -> None:
    installed(tmp_path, "a")
    configured(tmp_path, "secret")
    (tmp_path / "etc/edgeassist/config.toml").chmod(0o640)
    kept.keep(tmp_path / "releases/a", tmp_path)
    assert (tmp_path / "releases/a/kept.tar").stat().st_mode & 0o777 == 0o600
    configured(tmp_path, "changed")
    assert kept.restore(tmp_path / "releases/a", tmp_path)
    restored = tmp_path / "etc/edgeassist/config.toml"
    assert (restored.read_text(), restored.stat().st_mode & 0o777) == ("secret", 0o640)
    assert sorted(path.name for path in restored.parent.iterdir()) == ["config.toml"]


def test_bundle_that_this_machine_made_suits_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.whl").write_bytes(b"wheel")
    assert release.main(["describe", str(tmp_path)]) == 0
    assert release.main(["check", str(tmp_path)]) == 0
    assert release.main(["describe", str(tmp_path)]) == 0
    assert [json.loads(line)["changed"] for line in capsys.readouterr().out.splitlines()] == [True, False, False]
