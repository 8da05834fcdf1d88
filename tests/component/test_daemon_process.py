"""The daemon as a process with the real model: its signals, its will, and models that cannot be used."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edgeassist.daemon import Daemon
from edgeassist.simulate.demo import SCRIPT, running
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient
from tests.support.daemons import BASE, AnnouncedHome, config_for, until
from tests.support.engine import model_path

NAME = "smollm2-135m"
WAIT_S = 90.0


@contextmanager
def process(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    config_for(folder, port)
    path = folder / "config.toml"
    path.write_text(
        f'node = "pi"\n[mqtt]\nhost = "127.0.0.1"\nport = {port}\n[home]\nfile = "{folder / "home.toml"}"\n'
        f'[model]\nname = "{NAME}"\nthreads = 1\nthreads_batch = 1\n[intent]\ndeadline_ms = 60000\n'
        f'[paths]\nstate = "{folder / "state"}"\ncache = "{folder / "cache"}"\nmodels = "{model_path().parent}"\n'
    )
    command = [sys.executable, "-m", "edgeassist", "run", "--config", str(path)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as started:
        try:
            yield started
        finally:
            started.kill()


def test_process_with_the_real_model_answers_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    with Mosquitto() as broker, AnnouncedHome(broker.port) as home, process(tmp_path, broker.port) as daemon:
        home.wait_for(f"{BASE}/status", timeout=WAIT_S)
        id_ = home.ask("turn on the lamp", deadline_ms=60_000)
        home.wait_for(lambda heard: id_.encode() in heard.payload and heard.topic == f"{BASE}/action", timeout=WAIT_S)
        (result,) = home.results(id_)
        assert result["outcome"] in {"done", "partial", "not_understood", "confirm"}, result
        assert result["model"] == NAME
        assert result["confidence"] is not None
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(30) == 0, (tmp_path / "log").read_text()
        assert home.wait_for(f"{BASE}/status", count=2)[-1].payload == b"offline"
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_process_that_is_killed_is_offline_by_its_will(tmp_path: Path) -> None:
    with Mosquitto() as broker, BusClient(broker.port) as watcher, process(tmp_path, broker.port) as daemon:
        watcher.subscribe(f"{BASE}/status")
        watcher.wait_for(f"{BASE}/status", timeout=WAIT_S)
        daemon.kill()
        last = watcher.wait_for(f"{BASE}/status", count=2, timeout=WAIT_S)[-1]
        assert last.payload == b"offline"
        with BusClient(broker.port) as later:
            later.subscribe(f"{BASE}/status")
            (kept,) = later.wait_for(f"{BASE}/status")
    assert (kept.payload, kept.retain) == (b"offline", True)


def missing(_file: Path) -> None:
    """No file at all."""


def truncated(file: Path) -> None:
    shutil.copyfile(model_path(), file)
    shutil.copyfile(model_path().with_suffix(".json"), file.with_suffix(".json"))
    with file.open("r+b") as opened:
        opened.truncate(1_000_000)


def wrong_digest(file: Path) -> None:
    shutil.copyfile(model_path(), file)
    shutil.copyfile(model_path().with_suffix(".json"), file.with_suffix(".json"))
    with file.open("r+b") as opened:
        opened.seek(50_000_000)
        opened.write(b"another byte or two")


@pytest.mark.parametrize(
    ("spoil", "why"), [(missing, "models pull"), (truncated, "bytes instead of"), (wrong_digest, "sha256 is")]
)
def test_model_that_cannot_be_used_degrades_the_daemon_and_fails_each_intent(
    tmp_path: Path, spoil: Callable[[Path], None], why: str
) -> None:
    config = config_for(tmp_path, 1883)
    config.paths.models.mkdir()
    spoil(config.paths.models / model_path().name)
    with Mosquitto() as broker, AnnouncedHome(broker.port) as home:
        mqtt = config.mqtt.model_copy(update={"port": broker.port})
        model = config.model.model_copy(update={"name": NAME})
        with running(Daemon(config.model_copy(update={"mqtt": mqtt, "model": model}))) as daemon:
            until(lambda: daemon.ready, "the daemon does not come up", WAIT_S)
            assert home.wait_for(f"{BASE}/status")[-1].payload == b"online"
            result = home.result("on lamp")
            assert (result["outcome"], result["model"]) == ("failed", "")
            assert why in result["say"]
            degraded: Any = daemon.vitals.degraded()
            assert any(why in reason for reason in degraded)
        assert home.commands() == []


def test_demo_prints_every_utterance_with_its_result(tmp_path: Path) -> None:
    settings = {
        "PATHS__MODELS": str(model_path().parent), "PATHS__CACHE": str(tmp_path), "MODEL__NAME": NAME,
        "MODEL__THREADS": "1", "MODEL__THREADS_BATCH": "1",
    }  # fmt: skip
    environ = os.environ | {f"EDGEASSIST_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "edgeassist", "simulate", "--demo", "--json"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    # What was asked about is there once more, with what became of it.
    assert list(dict.fromkeys(each["text"] for each in shown)) == [text for text, _ in SCRIPT]
    for each in shown:
        assert each["outcome"] in {"done", "partial", "confirm", "not_understood", "failed"}
        assert bool(each["commands"]) <= (each["outcome"] in {"done", "partial"})
        assert each["model"] == NAME
