"""Is this machine fit to run the assistant? Each question is a function that answers with one :class:`Check`."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edgeassist import cpu, heat
from edgeassist.board import BoardFacts, detect
from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.settings import mqtt_settings
from edgeassist.config import Config
from edgeassist.errors import BusError, ConfigError, ModelError
from edgeassist.home.naming import troubles
from edgeassist.models import catalogue
from edgeassist.models.store import Store, Stored
from edgeassist.profiles import Choice, choose, select_model

Level = Literal["ok", "warn", "fail"]

_PROBE_S = 300.0
_BROKER_S = 5.0
#: Names that mean two things, of which so many are spelled out.
_SHOWN = 5
#: What each flag of llama.cpp's system info needs of the CPU, in the kernel's words.
_BUILD_NEEDS = {
    "AVX": "avx",
    "AVX2": "avx2",
    "F16C": "f16c",
    "FMA": "fma",
    "BMI2": "bmi2",
    "AVX512": "avx512f",
    "AVX512_VBMI": "avx512vbmi",
    "AVX512_VNNI": "avx512_vnni",
    "AMX_INT8": "amx_int8",
    "NEON": "asimd",
    "DOTPROD": "asimddp",
    "FP16_VA": "asimdhp",
    "MATMUL_INT8": "i8mm",
    "SVE": "sve",
}
#: Flags whose absence costs much speed on a CPU with these features; the first that applies.
_BUILD_WANTS = (("AVX512_VNNI", cpu.AVX512), ("AVX2", {"avx2"}), ("DOTPROD", {"asimddp"}))


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to one question; ``hint`` says what to do about a ``warn`` or ``fail``."""

    name: str
    level: Level
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is examined: what the configuration asks of this machine."""

    config: Config
    sysroot: Path = Path("/")
    probe: tuple[str, ...] = (sys.executable, "-m", "edgeassist.probe")

    @property
    def store(self) -> Store:
        return Store(self.config.paths.models)


def examine(subject: Subject) -> list[Check]:
    facts = detect(subject.sysroot)
    choice, profile = check_profile(subject, facts)
    model, stored = check_model(subject, choice, facts)
    settings = subject.config.model
    broker = check_broker(subject.config)
    return [
        profile,
        model,
        *check_build_and_decode(subject, facts, stored, settings.threads or (choice.threads if choice else 1)),
        broker,
        *([check_home(subject.config)] if broker.level == "ok" else []),
        *([check_memory(facts, settings.context or choice.profile.context, stored)] if choice and stored else []),
        check_cgroup(facts),
        check_microphone(subject.sysroot),
        check_disk(subject.store.folder),
        check_clock(subject.sysroot),
        check_heat(subject.sysroot),
    ]


def check_profile(subject: Subject, facts: BoardFacts) -> tuple[Choice | None, Check]:
    try:
        choice = choose(facts, subject.config.profile.name, subject.config.paths.profiles)
    except ConfigError as error:
        return None, Check("profile", "fail", str(error), "name one as profile.name in the configuration")
    return choice, Check("profile", "ok", f"{choice.profile.name}: {'; '.join(choice.reasons)}")


def check_model(subject: Subject, choice: Choice | None, facts: BoardFacts) -> tuple[Check, Stored | None]:
    """The model that would run, read to its last byte."""
    if (path := subject.config.model.path) is not None:
        return _unnamed(path)
    name = subject.config.model.name
    reasons: tuple[str, ...] = ()
    if name is None:
        if choice is None:
            return Check("model", "fail", "unknown without a profile"), None
        selected = select_model(choice.profile, facts, subject.store.names())
        name, reasons = selected.use or selected.wanted, selected.reasons
    try:
        stored = subject.store.verify(name)
    except ModelError as error:
        return Check("model", "fail", str(error)), None
    except OSError as error:
        return Check("model", "fail", f"{name} cannot be read: {error}"), None
    return _of_the_store(stored, "; ".join(reasons)), stored


def _of_the_store(stored: Stored, reasons: str) -> Check:
    """A file whose digest is still the one that it was stored with; ``reasons`` are those for not having another."""
    entry = catalogue.find(stored.name)
    if entry is not None and entry.source.kind == "built":
        detail = f"{stored.name}: {stored.size / 1e6:.0f} MB, {stored.source}; unchanged since"
    elif stored.verified:
        detail = f"{stored.name}: {stored.size / 1e6:.0f} MB, sha256 as in the catalogue"
    else:
        return Check("model", "warn", f"{stored.name}: sha256 {stored.sha256[:12]}, which nobody vouches for", reasons)
    return Check("model", "warn" if reasons else "ok", detail, reasons)


def _unnamed(path: Path) -> tuple[Check, Stored | None]:
    """A file that the configuration names by its path."""
    try:
        size = path.stat().st_size
    except OSError as error:
        return Check("model", "fail", f"{path}: {error.strerror}", "mend model.path of the configuration"), None
    found = Stored(path.stem, path, "", size, verified=False, source=str(path), template=None, context=None)
    return Check("model", "warn", f"{path} has no known digest", "edgeassist models add gives it one"), found


def check_build_and_decode(subject: Subject, facts: BoardFacts, stored: Stored | None, threads: int) -> list[Check]:
    """llama.cpp in a process of its own: what it was compiled for, and whether it decodes here."""
    command = [*subject.probe, *([str(stored.path), str(threads)] if stored else [])]
    began = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PROBE_S, check=False)
    except subprocess.TimeoutExpired:
        return [Check("decode", "fail", f"nothing came in {_PROBE_S:.0f} s", "choose a smaller model or more threads")]
    steps = {line["step"]: line for line in map(json.loads, done.stdout.splitlines())}
    checks = [judge_build(steps["build"]["system"], facts)] if "build" in steps else []
    if done.returncode:
        return [*checks, _decode_failed(done.returncode, done.stderr, steps)]
    if "decode" not in steps:
        return [*checks, Check("decode", "warn", "not tried without a model")]
    speed = steps["decode"]["tokens"] / max(1, steps["decode"]["ms"]) * 1000
    took = f"loaded in {steps['load']['ms']} ms, then {speed:.0f} tokens/s on {threads} threads"
    return [*checks, Check("decode", "ok", f"{took}, {time.monotonic() - began:.1f} s in all")]


def judge_build(system: str, facts: BoardFacts) -> Check:
    """llama.cpp's own list of what it was compiled for, against what the CPU has."""
    pairs = (part.split("=") for part in system.replace("CPU :", "").split("|") if "=" in part)
    build = {name.strip() for name, value in pairs if value.strip() == "1"}
    too_much = [name for name, need in _BUILD_NEEDS.items() if name in build and need not in facts.features]
    wanted = next((flag for flag, needs in _BUILD_WANTS if needs <= facts.features), None)
    hint = f"compile again with CMAKE_ARGS='{' '.join(cpu.cmake_args(facts.machine, facts.features))}'"
    if too_much:
        return Check("build", "fail", f"llama.cpp uses {', '.join(too_much)}, which this CPU lacks: it crashes", hint)
    if wanted and wanted not in build:
        return Check("build", "warn", f"llama.cpp does not use {wanted}, which this CPU has: it is slow", hint)
    return Check("build", "ok", f"llama.cpp uses {', '.join(sorted(build & _BUILD_NEEDS.keys()))}")


