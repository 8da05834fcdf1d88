"""One announced entity: typed access to its options, which come from a stranger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from edgeassist.conventions import payload as payloads
from edgeassist.conventions.driver import Attainable, Encode, Reader
from edgeassist.conventions.driver import publish as publish_plain
from edgeassist.conventions.templates import Template, template
from edgeassist.errors import CommandError
from edgeassist.messages import Publish, Value

#: What Home Assistant writes for a value that is reset.
_RESET = {"None", "none", ""}


@dataclass(frozen=True, slots=True)
class Built:
    """What a kind makes of its options: all of a device that is not naming."""

    readers: tuple[Reader, ...] = ()
    encode: Encode | None = None
    capabilities: Iterable[str] = ()
    modes: tuple[str, ...] = ()
    unit: str | None = None
    attainable: Attainable | None = None
    extra_identifiers: Iterable[str] = field(default=())
    lacks: frozenset[str] = frozenset()


class Entity:
    """The options of one entity, with full names and topics. Every method raises ValueError for a wrong type."""

    def __init__(self, component: str, options: Mapping[str, object], unit: str = "C") -> None:
        self.component = component
        self.options = options
        self.home_unit = unit

    def topic(self, key: str) -> str | None:
        value = self.options.get(key)
        return None if value is None else payloads.topic_name(value)

    def subscription(self, key: str) -> str | None:
        """A topic on which it reports, perhaps with ``+`` in it."""
        value = self.options.get(key)
        return None if value is None else payloads.topic_filter(value)

    def text(self, key: str, default: str) -> str:
        value = self.optional(key, default)
        return default if value is None else value

    def optional(self, key: str, default: str | None) -> str | None:
        """The text, None when the option is explicitly null, the default when it is missing."""
        if key not in self.options:
            return default
        value = self.options[key]
        if value is None:
            return None
        if isinstance(value, bool):
            return str(value)
        if isinstance(value, (str, int, float)):
            return str(value)[: payloads.MAX_TOPIC]
        raise ValueError(f"{key} is not text")

    def number(self, key: str, default: float) -> float:
        value = self.options.get(key)
        return default if value is None else payloads.number(value)

    def limit(self, key: str) -> float | None:
        value = self.options.get(key)
        return None if value is None else payloads.number(value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.options.get(key, default)
        return value if isinstance(value, bool) else str(value).strip().lower() in {"true", "yes", "on", "1", "enable"}

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self.options.get(key)
        if value is None:
            return default
        listed = payloads.items(value, key) if isinstance(value, list) else [value]
        return tuple(str(item)[:120] for item in listed[:100] if isinstance(item, (str, int, float)))

    def template(self, *keys: str) -> Template | None:
        """The first of the templates that is there."""
        for key in keys:
            source = self.options.get(key)
            if isinstance(source, str):
                return template(source)
            if source is not None:
                raise ValueError(f"{key} is not a template")
        return None

    def reader(self, topic_key: str, read: Callable[[str], Mapping[str, Value]], *templates: str) -> list[Reader]:
        """A reader of that topic, through the first of the templates; none when the entity has no such topic."""
        topic = self.subscription(topic_key)
        return [] if topic is None else [Reader(topic, through(self.template(*templates), read))]

    def send(self, topic_key: str, value: object, template_key: str | None = None, **variables: object) -> Publish:
        """The value, through the command template when the entity has one. Raises CommandError when it has no topic."""
        command = self.template(template_key) if template_key else None
        shown = command.command(value, variables) if command else written(value)
        return publish_plain(self.topic(topic_key), shown, topic_key.replace("_", " ").removesuffix(" topic"))


def through(
    value_template: Template | None, read: Callable[[str], Mapping[str, Value]]
) -> Callable[[bytes], Mapping[str, Value]]:
    """Reads text, extracted by the template; a payload that says nothing gives nothing."""

    def decode(payload: bytes) -> Mapping[str, Value]:
        shown = payloads.text(payload).strip()
        extracted = value_template.extract(shown) if value_template else shown
        return {} if extracted is None or extracted in _RESET else read(extracted)

    return decode


def matched(prop: str, table: Mapping[str, Value]) -> Callable[[str], Mapping[str, Value]]:
    """Reads one property whose payloads are known; another payload says nothing."""
    return lambda shown: {prop: table[shown]} if shown in table else {}


def measured(prop: str, convert: Callable[[str], Value]) -> Callable[[str], Mapping[str, Value]]:
    """Reads one property by a conversion."""
    return lambda shown: {prop: convert(shown)}


def written(value: object) -> str:
    """A value as Home Assistant writes it into a payload: whole numbers without a point."""
    return str(payloads.whole(value)) if isinstance(value, float) else str(value)


def within(value: float, low: float | None, high: float | None, what: str) -> float:
    """The value. Raises CommandError when the device does not go that far."""
    if (low is not None and value < low) or (high is not None and value > high):
        raise CommandError(f"{what} {payloads.whole(value)} is outside of what the device takes: {low} to {high}")
    return value
