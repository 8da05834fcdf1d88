"""A whole daemon in a process of its own, to be killed and started again, and someone who talks to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from tests.support.bus_client import BusClient, Heard

ROOT = Path(__file__).parent.parent.parent
BASE = "edgeassist/pi"
INTENT = f"{BASE}/intent"
ACTION = f"{BASE}/action"
STATUS = f"{BASE}/status"
HEALTH = f"{BASE}/health"
#: Nothing here but the bus: devices under ``dev/``, each command seen by whoever listens there.
HOME = """
[[area]]
name = "Kitchen"
[[area]]
name = "Bedroom"
[[device]]
name = "Desk Lamp"
kind = "light"
area = "Bedroom"
command_topic = "dev/desk"
send.power = { on = "ON", off = "OFF" }
send.toggle = { toggle = "TOGGLE" }
send.brightness = {}
[[device]]
name = "Counter Lamp"
kind = "light"
area = "Kitchen"
command_topic = "dev/counter"
send.power = { on = "ON", off = "OFF" }
[[device]]
name = "Bed Lamp"
kind = "light"
area = "Bedroom"
command_topic = "dev/bed"
send.power = { on = "ON", off = "OFF" }
[[device]]
name = "Front Door"
kind = "lock"
command_topic = "dev/door"
[[device]]
name = "Fan"
kind = "fan"
area = "Kitchen"
command_topic = "dev/fan"
state_topic = "dev/fan/state"
"""
_TOPICS = {
    "light.desk_lamp": "dev/desk",
    "light.counter_lamp": "dev/counter",
    "light.bed_lamp": "dev/bed",
    "lock.front_door": "dev/door",
    "fan.fan": "dev/fan",
}
START_S = 40.0


class Node:
    """The daemon with a scripted reader. ``folder`` keeps its configuration, state and log over restarts."""

    def __init__(self, folder: Path, port: int, config: str = "", home: str = HOME) -> None:
        self.folder = folder
        self.state = folder / "state"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "home.toml").write_text(home)
        self.file = folder / "config.toml"
        self.file.write_text(
            f'node = "pi"\n{config}\n'
            + ("" if "[mqtt]" in config else f'[mqtt]\nhost = "127.0.0.1"\nport = {port}\n')
            + f'[home]\nfile = "{folder}/home.toml"\n'
            + f'[paths]\nstate = "{self.state}"\ncache = "{folder}/cache"\nmodels = "{folder}/models"\n'
        )

    def start(self, *, environ: Mapping[str, str] | None = None, module: str = "tests.support.scripted") -> Self:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(self.file)],
                stderr=log,
                stdout=log,
                cwd=ROOT,
                env={**os.environ, **(environ or {})},
            )
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        if self.running:
            assert self._process is not None
            self._process.send_signal(number)

    def wait(self, timeout: float = START_S) -> int:
        """The exit status; negative for a signal."""
        assert self._process is not None
        return self._process.wait(timeout)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self.wait()

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.wait()

    def until_logged(self, text: str, count: int = 1, timeout: float = START_S) -> None:
        until(
            lambda: self.log().count(text) >= count,
            timeout,
            lambda: f"{text!r} is not {count} times in the log:\n{self.log()}",
        )

    def rss_bytes(self) -> int:
        return self._status("VmRSS") * 1024

    def threads(self) -> int:
        return self._status("Threads")

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def _status(self, key: str) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()


class Person(BusClient):
    """Hears everything on the broker, says things to the node, and finds their results."""

    topic_of = staticmethod(_TOPICS.get)

    def __enter__(self) -> Self:
        super().__enter__()
        self.subscribe("edgeassist/#")
        self.subscribe("dev/#", as_published=True)
        return self

    def say(self, text: str, *, id_: str | None = None, **fields: Any) -> str:
        """Publish an intent; returns its id."""
        id_ = id_ or uuid.uuid4().hex
        self.publish(INTENT, json.dumps({"id": id_, "text": text, **fields}))
        return id_

    def ask(self, text: str, *, timeout: float = START_S, **fields: Any) -> dict[str, Any]:
        """The first result of an intent."""
        return self.result(self.say(text, **fields), timeout=timeout)

    def result(self, id_: str, *, timeout: float = START_S, count: int = 1) -> dict[str, Any]:
        self.wait_for(lambda heard: _is_result(heard, id_), count=count, timeout=timeout)
        return self.results(id_)[count - 1]

    def results(self, id_: str) -> list[dict[str, Any]]:
        return [json.loads(heard.payload) for heard in list(self.heard) if _is_result(heard, id_)]

    def online(self, *, count: int = 1) -> None:
        """Wait until the node has said so for the ``count``-th time, a retained one not among them."""
        self.wait_for(_says_online, count=count, timeout=START_S)

    def present(self) -> None:
        """Wait until the node is online; it may have said so before anybody listened."""
        self.wait_for(lambda heard: heard.topic == STATUS and heard.payload == b"online", timeout=START_S)

    def commands(self, topic: str) -> list[str]:
        return [heard.payload.decode() for heard in list(self.heard) if heard.topic == topic]

    def health(self) -> dict[str, Any]:
        """The latest health document that was published."""
        self.wait_for(HEALTH, timeout=START_S)
        return next(json.loads(each.payload) for each in reversed(self.heard) if each.topic == HEALTH)


def _says_online(heard: Heard) -> bool:
    return heard.topic == STATUS and heard.payload == b"online" and not heard.retain


def _is_result(heard: Heard, id_: str) -> bool:
    return heard.topic == ACTION and json.loads(heard.payload)["id"] == id_


def until(condition: Callable[[], bool], timeout: float = START_S, trouble: Callable[[], str] = str) -> None:
    """For what nobody announces: looks again and again."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, trouble()
        pause.wait(0.02)