def check_broker(config: Config) -> Check:
    """Connects as any command of ours does, with the configured user and certificates."""
    where = f"{config.mqtt.host}:{config.mqtt.port}"
    bus = MqttBus(mqtt_settings(config, None))
    bus.start()
    try:
        if bus.wait_ready(_BROKER_S):
            missing = f"; it lacks {', '.join(bus.missing)}" if bus.missing else ""
            return Check("broker", "ok", f"{where} accepts us, by MQTT {bus.health().protocol}{missing}")
        return Check("broker", "fail", f"{bus.state}: {bus.detail}", "start it, or mend [mqtt] of the configuration")
    finally:
        bus.stop()


def check_home(config: Config) -> Check:
    """What is announced on the bus, and which of its names mean two things."""
    from edgeassist.client import followed_home

    try:
        with followed_home(config) as known:
            home, unreadable = known.registry.snapshot(), known.registry.unreadable
    except BusError as error:
        return Check("home", "fail", str(error))
    detail = f"{len(home.devices)} devices in {len(home.areas)} areas"
    found = troubles(home)
    if unreadable:
        found.append(f"{unreadable} announcements or reports cannot be read; the log of the daemon says which")
    if not home.devices:
        return Check("home", "warn", "no device is announced", "switch discovery on, or declare devices in home.toml")
    shown = "; ".join(found[:_SHOWN]) + (f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")
    return Check("home", "warn" if found else "ok", detail, shown)


def check_memory(facts: BoardFacts, context: int, stored: Stored) -> Check:
    """A rule of thumb: the weights once, 25 KiB for each token of context, 200 MiB for all else."""
    need = (stored.size >> 20) + context * 25 // 1024 + 200
    detail = f"{facts.memory_mib} MiB, {stored.name} with {context} tokens needs about {need}"
    if facts.memory_mib < need:
        return Check("memory", "fail", detail, "choose a smaller model or a shorter context")
    return Check("memory", "ok", detail)


def check_cgroup(facts: BoardFacts) -> Check:
    if facts.cgroup_memory is False:
        hint = "add cgroup_enable=memory to /boot/firmware/cmdline.txt and reboot"
        return Check("cgroup", "warn", "the kernel ignores memory limits of services", hint)
    return Check("cgroup", "ok", "memory limits work" if facts.cgroup_memory else "no cgroups to be seen here")


def check_microphone(sysroot: Path) -> Check:
    try:
        lines = (sysroot / "proc/asound/pcm").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":")[1].strip() for line in lines if "capture" in line]
    if not names:
        return Check("microphone", "warn", "none found", "needed for voice only; see: arecord -l")
    return Check("microphone", "ok", ", ".join(names))


