"""Words that no dictionary has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.voice.pronounce import pronounce

_KNOWN = {"air": "EH R", "fryer": "F R AY ER", "lamp": "L AE M P"}


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("lamp", "L AE M P"),
        ("airfryer", "EH R F R AY ER"),
        ("sonos", "S OW N OW S"),
        ("roomba", "R UW M B AH"),
        ("velux", "V EH L AH K S"),
        ("tado", "T AE D OW"),
        ("bose", "B OW S"),
        ("wc", "D AH B AH L Y UW S IY"),
        ("lamp2", None),
        ("küche", None),
    ],
)
def test_word_is_said_as_the_dictionary_or_its_letters_have_it(word: str, phones: str | None) -> None:
    assert pronounce(word, _KNOWN.get) == phones


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_any_word_of_letters_has_sounds_that_the_model_knows(word: str) -> None:
    known = set(
        "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()
    )
    phones = pronounce(word, _KNOWN.get)
    assert phones is not None
    assert set(phones.split()) <= known
