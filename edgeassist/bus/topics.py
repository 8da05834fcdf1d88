"""The topics of the public contract for one node, and what may stand in a topic."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from edgeassist.errors import BusError, ConfigError

ROOT = "edgeassist"
ANY_INTENT = f"{ROOT}/any/intent"
#: One free node of a fleet takes each message of a shared subscription.
SHARED_ANY_INTENT = f"$share/{ROOT}/{ANY_INTENT}"
MAX_NODE_CHARS = 64
MAX_TOPIC_BYTES = 65_535
_OWN_LEVELS = frozenset({"intent", "action", "status", "health", "confirm", "transcript", "listen"})


def default_node() -> str:
    """The host name, as the contract says."""
    return socket.gethostname()


def check_node(name: str) -> str:
    """The name itself when it can be a level of a topic; raises ConfigError that says why it cannot."""
    if not name or len(name) > MAX_NODE_CHARS:
        raise ConfigError(f"node = {name!r}: must have 1 to {MAX_NODE_CHARS} characters")
    if any(c in "/+#" for c in name) or not name.isprintable():
        raise ConfigError(f"node = {name!r}: must be printable and without '/', '+' and '#'")
    if name == "any":
        raise ConfigError("node = 'any': the name is taken by the topic that every node of a fleet shares")
    return name


def check_topic_name(topic: str) -> str:
    """The topic itself when a message can be published on it; raises BusError that says why it cannot."""
    if not topic:
        raise BusError("topic '': must not be empty")
    if any(c in topic for c in "+#\0"):
        raise BusError(f"topic {topic!r}: must not hold '+', '#' or NUL")
    try:
        size = len(topic.encode())
    except UnicodeEncodeError:
        raise BusError(f"topic {topic!r}: is not valid Unicode text") from None
    if size > MAX_TOPIC_BYTES:
        raise BusError(f"topic {topic[:40]!r}...: {size} bytes, MQTT allows {MAX_TOPIC_BYTES}")
    return topic


def check_topic_filter(topic_filter: str) -> str:
    """The filter itself when a broker takes it in a SUBSCRIBE; raises BusError that says why it would not.

    A broker may answer a bad one by closing the connection, and we would ask for it again at every connect.
    """
    levels = topic_filter.split("/")
    if any("+" in level and level != "+" for level in levels) or any("#" in level for level in levels[:-1]):
        raise BusError(f"topic filter {topic_filter!r}: '+' must fill a level, '#' the last one")
    if "#" in levels[-1] and levels[-1] != "#":
        raise BusError(f"topic filter {topic_filter!r}: '#' must fill the last level")
    check_topic_name(topic_filter.replace("+", "_").replace("#", "_"))
    return topic_filter


def catches_reserved(topic_filter: str) -> bool:
    """Whether a filter with ``+`` would catch what `is_reserved` names: an intent would then come twice."""
    levels = topic_filter.split("/")
    if levels[0] not in {"+", ROOT}:
        return False
    # A confirmation has one level more than the others.
    return len(levels) in {3, 4} and (levels[2] == "+" or levels[2] in _OWN_LEVELS)


def is_reserved(topic: str) -> bool:
    """Whether answers must not go there: the broker's own ``$`` topics, and the contract's topics of any node.

    An answer on an ``intent`` topic would come back as an intent, and be answered, for ever.
    """
    if topic.startswith("$"):
        return True
    levels = topic.split("/")
    return levels[0] == ROOT and len(levels) > 2 and levels[2] in _OWN_LEVELS


def matches(wanted: str, topic: str) -> bool:
    """Whether a topic falls under a topic filter, as MQTT defines it."""
    filter_levels, levels = wanted.split("/"), topic.split("/")
    if topic.startswith("$") and filter_levels[0] in {"+", "#"}:
        return False
    for index, level in enumerate(filter_levels):
        if level == "#":
            return True
        if index >= len(levels) or level not in {"+", levels[index]}:
            return False
    return len(filter_levels) == len(levels)


@dataclass(frozen=True, slots=True)
class Topics:
    """The contract's topics under ``edgeassist/<node>``."""

    node: str
    base: str = field(init=False)
    intent: str = field(init=False)
    action: str = field(init=False)
    status: str = field(init=False)
    health: str = field(init=False)
    confirm: str = field(init=False)
    confirm_answers: str = field(init=False)
    transcript: str = field(init=False)
    listen: str = field(init=False)

    def __post_init__(self) -> None:
        base = f"{ROOT}/{check_node(self.node)}"
        object.__setattr__(self, "base", base)
        for name in ("intent", "action", "status", "health", "confirm", "transcript", "listen"):
            object.__setattr__(self, name, f"{base}/{name}")
        object.__setattr__(self, "confirm_answers", f"{base}/confirm/+")

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What a daemon listens to, besides what the home's devices publish."""
        return (self.intent, SHARED_ANY_INTENT, self.confirm_answers)

    def is_intent(self, topic: str) -> bool:
        return topic in (self.intent, ANY_INTENT)

    def confirm_answer(self, intent_id: str) -> str:
        """Where the answer to the question about one intent is expected."""
        return check_topic_name(f"{self.confirm}/{intent_id}")

    def confirm_id(self, topic: str) -> str | None:
        """The intent that an answer on this topic is about; None for any other topic."""
        prefix = f"{self.confirm}/"
        rest = topic[len(prefix) :]
        return rest if topic.startswith(prefix) and rest and "/" not in rest else None
