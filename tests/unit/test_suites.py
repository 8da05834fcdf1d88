from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist.evaluation.suite import Suite, load
from edgeassist.functions import builtin_functions

EVALS = Path(__file__).parents[1] / "evals"
FUNCTIONS = builtin_functions()


@pytest.fixture(params=["household.jsonl", "development/development.jsonl"], scope="module")
def suite(request: pytest.FixtureRequest) -> Suite:
    return load(EVALS / request.param)


def test_suite_speaks_of_devices_that_its_homes_have(suite: Suite) -> None:
    for case in suite.cases:
        home = suite.homes[case.home]
        steps = [step for meaning in case.right if not isinstance(meaning, str) for step in meaning]
        unknown = [device for step in steps for device in step.devices if device not in home.by_id]
        assert not unknown, case
        assert all(step.function in FUNCTIONS for step in steps), case
        assert case.room is None or home.find_area(case.room), case


def test_sentence_of_a_suite_stands_in_it_once(suite: Suite) -> None:
    said = [(case.home, case.text, case.room) for case in suite.cases]
    assert len(set(said)) == len(said)
