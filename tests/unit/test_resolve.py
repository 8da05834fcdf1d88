from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.messages import Call
from tests.support.homes import device, homes, house
from tests.support.reading import FUNCTIONS, readings


def calls(line: str, room: str | None = None, said: str = "", home: Home | None = None) -> tuple[Call, ...]:
    lexicon = Lexicon.of(home or house())
    area = lexicon.home.find_area(room) if room else None
    words = frozenset(said.split())
    return resolve(syntax.read(line, FUNCTIONS, lexicon), Context(lexicon, area, words, inferred=not words))


def meant(line: str, room: str | None = None, said: str = "", home: Home | None = None) -> list[tuple[Any, ...]]:
    return [(call.name, dict(call.arguments), set(call.targets)) for call in calls(line, room, said, home)]


def test_name_is_that_device() -> None:
    assert meant(" off big light") == [("turn_off", {"name": "Ceiling Light"}, {"light.ceiling_light"})]


def test_kind_in_a_room_is_the_room_with_its_kind() -> None:
    assert meant(" on lights office") == [
        ("turn_on", {"area": "Office", "kind": "light"}, {"light.desk_lamp", "light.plain_bulb"})
    ]


def test_kind_on_a_floor_is_the_floor_with_its_kind() -> None:
    ((_, arguments, targets),) = meant(" off lights ground floor")
    assert arguments == {"floor": "Downstairs", "kind": "light"}
    assert targets == {"light.ceiling_light", "light.floor_lamp"}


def test_kind_everywhere_is_the_kind_alone() -> None:
    ((_, arguments, targets),) = meant(" off lights everywhere")
    assert arguments == {"kind": "light"}
    assert len(targets) == 4


def test_everything_in_a_room_is_the_room_without_what_must_not_be_switched() -> None:
    assert meant(" off everything kitchen") == [
        ("turn_off", {"area": "Kitchen"}, {"light.ceiling_light", "switch.kettle", "media_player.radio"})
    ]
    assert all(not target.startswith("siren") for _, _, ids in meant(" off everything everywhere") for target in ids)


def test_here_is_the_room_of_the_utterance_whatever_its_spelling() -> None:
    for room in ("Kitchen", "kitchen", "KITCHEN!"):
        assert meant(" on lights here", room) == [
            ("turn_on", {"area": "Kitchen", "kind": "light"}, {"light.ceiling_light"})
        ]


@pytest.mark.parametrize("room", [None, "Attic", "Garage"])
def test_without_a_room_or_of_that_kind_in_it_the_only_one_in_the_home_is_meant(room: str | None) -> None:
    assert meant(" faster here", room) == [
        ("set_fan", {"name": "Ceiling Fan", "percentage_step": 25}, {"fan.ceiling_fan"})
    ]


@pytest.mark.parametrize("room", [None, "Attic", "Garage"])
def test_without_a_room_several_are_asked_about(room: str | None) -> None:
    with pytest.raises(Ambiguous, match=r"Which light: .*\?"):
        calls(" on lights here", room)


def test_shared_name_is_the_one_in_the_room_or_asked_about() -> None:
    assert meant(" on lamp here", "study") == [("turn_on", {"name": "Desk Lamp"}, {"light.desk_lamp"})]
    with pytest.raises(Ambiguous, match=r"Which lamp: Desk Lamp or Floor Lamp|Which lamp: Floor Lamp or Desk Lamp"):
        calls(" on lamp here", "Kitchen")
    with pytest.raises(Ambiguous):
        calls(" on lamp everywhere")


@pytest.mark.parametrize("said", ["both lamps on", "all lamp", "every lamp"])
def test_plural_of_a_shared_name_is_all_of_them(said: str) -> None:
    found = meant(" on lamp everywhere", None, said)
    assert found == [
        ("turn_on", {"name": "Floor Lamp"}, {"light.floor_lamp"}),
        ("turn_on", {"name": "Desk Lamp"}, {"light.desk_lamp"}),
    ]


def test_twins_are_told_apart_by_their_rooms() -> None:
    twins = Home((device("Lamp", area="A", id="a"), device("Lamp", area="B", id="b")), (Area("A"), Area("B")))
    with pytest.raises(Ambiguous, match=r"Lamp \(A\) or Lamp \(B\)"):
        calls(" on lamp here", None, "", twins)
    assert meant(" on lamp b", None, "", twins) == [("turn_on", {"name": "Lamp"}, {"b"})]


def test_covers_are_never_entrances() -> None:
    ((_, _, targets),) = meant(" open covers everywhere")
    assert targets == {"cover.bedroom_blind", "cover.office_blind"}
    assert meant(" open garage doors everywhere") == [("open", {"name": "Garage Door"}, {"cover.garage_door"})]


