import json
from pathlib import Path

import pytest

from edgeassist.errors import ConfigError
from edgeassist.evaluation.compare import judge
from edgeassist.evaluation.homeassistant import UNSUPPORTED, load_homeassistant
from edgeassist.evaluation.slurp import BETWEEN, HOME, OFF_TOPIC, load_slurp
from edgeassist.evaluation.sources import suites
from edgeassist.evaluation.suite import Case, Step, Suite
from edgeassist.functions import builtin_functions
from tests.support.evals import evals

FUNCTIONS = builtin_functions()
_FIXTURES = """
floors: [{name: Top, id: top_id}]
areas:
  - {name: Study, id: study_id, floor: top_id}
  - {name: Hall, id: hall_id}
entities:
  - {name: Reading Lamp, id: light.reading, area: study_id}
  - {name: Ceiling, id: light.hall, area: hall_id}
  - {name: Porch, id: lock.porch, area: hall_id}
  - {name: Radio, id: media_player.radio, area: hall_id}
  - {name: Oslo, id: weather.oslo}
"""


def _folder(tmp_path: Path, **tests: str) -> Path:
    (tmp_path / "_fixtures.yaml").write_text(_FIXTURES)
    for intent, text in tests.items():
        (tmp_path / intent).mkdir()
        (tmp_path / intent / "some_slots.yaml").write_text(text)
    return tmp_path


def _only(tmp_path: Path, intent: str, slots: str, more: str = "") -> tuple[Case, Suite]:
    text = f"{more}\ntests: [{{sentences: [do so], slots: {slots}, response: x}}]"
    suite = load_homeassistant(_folder(tmp_path, **{intent: text}))
    assert len(suite.cases) == 1
    return suite.cases[0], suite


@pytest.mark.parametrize(
    ("intent", "slots", "wanted"),
    [
        ("HassTurnOn", "{name: Reading Lamp}", Step("turn_on", ("light.reading",))),
        ("HassTurnOff", "{name: Porch, area: Hall}", Step("unlock", ("lock.porch",))),
        ("HassTurnOff", "{domain: light, area: Hall}", Step("turn_off", ("light.hall",))),
        ("HassLightSet", "{floor: Top, brightness: 40}", Step("set_light", ("light.reading",), {"brightness": 40})),
        (
            "HassSetVolumeRelative",
            "{volume_step: down}",
            Step("set_volume", ("media_player.radio",), {"volume_step": -10}),
        ),
        ("HassStartTimer", "{minutes: 2, name: tea}", Step("start_timer", (), {"seconds": 120, "label": "tea"})),
        ("HassCancelAllTimers", "{}", Step("cancel_timer")),
    ],
)
def test_slots_say_the_effect(tmp_path: Path, intent: str, slots: str, wanted: Step) -> None:
    case, _suite = _only(tmp_path, intent, slots)
    assert judge(case, (wanted,), FUNCTIONS).exact
    assert not judge(case, "none", FUNCTIONS).exact


def test_wish_without_a_name_or_a_place_is_said_in_a_room_that_can_do_it(tmp_path: Path) -> None:
    case, _suite = _only(tmp_path, "HassMediaNext", "{}")
    assert case.room == "Hall"


def test_home_is_furnished_with_what_a_sentence_speaks_of(tmp_path: Path) -> None:
    case, suite = _only(tmp_path, "HassTurnOn", "{domain: cover, device_class: blind, area: Study}")
    made = [device for device in suite.homes[case.home].devices if device.kind == "cover"]
    assert [(device.area, device.device_class) for device in made] == [("Study", "blind")]
    assert case.right == ((Step("open", (made[0].id,)),),)


def test_intent_that_the_contract_lacks_expects_that_nothing_is_done(tmp_path: Path) -> None:
    case, _suite = _only(tmp_path, "HassGetWeather", "{name: Oslo}")
    assert case.right == ("none", "ask")
    assert UNSUPPORTED in case.tags


def test_what_a_file_adds_is_in_its_own_home_only(tmp_path: Path) -> None:
    own = "entities: [{name: Wall Fan, domain: fan, area: Study}]\ntests: [{sentences: go, slots: {name: Wall Fan}}]"
    other = "tests: [{sentences: [go], slots: {name: Ceiling}}]"
    suite = load_homeassistant(_folder(tmp_path, HassTurnOn=own, HassTurnOff=other))
    fans = [any(device.kind == "fan" for device in suite.homes[case.home].devices) for case in suite.cases]
    assert sorted(fans) == [False, True]


