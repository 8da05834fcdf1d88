from __future__ import annotations

import pytest
from hypothesis import given

from edgeassist.home import Area, Device, Home
from edgeassist.language import syntax
from edgeassist.language.grammar import Grammar
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from tests.support.engine import vocabulary
from tests.support.homes import device, homes
from tests.support.reading import FUNCTIONS

AREAS = ("Lounge", "Study", "Board Room", "Garden")


def lexicon(*devices: Device) -> Lexicon:
    return Lexicon.of(Home(devices, tuple(Area(name) for name in AREAS)))


HOME = lexicon(
    device("Sony Bravia", "media_player", "Lounge"),
    device("The Wireless", "media_player", "Study"),
    device("AC", "climate", "Board Room", id="ac.board", modes=("cool", "off")),
    device("AC", "climate", "Lounge", id="ac.lounge", modes=("cool", "off")),
    device("Lawn Sprinkler", "valve", "Garden", able=("position", "stop")),
    device("Blackout Blind", "cover", "Study", device_class="blind", able=("position", "stop")),
    device("Side Gate", "cover", "Garden", device_class="gate", able=("position", "stop")),
    device("Deebot", "vacuum", "Lounge"),
    device("Wind Down", "scene"),
    device("Fairy Lights", "switch", "Study"),
    device("Fairy Lamp", "light", "Lounge"),
)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("bravia", "media_player.sony_bravia"),
        ("lounge sony bravia", "media_player.sony_bravia"),
        ("wireless", "media_player.the_wireless"),
        ("board room ac", "ac.board"),
        ("lawn sprinklers", "valve.lawn_sprinkler"),
        ("sprinkler", "valve.lawn_sprinkler"),
        ("blackout", "cover.blackout_blind"),
        ("ac", None),  # two of them
        ("fairy", None),
        ("blind", None),  # a kind
        ("down", None),  # too common
        ("garden", None),  # a place
    ],
)
def test_part_of_a_name_means_the_one_device_that_has_it(words: str, meant: str | None) -> None:
    assert HOME.nicknames.get(words) == meant


@given(homes())
def test_nickname_is_never_a_word_that_means_something_else(home: Home) -> None:
    found = Lexicon.of(home)
    assert found.nicknames.keys().isdisjoint({*found.labels, *found.places, *found.nouns})
    assert set(found.nicknames.values()) <= {device.id for device in home.devices}
    narrow = found.narrow([], [])
    assert not narrow.nicknames
    assert found.aliases.keys().isdisjoint({*found.labels, *found.places, *found.nouns, *found.nicknames})
    assert set(found.aliases.values()) <= {*found.places, *found.shared}


ROOMS = tuple(Area(name) for name in ("Gran's Room", "Twin Room", "Guest Room", "Guest Bedroom", "Front Room", "Hall"))
INN = Home(
    tuple(
        device(name, area=area.name, id=f"{name} {area.name}") for area in ROOMS for name in ("Ceiling", "Wall Lamp")
    ),
    ROOMS,
)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("gran", "gran's room"),
        ("twin", "twin room"),
        ("guest", None),  # two of them
        ("front", None),  # may be the front of the house
        ("ceiling light", "ceiling"),
        ("ceiling lamp", "ceiling"),
        ("wall lamp light", None),
    ],
)
def test_short_name_means_the_one_room_or_the_lights_that_share_it(words: str, name: str | None) -> None:
    assert Lexicon.of(INN).aliases.get(words) == name


def test_device_that_is_called_like_a_room_for_short_keeps_its_name() -> None:
    sofa = Home((device("Twin", area="Twin Room"),), ROOMS)
    assert "twin" not in Lexicon.of(sofa).aliases


@pytest.mark.parametrize(
    ("line", "lit"),
    [
        (" off lights twin", ["Ceiling Twin Room", "Wall Lamp Twin Room"]),
        (" off ceiling light twin", ["Ceiling Twin Room"]),
        (" off ceiling light here", ["Ceiling Hall"]),
        (" off ceiling lamp gran", ["Ceiling Gran's Room"]),
        (" brightness30 gran", ["Ceiling Gran's Room", "Wall Lamp Gran's Room"]),
    ],
)
def test_short_names_are_said_where_the_long_ones_are(line: str, lit: list[str]) -> None:
    inn = Lexicon.of(INN)
    assert vocabulary().admits(Grammar(FUNCTIONS, inn, ""), line)
    (call,) = resolve(syntax.read(line, FUNCTIONS, inn), Context(inn, INN.find_area("Hall"), frozenset()))
    assert list(call.targets) == lit


