"""What `make demo` shows, with the bundled model: every utterance comes out right."""

from __future__ import annotations

from edgeassist.simulate.demo import SCRIPT, Shown, play
from tests.support.model import real_model

#: Outcome, calls, and how many commands devices get.
EXPECTED: tuple[tuple[str, list[str], int], ...] = (
    ("done", ["turn_on"], 1),
    ("done", ["set_light"], 1),
    ("done", ["turn_off"], 6),
    ("done", ["open", "set_temperature"], 2),
    ("done", ["turn_on"], 1),
    ("done", ["get_state"], 0),
    ("confirm", ["unlock"], 0),
    ("done", ["unlock"], 1),
    ("not_understood", [], 0),
)


def test_every_utterance_of_the_demo_has_its_outcome_and_its_commands() -> None:
    real_model("edgeassist-135m")
    shown: list[Shown] = []
    play(shown.append)
    assert len(shown) == len(SCRIPT) + 1
    found = [
        (each.result["outcome"], [call["name"] for call in each.result["calls"]], len(each.commands)) for each in shown
    ]
    assert found == list(EXPECTED)
    statuses = {call["status"] for each in shown if each.commands for call in each.result["calls"]}
    assert statuses == {"verified"}