@pytest.mark.parametrize("text", ["- a list", "tests: ["])
def test_file_that_holds_no_sentences_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"some_slots\.yaml"):
        load_homeassistant(_folder(tmp_path, HassTurnOn=text))


def _slurp(tmp_path: Path, *lines: dict[str, object]) -> Path:
    path = tmp_path / "said.jsonl"
    path.write_text("\n".join(json.dumps({"slurp_id": 1, **line}) for line in lines))
    return path


def test_scenario_says_what_a_sentence_is(tmp_path: Path) -> None:
    suite = load_slurp(
        _slurp(
            tmp_path,
            {"sentence": "dim it", "scenario": "iot", "intent": "iot_hue_lightdim"},
            {"sentence": "dim it", "scenario": "iot", "intent": "hue_lightdim"},
            {"sentence": "what is new", "scenario": "news", "intent": "news_query"},
            {"sentence": "a waltz", "scenario": "play", "intent": "play_music"},
        )
    )
    assert [case.tags[0] for case in suite.cases] == [HOME, HOME, OFF_TOPIC, BETWEEN]


def test_any_device_and_amount_understands_a_wish_whose_home_is_unknown(tmp_path: Path) -> None:
    path = _slurp(tmp_path, {"sentence": "dim it", "scenario": "iot", "intent": "iot_hue_lightdim"})
    case = load_slurp(path).cases[0]
    darker = Step("set_light", ("light.kitchen_light",), {"brightness_step": -35})
    assert judge(case, (darker,), FUNCTIONS).exact
    assert judge(case, (Step("set_light", ("light.office_light",), {"brightness": 5}),), FUNCTIONS).exact
    assert not judge(case, (Step("set_light", darker.devices, {"brightness_step": 35}),), FUNCTIONS).exact
    assert not judge(case, (Step("turn_on", darker.devices),), FUNCTIONS).exact
    assert not judge(case, "ask", FUNCTIONS).exact


def test_change_of_colour_without_a_colour_may_be_asked_about(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"sentence": text, "scenario": "iot", "intent": "iot_hue_lightchange"}
        for text in ("make it red", "another hue")
    ]
    named, unnamed = load_slurp(_slurp(tmp_path, *lines)).cases
    assert not judge(named, "ask", FUNCTIONS).exact
    assert judge(unnamed, "ask", FUNCTIONS).exact


def test_list_without_an_item_may_be_asked_about_and_a_speaker_may_be_switched_off(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"sentence": text, "scenario": scenario, "intent": intent}
        for text, scenario, intent in (
            ("new list please", "lists", "createoradd"),
            ("add an item to my list", "lists", "createoradd"),
            ("add milk", "lists", "createoradd"),
            ("speaker off", "audio", "volume_mute"),
            ("quiet", "audio", "volume_mute"),
        )
    ]
    new, item, added, off, quiet = load_slurp(_slurp(tmp_path, *lines)).cases
    assert judge(new, "ask", FUNCTIONS).exact
    assert judge(item, "ask", FUNCTIONS).exact
    assert not judge(new, "none", FUNCTIONS).exact
    assert not judge(added, "ask", FUNCTIONS).exact
    switched = (Step("turn_off", ("media_player.speaker",)),)
    assert judge(off, switched, FUNCTIONS).exact
    assert not judge(quiet, switched, FUNCTIONS).exact


def test_line_that_is_no_sentence_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"said\.jsonl:1"):
        load_slurp(_slurp(tmp_path, {"sentence": "x"}))


def test_folder_with_both_gives_two_suites_and_one_with_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ha").mkdir()
    _folder(tmp_path / "ha", HassTurnOn="tests: [{sentences: [go], slots: {name: Ceiling}}]")
    _slurp(tmp_path, {"sentence": "x", "scenario": "news", "intent": "news_query"})
    assert [suite.name for suite in suites(tmp_path)] == ["home assistant", "slurp"]
    (tmp_path / "none").mkdir()
    with pytest.raises(ConfigError, match="holds no suite"):
        suites(tmp_path / "none")


def test_sentences_for_measuring_are_whole_and_their_devices_exist() -> None:
    home_assistant, slurp = suites(evals())
    assert (len(home_assistant.cases), len(slurp.cases)) == (616, 2033)
    for suite in (home_assistant, slurp):
        for case in suite.cases:
            known = suite.homes[case.home].by_id
            steps = [step for meaning in case.right if not isinstance(meaning, str) for step in meaning]
            assert all(device in known for step in steps for device in step.devices), case
            assert all(step.devices or not FUNCTIONS[step.function].kinds for step in steps), case
