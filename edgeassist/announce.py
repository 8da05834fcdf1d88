"""What the daemon tells Home Assistant about itself, by MQTT discovery: one device with a few entities.

Everything is read from topics of the contract, so that nothing is published twice for it. The identifiers are what the
daemon knows its own announcements by, and those of other nodes: none of them is a device of the home.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from edgeassist import __version__
from edgeassist.bus.topics import Topics

#: Every announcement of every node begins so, below the discovery prefix and the component.
OBJECT_PREFIX = "edgeassist_"
BIRTH_PAYLOAD = b"online"
#: Home Assistant's text entity takes at most 255 characters.
_MAX_TEXT = 255
_UNSAFE = re.compile(r"[^a-zA-Z0-9_-]")


def birth_topic(prefix: str) -> str:
    """Where Home Assistant says that it has started, and wants to be told everything."""
    return f"{prefix}/status"


def is_own(topic: str, prefix: str) -> bool:
    """Whether a discovery topic is one that a node of edgeassist announces itself on."""
    levels = topic.split("/")
    head = prefix.split("/")
    return (
        levels[: len(head)] == head and len(levels) > len(head) + 1 and levels[len(head) + 1].startswith(OBJECT_PREFIX)
    )


def announcements(topics: Topics, prefix: str, *, utterances: bool = False) -> Iterator[tuple[str, bytes]]:
    """Topic and payload of each entity, to be retained; ``utterances`` adds the one that shows what was last said.

    An entity that is not wanted gets an empty payload, which removes what an earlier run announced.
    """
    node = f"{OBJECT_PREFIX}{_UNSAFE.sub('_', topics.node)}"
    shared = {
        "availability_topic": topics.status,
        "device": {
            "identifiers": [node],
            "name": f"edgeassist {topics.node}",
            "manufacturer": "edgeassist",
            "model": "offline assistant",
            "sw_version": __version__,
        },
        "origin": {"name": "edgeassist", "sw_version": __version__},
    }
    for component, key, options in _entities(topics, utterances=utterances):
        topic = f"{prefix}/{component}/{node}/{key}/config"
        if options is None:
            yield topic, b""
            continue
        document = {"unique_id": f"{node}_{key}", "object_id": f"{node}_{key}", **options, **shared}
        if key == "status":
            del document["availability_topic"]
        yield topic, json.dumps(document, ensure_ascii=False).encode()


def _entities(topics: Topics, *, utterances: bool) -> Iterator[tuple[str, str, Mapping[str, Any] | None]]:
    diagnostic = {"entity_category": "diagnostic"}
    yield (
        "binary_sensor",
        "status",
        {
            "name": "Status",
            "device_class": "connectivity",
            "state_topic": topics.status,
            "payload_on": "online",
            "payload_off": "offline",
            **diagnostic,
        },
    )
    yield (
        "sensor",
        "result",
        {
            "name": "Last result",
            "icon": "mdi:check-circle-outline",
            "state_topic": topics.action,
            "value_template": "{{ value_json.outcome }}",
        },
    )
    yield (
        "sensor",
        "latency",
        {
            "name": "Latency",
            "state_topic": topics.action,
            "value_template": "{{ value_json.timing_ms.total | default(0) | round }}",
            "unit_of_measurement": "ms",
            "device_class": "duration",
            "state_class": "measurement",
            **diagnostic,
        },
    )
    yield (
        "sensor",
        "queue",
        {
            "name": "Waiting",
            "icon": "mdi:tray-full",
            "state_topic": topics.health,
            "value_template": "{{ value_json.queue }}",
            "state_class": "measurement",
            **diagnostic,
        },
    )
    yield (
        "text",
        "intent",
        {
            "name": "Say",
            "icon": "mdi:chat-processing-outline",
            "command_topic": topics.intent,
            "max": _MAX_TEXT,
            "command_template": '{{ {"text": value, "source": "homeassistant"} | to_json }}',
        },
    )
    said = {
        "name": "Last utterance",
        "icon": "mdi:account-voice",
        "state_topic": topics.action,
        "value_template": f"{{{{ value_json.text[:{_MAX_TEXT}] }}}}",
    }
    yield "sensor", "utterance", said if utterances else None
