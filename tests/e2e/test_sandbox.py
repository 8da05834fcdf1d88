"""What the sandbox of the unit lets through and what it does not, asked from inside: devices, addresses, files."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.machine import Machine

#: The unit's own sandbox around another program.
INSIDE = """
    sed -e 's/^Type=.*/Type=oneshot/' -e '/^ExecReload=\\|^WatchdogSec=\\|^Restart/d' \
        -e 's|^ExecStart=.*|ExecStart=/usr/bin/python3 /opt/probe.py|' \
        /etc/systemd/system/edgeassist.service > /etc/systemd/system/inside.service
    systemctl daemon-reload
"""
PROBE = """
import errno, json, os, socket

def tried(action, *arguments):
    try:
        action(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"

def send(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", (host, 9))

def write(path):
    with open(path, "w") as file:
        file.write("x")

print(json.dumps({
    "microphone": tried(os.open, "/dev/snd/pcmC0D0c", os.O_RDWR),
    "other device": tried(os.open, "/dev/other", os.O_RDWR),
    "broker in the house": tried(send, "10.77.1.1"),
    "somebody outside": tried(send, "203.0.113.1"),
    "state": tried(write, "/var/lib/edgeassist/probe"),
    "prefix": tried(write, "/var/cache/edgeassist/probe"),
    "models": tried(write, "/opt/edgeassist/models/probe"),
    "configuration": tried(write, "/etc/edgeassist/probe"),
    "secret": tried(open, os.environ["CREDENTIALS_DIRECTORY"] + "/mqtt-password"),
    "raw socket": tried(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1),
    "packet socket": tried(socket.socket, socket.AF_PACKET, socket.SOCK_DGRAM),
}))
"""


@pytest.fixture(scope="module")
def inside(machine: Machine) -> Iterator[dict[str, str]]:
    """What the probe was answered. The kernel of the test may have no sound: then there is a device, and nothing behind
    it, which is another error than to be kept from it."""
    machine.sh("""
        sed '/ alsa$/d; s/^Character devices:$/&\\n116 alsa/' /proc/devices > /run/devices
        mount --bind /run/devices /proc/devices
        mkdir -p /dev/snd; rm -f /dev/snd/pcmC0D0c /dev/other
        mknod -m 0660 /dev/snd/pcmC0D0c c 116 24; mknod -m 0660 /dev/other c 117 24
        chgrp audio /dev/snd/pcmC0D0c /dev/other
        ip address add 10.77.1.1/32 dev lo; ip address add 203.0.113.1/32 dev lo
    """)
    (machine.root / "opt/probe.py").write_text(PROBE)
    machine.sh(INSIDE)
    machine.sh("systemctl start inside || true")
    said = machine.journal("inside")
    print(said)
    answer = next(line for line in said.splitlines() if line.startswith("{"))
    yield json.loads(answer)
    machine.sh("umount /proc/devices")


def test_microphone_is_reached_and_no_other_device(inside: dict[str, str]) -> None:
    assert inside["microphone"] in {"done", "ENXIO", "ENODEV"}
    assert inside["other device"] == "EPERM"


def test_house_is_reached_and_nobody_outside(inside: dict[str, str]) -> None:
    assert inside["broker in the house"] == "done"
    assert inside["somebody outside"] == "EPERM"


def test_state_can_be_written_and_nothing_that_is_trusted(inside: dict[str, str]) -> None:
    assert (inside["state"], inside["prefix"], inside["secret"]) == ("done", "done", "done")
    assert {inside["models"], inside["configuration"]} <= {"EROFS", "EACCES"}


def test_no_packets_of_its_own_making(inside: dict[str, str]) -> None:
    assert inside["raw socket"] == "EPERM"
    assert inside["packet socket"] == "EAFNOSUPPORT"
