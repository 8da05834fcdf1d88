"""One device, in the normalised units that every convention translates to and from.

Properties of a device and their units:

===================  =======================================================  =====================
property             value                                                    kinds
===================  =======================================================  =====================
``power``            ``"on"`` | ``"off"``                                     light, switch, fan, siren, humidifier,
                                                                              media_player, climate
``brightness``       0-100 %                                                  light
``color``            ``(red, green, blue)``, 0-255 each                       light
``color_temp``       kelvin                                                   light
``opening``          ``"open"`` | ``"closed"`` | ``"opening"`` | ``"closing"``  cover, valve
``position``         0-100 %, 100 is open                                     cover, valve
``lock``             ``"locked"`` | ``"unlocked"`` | ``"jammed"``             lock
``temperature``      set point, degrees Celsius                               climate
``mode``             ``"heat"``, ``"cool"``, ``"auto"``, ``"off"`` ...        climate
``percentage``       0-100 %                                                  fan
``volume``           0-100 %                                                  media_player
``muted``            ``True`` | ``False``                                     media_player
``playback``         ``"playing"`` | ``"paused"`` | ``"stopped"``             media_player
``activity``         ``"cleaning"`` | ``"docked"`` | ``"returning"`` | ...    vacuum, lawn_mower
``reading``          the measured value: a number, or text                    sensor
``contact``          ``"on"`` | ``"off"``                                     binary_sensor
``current_temperature``  degrees Celsius                                      climate
``humidity``         0-100 %                                                  climate, humidifier
``battery``          0-100 %                                                  any
``armed``            ``"armed_home"`` | ``"disarmed"`` | ...                  alarm_control_panel
===================  =======================================================  =====================

Commands that are no property: ``"toggle"``, ``"stop"``, ``"next"``, ``"previous"`` and ``"press"``; they are written
as ``{"do": "toggle"}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from edgeassist.messages import Publish, Value

Kind = Literal[
    "light",
    "switch",
    "fan",
    "cover",
    "valve",
    "lock",
    "climate",
    "media_player",
    "vacuum",
    "lawn_mower",
    "humidifier",
    "siren",
    "scene",
    "button",
    "alarm_control_panel",
    "sensor",
    "binary_sensor",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Property -> value, as last reported by the device.
State = Mapping[str, Value]


class Driver(Protocol):
    """How one device is spoken to: the part of a convention that a device keeps."""

    @property
    def state_topics(self) -> Sequence[str]:
        """Topics on which the device reports, perhaps with ``+`` in them; empty when it reports nothing."""

    def encode(self, change: Mapping[str, Value], state: State) -> list[Publish]:
        """Messages that bring the wanted properties (or one ``do``) about.

        Raises CommandError when the device has no topic or no payload for it.
        """

    def decode(self, topic: str, payload: bytes) -> dict[str, Value]:
        """Properties reported by a payload on a topic that is, or falls under, one of the state topics.

        ``{"available": bool}`` may be among them. A payload that says nothing gives an empty dict;
        raises ValueError when it cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Floor:
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    floor: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """A thing that can be commanded or read.

    ``capabilities`` are the properties that can be *set* beyond the kind's own on/off, open/close, lock/unlock:
    ``brightness``, ``color``, ``color_temp``, ``position``, ``temperature``, ``mode``, ``percentage``, ``volume``,
    ``playback``; and ``stop`` for a cover that can be halted. ``lacks`` are those of the kind's own (``power``,
    ``opening``, ``lock``) that this one has not: a player without a switch. ``modes`` are its climate modes.
    ``members`` are the device ids of a group, ``whole`` is false where it has others that are unknown. ``unit`` is the
    unit of a sensor's reading. ``identifiers`` tell that
    two announcements are the same thing (a Zigbee address, a MAC, a command topic).
    """

    id: str
    name: str
    kind: Kind
    device_class: str | None = None
    area: str | None = None
    aliases: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    whole: bool = True
    unit: str | None = None
    identifiers: frozenset[str] = frozenset()
    risk: Literal["low", "confirm", "deny"] | None = None
    lacks: frozenset[str] = frozenset()
    driver: Driver | None = field(default=None, compare=False, repr=False)
