import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from edgeassist.errors import ConfigError, EdgeAssistError
from edgeassist.evaluation.bars import markdown, rows
from edgeassist.evaluation.compare import judge, same
from edgeassist.evaluation.plot import plot
from edgeassist.evaluation.report import Answer, Judged, Rate, Report, Understand, evaluate
from edgeassist.evaluation.suite import Case, Meaning, Step, load
from edgeassist.functions import builtin_functions
from edgeassist.home import Home

FUNCTIONS = builtin_functions()


def _case(*right: Meaning, text: str = "do it", tags: tuple[str, ...] = ()) -> Case:
    return Case("h", text, right, tags)


def _step(function: str, *devices: str, **arguments: object) -> Step:
    return Step(function, devices, arguments)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((_step("turn_off", "a", "b"),), (_step("turn_off", "b"), _step("turn_off", "a"))),
        ((_step("open", "a"),), (_step("set_position", "a", position=100),)),
        ((_step("set_light", "a", color="red"),), (_step("turn_on", "a"), _step("set_light", "a", color="red"))),
        (
            (_step("set_light", "a", color="red", brightness=20),),
            (_step("set_light", "a", brightness=20), _step("set_light", "a", color="red")),
        ),
        ((_step("set_light", "a", brightness_step=10),), (_step("set_light", "a", brightness_step=20),)),
        ((_step("set_light", "a", color_temp=2700),), (_step("set_light", "a", color_temp=3000),)),
        ((_step("start_timer", seconds=60),), (_step("start_timer", seconds=60.0),)),
        ("ask", "none"),
    ],
)
def test_calls_of_equal_effect_are_the_same(wanted: Meaning, found: Meaning) -> None:
    assert same(_case(wanted), wanted, found)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((_step("turn_off", "a"),), (_step("turn_off", "a", "b"),)),
        ((_step("turn_off", "a"),), (_step("turn_on", "a"),)),
        ((_step("turn_off", "a"),), "none"),
        ("none", (_step("turn_off", "a"),)),
        ((_step("set_light", "a", brightness_step=10),), (_step("set_light", "a", brightness_step=-10),)),
        ((_step("set_light", "a", color_temp=2700),), (_step("set_light", "a", color_temp=4000),)),
        ((_step("start_timer", seconds=60),), (_step("start_timer", seconds=60, label="eggs"),)),
        ((_step("get_state", "a"),), (_step("get_state", "a", attribute="battery"),)),
    ],
)
def test_calls_of_another_effect_differ(wanted: Meaning, found: Meaning) -> None:
    assert not same(_case(wanted), wanted, found)


def test_step_whose_amount_was_said_must_match_in_size() -> None:
    case = _case(text="brighter by twenty percent")
    wanted = (_step("set_light", "a", brightness_step=20),)
    assert same(case, wanted, wanted)
    assert not same(case, wanted, (_step("set_light", "a", brightness_step=10),))


def test_any_of_the_right_answers_is_exact() -> None:
    case = _case((_step("open", "a"),), "ask")
    assert judge(case, "ask", FUNCTIONS).exact


def test_question_that_is_read_does_not_act() -> None:
    case = _case((_step("get_state", "a"),), tags=("question",))
    assert not judge(case, (_step("get_state", "b"),), FUNCTIONS).acted
    assert judge(case, (_step("lock", "a"),), FUNCTIONS).acted


def test_reading_another_device_is_no_wrong_device_but_switching_it_is() -> None:
    case = _case((_step("turn_on", "a"),))
    assert not judge(case, (_step("get_state", "b"),), FUNCTIONS).wrong_device
    assert judge(case, (_step("turn_on", "a", "b"),), FUNCTIONS).wrong_device


@pytest.mark.parametrize(("wanted", "found"), [("lock", "unlock"), ("unlock", "lock"), ("open", "close")])
def test_opposite_of_what_was_wanted_is_an_inversion(wanted: str, found: str) -> None:
    verdict = judge(_case((_step(wanted, "a"),)), (_step(found, "a"),), FUNCTIONS)
    assert verdict.inverted
    assert not verdict.wrong_device


