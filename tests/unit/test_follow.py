"""Announcements by the hundred are one change of the home, and one subscription."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import cast

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.values import Incoming
from edgeassist.conventions import load
from edgeassist.home.follow import HomeFollower
from edgeassist.home.registry import HomeRegistry


class RememberingBus:
    def __init__(self) -> None:
        self.subscribed: list[set[str]] = []
        self.acked = 0

    def subscribe(self, filters: Iterable[str], qos: int = 1) -> None:
        assert qos == 0
        self.subscribed.append(set(filters))

    def unsubscribe(self, filters: Iterable[str]) -> None:
        self.subscribed.append({f"not {name}" for name in filters})

    def ack(self, incoming: Incoming) -> None:
        self.acked += 1


def announced(number: int, **options: object) -> Incoming:
    payload = {"name": f"L{number}", "uniq_id": f"{number}", "cmd_t": f"l/{number}/set", "stat_t": f"l/{number}"}
    return Incoming(f"homeassistant/light/{number}/config", json.dumps({**payload, **options}).encode())


def test_many_announcements_are_listened_to_at_once_and_are_one_change() -> None:
    bus = RememberingBus()
    follower = HomeFollower(cast("MqttBus", bus), HomeRegistry(load()))
    follower.follow()
    before = len(bus.subscribed)
    for number in range(300):
        follower.deliver(announced(number))
    assert follower.unsettled
    assert len(bus.subscribed) == before
    assert follower.settle()
    assert bus.subscribed[before:] == [{f"l/{number}" for number in range(300)}]
    assert not follower.unsettled
    assert not follower.settle()
    assert bus.acked == 300


def test_device_that_goes_is_not_listened_to_any_more() -> None:
    bus = RememberingBus()
    follower = HomeFollower(cast("MqttBus", bus), HomeRegistry(load()))
    follower.deliver(announced(1))
    follower.settle()
    follower.deliver(Incoming("homeassistant/light/1/config", b""))
    assert follower.settle()
    assert bus.subscribed[-1] == {"not l/1"}


def test_what_changes_nothing_leaves_nothing_to_settle() -> None:
    follower = HomeFollower(cast("MqttBus", RememberingBus()), HomeRegistry(load()))
    follower.deliver(Incoming("l/1", b"ON"))
    follower.deliver(Incoming("homeassistant/light/1/config", b"{"))
    assert not follower.unsettled
    assert not follower.overdue
