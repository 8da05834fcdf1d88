"""The bundled model's smaller vocabulary against its base's, on the real files."""

from itertools import islice
from pathlib import Path

import gguf
import pytest

from edgeassist.language.prompt import TEMPLATES, suffix
from edgeassist.training.sample import generate
from edgeassist.training.tokens import tokeniser
from tests.support.model import real_model


def _texts(path: Path) -> list[str]:
    texts: list[str] = gguf.GGUFReader(path).fields["tokenizer.ggml.tokens"].contents()
    return texts


# llguidance asks llama-cpp-python for an attribute by its older name.
@pytest.mark.filterwarnings("ignore:llama_token_get_attr:DeprecationWarning")
def test_whatever_is_read_has_the_tokens_that_it_had() -> None:
    base, bundled = real_model(), real_model("edgeassist-135m")
    texts, fewer = _texts(base), _texts(bundled)
    assert len(fewer) < 0.75 * len(texts)
    assert len(fewer) % 32 == 0, "or llama.cpp has no fast kernel for the output weights"
    before, after = tokeniser(base), tokeniser(bundled)
    samples = list(islice(generate(7), 20))
    read = [sample.listing for sample in samples]
    for turn in (turn for sample in samples for turn in sample.turns):
        read += [piece.text for piece in suffix(turn.text, TEMPLATES["compact"])] + [turn.line]
    read += [" café naïve größe", " 21.5 degrees in the kids' room", " 7:30", " д 灯"]
    for text in read:
        assert [texts[token] for token in before(text)] == [fewer[token] for token in after(text)], text
