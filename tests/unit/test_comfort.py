from __future__ import annotations

import pytest

from edgeassist.home import Area, Device, Floor, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

CENTRAL = device("Thermostat", "climate", "Hall")
HOME = (
    CENTRAL,
    device("Guest Room AC", "climate", "Guest Room"),
    device("Study Heater", "switch", "Study"),
    device("Study Fan", "fan", "Study"),
    device("Water Heater", "switch", "Lounge"),
    device("Extractor Fan", "fan", "Kitchen"),
)
AREAS = tuple(map(Area, ("Hall", "Guest Room", "Study", "Lounge", "Kitchen")))


def calls(line: str, room: str | None, *devices: Device) -> list[tuple[str, tuple[str, ...]]]:
    home = Lexicon.of(Home(devices or HOME, AREAS))
    area = home.home.find_area(room) if room else None
    found = resolve(syntax.read(line, FUNCTIONS, home), Context(home, area, frozenset(["freezing"])))
    return [(call.name, call.targets) for call in found]


@pytest.mark.parametrize(
    ("line", "room", "function", "target"),
    [
        (" warmer here", "Guest Room", "set_temperature", "climate.guest_room_ac"),
        (" warmer here", "Study", "turn_on", "switch.study_heater"),
        (" cooler here", "Study", "turn_on", "fan.study_fan"),
        (" warmer study", "Kitchen", "turn_on", "switch.study_heater"),
        (" warmer here", "Lounge", "set_temperature", "climate.thermostat"),
        (" cooler here", "Kitchen", "set_temperature", "climate.thermostat"),
        (" temperature21 here", "Study", "set_temperature", "climate.thermostat"),
        (" warmer here", None, "set_temperature", "climate.thermostat"),
    ],
)
def test_room_decides_what_makes_it_warmer(line: str, room: str | None, function: str, target: str) -> None:
    assert calls(line, room) == [(function, (target,))]


@pytest.mark.parametrize("name", ["Stove", "Fire Alarm", "Fire TV", "Heater Lights", "Gas Heater", "Towel Radiator"])
def test_nothing_is_lit_or_set_off_by_a_guess(name: str) -> None:
    assert calls(" warmer here", "Kitchen", CENTRAL, device(name, "switch", "Kitchen")) == [
        ("set_temperature", ("climate.thermostat",))
    ]


def test_amount_is_nothing_for_a_switch() -> None:
    assert calls(" warmer2 here", "Study") == [("set_temperature", ("climate.thermostat",))]


def test_who_wants_less_heating_wants_no_fan() -> None:
    home = Lexicon.of(Home(HOME, AREAS))
    readings = syntax.read(" cooler here", FUNCTIONS, home)
    (call,) = resolve(readings, Context(home, home.home.find_area("Study"), frozenset(["turn", "heating", "down"])))
    assert (call.name, call.targets) == ("set_temperature", ("climate.thermostat",))


def test_nobody_guesses_between_two_that_heat_the_whole_home() -> None:
    with pytest.raises(Ambiguous):
        calls(" warmer here", "Lounge", CENTRAL, device("Boiler", "climate", "Kitchen"))


FLOORS = {"Hall": "Ground", "Kitchen": "Ground", "Landing": "Top", "Bedroom": "Top"}


@pytest.mark.parametrize(
    ("line", "room", "names", "target"),
    [
        (" warmer here", "Bedroom", ("Downstairs Thermostat", "Upstairs Thermostat"), "climate.upstairs_thermostat"),
        (
            " warmer kitchen",
            "Bedroom",
            ("Downstairs Thermostat", "Upstairs Thermostat"),
            "climate.downstairs_thermostat",
        ),
        (" warmer here", "Bedroom", ("Hall Thermostat", "Landing Thermostat"), "climate.landing_thermostat"),
        (" warmer here", None, ("Downstairs Thermostat", "Upstairs Thermostat"), None),
    ],
)
def test_of_two_that_heat_a_floor_each_the_one_of_this_floor_is_meant(
    line: str, room: str | None, names: tuple[str, str], target: str | None
) -> None:
    zones = (device(names[0], "climate", "Hall"), device(names[1], "climate", "Landing"))
    assert warmed(line, room, *zones) == target


def test_thermostat_of_another_room_does_not_heat_the_floor() -> None:
    rooms = (device("Kitchen Thermostat", "climate", "Kitchen"), device("Bedroom Thermostat", "climate", "Bedroom"))
    assert warmed(" warmer here", "Hall", *rooms) is None


def warmed(line: str, room: str | None, *devices: Device) -> str | None:
    areas = tuple(Area(name, floor) for name, floor in FLOORS.items())
    home = Lexicon.of(Home(devices, areas, (Floor("Ground"), Floor("Top"))))
    area = home.home.find_area(room) if room else None
    try:
        (call,) = resolve(syntax.read(line, FUNCTIONS, home), Context(home, area, frozenset(["freezing"])))
    except Ambiguous:
        return None
    return call.targets[0]


def test_home_without_a_thermostat_has_its_heater() -> None:
    heater = device("Lounge Heater", "switch", "Lounge")
    assert calls(" warmer here", "Lounge", heater) == [("turn_on", ("switch.lounge_heater",))]
    assert calls(" warmer here", None, heater) == [("turn_on", ("switch.lounge_heater",))]
    assert calls(" warmer lounge", "Hall", heater) == [("turn_on", ("switch.lounge_heater",))]


def test_where_nothing_warms_nothing_is_done() -> None:
    with pytest.raises(Ambiguous):
        calls(" warmer hall", None, device("Lounge Heater", "switch", "Lounge"))


@pytest.mark.parametrize(
    ("line", "room", "expected"),
    [
        (" brighter here", "Kitchen", [("turn_on", ("light.bulb",))]),
        (" brighter kitchen", "Study", [("turn_on", ("light.bulb",))]),
        (" brighter here", "Study", [("set_light", ("light.lamp",))]),
        (" brighter25 here", "Kitchen", None),
    ],
)
def test_light_that_cannot_be_dimmed_is_switched_on_for_more_light(
    line: str, room: str, expected: list[tuple[str, tuple[str, ...]]] | None
) -> None:
    lights = (
        device("Bulb", "light", "Kitchen", able=()),
        device("Lamp", "light", "Study", able=("brightness",)),
        device("Spot", "light", "Lounge", able=("brightness",)),
    )
    if expected is None:
        with pytest.raises(Ambiguous):
            calls(line, room, *lights)
    else:
        assert calls(line, room, *lights) == expected


def test_what_else_a_room_lacks_is_not_left_out() -> None:
    lamp, player = device("Lamp", area="Study"), device("Telly", "media_player", "Lounge")
    assert calls(" off lights here, players here", "Study", lamp, player) == [
        ("turn_off", ("light.lamp",)),
        ("turn_off", ("media_player.telly",)),
    ]


def test_of_several_kinds_of_shading_those_are_meant_that_the_room_has() -> None:
    hung = (
        device("Lounge Blind", "cover", "Lounge", device_class="blind"),
        device("Study Curtains", "cover", "Study", device_class="curtain"),
        device("Study Screen", "cover", "Study"),
    )
    assert calls(" close blinds here, curtains here", "Study", *hung) == [("close", ("cover.study_curtains",))]
    assert calls(" close blinds lounge, curtains study", "Study", *hung) == [
        ("close", ("cover.lounge_blind",)),
        ("close", ("cover.study_curtains",)),
    ]
