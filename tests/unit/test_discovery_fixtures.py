from __future__ import annotations

import pytest

from tests.support.discovery import FIXTURE_NAMES, fixture, registry_of


@pytest.mark.parametrize("name", FIXTURE_NAMES)
def test_announcements_of_a_producer_become_its_devices(name: str) -> None:
    registry = registry_of(name)
    found = {(d.kind, d.name, d.area, tuple(sorted(d.capabilities))) for d in registry.snapshot().devices}
    expected = {
        (each["kind"], each["name"], each["area"], tuple(sorted(each["capabilities"])))
        for each in fixture(name)["expected"]
    }
    # A group's capabilities are those of its members.
    groups = {device.name for device in registry.snapshot().devices if device.members}
    assert {each for each in found if each[1] not in groups} == {each for each in expected if each[1] not in groups}
    assert {each[:3] for each in found} == {each[:3] for each in expected}
    assert registry.unreadable == 0


def test_fixtures_hold_at_least_sixty_devices() -> None:
    assert sum(len(fixture(name)["expected"]) for name in FIXTURE_NAMES) >= 60


@pytest.mark.parametrize("name", FIXTURE_NAMES)
def test_empty_payloads_remove_every_device(name: str) -> None:
    registry = registry_of(name)
    for message in fixture(name)["messages"]:
        registry.announce(message["topic"], b"")
    assert registry.snapshot().devices == ()
    assert registry.state_topics() == set()
