from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from edgeassist.engine.decoder import Decoded
from edgeassist.errors import DeadlineExceeded, IntentError, ModelError
from edgeassist.home import Home
from edgeassist.household import Household
from edgeassist.messages import Outcome, Result, Status, Utterance
from edgeassist.pipeline import Pending, Pipeline, refused, waiting
from edgeassist.policy import PolicyOptions
from tests.support.fakehome import FakeHome
from tests.support.homes import device, house
from tests.support.reading import FUNCTIONS, ScriptedReader


@dataclass
class Stage:
    """A pipeline over the house; ``say`` takes a text that is a compact line without its first space."""

    folder: Path
    home: Home = field(default_factory=house)
    policy: Mapping[str, Any] = field(default_factory=dict)
    decoded: list[Decoded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.devices = FakeHome(self.home)
        self.reader = ScriptedReader(home=self.home)
        self.pipeline = Pipeline(
            self.reader,
            self.devices,
            self.devices.publish,
            FUNCTIONS,
            PolicyOptions.model_validate(self.policy),
            Household(self.folder / "household.json", lambda _timer: None),
            observe=self.decoded.append,
            now=lambda: datetime(2024, 5, 1, 12, 0),  # noqa: DTZ001 - local time, as rules are
        )

    def begin(self, line: str, **more: Any) -> Result | Pending:
        return self.pipeline.begin(Utterance("x", line, time.monotonic() + 60, **more))

    def say(self, line: str, **more: Any) -> Result:
        begun = self.begin(line, **more)
        if isinstance(begun, Result):
            return begun
        if begun.confirm:
            return waiting(begun)
        self.pipeline.command(begun)
        return self.pipeline.finish(begun)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_what_each_decode_took_is_told(stage: Stage) -> None:
    stage.say("on floor lamp")
    stage.say("none")
    assert [decoded.steps for decoded in stage.decoded] == [1, 1]


def test_command_that_is_proved_is_done(stage: Stage) -> None:
    result = stage.say("on floor lamp")
    assert result.outcome is Outcome.DONE
    (call,) = result.calls
    assert (call.call.name, call.status) == ("turn_on", Status.VERIFIED)
    assert result.say == "Done: turn on Floor Lamp."
    assert set(result.timing_ms) == {"understand", "command", "verify", "total"}


def test_one_of_two_is_partial(stage: Stage) -> None:
    stage.devices.offline.add("switch.kettle")
    result = stage.say("on floor lamp; off kettle")
    assert result.outcome is Outcome.PARTIAL
    assert [call.status for call in result.calls] == [Status.VERIFIED, Status.FAILED]


def test_none_of_them_is_failed(stage: Stage) -> None:
    stage.devices.offline.add("switch.kettle")
    assert stage.say("off kettle").outcome is Outcome.FAILED
    assert stage.devices.sent == []


@pytest.mark.parametrize("line", ["none", "on lights here", "on lamp here"])
def test_off_topic_and_ambiguous_are_not_understood_and_publish_nothing(stage: Stage, line: str) -> None:
    result = stage.say(line)
    assert result.outcome is Outcome.NOT_UNDERSTOOD
    assert result.calls == ()
    assert result.say
    assert stage.devices.sent == []


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DeadlineExceeded("late"), Outcome.EXPIRED),
        (IntentError("too long"), Outcome.REJECTED),
        (ModelError("broken"), Outcome.FAILED),
    ],
)
def test_error_of_the_reader_is_its_outcome(stage: Stage, error: Exception, outcome: Outcome) -> None:
    stage.reader.script["boom"] = error
    result = stage.say("boom")
    assert (result.outcome, result.say) == (outcome, str(error))


def test_what_is_understood_after_the_deadline_is_expired(stage: Stage) -> None:
    begun = stage.pipeline.begin(Utterance("x", "on floor lamp", time.monotonic() - 1))
    assert isinstance(begun, Result)
    assert begun.outcome is Outcome.EXPIRED
    assert stage.devices.sent == []


@pytest.mark.parametrize(
    "line", ["unlock front door", "open garage door", "on siren", "on floor lamp; unlock front door"]
)
def test_risky_command_waits_for_a_yes(stage: Stage, line: str) -> None:
    begun = stage.begin(line)
    assert isinstance(begun, Pending)
    assert begun.confirm
    assert begun.prompt.startswith("Shall I ")
    assert waiting(begun).outcome is Outcome.CONFIRM
    assert {call.status for call in waiting(begun).calls} == {Status.CONFIRM}
    assert stage.devices.sent == []


def test_refused_command_says_so_and_denies_every_call(stage: Stage) -> None:
    begun = stage.begin("unlock front door")
    assert isinstance(begun, Pending)
    result = refused(begun, Outcome.EXPIRED, "nobody")
    assert (result.outcome, result.say) == (Outcome.EXPIRED, "nobody")
    assert [call.status for call in result.calls] == [Status.DENIED]


