"""Announcements to test with: those of the fixture files, and small ones written in the test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edgeassist.conventions import load
from edgeassist.conventions.driver import TopicDriver
from edgeassist.conventions.homeassistant import HomeAssistant
from edgeassist.home import Device, Driver, State
from edgeassist.home.registry import HomeRegistry
from edgeassist.messages import Value

FIXTURES = Path(__file__).parent.parent / "unit" / "fixtures" / "discovery"
FIXTURE_NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))


def fixture(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def messages(name: str) -> list[tuple[str, bytes]]:
    return [(message["topic"], json.dumps(message["payload"]).encode()) for message in fixture(name)["messages"]]


def registry_of(*names: str) -> HomeRegistry:
    registry = HomeRegistry(load())
    for name in names:
        for topic, payload in messages(name):
            registry.announce(topic, payload)
    return registry


def devices_of(name: str) -> dict[str, Device]:
    """The devices of a fixture file, by name."""
    return {device.name: device for device in registry_of(name).snapshot().devices}


def entity(kind: str, /, *, unit: str = "C", **options: object) -> Device:
    """One device, announced by Home Assistant discovery with these options."""
    payload = json.dumps({"name": "Thing", "unique_id": "thing", **options}).encode()
    (device,) = HomeAssistant("F" if unit == "F" else "C").read(f"homeassistant/{kind}/thing/config", payload)
    return device


def driver_of(device: Device) -> Driver:
    assert device.driver is not None
    return device.driver


def attainable(device: Device, change: Mapping[str, Value]) -> Mapping[str, Value]:
    """What the device will report after a change."""
    assert isinstance(device.driver, TopicDriver)
    return device.driver.attainable(change)


def sent(device: Device, change: Mapping[str, Value], state: State | None = None) -> list[tuple[str, str]]:
    """What the device is sent for a change: topics and payloads."""
    return [(message.topic, message.payload.decode()) for message in driver_of(device).encode(change, state or {})]


def said(device: Device, topic: str, payload: str) -> dict[str, Value]:
    return driver_of(device).decode(topic, payload.encode())
