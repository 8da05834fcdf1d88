"""The memory that a context takes, on the real model."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from edgeassist.engine.llama import LlamaModel
from edgeassist.engine.options import EngineOptions
from edgeassist.errors import ModelError
from tests.support.model import real_model

WORDS = " the lamp in the kitchen and the fan in the hall" * 30


@pytest.fixture
def model() -> Iterator[LlamaModel]:
    opened = LlamaModel(real_model(), EngineOptions(context=1024))
    yield opened
    opened.close()


def test_full_context_grows_and_knows_what_it_held(model: LlamaModel) -> None:
    tokens = model.tokenize(WORDS)[:280]
    model.reserve(len(tokens), 0)
    room = model.room
    model.decode(tokens, 0, 0)
    known = list(model.logits(len(tokens) % 256 - 1)[: model.vocab_size])
    more = [*tokens, *tokens][: room - len(tokens) + 1]
    model.decode(more, len(tokens), 0)
    assert model.room > room
    model.forget(0, len(tokens) - 1)
    model.decode(tokens[-1:], len(tokens) - 1, 0)
    again = list(model.logits(0)[: model.vocab_size])
    assert max(range(len(again)), key=again.__getitem__) == max(range(len(known)), key=known.__getitem__)


def test_context_that_holds_two_homes_or_is_at_its_limit_says_that_it_is_full(model: LlamaModel) -> None:
    tokens = model.tokenize(WORDS)[:200]
    model.reserve(2 * len(tokens), 0)
    model.decode(tokens, 0, 0)
    model.decode(tokens, 0, 1)
    with pytest.raises(ModelError, match="could not decode"):
        model.decode(tokens, len(tokens), 0)
    model.forget(1)
    for position in range(len(tokens), 1000, len(tokens)):
        model.decode(tokens, position, 0)
    assert model.room == 1024
    with pytest.raises(ModelError, match="could not decode"):
        model.decode(tokens, 1000, 0)


def test_weights_are_in_memory_once() -> None:
    """Also those of embeddings that are the output layer too, which is repacked where nobody objects."""
    path = real_model("edgeassist-135m")
    found = subprocess.run([sys.executable, "-c", LOADING, str(path)], capture_output=True, text=True, check=True)
    assert int(found.stdout) < 1.05 * path.stat().st_size


#: Prints what loading the weights of a file takes, in bytes, once its vocabulary was loaded already.
LOADING = """
import sys
from pathlib import Path
from edgeassist.engine.binding import llama_cpp
from edgeassist.engine.options import EngineOptions
from edgeassist.engine.weights import load

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

path = Path(sys.argv[1])
params = llama_cpp.llama_model_default_params()
params.vocab_only = True
llama_cpp.llama_backend_init()
vocabulary = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
before = resident()
llama_cpp.llama_model_free(vocabulary)
model = load(path, EngineOptions())
print(resident() - before)
"""
