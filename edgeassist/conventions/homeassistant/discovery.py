"""From one announcement to devices: topic forms, short names, names and areas, what is offered and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from edgeassist.announce import is_own
from edgeassist.conventions import payload as payloads
from edgeassist.conventions.base import Unit
from edgeassist.conventions.driver import Availability, Reader, TopicDriver
from edgeassist.home.device import Device, Kind
from edgeassist.text import sanitise

from . import climate, fan, light, openings, power, security, sensors, vacuum
from .abbreviations import DEVICE, expand, with_base
from .entity import Built, Entity, through

BUILDERS: Mapping[str, Callable[[Entity], Built]] = {
    "alarm_control_panel": security.alarm,
    "binary_sensor": sensors.binary_sensor,
    "button": power.button,
    "climate": climate.climate,
    "cover": openings.cover,
    "fan": fan.fan,
    "humidifier": fan.humidifier,
    "lawn_mower": vacuum.lawn_mower,
    "light": light.light,
    "lock": security.lock,
    "scene": power.scene,
    "sensor": sensors.sensor,
    "siren": power.siren,
    "switch": power.switch,
    "vacuum": vacuum.vacuum,
    "valve": openings.valve,
}
#: Diagnostic readings that people do ask for.
_WANTED_DIAGNOSTICS = {"battery", "temperature"}
_READ_ONLY = {"sensor", "binary_sensor"}
_MAX_COMPONENTS = 500


@dataclass(frozen=True, slots=True)
class HomeAssistant:
    """MQTT discovery below one prefix."""

    unit: Unit = "C"
    prefix: str = "homeassistant"
    name: str = "homeassistant"

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return f"{self.prefix}/+/+/config", f"{self.prefix}/+/+/+/config"

    def read(self, topic: str, payload: bytes) -> tuple[Device, ...]:
        levels = topic.removeprefix(f"{self.prefix}/").split("/")
        if not topic.startswith(f"{self.prefix}/") or len(levels) not in {3, 4} or levels[-1] != "config":
            raise ValueError("not a discovery topic")
        if not payload.strip() or is_own(topic, self.prefix):
            return ()
        component, object_id = levels[0], "_".join(levels[1:-1])
        document = payloads.parse(payloads.text(payload, payloads.MAX_ANNOUNCEMENT))
        options = expand(payloads.mapping(document))
        found = (
            self._device(kind, key, entity)
            for kind, key, entity in _entities(component, object_id, options)
            if kind in BUILDERS
        )
        return tuple(device for device in found if device is not None)

    def _device(self, component: str, object_id: str, options: Mapping[str, object]) -> Device | None:
        options = _based(options)
        entity = Entity(component, options, self.unit)
        if not _is_offered(entity):
            return None
        about = _about(options.get("device"))
        built = BUILDERS[component](entity)
        unique_id = entity.optional("unique_id", None)
        device_class = entity.optional("device_class", None)
        return Device(
            id=f"{component}.{payloads.slug(unique_id or '') or payloads.slug(object_id) or 'unnamed'}",
            name=_name(entity, about) or sanitise(object_id.replace("_", " ")) or component,
            kind=cast("Kind", component),
            device_class=sanitise(device_class, 40) if device_class else None,
            area=_shown(about.get("suggested_area")),
            capabilities=frozenset(built.capabilities),
            lacks=built.lacks,
            modes=built.modes,
            unit=built.unit,
            identifiers=frozenset(_identifiers(entity, unique_id, about)),
            driver=TopicDriver(built.readers, built.encode, _availability(options), built.attainable),
        )


def _entities(
    component: str, object_id: str, options: dict[str, object]
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """The entities of an announcement: one, or those of the device form with what they share."""
    if component != "device":
        yield component, object_id, options
        return
    components = payloads.mapping(options.get("components") or {}, "components")
    if len(components) > _MAX_COMPONENTS:
        raise ValueError(f"a device with {len(components)} components")
    shared = {name: value for name, value in options.items() if name != "components"}
    for key, part in components.items():
        own = expand(payloads.mapping(part, f"component {key[:40]!r}"))
        # A component with nothing but its platform is one that was removed.
        if set(own) <= {"platform"}:
            continue
        yield str(own.get("platform")), f"{object_id}_{key}", {**shared, **own}


def _based(options: Mapping[str, object]) -> dict[str, object]:
    """Full topics, also in the list of availabilities."""
    base = options.get("~")
    if base is None:
        return dict(options)
    if not isinstance(base, str):
        raise ValueError("the base topic ~ is not text")  # noqa: TRY004 peers are wrong by value
    based = with_base(options, base)
    listed = based.get("availability")
    if isinstance(listed, (list, dict)):
        sources = listed if isinstance(listed, list) else [listed]
        based["availability"] = [with_base(expand(payloads.mapping(source)), base) for source in sources]
    return based


def _is_offered(entity: Entity) -> bool:
    if not entity.flag("enabled_by_default", True):
        return False
    category = entity.optional("entity_category", None)
    if category == "diagnostic":
        return entity.component in _READ_ONLY and entity.optional("device_class", None) in _WANTED_DIAGNOSTICS
    return category is None


def _about(value: object) -> dict[str, object]:
    return {} if value is None else expand(payloads.mapping(value, "device"), DEVICE)


def _shown(value: object) -> str | None:
    return sanitise(str(value)) or None if isinstance(value, (str, int, float)) else None


def _name(entity: Entity, about: Mapping[str, object]) -> str | None:
    """The entity's name behind that of its device, unless it begins with it; a null name is the device's."""
    device = _shown(about.get("name"))
    default = None
    if entity.component in _READ_ONLY and "name" not in entity.options:
        default = entity.text("device_class", entity.component).replace("_", " ").capitalize()
    own = _shown(entity.optional("name", default))
    if own is None or device is None:
        return own or device
    return own if own.lower().startswith(device.lower()) else f"{device} {own}"[:120]


def _identifiers(entity: Entity, unique_id: str | None, about: Mapping[str, object]) -> Iterator[str]:
    """What would tell that somebody else announced the same thing."""
    if unique_id:
        yield unique_id
    listed = about.get("identifiers")
    yield from (
        str(item)[:200]
        for item in (listed if isinstance(listed, list) else [listed])[:20]
        if isinstance(item, (str, int))
    )
    connections = about.get("connections")
    for pair in connections[:20] if isinstance(connections, list) else []:
        if isinstance(pair, list) and len(pair) == 2:
            yield payloads.slug(str(pair[1]))
    for key in entity.options:
        if key == "command_topic" or key.endswith("_command_topic") or key == "set_position_topic":
            topic = entity.topic(key)
            if topic:
                yield topic


def _availability(options: Mapping[str, object]) -> Availability:
    entity = Entity("availability", options)
    listed = options.get("availability")
    if listed is None:
        shared = {"topic": options.get("availability_topic"), "value_template": options.get("availability_template")}
        sources = [] if shared["topic"] is None else [shared]
    else:
        sources = [
            expand(payloads.mapping(source)) for source in (listed if isinstance(listed, list) else [listed])[:20]
        ]
    mode = entity.text("availability_mode", "latest")
    if mode not in {"all", "any", "latest"}:
        raise ValueError(f"availability mode {mode!r} is not known")
    # The payloads may be said once for all sources.
    defaults = {key: options[key] for key in ("payload_available", "payload_not_available") if key in options}
    return Availability(
        [_source({**defaults, **source}) for source in sources], cast("Literal['all', 'any', 'latest']", mode)
    )


def _source(options: Mapping[str, object]) -> Reader:
    source = Entity("availability", options)
    said = {
        source.text("payload_not_available", "offline"): False,
        source.text("payload_available", "online"): True,
    }
    read = through(source.template("value_template"), lambda shown: {"available": said[shown]} if shown in said else {})
    return Reader(payloads.topic_name(options.get("topic")), read)