def check_disk(folder: Path) -> Check:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e6
    level: Level = "fail" if free < 50 else "warn" if free < 1000 else "ok"
    hint = "" if level == "ok" else "a large model needs 700 MB; the journal needs some at any time"
    return Check("disk", level, f"{free:.0f} MB free at {folder}", hint)


def check_clock(sysroot: Path) -> Check:
    """Deadlines do not care, but TLS certificates do."""
    if time.time() < Path(__file__).stat().st_mtime - 86_400:
        return Check("clock", "fail", f"it says {time.strftime('%Y-%m-%d')}, which is past", "wait for NTP, or set it")
    if (sysroot / "run/systemd/timesync/synchronized").exists():
        return Check("clock", "ok", "synchronised by systemd-timesyncd")
    return Check("clock", "ok", time.strftime("it says %Y-%m-%d %H:%M"))


def check_heat(sysroot: Path) -> Check:
    state = heat.read(sysroot)
    words = [] if state.temperature_c is None else [f"{state.temperature_c:.0f} °C"]
    complaints = state.now or (("since boot:", *state.since_boot) if state.since_boot else ())
    if complaints:
        return Check("heat", "warn", ", ".join([*words, *complaints]), "a better power supply or a fan")
    return Check("heat", "ok", ", ".join(words) or "no sensor")


def _decode_failed(returncode: int, stderr: str, steps: dict[str, object]) -> Check:
    after = f"after the step {list(steps)[-1]!r}" if steps else "at once"
    if returncode < 0:
        name = signal.Signals(-returncode).name
        hint = "its build does not suit this CPU: compile it again as the check of the build says"
        return Check("decode", "fail", f"llama.cpp died {after} of {name}", hint)
    lines = stderr.strip().splitlines() or ["it said nothing"]
    return Check("decode", "fail", f"llama.cpp stopped {after}: {lines[-1]}")
