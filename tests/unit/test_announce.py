from __future__ import annotations

import json

from edgeassist.announce import announcements, is_own
from edgeassist.bus.topics import Topics
from edgeassist.conventions import load
from edgeassist.home.registry import HomeRegistry

TOPICS = Topics("kitchen pi")


def test_own_announcements_are_no_devices_of_the_home() -> None:
    registry = HomeRegistry(load())
    for topic, payload in announcements(TOPICS, "homeassistant", utterances=True):
        assert is_own(topic, "homeassistant")
        assert not registry.announce(topic, payload)
    assert registry.snapshot().devices == ()
    assert registry.state_topics() == set()


def test_others_are_not_taken_for_own() -> None:
    assert not is_own("homeassistant/light/lamp/config", "homeassistant")
    assert not is_own("homeassistant/light/edgeassist_pi/x/config", "ha")
    assert is_own("my/ha/text/edgeassist_pi/intent/config", "my/ha")


def test_utterance_is_announced_only_when_wanted_and_removed_otherwise() -> None:
    (wanted,) = (p for t, p in announcements(TOPICS, "homeassistant", utterances=True) if "utterance" in t)
    (not_wanted,) = (p for t, p in announcements(TOPICS, "homeassistant") if "utterance" in t)
    assert json.loads(wanted)["state_topic"] == "edgeassist/kitchen pi/action"
    assert not_wanted == b""


def test_every_entity_has_a_unique_id_and_valid_topic() -> None:
    found = [(t, json.loads(p)) for t, p in announcements(TOPICS, "homeassistant", utterances=True)]
    assert len({document["unique_id"] for _, document in found}) == len(found) == 6
    assert all(" " not in topic for topic, _ in found)
