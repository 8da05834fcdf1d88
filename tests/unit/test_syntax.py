from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeassist.functions import Form, Function
from edgeassist.functions.base import Slot
from edgeassist.functions.slots import DEGREES, KELVIN, PERCENT, Duration, Json, Marked, Number, Spoken, Words
from edgeassist.home import Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import Reading, Target
from tests.support.homes import homes, house
from tests.support.reading import FUNCTIONS, readings, targets_of, values_of

HOUSE = Lexicon.of(house())
SPOKEN = "pasta water"


def target_lists(function: Function, form: Form) -> list[tuple[Target, ...]]:
    """Each target by itself; none at all for a form that has none."""
    return [()] if form.naming == "nothing" else [(target,) for target in targets_of(function, form, HOUSE)]


def test_every_form_of_every_function_is_read_as_it_was_written() -> None:
    seen = set()
    for function in FUNCTIONS.values():
        for form in function.forms:
            for values in values_of(form, SPOKEN):
                for targets in target_lists(function, form):
                    reading = Reading(function, form, values, targets)
                    line = syntax.write([reading])
                    assert syntax.read(line, FUNCTIONS, HOUSE) == (reading,), line
                    seen.add(function.name)
    assert seen == set(FUNCTIONS)


@settings(max_examples=40)
@given(st.data(), homes())
def test_several_readings_in_any_home_are_read_as_they_were_written(data: st.DataObject, home: Home) -> None:
    lexicon = Lexicon.of(home)
    drawn = [data.draw(readings(lexicon, SPOKEN)) for _ in range(data.draw(st.integers(0, 4)))]
    given_readings = tuple(reading for reading in drawn if reading is not None)
    line = syntax.write(given_readings)
    assert ";;" not in line
    assert [str(syntax.write([r])) for r in syntax.read(line, FUNCTIONS, lexicon)] == [
        str(syntax.write([r])) for r in given_readings
    ]


def test_no_reading_is_none() -> None:
    assert syntax.write(()) == syntax.NONE
    assert syntax.read(syntax.NONE, FUNCTIONS, HOUSE) == ()


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        ";",
        " fly lights kitchen",
        " on",
        " on nowhere",
        " brightness lights kitchen",
        " color mauve floor lamp",
        " timer kitchen",
        " cancel; ",
        "on lights kitchen",
        " get kitchen",
    ],
)
def test_line_outside_the_language_raises_value_error(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is for a log
        syntax.read(line, FUNCTIONS, HOUSE)


@given(st.one_of(st.text(max_size=60), st.text(st.sampled_from(" abnofks;,>59lightchen\n"), max_size=40)))
def test_hostile_line_is_read_or_refused(line: str) -> None:
    with contextlib.suppress(ValueError):
        syntax.read(line, FUNCTIONS, HOUSE)


def test_longest_verb_wins() -> None:
    (reading,) = syntax.read(" get temperature kitchen", FUNCTIONS, HOUSE)
    assert reading.form.verb == "get temperature"
    assert reading.targets == (Target(place="kitchen"),)


def test_label_wins_over_a_noun_and_a_place() -> None:
    (reading,) = syntax.read(" off floor lamp, lamp office,lights here", FUNCTIONS, HOUSE)
    assert reading.targets == (
        Target(label="floor lamp"),
        Target(noun="lamp", place="office"),
        Target(noun="lights", place="here"),
    )


@pytest.mark.parametrize(
    ("slot", "value", "written"),
    [
        (PERCENT, 0, "0"),
        (PERCENT, 100, "100"),
        (DEGREES, 20.5, "20.5"),
        (KELVIN, 2700, "2700"),
        (Duration(), 45, "45s"),
        (Duration(), 90, "1m30s"),
        (Duration(), 3600, "1h"),
        (Duration(), 5400, "1h30m"),
        (Duration(), 3661, "1h1m1s"),
        (Duration(), 3610, "1h10s"),
        (Spoken(), "milk", " milk"),
        (Marked(), "packing", "> packing"),
        (Words({"fanonly": "fan_only"}), "fan_only", " fanonly"),
    ],
)
def test_value_is_written_and_read(slot: Slot, value: object, written: str) -> None:
    assert slot.write(value) == written
    assert slot.read(written) == (value, "")


@given(st.integers(1, 35_999))
def test_any_duration_up_to_ten_hours_survives(seconds: int) -> None:
    assert Duration().read(Duration().write(seconds)) == (seconds, "")


@given(st.dictionaries(st.sampled_from("abc"), st.one_of(st.integers(), st.text(max_size=8)), max_size=3))
def test_json_arguments_survive(value: dict[str, object]) -> None:
    slot = Json({"type": "object"})
    assert slot.read(slot.write(value)) == (value, "")
    assert json.loads(slot.write(value)) == value


@pytest.mark.parametrize("slot", [Number("[0-9]"), Duration(), Words({"a": 1}), Spoken(), Marked(), Json({})])
@given(text=st.text(max_size=20))
def test_slot_reads_hostile_text_or_raises_value_error(slot: Slot, text: str) -> None:
    with contextlib.suppress(ValueError):
        _, rest = slot.read(text)
        assert text.endswith(rest) or text.strip().endswith(rest.strip())
