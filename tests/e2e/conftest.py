"""One machine for all tests: the service as it is installed, on a systemd of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.machine import CACHE, Machine

ROOT = Path(__file__).parents[2]
CONFIG = """\
node = "canary"
room = "Kitchen"
[home]
file = "/etc/edgeassist/home.toml"
functions_dir = "/etc/edgeassist/functions.d"
[paths]
models = "/opt/edgeassist/models"
"""
HOME = """\
[[area]]
name = "Kitchen"
[[device]]
name = "Ceiling Light"
kind = "light"
area = "Kitchen"
command_topic = "light/kitchen/set"
state_topic = "light/kitchen/set"
send.power = { on = "ON", off = "OFF" }
report.power = { on = "ON", off = "OFF" }
"""
#: Short enough for a test: a stuck thread is noticed after 4 s, and the watchdog bites 6 s later.
DROP_IN = """\
[Service]
WatchdogSec=6
RestartSec=1
Environment=EDGEASSIST_STUCK_S=4 EDGEASSIST_HANG_AT=hang
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def bundle() -> Path:
    found = sorted([*(ROOT / "wheels").glob("*-native"), *(CACHE / "bundles").glob("*-native")])
    assert found, "no bundle is here; run: make wheels"
    return found[0]


@pytest.fixture(scope="session")
def machine(bundle: Path) -> Iterator[Machine]:
    assert os.geteuid() == 0, "containers need root"
    assert shutil.which("systemd-nspawn"), "run: apt-get install systemd-container debootstrap"
    with Machine("canary", {bundle: "/mnt/bundle", ROOT / "systemd": "/mnt/systemd"}) as booted:
        install(booted)
        yield booted


@pytest.fixture(autouse=True)
def fresh_service(machine: Machine) -> Iterator[None]:
    """Started, with the configuration that works, and no restarts counted."""
    write(machine, "config.toml", CONFIG)
    write(machine, "home.toml", HOME)
    machine.sh("systemctl stop edgeassist; systemctl reset-failed edgeassist || true; rm -rf /var/lib/edgeassist/*")
    machine.sh("journalctl --rotate -q; journalctl --vacuum-time=1s -q; systemctl start edgeassist")
    machine.until("edgeassist", StatusText="1 devices")
    yield
    print(machine.journal("edgeassist"))


def write(machine: Machine, name: str, text: str) -> None:
    (machine.root / "etc/edgeassist" / name).write_text(text)


def ask(machine: Machine, text: str, wait_s: int = 20) -> str:
    """The answer to an intent, by MQTT 5 request and response."""
    return machine.sh(
        f"mosquitto_rr -V 5 -t edgeassist/canary/intent -e test/answer -m '{text}' -W {wait_s}", check=False
    )


def install(machine: Machine) -> None:
    machine.sh("""
        cp /mnt/systemd/edgeassist.sysusers /usr/lib/sysusers.d/edgeassist.conf
        cp /mnt/systemd/edgeassist.tmpfiles /usr/lib/tmpfiles.d/edgeassist.conf
        cp /mnt/systemd/edgeassist.service /etc/systemd/system/
        systemd-sysusers; systemd-tmpfiles --create edgeassist.conf; systemctl restart mosquitto
        export PYTHONPATH=$(ls /mnt/bundle/wheels/edgeassist-*.whl)
        python3 -m edgeassist.release install /mnt/bundle
        python3 -m edgeassist.release activate $(ls /opt/edgeassist/releases)
        mkdir -p /etc/systemd/system/edgeassist.service.d
    """, timeout=300)  # fmt: skip
    (machine.root / "etc/systemd/system/edgeassist.service.d/test.conf").write_text(DROP_IN)
    machine.sh("systemctl daemon-reload")
