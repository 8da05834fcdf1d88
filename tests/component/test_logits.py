"""The recipe's model against llama.cpp, on the real file; skipped where the extra ``training`` is not installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", exc_type=ImportError)

from edgeassist.engine.llama import LlamaModel  # noqa: E402
from edgeassist.engine.options import EngineOptions  # noqa: E402
from edgeassist.training.attention import Layout  # noqa: E402
from edgeassist.training.model import Llama  # noqa: E402
from edgeassist.training.packing import pack  # noqa: E402
from tests.support.model import real_model  # noqa: E402

LISTING = " kitchen: lights ceiling, counter\n living room: blinds left; players tv\n"
TURNS = [("turn on the kitchen lights", " on lights kitchen"), ("pause the tv", " pause tv")]


# llguidance asks llama-cpp-python for an attribute by its older name.
@pytest.mark.filterwarnings("ignore:llama_token_get_attr:DeprecationWarning")
def test_logits_behind_every_answer_are_those_of_llama_cpp() -> None:
    torch.set_num_threads(1)
    path = real_model()
    runtime = LlamaModel(path, EngineOptions(context=256, batch=256))
    try:
        packed = pack(LISTING, TURNS, runtime.tokenize)
        tuned = Llama.load(path, rank=1, alpha=1.0, dtype=torch.float32)
        with torch.no_grad():
            columns = map(torch.from_numpy, (packed.tokens, packed.positions))
            found = tuned(*columns, Layout.of(packed), torch.from_numpy(packed.asked)).numpy()
        wanted = []
        for number in (1, 2):
            turn = packed.segment == number
            first = np.flatnonzero(turn)[0]
            tokens = [*packed.tokens[: packed.start].tolist(), *packed.tokens[turn].tolist()]
            runtime.forget(0)
            runtime.decode(tokens, 0, 0, logits_at=range(len(tokens)))
            asked = [index for index in packed.asked if packed.segment[index] == number]
            rows = [runtime.logits(packed.start + int(index - first)) for index in asked]
            wanted += [np.ctypeslib.as_array(row, (runtime.vocab_size,)).copy() for row in rows]
    finally:
        runtime.close()
    for mine, theirs in zip(found, wanted, strict=True):
        # llama.cpp rounds activations to eight bits
        assert np.corrcoef(mine, theirs)[0, 1] > 0.99
    same = sum(int(mine.argmax() == theirs.argmax()) for mine, theirs in zip(found, wanted, strict=True))
    assert same >= len(wanted) - 1
