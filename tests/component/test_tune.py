"""Settings measured with the real small model, and a model made in another form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeassist import heat
from edgeassist.cli import main
from edgeassist.engine.options import EngineOptions
from edgeassist.engine.quantise import quantise
from edgeassist.errors import EdgeAssistError, ModelError
from edgeassist.models.requantise import built_name, requantise
from edgeassist.models.store import Store
from edgeassist.tune.trial import ProcessTimer
from tests.support.model import NAME, real_model

ONE_THREAD = EngineOptions(threads=1, threads_batch=1, context=1024)


def test_tune_on_this_machine_measures_the_profile_first_and_writes_nothing_when_dry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Threads that wait for each other crawl where other tests hold the cores.
    monkeypatch.setenv("EDGEASSIST_MODEL__PATH", str(real_model()))
    monkeypatch.setenv("EDGEASSIST_MODEL__THREADS", "1")
    monkeypatch.setenv("EDGEASSIST_MODEL__THREADS_BATCH", "1")
    monkeypatch.setenv("EDGEASSIST_PATHS__PROFILES", str(tmp_path))
    monkeypatch.setattr(heat, "read", lambda: heat.Heat(None, None, None))
    done = CliRunner().invoke(main, ["tune", "--dry-run", "--seconds", "5", "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    first = document["trials"][0]
    timing = first["timing"]
    assert first["setting"] == "profile"
    assert 0 < timing["token"] < timing["prefix"]
    assert timing["peak_rss"] > real_model().stat().st_size, "the weights are in memory"
    assert {"threads", "threads_batch", "kv_type", "mmap", "draft"} <= document["settings"].keys()
    assert list(tmp_path.iterdir()) == []


def test_candidate_whose_process_ends_badly_is_an_error_that_says_how(tmp_path: Path) -> None:
    model = tmp_path / "broken.gguf"
    model.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(EdgeAssistError, match=r"did not run \(code 1\): .*broken.gguf"):
        ProcessTimer(model)(ONE_THREAD)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """With a base under the name that the catalogue knows; its file is linked, not copied."""
    store = Store(tmp_path_factory.mktemp("models"))
    store.add(real_model(), NAME)
    return store


def test_model_in_another_form_loads_and_its_digest_is_recorded(store: Store) -> None:
    stored = requantise(store, NAME, "q4_0")
    assert stored.name == built_name(NAME, "q4_0") == "smollm2-135m-q4_0"
    assert stored.size < store.check(NAME).size
    assert store.verify(stored.name).sha256 == stored.sha256
    assert stored.template == "plain"
    assert not list(store.folder.glob(".build-*")), "nothing half made is left"
    import gguf

    from edgeassist.engine.llama import LlamaModel

    kinds = {tensor.tensor_type.name for tensor in gguf.GGUFReader(stored.path).tensors if len(tensor.shape) > 1}
    assert kinds == {"Q4_0"}, "what else would be left in has no fast kernel"
    model = LlamaModel(stored.path, ONE_THREAD)
    model.decode(model.tokenize(" turn on the light"), 0, 0)
    model.close()


def test_models_build_names_what_it_made(store: Store) -> None:
    done = CliRunner().invoke(main, ["models", "build", NAME, "--dir", str(store.folder), "--json"])
    assert done.exit_code == 0, done.output
    described = json.loads(done.stdout)
    assert described["name"] == "smollm2-135m-q4_0"
    again = store.check("smollm2-135m-q4_0")
    assert described["present"]["sha256"] == again.sha256, "the same base and form give the same file"


def test_file_that_is_no_model_is_not_quantised(tmp_path: Path) -> None:
    source = tmp_path / "no.gguf"
    source.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"no.gguf: this is no GGUF file"):
        quantise(source, tmp_path / "out.gguf", "q4_0")


@pytest.mark.parametrize(
    ("base", "form", "name"),
    [
        ("smollm2-135m", "q8_0", "smollm2-135m-q8_0"),
        ("tinyllama-1.1b-chat-q4_0", "q4_k_m", "tinyllama-1.1b-chat-q4_k_m"),
        ("some-f16", "q4_0", "some-q4_0"),
    ],
)
def test_form_takes_the_place_of_the_one_in_the_name(base: str, form: str, name: str) -> None:
    assert built_name(base, form) == name  # type: ignore[arg-type]  # the literals of the list


def test_base_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="models pull smollm2-135m"):
        requantise(Store(tmp_path), NAME, "q4_0")