def test_wilson_interval_is_that_of_the_textbook() -> None:
    low, high = Rate(81, 263).interval
    assert (low, high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(10, 10).interval == pytest.approx((0.7225, 1.0), abs=5e-5)


_HOME = """
unit = "C"
[[area]]
name = "Hall"
[[device]]
id = "door"
name = "Front Door"
kind = "lock"
area = "Hall"
"""


def _suite(folder: Path, *lines: dict[str, object]) -> Path:
    (folder / "homes").mkdir()
    (folder / "homes/flat.toml").write_text(_HOME)
    path = folder / "own.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_suite_is_judged_counted_and_told_as_json(tmp_path: Path) -> None:
    path = _suite(
        tmp_path,
        {"home": "flat", "text": "lock up", "expect": [["lock", ["door"], {}]], "tags": ["direct"]},
        {"home": "flat", "text": "is it locked", "expect": [["get_state", ["door"], {}]], "tags": ["question"]},
        {"home": "flat", "text": "sing", "expect": "none", "or": ["ask"], "tags": ["offtopic"]},
    )
    said: dict[str, Meaning] = {
        "lock up": (_step("lock", "door"),),
        "is it locked": (_step("unlock", "door"),),
        "sing": "ask",
    }
    report = evaluate(load(path), {"it": lambda _home, _room, text: Answer(said[text], 0.95)}, FUNCTIONS)["it"]
    rates = report.rates()
    assert (rates["exact effect"].hits, rates["exact effect"].total) == (2, 3)
    assert (rates["acted on question"].hits, rates["acted on question"].total) == (1, 1)
    assert rates["acted on off-topic"].hits == 0
    assert report.confusion()["get_state"] == {"unlock": 1}
    assert json.loads(json.dumps(report.as_json()))["wrong"][0]["text"] == "is it locked"


@pytest.mark.parametrize(
    "line",
    [
        {"home": "flat"},
        {"home": "castle", "text": "x", "expect": "none"},
        {"home": "flat", "text": "x", "expect": "no"},
    ],
)
def test_line_that_is_no_case_is_named(tmp_path: Path, line: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"own\.jsonl:1"):
        load(_suite(tmp_path, line))


def test_least_confidence_turns_wrong_acts_into_questions(tmp_path: Path) -> None:
    path = _suite(
        tmp_path,
        {"home": "flat", "text": "lock up", "expect": [["lock", ["door"], {}]], "tags": ["direct"]},
        {"home": "flat", "text": "sing", "expect": "none", "tags": ["offtopic"]},
    )
    sure = {"lock up": 0.9, "sing": 0.3}

    def understand(_home: Home, _room: str | None, text: str) -> Answer:
        done = Answer((_step("lock", "door"),), sure[text], risky=True)
        return done.of("ask", unsure=done.meaning) if sure[text] < 0.5 else done

    report = evaluate(load(path), {"it": understand}, FUNCTIONS)["it"]
    found = {
        least: tuple(rates[name].hits for name in ("carried out", "prevented", "acted wrongly"))
        for least, rates in report.thresholds(risky=True).items()
    }
    assert (found[0.0], found[0.5], found[0.95]) == ((1, 0, 1), (1, 1, 0), (0, 1, 0))
    assert report.thresholds()[0.0]["carried out"].total == 0


def test_contenders_take_turns_at_being_first(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [{"home": "flat", "text": text, "expect": "none"} for text in ("x", "y")]
    path = _suite(tmp_path, *lines)
    order: list[str] = []

    def contender(name: str) -> Understand:
        def understand(_home: Home, _room: str | None, text: str) -> Answer:
            order.append(name + text)
            return Answer("none", 1.0, seconds=0.002)

        return understand

    reports = evaluate(load(path), {name: contender(name) for name in "ab"}, FUNCTIONS)
    assert order == ["ax", "bx", "by", "ay"]
    assert reports["a"].latency() == {"median": pytest.approx(2), "p95": pytest.approx(2)}


def _sure(*answers: tuple[float, bool]) -> Report:
    right, wrong = (_step("turn_on", "a"),), (_step("turn_on", "b"),)
    case = _case(right)
    return Report(
        "own",
        [
            Judged(case, Answer(found, sure), judge(case, found, FUNCTIONS), acts=True)
            for sure, good in answers
            for found in [right if good else wrong]
        ],
    )


def test_model_that_is_as_often_right_as_it_is_sure_is_calibrated() -> None:
    honest = _sure(*[(0.75, True)] * 3, (0.75, False)).reliability()
    assert honest == {"error": pytest.approx(0), "brier": pytest.approx(0.1875)}
    boaster = _sure(*[(1.0, False)] * 4).reliability()
    assert boaster == {"error": pytest.approx(1), "brier": pytest.approx(1)}


def test_bars_stand_beside_each_other_and_mark_what_is_missed() -> None:
    good, bad = _sure(*[(0.9, True)] * 4), _sure(*[(0.9, True)] * 3, (0.9, False))
    table = rows({"tuned": [good], "base": [bad]})
    exact = next(row for row in table if row[1] == "exact effect")
    assert exact[2:] == ("at least 95 %", "100.0 % (51.0-100.0), 4/4", "75.0 % (30.1-95.4), 3/4 *")
    assert markdown(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_calibration_is_drawn_or_says_what_it_needs(tmp_path: Path) -> None:
    report = {"tuned": _sure((0.9, True), (0.2, False))}
    if find_spec("matplotlib") is None:
        with pytest.raises(EdgeAssistError, match="group bench"):
            plot(report, tmp_path)
        return
    assert [path.suffix for path in plot(report, tmp_path)] == [".png", ".svg"]
    assert all(path.stat().st_size > 1000 for path in tmp_path.iterdir())
