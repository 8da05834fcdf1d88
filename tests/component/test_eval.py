"""`edgeassist eval` with the real small model on a suite of a few sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edgeassist.cli import main
from tests.support.model import NAME, real_model

_HOME = """
[[area]]
name = "Hall"
[[device]]
id = "globe"
name = "Globe"
kind = "light"
area = "Hall"
[[device]]
id = "porch"
name = "Porch"
kind = "lock"
area = "Hall"
"""
_LINES = (
    {"home": "cabin", "text": "globe on", "expect": [["turn_on", ["globe"], {}]], "tags": ["direct"]},
    {"home": "cabin", "text": "is the porch locked", "expect": [["get_state", ["porch"], {}]], "tags": ["question"]},
    {"home": "cabin", "text": "sing me to sleep", "expect": "none", "tags": ["offtopic"]},
)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "homes").mkdir()
    (tmp_path / "homes/cabin.toml").write_text(_HOME)
    path = tmp_path / "cabin.jsonl"
    path.write_text("\n".join(map(json.dumps, _LINES)))
    return path


def run(*arguments: object) -> Result:
    real_model()
    return CliRunner().invoke(main, ["eval", *map(str, arguments)], catch_exceptions=False)


def test_every_model_gets_every_sentence_and_the_whole_report_is_json(suite: Path, tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    result = run(suite, "--model", NAME, "--json", "--save", saved)
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert json.loads(saved.read_text()) == document
    (report,) = document["models"][NAME]
    assert (report["suite"], report["cases"]) == ("cabin", 3)
    assert report["rates"]["acted on question"]["hits"] == 0
    assert report["latency_ms"]["median"] > 0
    assert all(entry["layer"] for entry in report["wrong"])


def test_bars_are_a_table_in_markdown(suite: Path) -> None:
    lines = run(suite, "--model", NAME, "--bars").stdout.splitlines()
    assert lines[0] == f"| suite | what | wanted | {NAME} |"
    assert any("| lock/open inversions | at most 0 % | 0.0 %" in line for line in lines)
    assert any("time per utterance, median" in line for line in lines)


def test_layers_and_thresholds_are_shown_on_demand(suite: Path) -> None:
    shown = run(suite, "--model", NAME, "--layers", "--thresholds").stdout
    assert "failed in" in shown
    assert "least confidence, risky acts" in shown


def test_nothing_to_measure_with_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["eval"])
    assert result.exit_code == 2
    assert "name a suite" in result.output
