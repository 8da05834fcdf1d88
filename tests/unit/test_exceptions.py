from __future__ import annotations

import pytest
from hypothesis import given

from edgeassist.home import Area, Home
from edgeassist.language import exceptions, syntax
from edgeassist.language.exceptions import Spared
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.messages import Call
from tests.support.homes import NAMES, device, homes, house
from tests.support.reading import FUNCTIONS

HOUSE = Lexicon.of(house())


@pytest.mark.parametrize(
    ("words", "main", "spared"),
    [
        ("turn off all the lights except the bedroom one", "turn off all the lights", "the bedroom one"),
        ("turn everything off apart from the fridge", "turn everything off", "the fridge"),
        ("turn everything off but the kettle", "turn everything off", "the kettle"),
        ("close the blinds but leave the kitchen open", "close the blinds", "the kitchen"),
        ("turn all the lights off but please keep the hall on", "turn all the lights off", "the hall"),
        ("switch everything off and leave the radio on", "switch everything off", "the radio"),
        ("except for the hall turn off all the lights", "turn off all the lights", "the hall"),
        ("turn off the tv but not the radio", "turn off the tv", "the radio"),
        ("no turn off all the lights except the hall", "no turn off all the lights", "the hall"),
        ("turn off the lights everywhere but here", "turn off the lights everywhere", "here"),
        ("leave the hall on and turn everything else off", "turn everything off", "the hall"),
        ("keep the hall lit and turn off the rest please", "turn off everything please", "the hall"),
        ("leave the hall on but turn all the other lights off", "turn all the lights off", "the hall"),
    ],
)
def test_exception_is_taken_out_of_what_the_model_reads(words: str, main: str, spared: str) -> None:
    assert exceptions.split(words, HOUSE) == (main, Spared(spared))


@pytest.mark.parametrize("between", ["and", "then", "and please", "and then also"])
def test_command_behind_the_exception_is_a_second_one(between: str) -> None:
    words = f"turn off all the lights except the hall {between} unlock the door"
    assert exceptions.split(words, HOUSE) == (
        f"turn off all the lights {between} unlock the door",
        Spared("the hall", first=True),
    )


@pytest.mark.parametrize(
    "words",
    [
        "turn on the lamp but dim it",
        "all the lights on but not too bright",
        "turn all the lights on but red",
        "turn down the heating but not below 18",
        "turn off all the lights but only in the kitchen",
        "turn on the fan and leave it on",
        "turn on the heater and keep the window closed",
        "lights off but the fan on",
        "i am all but asleep turn the light off",
        "leave the landing light on",
        "leave everything on except the kettle",
        "keep everything locked but the front door",
        "nothing on except the desk lamp",
        "turn everything off but lock the door",
        "add apples other than the green ones to the shopping list",
    ],
)
def test_other_sentences_are_left_whole(words: str) -> None:
    assert exceptions.split(words, HOUSE) == (words, None)


def test_word_of_a_name_parts_nothing() -> None:
    lexicon = Lexicon.of(Home((device("All Off Except Bedroom", "scene"), device("All Off", "scene"))))
    assert exceptions.split("run all off except bedroom", lexicon) == ("run all off except bedroom", None)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("the big light", {"Ceiling Light"}),
        ("the bedroom one", {"Bedroom Blind", "Ceiling Fan"}),
        ("the kettle and the radio please", {"Kettle", "Radio"}),
        ("the lights in the office", {"Desk Lamp", "Plain Bulb"}),
        ("downstairs blinds", set()),
        ("the desk one", {"Desk Lamp"}),
        ("lights", {"Ceiling Light", "Floor Lamp", "Desk Lamp", "Plain Bulb"}),
        ("the freezer", set()),
        ("the kettle and the freezer", set()),
    ],
)
def test_words_of_an_exception_are_devices_of_this_home(words: str, names: set[str]) -> None:
    found = exceptions.spared(words, HOUSE, None) or frozenset()
    assert {HOUSE.home.by_id[each].name for each in found} == names


@given(homes(), NAMES)
def test_any_words_are_devices_or_nothing(home: Home, words: str) -> None:
    found = exceptions.spared(words, Lexicon.of(home), None)
    assert found is None or found <= home.by_id.keys()


def test_here_is_the_room_of_the_speaker() -> None:
    room = HOUSE.home.find_area("Office")
    found = exceptions.spared("this room", HOUSE, room)
    assert found == frozenset({"light.desk_lamp", "light.plain_bulb", "cover.office_blind"})
    assert exceptions.spared("this room", HOUSE, None) is None


def calls(line: str, spared: str, home: Home | None = None, *, first: bool = False) -> list[tuple[str, ...]]:
    lexicon = Lexicon.of(home or house())
    words = frozenset("turn off all the lights everywhere".split())
    context = Context(lexicon, None, words, spared=Spared(spared, first) if spared else None)
    found: tuple[Call, ...] = resolve(syntax.read(line, FUNCTIONS, lexicon), context)
    return [call.targets for call in found]


def test_spared_device_is_in_no_call() -> None:
    assert calls(" off lights everywhere", "the office ones and the big light") == [("light.floor_lamp",)]


def test_call_of_which_nothing_is_spared_keeps_its_words() -> None:
    assert calls(" off lights everywhere", "the kettle") == calls(" off lights everywhere", "")


def test_what_is_named_outright_is_meant() -> None:
    found = calls(" off lights everywhere; lock front door", "the hall and the kitchen")
    assert found[-1] == ("lock.front_door",)


def test_second_command_behind_the_exception_is_whole() -> None:
    found = calls(" off lights everywhere; close blinds everywhere", "the office and the kitchen", first=True)
    assert found == [("light.floor_lamp",), ("cover.bedroom_blind", "cover.office_blind")]


def grouped() -> Home:
    left, right, desk = (device(name, area="Hall") for name in ("Left", "Right", "Desk"))
    pair = device("Pair", able=(), members=(left.id, right.id))
    big = device("Big Group", able=(), members=(pair.id, desk.id))
    return Home((left, right, desk, pair, big), (Area("Hall"),))


@pytest.mark.parametrize(
    ("line", "spared", "left"),
    [
        (" off pair", "left", [("light.right",)]),
        (" off lights everywhere", "the pair", [("light.desk",)]),
        (" off big group", "left", [("light.right",), ("light.desk",)]),
    ],
)
def test_group_and_its_members_are_spared_with_each_other(line: str, spared: str, left: list[tuple[str, ...]]) -> None:
    assert calls(line, spared, grouped()) == left


def test_nothing_is_done_where_the_exception_is_not_understood() -> None:
    with pytest.raises(Ambiguous, match="'the freezer' is nothing"):
        calls(" off lights everywhere", "the freezer")
