from __future__ import annotations

from collections.abc import Mapping

import pytest

from edgeassist.engine.decoder import Decoded
from edgeassist.errors import DeadlineExceeded, ModelError
from edgeassist.functions import Function
from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.guard import admitted
from edgeassist.language.lexicon import Lexicon
from edgeassist.rereading import Understood, as_helped, as_meant, as_timed, by_clauses
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Lexicon.of(
    Home(
        (
            device("Desk Lamp", area="Study"),
            device("Curtains", "cover", "Study", device_class="curtain"),
            device("Heater", "switch", "Study"),
            device("Gate", "cover", device_class="gate"),
            device("Door", "lock"),
        ),
        (Area("Study"),),
    )
)
SAID = "close the curtains and turn on the heater"
WHOLE = (" close curtains", 0.4)
PARTS = {"close the curtains": (" close curtains", 0.9), "turn on the heater": (" on heater", 0.8)}


class Scripted:
    """Reads what a table says, and remembers what it might have meant."""

    def __init__(self, answers: Mapping[str, tuple[str, float] | Exception]) -> None:
        self.answers = answers
        self.allowed: dict[str, Mapping[str, Function]] = {}

    def __call__(self, words: str, functions: Mapping[str, Function], deadline: float, /) -> Understood:
        self.allowed[words] = admitted(functions, words)
        answer = self.answers[words]
        if isinstance(answer, Exception):
            raise answer
        line, confidence = answer
        decoded = Decoded((), (), steps=1, evaluated=9, drafted=2, accepted=1)
        return Understood(words, line, syntax.read(line, FUNCTIONS, HOME), HOME, confidence, decoded, 0.0)

    def read(self, words: str) -> Understood:
        return by_clauses(self(words, FUNCTIONS, float("inf")), words, self, FUNCTIONS, float("inf"))


def verbs(functions: Mapping[str, Function]) -> set[str]:
    return {form.verb for function in functions.values() for form in function.forms}


def test_clauses_count_where_each_is_surer_than_the_whole() -> None:
    found = Scripted({SAID: WHOLE, **PARTS}).read(SAID)
    assert (found.text, found.line, found.confidence) == (SAID, " close curtains; on heater", 0.8)
    assert (found.decoded.steps, found.decoded.evaluated) == (3, 27)


def test_whole_stands_where_the_model_is_sure_of_it() -> None:
    scripted = Scripted({SAID: (" close curtains; on heater", 0.95)})
    assert scripted.read(SAID).confidence == 0.95
    assert list(scripted.allowed) == [SAID]


@pytest.mark.parametrize(
    "last", [(" none", 1.0), (" on heater", 0.3), ModelError("dead end"), DeadlineExceeded("too late")]
)
def test_whole_stands_where_a_clause_cannot_be_read(last: tuple[str, float] | Exception) -> None:
    answers = {SAID: WHOLE, **PARTS, "turn on the heater": last}
    assert Scripted(answers).read(SAID).line == " close curtains"


def test_no_clause_means_what_the_whole_must_not() -> None:
    said = "in 10 minutes close the curtains and turn on the heater"
    scripted = Scripted(
        {said: (" none", 0.2), "in 10 minutes": (" none", 0.9), "in 10 minutes close the curtains": (" none", 0.9)}
        | {"turn on the heater": (" on heater", 0.9), "close the curtains": (" close curtains", 0.9)}
    )
    scripted.read(said)
    assert all(verbs(allowed).isdisjoint({"on", "close"}) for allowed in scripted.allowed.values())


def test_command_behind_a_question_may_be_meant() -> None:
    said = "is the desk lamp on and close the curtains"
    answers = {
        said: (" is desk lamp", 0.2),
        "is the desk lamp on": (" is desk lamp", 0.9),
        "close the curtains": (" close curtains", 0.9),
    }
    assert Scripted(answers).read(said).line == " is desk lamp; close curtains"


