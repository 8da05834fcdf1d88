import pytest

from edgeassist.evaluation.compare import judge
from edgeassist.evaluation.layers import Layer, Speakable, explain
from edgeassist.evaluation.report import Answer, Judged, Report
from edgeassist.evaluation.suite import Case, Meaning, Step
from edgeassist.functions import builtin_functions
from edgeassist.home import Area, Home
from tests.support.homes import device

FUNCTIONS = builtin_functions()
HOME = Home(
    (
        device("Desk Lamp", area="Study", id="desk"),
        device("Globe", area="Study", id="globe"),
        device("Spot", area="Hall", id="spot"),
        device("Porch", "lock", area="Hall", id="porch"),
        device("Twin", "fan", area="Hall", id="left"),
        device("Twin", "fan", area="Hall", id="right"),
    ),
    (Area("Study"), Area("Hall")),
)


def _layer(text: str, wanted: Meaning, found: Meaning, *, unsure: bool = False) -> Layer:
    case = Case("h", text, (wanted,))
    answer = Answer("ask", 0.5, unsure=found) if unsure else Answer(found, 0.5)
    judged = Judged(case, answer, judge(case, answer.meaning, FUNCTIONS), acts=True)
    return explain(Report("own", [judged]), {"h": HOME}, FUNCTIONS)[0].layer


def _do(function: str, *devices: str, **arguments: object) -> Meaning:
    return (Step(function, devices, arguments),)


@pytest.mark.parametrize(
    ("text", "wanted", "found", "layer"),
    [
        ("spot on", _do("turn_on", "spot"), _do("turn_on", "spot"), Layer.RIGHT),
        ("the left twin on", _do("turn_on", "left"), "ask", Layer.UNSAYABLE),
        ("don't put the spot off", _do("turn_off", "spot"), "none", Layer.GUARD),
        ("spot on", _do("turn_on", "spot"), "ask", Layer.ASKED),
        ("spot on", _do("turn_on", "spot"), "none", Layer.REFUSED),
        ("spot on", _do("turn_on", "spot"), _do("turn_off", "spot"), Layer.FUNCTION),
        ("spot on", _do("turn_on", "spot"), _do("turn_on", "globe"), Layer.TARGET),
        (
            "spot to 40 percent",
            _do("set_light", "spot", brightness=40),
            _do("set_light", "spot", brightness=4),
            Layer.VALUE,
        ),
        ("sing", "none", _do("turn_on", "spot"), Layer.ACTED),
    ],
)
def test_layer_that_failed_is_found(text: str, wanted: Meaning, found: Meaning, layer: Layer) -> None:
    assert _layer(text, wanted, found) is layer


def test_right_answer_that_was_not_dared_is_told_from_a_wrong_one() -> None:
    right, other = _do("lock", "porch"), _do("unlock", "porch")
    assert _layer("lock the porch", right, right, unsure=True) is Layer.UNSURE
    assert _layer("secure the porch", right, other, unsure=True) is Layer.FUNCTION


def test_group_with_a_noun_is_said_plainly_and_one_without_is_listed() -> None:
    speakable = Speakable(HOME, FUNCTIONS)
    lights = speakable.sayable(Case("h", "study lights on", (_do("turn_on", "desk", "globe"),)))
    assert (lights.offered, lights.plainly) == (True, True)
    mixed = speakable.sayable(Case("h", "globe and spot on", (_do("turn_on", "globe", "spot"),)))
    assert (mixed.offered, mixed.plainly) == (True, False)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("timer of 5 minutes for tea", _do("start_timer", seconds=300, label="tea")),
        ("put jam on the list", _do("add_to_list", item="jam", list="shopping")),
        ("dim the spot a little", _do("set_light", "spot", brightness_step=-10)),
        ("spot half and blue", _do("set_light", "spot", brightness=50, color="blue")),
    ],
)
def test_values_can_be_said(text: str, wanted: Meaning) -> None:
    assert Speakable(HOME, FUNCTIONS).sayable(Case("h", text, (wanted,))).offered


def test_words_that_were_not_said_cannot_be_a_label() -> None:
    case = Case("h", "timer of 5 minutes", (_do("start_timer", seconds=300, label="tea"),))
    assert not Speakable(HOME, FUNCTIONS).sayable(case).whole


def test_loose_case_can_be_said_unless_its_words_forbid_it() -> None:
    speakable = Speakable(HOME, FUNCTIONS)
    added = (_do("add_to_list", item="", list=""),)
    assert speakable.sayable(Case("h", "jam on the list", added, loose=True)).offered
    refused = speakable.sayable(Case("h", "don't put jam on the list", added, loose=True))
    assert (refused.whole, refused.admitted) == (True, False)