@pytest.mark.parametrize(
    ("line", "called", "device"),
    [
        (" pause bravia", "media_pause", "media_player.sony_bravia"),
        (" temperature21 board room ac", "set_temperature", "ac.board"),
        (" on sprinklers", "open", "valve.lawn_sprinkler"),
        (" off lawn sprinkler", "close", "valve.lawn_sprinkler"),
        (" brightness25 sprinkler", "set_position", "valve.lawn_sprinkler"),
        (" brightness40 bravia", "set_volume", "media_player.sony_bravia"),
        (" off deebot", "return_vacuum", "vacuum.deebot"),
        (" on wind down", "activate", "scene.wind_down"),
        (" close fairy lights", "turn_off", "switch.fairy_lights"),
    ],
)
def test_kind_of_the_device_decides_what_a_verb_means(line: str, called: str, device: str) -> None:
    assert vocabulary().admits(Grammar(FUNCTIONS, HOME, ""), line)
    (call,) = resolve(syntax.read(line, FUNCTIONS, HOME), Context(HOME, None, frozenset(line.split())))
    assert (call.name, call.targets) == (called, (device,))


@pytest.mark.parametrize(
    "line", [" on side gate", " brightness30 side gate", " close bravia; on blackout", " lock bravia"]
)
def test_entrances_and_other_kinds_have_no_part_in_it(line: str) -> None:
    assert not vocabulary().admits(Grammar(FUNCTIONS, HOME, ""), line)


def test_verb_over_several_devices_becomes_what_each_of_them_has() -> None:
    calls = resolve(
        syntax.read(" off fairy lamp, bravia, lawn sprinkler", FUNCTIONS, HOME), Context(HOME, None, frozenset())
    )
    assert [(call.name, call.targets) for call in calls] == [
        ("turn_off", ("light.fairy_lamp",)),
        ("turn_off", ("media_player.sony_bravia",)),
        ("close", ("valve.lawn_sprinkler",)),
    ]


def test_what_the_guard_takes_away_does_not_come_back_by_another_verb() -> None:
    without = {name: function for name, function in FUNCTIONS.items() if name != "open"}
    assert not vocabulary().admits(Grammar(without, HOME, ""), " on lawn sprinkler")


@pytest.mark.parametrize(
    ("words", "targets"),
    [("all the fans", [2]), ("both fans", [1, 1]), ("the fans", None), ("every fan in the house", [2])],
)
def test_all_of_a_kind_is_everywhere_where_no_room_is_known(words: str, targets: list[int] | None) -> None:
    found = lexicon(device("Fan A", "fan", "Lounge"), device("Fan B", "fan", "Study"))
    context = Context(found, None, frozenset(words.split()))
    readings = syntax.read(" on fans here", FUNCTIONS, found)
    if targets is None:
        with pytest.raises(Ambiguous):
            resolve(readings, context)
    else:
        assert [len(call.targets) for call in resolve(readings, context)] == targets


def test_both_of_three_asks() -> None:
    found = lexicon(*(device(f"Fan {name}", "fan", f"Room {name}") for name in "ABC"))
    with pytest.raises(Ambiguous):
        resolve(syntax.read(" on fans here", FUNCTIONS, found), Context(found, None, frozenset({"both", "fans"})))


def test_both_of_a_kind_are_meant_where_they_stand_together() -> None:
    found = lexicon(device("Fan A", "fan", "Lounge"), device("Fan B", "fan", "Lounge"), device("Lamp", area="Study"))
    (call,) = resolve(
        syntax.read(" on fans here", FUNCTIONS, found), Context(found, None, frozenset("both fans".split()))
    )
    assert (call.arguments, len(call.targets)) == ({"area": "Lounge", "kind": "fan"}, 2)