def test_dry_run_does_nothing_even_of_the_risky(stage: Stage) -> None:
    for line in ("on floor lamp", "unlock front door", "timer5m", "is front door", "add milk"):
        result = stage.say(line, dry_run=True)
        assert result.outcome is Outcome.DRY_RUN, line
        assert {call.status for call in result.calls} == {Status.DRY_RUN}
        assert result.say.startswith("Would do: ")
    assert stage.devices.sent == []
    assert "No timer" in stage.say("remaining").say


def test_denied_is_denied_in_a_dry_run_too(tmp_path: Path) -> None:
    stage = Stage(tmp_path, policy={"rules": [{"verdict": "deny", "functions": ["unlock"]}]})
    for dry_run in (False, True):
        result = stage.say("on floor lamp; unlock front door", dry_run=dry_run)
        assert result.outcome is Outcome.DENIED
        assert {call.status for call in result.calls} == {Status.DENIED}
    assert stage.devices.sent == []


@pytest.mark.parametrize("driven", [True, False])
@pytest.mark.parametrize(("risk", "outcome"), [("confirm", Outcome.CONFIRM), ("deny", Outcome.DENIED)])
def test_group_is_as_risky_as_its_riskiest_member(tmp_path: Path, risk: Any, outcome: Outcome, driven: bool) -> None:
    oven = device("Oven", "switch", "Kitchen", risk=risk)
    group = device("Appliances", "switch", members=("switch.oven", "switch.kettle"))
    home = house()
    home = replace(home, devices=(*home.devices, oven, group if driven else replace(group, driver=None)))
    assert Stage(tmp_path, home).say("on appliances").outcome is outcome


def test_group_with_an_entrance_in_it_is_confirmed(tmp_path: Path) -> None:
    home = house()
    group = device("Shading", "cover", members=("cover.garage_door", "cover.office_blind"))
    assert Stage(tmp_path, replace(home, devices=(*home.devices, group))).say("open shading").outcome is Outcome.CONFIRM


def test_low_confidence_is_not_understood_where_the_household_asks_for_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path, policy={"min_confidence": 0.5, "min_confidence_risky": 0.8})
    stage.reader.confidence = 0.6
    assert stage.say("on floor lamp").outcome is Outcome.DONE
    assert stage.say("unlock front door").outcome is Outcome.NOT_UNDERSTOOD
    stage.reader.confidence = 0.4
    assert stage.say("on floor lamp").outcome is Outcome.NOT_UNDERSTOOD
    assert stage.say("is floor lamp").outcome is Outcome.DONE, "a question does no harm"


def test_room_of_the_utterance_decides_and_reaches_the_rules(tmp_path: Path) -> None:
    stage = Stage(tmp_path, policy={"rules": [{"verdict": "deny", "rooms": ["Living Room"]}]})
    assert stage.say("on lights here", room="kitchen").outcome is Outcome.DONE
    assert stage.say("on lights here", room="LOUNGE").outcome is Outcome.DENIED


def test_question_is_answered_and_publishes_nothing(stage: Stage) -> None:
    stage.devices.states["lock.front_door"]["lock"] = "locked"
    result = stage.say("is front door")
    assert (result.outcome, result.say) == (Outcome.DONE, "The Front Door is locked.")
    assert stage.devices.sent == []


def test_commands_and_answers_keep_the_order_in_which_they_were_said(stage: Stage) -> None:
    result = stage.say("on floor lamp; timer5m; off kettle")
    assert [call.call.name for call in result.calls] == ["turn_on", "start_timer", "turn_off"]
    assert result.say == "Done: turn on Floor Lamp. Timer set for 5 minutes. Done: turn off Kettle."


def test_what_is_spared_is_neither_commanded_nor_remembered(stage: Stage) -> None:
    said = "turn off all the lights except the desk lamp"
    stage.reader.script[said] = " off lights everywhere"
    begun = stage.begin(said)
    assert isinstance(begun, Pending)
    assert {target for call in begun.calls for target in call.targets} == {
        "light.ceiling_light",
        "light.floor_lamp",
        "light.plain_bulb",
    }
    stage.pipeline.command(begun)
    stage.reader.script["turn them on again"] = " none"
    assert stage.say("turn them on again").outcome is Outcome.NOT_UNDERSTOOD


def test_repeatable_is_told_from_what_must_not_be_repeated(stage: Stage) -> None:
    def idempotent(line: str) -> bool:
        begun = stage.begin(line)
        assert isinstance(begun, Pending)
        return stage.pipeline.idempotent(begun)

    assert all(idempotent(line) for line in ("on floor lamp", "brightness40 floor lamp", "lock front door"))
    assert not any(
        idempotent(line) for line in ("toggle floor lamp", "brighter floor lamp", "timer5m", "add milk", "next radio")
    )
    assert not idempotent("on floor lamp; toggle kettle")
