from __future__ import annotations

import pytest
from hypothesis import given

from edgeassist.home import Home
from edgeassist.language import exceptions, syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.messages import Call
from tests.support.homes import NAMES, device, homes, house
from tests.support.reading import FUNCTIONS


@pytest.mark.parametrize(
    ("words", "main", "spared"),
    [
        ("turn off all the lights except the bedroom one", "turn off all the lights", "the bedroom one"),
        ("turn everything off apart from the fridge", "turn everything off", "the fridge"),
        ("turn everything off but the fridge", "turn everything off", "the fridge"),
        ("close the blinds but leave the kitchen open", "close the blinds", "the kitchen"),
        ("turn all the lights off but please keep the porch light on", "turn all the lights off", "the porch light"),
        ("switch everything off and leave the hall light on", "switch everything off", "the hall light"),
        ("except for the hall turn off all the lights", "turn off all the lights", "the hall"),
        ("turn off all lights except the lamp and lock the door", "turn off all lights and lock the door", "the lamp"),
        ("turn off the tv but not the soundbar", "turn off the tv", "the soundbar"),
    ],
)
def test_exception_is_taken_out_of_what_the_model_reads(words: str, main: str, spared: str) -> None:
    assert exceptions.split(words) == (main, spared)


@pytest.mark.parametrize(
    "words",
    [
        "turn on the lamp but dim it",
        "all the lights on but not too bright",
        "turn on the fan and leave it on",
        "turn on the heater and keep the window closed",
        "lights off but the fan on",
        "leave the landing light on",
        "turn everything off but lock the door",
        "add apples other than the green ones to the shopping list",
    ],
)
def test_other_sentences_are_left_whole(words: str) -> None:
    assert exceptions.split(words) == (words, "")


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
    lexicon = Lexicon.of(house())
    found = exceptions.spared(words, lexicon) or frozenset()
    assert {lexicon.home.by_id[each].name for each in found} == names


@given(homes(), NAMES)
def test_any_words_are_devices_or_nothing(home: Home, words: str) -> None:
    found = exceptions.spared(words, Lexicon.of(home))
    assert found is None or found <= home.by_id.keys()


def calls(line: str, spared: str, home: Home | None = None) -> tuple[Call, ...]:
    lexicon = Lexicon.of(home or house())
    words = frozenset("turn off all the lights everywhere".split())
    return resolve(syntax.read(line, FUNCTIONS, lexicon), Context(lexicon, None, words, spared=spared))


def test_spared_device_is_in_no_call() -> None:
    found = calls(" off lights everywhere", "the office ones and the big light")
    assert [(call.name, dict(call.arguments), call.targets) for call in found] == [
        ("turn_off", {"name": "Floor Lamp"}, ("light.floor_lamp",))
    ]


def test_call_of_which_nothing_is_spared_keeps_its_words() -> None:
    assert calls(" off lights everywhere", "the kettle") == calls(" off lights everywhere", "")


def test_group_of_a_spared_device_is_its_other_members() -> None:
    members = (device("Left", area="Hall"), device("Right", area="Hall"))
    both = device("Pair", able=(), members=tuple(each.id for each in members))
    found = calls(" off pair", "left", Home((*members, both)))
    assert [call.targets for call in found] == [("light.right",)]


def test_nothing_is_done_where_the_exception_is_not_understood() -> None:
    with pytest.raises(Ambiguous, match="'the freezer' is nothing in this home"):
        calls(" off lights everywhere", "the freezer")