def test_room_alone_means_only_what_can_do_it() -> None:
    assert meant(" brightness40 office") == [("set_light", {"area": "Office", "brightness": 40}, {"light.desk_lamp"})]


def test_steps_have_their_sign_and_their_default() -> None:
    assert calls(" darker floor lamp")[0].arguments["brightness_step"] == -20
    assert calls(" darker15 floor lamp")[0].arguments["brightness_step"] == -15
    assert calls(" brighter floor lamp")[0].arguments["brightness_step"] == 20


def test_brightness_and_colour_of_one_lamp_are_one_call() -> None:
    assert meant(" brightness40 floor lamp; color blue floor lamp") == [
        ("set_light", {"name": "Floor Lamp", "brightness": 40, "color": "blue"}, {"light.floor_lamp"})
    ]
    assert len(calls(" brightness40 floor lamp; brightness50 floor lamp")) == 2
    assert len(calls(" brightness40 floor lamp; color blue desk lamp")) == 2


def test_several_commands_keep_their_order() -> None:
    names = [call.name for call in calls(" off kettle; on floor lamp, desk lamp; lock front door")]
    assert names == ["turn_off", "turn_on", "turn_on", "lock"]


def test_group_without_a_topic_of_its_own_is_its_members() -> None:
    home = house()
    group = replace(device("Lamps", id="group", members=("light.floor_lamp", "light.desk_lamp")), driver=None)
    home = replace(home, devices=(*home.devices, group))
    assert meant(" on lamps", None, "", home) == [
        ("turn_on", {"name": "Lamps"}, {"light.floor_lamp", "light.desk_lamp"})
    ]


def test_room_with_a_group_and_its_members_is_commanded_once() -> None:
    home = house()
    group = device("Office Group", area="Office", members=("light.desk_lamp", "light.plain_bulb"))
    home = replace(home, devices=(*home.devices, group))
    ((_, _, targets),) = meant(" toggle lights office", None, "", home)
    assert targets == {"light.desk_lamp", "light.plain_bulb"}, "toggled twice, a lamp is as it was"


def test_list_and_timer_words_become_arguments() -> None:
    assert meant(" add milk> groceries") == [("add_to_list", {"item": "milk", "list": "shopping"}, set())]
    assert meant(" add milk") == [("add_to_list", {"item": "milk", "list": "shopping"}, set())]
    assert meant(" timer1m30s pasta") == [("start_timer", {"seconds": 90, "label": "pasta"}, set())]


def test_question_reads_only() -> None:
    (call,) = calls(" is front door")
    assert call.name == "get_state"
    assert FUNCTIONS[call.name].reads


@settings(max_examples=50)
@given(st.data(), homes(), st.text(max_size=8))
def test_any_reading_in_any_home_becomes_calls_of_devices_that_can_do_it_or_a_question(
    data: st.DataObject, home: Home, said: str
) -> None:
    lexicon = Lexicon.of(home)
    reading = data.draw(readings(lexicon, "words"))
    room = data.draw(st.sampled_from([None, *home.areas]))
    if reading is None:
        return
    try:
        found = resolve([reading], Context(lexicon, room, frozenset(said.split())))
    except Ambiguous:
        return
    assert found, "the grammar offered it, so it means something"
    for call in found:
        assert call.targets or reading.form.naming == "nothing"
        assert all(reading.function.suits(reading.form, home.by_id[target]) for target in call.targets)


def test_all_of_them_without_a_room_are_those_of_the_home() -> None:
    assert len(calls(" off lights here", said="all the lights off")[0].targets) == 4
    assert calls(" off everything here", said="everything off") == calls(" off everything everywhere")
    with pytest.raises(Ambiguous):
        calls(" off lights here", said="all the lights in here off")
    with pytest.raises(Ambiguous):
        calls(" off lights here", said="lights off")


def test_several_that_stand_together_are_meant_by_their_plural() -> None:
    doors = ("Left Door", "Right Door")
    home = replace(
        house(),
        devices=(*(device(name, "cover", "Garage", device_class="garage") for name in doors), *house().devices[:2]),
    )
    (both,) = calls(" close garage doors here", said="close the garage doors", home=home)
    assert len(both.targets) == 2
    with pytest.raises(Ambiguous, match="Which garage door: Left Door or Right Door"):
        calls(" close garage doors here", said="close the garage door", home=home)


def test_everywhere_that_nobody_said_is_here() -> None:
    assert len(calls(" on lights everywhere", "Kitchen", said="lights on")[0].targets) == 1
    assert len(calls(" on lights everywhere", "Kitchen", said="lights on in the house")[0].targets) == 4
    assert len(calls(" is lights everywhere", "Kitchen", said="lights on")[0].targets) == 4
    with pytest.raises(Ambiguous):
        calls(" on lights everywhere", said="lights on")
