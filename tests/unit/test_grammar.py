from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.grammar import MAX_CALLS, MAX_TARGETS, Grammar
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.shortlist import Shortlister
from edgeassist.language.syntax import Reading
from edgeassist.text import normalise_utterance
from tests.support.engine import vocabulary
from tests.support.homes import HOSTILE, device, homes, house
from tests.support.reading import FUNCTIONS, readings, targets_of, values_of

SPOKEN = "pasta water"
SAID = f"please put {SPOKEN} on"
HOUSE = Lexicon.of(house())
few = settings(max_examples=20)


def spoken_in(home: Home | Lexicon, said: str = SAID) -> Grammar:
    return Grammar(FUNCTIONS, home if isinstance(home, Lexicon) else Lexicon.of(home), said)


def admits(line: str, home: Home | Lexicon = HOUSE, said: str = SAID) -> bool:
    return vocabulary().admits(spoken_in(home, said), line)


def test_every_form_is_admitted_with_every_target_that_it_suits() -> None:
    grammar = spoken_in(HOUSE)
    for function in FUNCTIONS.values():
        for form in function.forms:
            for values in values_of(form, SPOKEN):
                targets = targets_of(function, form, HOUSE)[:6]
                for named in [()] if form.naming == "nothing" else [(target,) for target in targets]:
                    line = syntax.write([Reading(function, form, values, named)])
                    assert vocabulary().admits(grammar, line), line


@few
@given(st.data(), homes())
def test_whatever_is_written_for_any_home_is_admitted(data: st.DataObject, home: Home) -> None:
    lexicon = Lexicon.of(home)
    drawn = [data.draw(readings(lexicon, SPOKEN)) for _ in range(3)]
    line = syntax.write([reading for reading in drawn if reading is not None])
    assert admits(line, lexicon), line


@few
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_names_and_words_cannot_break_the_grammar(name: str, area: str, said: str) -> None:
    home = Home((device(name, area=area, aliases=(name * 3,)), device("Lamp", id="lamp")), (Area(area),))
    assert admits(" on lamp", home, normalise_utterance(said))
    assert admits(" none", home, normalise_utterance(said))
    assert not admits(" on desk", home, normalise_utterance(said))


@pytest.mark.parametrize(
    "name", ['a" | /.*/ | "b', "start: /.*/", "x\nstart: /.*/", "\\x", "{0,99}", "%regex {}", "a;on b", "a,b", "a> b"]
)
def test_name_that_looks_like_grammar_is_only_a_name(name: str) -> None:
    home = Home((device(name, id="x"), device("Lamp", id="lamp")))
    assert admits(f" on {normalise_utterance(name)}", home)
    assert not admits(f" on {name}", home)
    assert not admits(" on anything at all", home)


@pytest.mark.parametrize(
    "line",
    [
        " on lights attic",
        " on bathroom lamp",
        " on lights",
        " lock kettle",
        " lock lights kitchen",
        " unlock garage door",
        " pause thermostat",
        " on front door",
        " off garage door",
        " brightness40 plain bulb",
        " color blue plain bulb",
        " brightness101 floor lamp",
        " brightness-5 floor lamp",
        " white900 floor lamp",
        " color mauve floor lamp",
        " temperature100 thermostat",
        " mode turbo thermostat",
        " position50 hall",
        " run floor lamp",
        " run scenes everywhere",
        " timer0s",
        " timer5m milk",
        " add milk",
        " toggle everything here",
        " is movie night",
        " get humidity kitchen",
        " none; on floor lamp",
        " on floor lamp;",
        " on floor lamp,",
        " on floor lamp on",
        " explode",
        "",
    ],
)
def test_what_does_not_exist_or_cannot_be_is_refused(line: str) -> None:
    assert not admits(line)


def test_capability_decides_what_a_room_is_offered_for() -> None:
    home = Home((device("Bulb", area="Hall", able=()), device("Blind", "cover", "Hall", able=())), (Area("Hall"),))
    assert admits(" on lights hall", home)
    assert admits(" open covers hall", home)
    assert not admits(" brightness40 hall", home)
    assert not admits(" position40 covers hall", home)
    assert not admits(" stop covers hall", home)


def test_label_that_continues_another_is_admitted_whole() -> None:
    home = Home(
        (
            device("Kitchen", area="Kitchen"),
            device("Kitchen Light Strip", area="Kitchen"),
            device("Lights Kitchen Sink"),
        ),
        (Area("Kitchen"), Area("Kitchen Sink")),
    )
    for target in ("kitchen light", "kitchen light strip", "lights kitchen sink", "lights kitchen"):
        assert admits(f" on {target}", home), target


def test_only_words_that_were_said_can_be_a_label_or_an_item() -> None:
    assert admits(" add pasta water")
    assert admits(" add water> pasta")
    assert admits(" timer10m pasta")
    assert not admits(" add past")
    assert not admits(" add water pasta")


@pytest.mark.parametrize("said", ["", "a", "it's 5 o'clock", "灯 λ रसोई"])
def test_whatever_was_said_makes_a_grammar(said: str) -> None:
    assert admits(" none", HOUSE, said)
    assert admits(" cancel", HOUSE, said)
    assert admits(" timer5m", HOUSE, said)


def test_empty_home_still_has_timers_and_no() -> None:
    assert admits(" none", Home())
    assert admits(" timer5m", Home())
    assert not admits(" on lights here", Home())


def test_calls_and_targets_are_limited() -> None:
    assert admits(";".join([" on kettle"] * MAX_CALLS))
    assert not admits(";".join([" on kettle"] * (MAX_CALLS + 1)))
    assert admits(" on" + ",".join([" kettle"] * MAX_TARGETS))
    assert not admits(" on" + ",".join([" kettle"] * (MAX_TARGETS + 1)))


def test_thousand_devices_are_still_a_grammar_that_is_ready_at_once() -> None:
    rooms = [f"Room {number}" for number in range(50)]
    home = Home(
        tuple(device(f"{rooms[n % 50]} Thing {n}", area=rooms[n % 50], id=f"d{n}") for n in range(1000)),
        tuple(Area(room) for room in rooms),
    )
    narrow = Shortlister(Lexicon.of(home)).narrow("room 7 thing 357 to 40 percent")
    assert admits(" brightness40 room 7 thing 357", narrow)
    assert admits(" brightness40 room 7", narrow)
    assert not admits(" brightness40 room 8 thing 998", narrow)
