"""Small homes to speak of: one that is made by hand, and ones that hypothesis makes out of hostile names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from edgeassist.home import KINDS, Area, Device, Floor, Home, Kind
from edgeassist.messages import Publish, Value

CAPABILITIES = {
    "light": frozenset({"brightness", "color", "color_temp"}),
    "cover": frozenset({"position", "stop"}),
    "valve": frozenset({"position", "stop"}),
    "fan": frozenset({"percentage"}),
    "climate": frozenset({"temperature", "mode"}),
    "media_player": frozenset({"volume", "playback"}),
}


class Wire:
    """A driver that writes each change as one message on ``<id>/set`` and reads ``name=value`` on ``<id>``."""

    def __init__(self, device_id: str, *, reports: bool = True) -> None:
        self.device_id = device_id
        self.state_topics: Sequence[str] = (device_id,) if reports else ()

    def encode(self, change: Mapping[str, Value], state: Mapping[str, Value]) -> list[Publish]:
        return [Publish(f"{self.device_id}/set", " ".join(f"{k}={v}" for k, v in change.items()).encode())]

    def decode(self, topic: str, payload: bytes) -> dict[str, Value]:
        name, _, value = payload.decode().partition("=")
        return {name: value}


def device(
    name: str,
    kind: Kind = "light",
    area: str | None = None,
    *,
    id: str | None = None,  # noqa: A002 - the device's own word
    able: Iterable[str] | None = None,
    **more: object,
) -> Device:
    device_id = id or f"{kind}.{name.lower().replace(' ', '_')}"
    capabilities = CAPABILITIES.get(kind, frozenset()) if able is None else frozenset(able)
    made = Device(device_id, name, kind, area=area, capabilities=capabilities, driver=Wire(device_id))
    return replace(made, **more)  # type: ignore[arg-type]  # the caller's words are fields of Device


def house() -> Home:
    """Two floors, four rooms; two lamps, an alias, a garage, two fans, one thermostat, one player."""
    return Home(
        (
            device("Ceiling Light", area="Kitchen", aliases=("big light",)),
            device("Floor Lamp", area="Living Room"),
            device("Desk Lamp", area="Office"),
            device("Plain Bulb", area="Office", able=()),
            device("Kettle", "switch", "Kitchen"),
            device("Garage Door", "cover", "Garage", device_class="garage"),
            device("Bedroom Blind", "cover", "Bedroom", device_class="blind"),
            device("Office Blind", "cover", "Office", device_class="blind"),
            device("Ceiling Fan", "fan", "Bedroom"),
            device("Thermostat", "climate", "Living Room", modes=("heat", "off")),
            device("Radio", "media_player", "Kitchen"),
            device("Front Door", "lock", "Hall"),
            device("Robot", "vacuum", "Hall"),
            device("Movie Night", "scene"),
            device("Siren", "siren", "Hall"),
            device("Outdoor Temperature", "sensor", device_class="temperature"),
            device("Hall Motion", "binary_sensor", "Hall", device_class="motion"),
        ),
        (
            Area("Kitchen", "Downstairs"),
            Area("Living Room", "Downstairs", ("lounge",)),
            Area("Hall", "Downstairs"),
            Area("Garage"),
            Area("Bedroom", "Upstairs"),
            Area("Office", "Upstairs", ("study",)),
        ),
        (Floor("Downstairs", ("ground floor",)), Floor("Upstairs")),
    )


#: Letters of several scripts, and all that means something to Lark, JSON, regular expressions, MQTT or the prompt.
HOSTILE = st.text(
    st.sampled_from("abcdé 12'\"\\\n\r\t\0;,:>|(){}[]<%*+?.^$#/_-éßÆжλ灯रोไฟ٣½🙂\u200b\u202e\u0301\ud7ff"), max_size=16
)
WORDS = st.sampled_from(
    [
        "lamp",
        "light",
        "lights",
        "kitchen",
        "desk",
        "here",
        "none",
        "everywhere",
        "everything",
        "on",
        "get",
        "5",
        "10 percent",
    ]
)
NAMES = st.one_of(HOSTILE, st.lists(WORDS, min_size=1, max_size=3).map(" ".join))


@st.composite
def homes(draw: st.DrawFn) -> Home:
    floors = tuple(Floor(name) for name in draw(st.lists(NAMES, max_size=2, unique=True)))
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    areas = tuple(Area(name, draw(st.sampled_from([None, *(f.name for f in floors)]))) for name in names)
    devices = tuple(
        device(
            draw(NAMES),
            draw(st.sampled_from(KINDS)),
            draw(st.sampled_from([None, *names])),
            id=f"d{number}",
            device_class=draw(st.sampled_from([None, "garage", "blind", "temperature", "motion"])),
            aliases=tuple(draw(st.lists(NAMES, max_size=2))),
        )
        for number in range(draw(st.integers(0, 8)))
    )
    return Home(devices, areas, floors)
