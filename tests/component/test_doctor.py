from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edgeassist import doctor
from edgeassist.board import BoardFacts, detect
from edgeassist.config import Config
from edgeassist.doctor import Check, Subject, examine, judge_build
from edgeassist.models.store import Store
from tests.support.boards import A53, A76, BOARDS, X86, X86_AVX512, make, write
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient
from tests.support.model import NAME, real_model

NO_BROKER = {"host": "127.0.0.1", "port": 1}


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_BROKER_S", 1.0)


def named(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def dying(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import os, signal, sys; {code}")


def config(models: Path, **sections: Any) -> Config:
    return Config.model_validate({"paths": {"models": models}, "mqtt": NO_BROKER, **sections})


def test_the_real_model_decodes_here() -> None:
    checks = examine(Subject(config(real_model().parent, model={"name": NAME})))
    assert named(checks, "model").level == "ok"
    assert named(checks, "build").level != "fail"
    assert named(checks, "decode").level == "ok"
    assert "tokens/s" in named(checks, "decode").detail


@pytest.mark.parametrize("signal", ["SIGILL", "SIGSEGV", "SIGBUS"])
def test_a_build_that_crashes_is_a_message(tmp_path: Path, signal: str) -> None:
    probe = dying(f"""print('{{"step": "build", "system": "CPU : NEON = 1 | "}}', flush=True); """
                  f"""os.kill(os.getpid(), signal.{signal})""")  # fmt: skip
    root = make(tmp_path / "root", BOARDS["4-4gb"])
    checks = examine(Subject(config(tmp_path), sysroot=root, probe=probe))
    decode = named(checks, "decode")
    assert decode.level == "fail"
    assert f"died after the step 'build' of {signal}" in decode.detail
    assert "compile it again" in decode.hint


def test_a_model_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(1000))
    store = Store(tmp_path / "models")
    store.add(file, "broken")
    decode = named(examine(Subject(config(store.folder, model={"name": "broken"}))), "decode")
    assert decode.level == "fail"
    assert "cannot load" in decode.detail


def test_a_missing_model_leaves_the_other_checks(tmp_path: Path) -> None:
    checks = examine(Subject(config(tmp_path, model={"name": NAME})))
    assert named(checks, "model").level == "fail"
    assert "edgeassist models pull smollm2-135m" in named(checks, "model").detail
    assert named(checks, "decode").detail == "not tried without a model"


def test_a_probe_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PROBE_S", 0.2)
    subject = Subject(config(tmp_path), probe=dying("signal.pause()"))
    assert named(examine(subject), "decode").level == "fail"


def test_an_unknown_profile_is_one_failed_check(tmp_path: Path) -> None:
    checks = examine(Subject(config(tmp_path, profile={"name": "pi-9"})))
    assert named(checks, "profile").level == "fail"
    assert named(checks, "model").level == "fail"


def broker_check(port: int, **mqtt: Any) -> Check:
    return doctor.check_broker(Config.model_validate({"mqtt": {"host": "127.0.0.1", "port": port, **mqtt}}))


def test_a_broker_that_takes_us_is_ok_with_the_configured_password(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text("me:secret\n")
    subprocess.run(["mosquitto_passwd", "-U", str(passwords)], check=True, capture_output=True)
    with Mosquitto(config=("allow_anonymous false", f"password_file {passwords}")) as broker:
        assert broker_check(broker.port, username="me", password="secret").level == "ok"
        for wrong in ({}, {"username": "me", "password": "wrong"}):
            check = broker_check(broker.port, **wrong)
            assert (check.level, "refused" in check.detail) == ("fail", True), check
            assert "[mqtt]" in check.hint


def test_what_is_no_broker_is_said_with_its_address() -> None:
    check = broker_check(1)
    assert (check.level, check.detail) == ("fail", "waiting for broker: 127.0.0.1:1: Connection refused")


def test_a_model_file_named_by_its_path_is_tried(tmp_path: Path) -> None:
    missing = named(examine(Subject(config(tmp_path, model={"path": tmp_path / "none.gguf"}))), "model")
    assert (missing.level, "none.gguf" in missing.detail) == ("fail", True)
    here = examine(Subject(config(tmp_path, model={"path": real_model()})))
    assert (named(here, "model").level, named(here, "decode").level) == ("warn", "ok")


def facts(machine: str, features: str) -> BoardFacts:
    return BoardFacts(machine, features=frozenset(features.split()))


@pytest.mark.parametrize(
    ("system", "machine", "features", "level", "says"),
    [
        ("CPU : AVX2 = 1 | AVX512 = 1 | ", "x86_64", X86, "fail", "AVX512, which this CPU lacks"),
        ("CPU : NEON = 1 | DOTPROD = 1 | ", "aarch64", A53, "fail", "DOTPROD, which this CPU lacks"),
        ("CPU : NEON = 1 | DOTPROD = 0 | ", "aarch64", A76, "warn", "does not use DOTPROD"),
        ("CPU : AVX = 1 | AVX2 = 1 | ", "x86_64", X86_AVX512, "warn", "does not use AVX512_VNNI"),
        ("CPU : AVX = 1 | AVX2 = 1 | FMA = 1 | F16C = 1 | BMI2 = 1 | ", "x86_64", X86, "ok", "AVX2"),
        ("CPU : NEON = 1 | ARM_FMA = 1 | ", "aarch64", A53, "ok", "NEON"),
        ("", "riscv64", "", "ok", ""),
    ],
)
def test_the_build_is_judged_by_the_cpu(system: str, machine: str, features: str, level: str, says: str) -> None:
    check = judge_build(system, facts(machine, features))
    assert check.level == level
    assert says in check.detail
    assert level == "ok" or "-DGGML_NATIVE=OFF" in check.hint


def test_the_machine_is_examined_under_its_root(tmp_path: Path) -> None:
    root = make(tmp_path, BOARDS["zero-2-w"])
    write(
        root,
        {
            "proc/asound/pcm": "00-00: Headphones : : playback 8\n01-00: USB Audio : USB Audio : capture 1\n",
            "sys/fs/cgroup/cgroup.controllers": "cpu io\n",
            "sys/class/thermal/thermal_zone0/temp": "51234\n",
            "sys/devices/platform/soc/soc:firmware/get_throttled": "50000\n",
        },
    )
    assert doctor.check_microphone(root).detail == "USB Audio"
    assert doctor.check_cgroup(detect(root)).level == "warn"
    assert doctor.check_heat(root).detail == "51 °C, since boot:, under-voltage, throttled"
    assert doctor.check_disk(root / "not/there/yet").level in {"ok", "warn"}
    assert doctor.check_clock(root).level == "ok"
    assert doctor.check_microphone(root / "none").level == "warn"


def test_a_clock_of_1970_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("edgeassist.doctor.time.time", lambda: 3600.0)
    assert doctor.check_clock(tmp_path).level == "fail"


def test_home_is_looked_at_and_names_that_mean_two_things_are_told() -> None:
    with Mosquitto() as broker, BusClient(broker.port) as producer:
        for number in range(2):
            about = {"identifiers": f"{number}", "name": "Lamp", "suggested_area": "Hall"}
            lamp = {"name": None, "unique_id": f"{number}", "command_topic": f"lamp/{number}/set", "device": about}
            producer.publish(f"homeassistant/light/{number}/config", json.dumps(lamp), retain=True)
        check = doctor.check_home(Config.model_validate({"mqtt": {"host": "127.0.0.1", "port": broker.port}}))
    assert (check.level, check.detail) == ("warn", "2 devices in 1 areas")
    assert "'lamp' in Hall means light.0 and light.1" in check.hint