@pytest.mark.parametrize(
    ("first", "again", "acts"),
    [
        ((" none", 1.0), (" on heater", 0.9), True),
        ((" none", 1.0), (" on heater", 0.7), False),
        ((" off heater", 0.2), (" on heater", 0.8), False),
        ((" on lights here", 0.8), (" on desk lamp", 0.9), True),
        ((" on lights here", 0.8), (" on desk lamp", 0.7), False),
        ((" none", 1.0), (" open curtains", 0.9), True),
        ((" none", 1.0), (" open gate", 0.8), False),
        ((" none", 1.0), (" unlock door", 0.8), False),
        ((" none", 1.0), (" lock door", 0.9), True),
        ((" none", 1.0), (" close gate", 0.9), True),
        ((" none", 1.0), (" lock door", 0.8), False),
        ((" none", 1.0), (" is door", 0.9), True),
        ((" none", 1.0), ModelError("dead end"), False),
    ],
)
def test_what_sounds_like_a_name_is_meant_where_it_lets_nobody_in(
    first: tuple[str, float], again: tuple[str, float] | Exception, acts: bool
) -> None:
    scripted = Scripted({"heard": first, "meant": again})
    found = scripted("heard", FUNCTIONS, 9.0)
    assert (as_meant(found, "meant", scripted, FUNCTIONS, float("inf")) is not found) == acts


@pytest.mark.parametrize(
    ("words", "first", "line", "helped"),
    [
        ("the sun's in my eyes", (" none", 1.0), " close curtains here", True),
        ("the sun's in my eyes", (" off lights here", 0.4), " close curtains here", True),
        ("the sun's in my eyes", (" close curtains", 0.95), " close curtains here", False),
        # It would turn a question into an act, and nothing of this home gets louder.
        ("is the sun in my eyes", (" none", 1.0), " close curtains here", False),
        ("i can't hear the news", (" none", 1.0), " louder here", False),
        # What is to go on a list was read by its form; of what the model has read nothing is changed.
        ("add gym to my daily list", (" none", 1.0), " add gym> daily", True),
        ("add gym to my daily list", (" add gym", 0.4), " add gym> daily", False),
        # The heater is no thermostat, and does it all the same.
        ("i'm freezing", (" none", 1.0), " warmer here", True),
    ],
)
def test_complaint_helps_where_the_model_is_not_sure_of_another_reading(
    words: str, first: tuple[str, float], line: str, helped: bool
) -> None:
    found = Scripted({words: first})(words, FUNCTIONS, 9.0)
    again = as_helped(found, words, FUNCTIONS)
    assert again.line == (line if helped else first[0])
    assert bool(again.readings) == (helped or bool(found.readings))


@pytest.mark.parametrize(
    ("rest", "line", "confidence", "asks"),
    [
        ("close the curtains", " close curtains", 0.9, True),
        ("close the curtains", " close curtains", 0.4, False),
        ("are the curtains closed", " is curtains", 0.9, False),
        ("add milk", " add milk", 0.9, False),
        ("the bus leaves", " none", 1.0, False),
    ],
)
def test_what_is_wished_for_another_time_is_told_so(rest: str, line: str, confidence: float, asks: bool) -> None:
    said = f"{rest} at 7 pm"
    scripted = Scripted({said: (" none", 1.0), rest: (line, confidence)})
    found = as_timed(scripted(said, FUNCTIONS, 9.0), said, scripted, FUNCTIONS, float("inf"))
    assert not found.readings
    assert found.question == (f'I can only do things at once. Say "{rest}" when it is time.' if asks else "")


@pytest.mark.parametrize(
    ("line", "confidence", "vague"),
    [(" none", 1.0, True), (" on lights here", 0.9, True), (" on heater", 0.9, False), (" on heater", 0.4, True)],
)
def test_a_device_that_was_surely_named_was_not_misheard(line: str, confidence: float, vague: bool) -> None:
    assert Scripted({"heard": (line, confidence)})("heard", FUNCTIONS, 9.0).vague == vague
