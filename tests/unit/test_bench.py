"""What the benchmark makes of measurements; nothing is measured here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgeassist.bench import baseline, report
from edgeassist.bench.contender import Answered
from edgeassist.bench.home import generated_home, spoken_in
from edgeassist.bench.measure import Measured, quantile
from edgeassist.bench.plot import plot
from edgeassist.bench.recall import recall, tally
from edgeassist.bench.run import DRAFTED, PLAIN, STOCK, XLLAMACPP, Results, Start
from edgeassist.functions import builtin_functions
from edgeassist.language import syntax
from edgeassist.language.grammar import Grammar
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.shortlist import Shortlister
from tests.support.engine import vocabulary

MIB = 1 << 20
DIM = "dim the kitchen lights to 30 percent"


def answered(seconds: float, **more: Any) -> Answered:
    facts = {"text": DIM, "answer": " none", "steps": 3, "evaluated": 17, "generated": 5, "free": 4, "suffix": 12}
    return Answered.model_validate({"seconds": seconds, **facts, **more})


def row(contender: str, seconds: float, devices: int = 40, model: str = "small", **more: Any) -> Measured:
    ours = contender in {PLAIN, DRAFTED}
    answers = more.pop("answered", None) or tuple(
        answered(seconds * share, text=text) for share, text in ((0.5, "a"), (1, DIM), (2, "b"))
    )
    facts: dict[str, Any] = {
        "contender": contender,
        "model": model,
        "answers": "given",
        "devices": devices,
        "ready_s": 1.0,
        "prompt_tokens": 700,
        "peak_rss": 180 * MIB,
        "model_bytes": 100 * MIB,
        "answered": answers,
        "floors": (0.09, 0.1, 0.11) if ours else (),
    }
    return Measured.model_validate(facts | more)


@pytest.fixture
def results() -> Results:
    accepted = (answered(0.08, drafted=4, accepted=4, steps=1), answered(0.12, drafted=4, accepted=1))
    return Results(
        measured=[
            row(STOCK, 0.8),
            row(XLLAMACPP, 0.4),
            row(PLAIN, 0.11),
            row(DRAFTED, 0.1, answered=accepted),
            row(DRAFTED, 0.1, 20),
            row(DRAFTED, 0.1, 100),
            row(DRAFTED, 0.16, 1000),
            row(STOCK, 0.5, model="small-q4_0"),
            row(DRAFTED, 0.05, model="small-q4_0", answered=accepted),
        ],
        starts=[Start("small", 100, cold_s=(3.0, 2.5), persisted_s=(0.6, 0.5))],
        recall={1000: 0.99},
        skipped=["something"],
    )


def bar(results: Results, words: str) -> report.Bar:
    (found,) = [bar for bar in report.bars(results) if words in bar.what]
    return found


@pytest.mark.parametrize(
    ("words", "value", "met"),
    [
        ("small: p50 of stock over ours", 8.0, True),
        ("small: p50 of xllamacpp over ours", 4.0, True),
        ("small: p50 without drafts over the floor", 1.1, True),
        ("small: p50 with accepted drafts over the floor", 0.08 / 0.09, True),
        ("small: free decisions", 4, True),
        ("small: p50 at 1,000 devices", 1.6, False),
        ("small: peak RSS beyond the model file", 80, True),
        ("p50 of stock on small over ours on small-q4_0", 10.0, True),
        ("share of one without", 0.2, True),
        ("seconds to ready", 0.5, True),
        ("shortlist holds", 0.99, False),
    ],
)
def test_bar_is_what_its_words_say(results: Results, words: str, value: float, met: bool) -> None:
    found = bar(results, words)
    assert found.value == pytest.approx(value)
    assert found.met is met


def test_large_shape_has_bars_of_its_own() -> None:
    name = "tinyllama-shape-random-q4_0"
    large = Results([row(STOCK, 5, model=name), row(DRAFTED, 1, model=name), row(DRAFTED, 1, 100, model=name)])
    assert bar(large, "p50 of stock over ours").bar == 4.5
    assert (bar(large, "peak RSS").value, bar(large, "peak RSS").bar) == (180, 800)


def test_what_was_not_measured_has_no_bar() -> None:
    assert report.bars(Results([row(DRAFTED, 0.1)])) == []
    assert report.bars(Results()) == []


def test_markdown_has_every_row_and_says_what_was_missed(results: Results) -> None:
    text = report.markdown(results)
    lines = text.splitlines()
    assert "wall time" in lines[0]
    assert sum(line.startswith("| small") and " edgeassist " in line for line in lines) == 5
    assert all(len(set(map(len, table.splitlines()))) == 1 for table in text.split("\n\n")[1:]), "columns are padded"
    assert "MISSED" in next(line for line in lines if "1,000 devices" in line)
    assert "| small | 100     | 2500" in text


def test_json_holds_every_utterance(results: Results) -> None:
    document = json.loads(json.dumps(report.as_json(results)))
    assert len(document["rows"]) == len(results.measured)
    assert document["rows"][0]["answered"][1]["text"] == DIM
    assert document["skipped"] == ["something"]
    assert document["machine"]["cores"] >= 1
    assert {"what", "value", "bar", "least", "met"} == document["bars"][0].keys()


def test_plot_is_drawn_as_png_and_svg(results: Results, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    png, svg = plot(results, tmp_path)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "<svg" in svg.read_text(encoding="utf-8")


def test_quantiles_interpolate() -> None:
    assert quantile([3.0], 0.5) == 3.0
    assert quantile([1.0, 2.0, 3.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 0.5) == 1.5
    assert quantile([float(n) for n in range(101)], 0.95) == 95.0


def test_figures_of_accepted_drafts_are_of_those_utterances_only() -> None:
    measured = row(
        DRAFTED,
        0,
        answered=(answered(0.05, drafted=3, accepted=3), answered(9.0, drafted=3, accepted=1), answered(9.0)),
        floors=(0.08, 1.0, 1.0),
    )
    assert (measured.p50_accepted, measured.floor_accepted) == (0.05, 0.08)
    assert measured.acceptance == pytest.approx(4 / 6)
    assert row(PLAIN, 1).p50_accepted is None


@pytest.mark.parametrize("devices", [20, 40, 300])
def test_what_is_said_in_a_generated_home_means_its_line_there(devices: int) -> None:
    home = generated_home(devices)
    assert len(home.devices) == devices
    assert len({device.id for device in home.devices}) == devices
    lexicon = Lexicon.of(home)
    functions = builtin_functions()
    for spoken in spoken_in(home, 30):
        narrow = Shortlister(lexicon).narrow(spoken.text)
        assert vocabulary().admits(Grammar(functions, narrow, spoken.text), spoken.line), spoken
        assert syntax.read(spoken.line, functions, lexicon) or spoken.line == syntax.NONE


def test_stock_schema_admits_the_call_that_is_meant() -> None:
    home = generated_home(40)
    schema = baseline.schema(home)
    names = {call["properties"]["name"]["const"] for call in schema["oneOf"]}
    assert set(builtin_functions()) | {"none"} == names
    call = baseline.answer(" brightness30 kitchen", home, DIM)
    assert call == {"name": "set_light", "arguments": {"area": "Kitchen", "brightness": 30}}
    only = baseline.exactly(call)
    assert only["properties"]["name"] == {"const": "set_light"}
    assert only["required"] == ["name", "arguments"]


@pytest.mark.parametrize("devices", [100, 300])
def test_shortlist_holds_the_device_that_was_meant(devices: int) -> None:
    said, missed = tally(generated_home(devices))
    print(f"{devices} devices: {said.total()} utterances, missed: {dict(missed) or 'none'}")
    assert set(said) == {"name", "turned round", "alias", "misspelt", "joined"}
    assert recall(generated_home(devices)) >= 0.995
