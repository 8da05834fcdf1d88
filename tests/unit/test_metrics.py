from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from edgeassist.engine.decoder import Decoded
from edgeassist.errors import ConfigError
from edgeassist.health import Counters
from edgeassist.metrics import Histograms, MetricsServer, exposition


def test_histogram_counts_each_duration_in_every_bucket_that_holds_it() -> None:
    stages = Histograms()
    for seconds in (0.001, 0.05, 0.3, 99.0):
        stages.observe("total", seconds)
    lines = list(stages.lines())
    assert 'edgeassist_stage_seconds_bucket{stage="total",le="0.005"} 1' in lines
    assert 'edgeassist_stage_seconds_bucket{stage="total",le="0.05"} 2' in lines
    assert 'edgeassist_stage_seconds_bucket{stage="total",le="30.0"} 3' in lines
    assert 'edgeassist_stage_seconds_bucket{stage="total",le="+Inf"} 4' in lines
    assert 'edgeassist_stage_seconds_count{stage="total"} 4' in lines


def test_acceptance_of_guesses_is_counted_in_tokens() -> None:
    counters = Counters()
    assert counters.acceptance is None
    counters.decoded(Decoded((1, 2), (), steps=3, evaluated=20, drafted=0, accepted=0))
    assert counters.acceptance is None, "nothing was guessed"
    counters.decoded(Decoded((1, 2), (), steps=1, evaluated=12, drafted=4, accepted=4))
    counters.decoded(Decoded((1, 2), (), steps=4, evaluated=18, drafted=4, accepted=1))
    assert counters.acceptance == 0.625
    page = exposition(counters.snapshot(), {"draft_acceptance": counters.acceptance}, Histograms())
    assert "edgeassist_draft_tokens_total 8\n" in page
    assert "edgeassist_draft_tokens_accepted_total 5\n" in page
    assert "edgeassist_decode_passes_total 8\n" in page
    assert "edgeassist_draft_acceptance 0.625\n" in page


def test_page_is_served_and_anything_else_is_not() -> None:
    server = MetricsServer("127.0.0.1", 0, lambda: exposition({"outcome_done": 3}, {"up": 1.0}, Histograms()))
    server.start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
            page = answer.read().decode()
        assert 'edgeassist_intents_total{outcome="done"} 3\n' in page
        assert "edgeassist_up 1\n" in page
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/")
        error.value.close()
    finally:
        server.stop()


def test_address_in_use_is_a_configuration_error() -> None:
    server = MetricsServer("127.0.0.1", 0, str)
    try:
        with pytest.raises(ConfigError, match="choose another"):
            MetricsServer("127.0.0.1", server.port, str)
    finally:
        server.stop()
