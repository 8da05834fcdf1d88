from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.text import normalise, normalise_utterance, sanitise
from tests.support.homes import HOSTILE


@given(st.one_of(st.text(max_size=60), HOSTILE))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    once = normalise_utterance(text)
    assert normalise_utterance(once) == once


@given(st.text(max_size=60))
def test_normalised_text_holds_no_mark_of_the_compact_language(text: str) -> None:
    words = normalise_utterance(text)
    assert not set(words) & set(';,>|"\\{}()[]\n\r\t\0<%_*+?/#')
    assert "  " not in words
    assert words == words.strip()


NUMBERS = [
    "zero",
    "one",
    "two",
    "nine",
    "ten",
    "nineteen",
    "twenty",
    "ninety",
    "hundred",
    "thousand",
    "a",
    "and",
    "point",
    "percent",
]


@given(st.lists(st.sampled_from([*NUMBERS, "lamp", "5"]), max_size=8))
def test_any_heap_of_number_words_is_read_without_error_and_once(words: list[str]) -> None:
    once = normalise_utterance(" ".join(words))
    assert normalise_utterance(once) == once


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        ("Turn ON the Kitchen-Light!", "turn on the kitchen light"),
        ("thirty five percent", "35 percent"),
        ("35%", "35 percent"),
        ("21°C", "21 degrees"),
        ("21 ℃", "21 degrees"),
        ("twenty one point five degrees", "21.5 degrees"),
        ("the big one", "the big one"),
        ("one hundred percent", "100 percent"),
        ("a hundred", "100"),
        ("twenty won", "21"),
        ("thirty ate degrees", "38 degrees"),
        ("twenty for degrees", "24 degrees"),
        ("twenty to degrees", "22 degrees"),
        ("ate teen", "18"),
        ("four tea per cent", "40 percent"),
        ("from twenty to forty", "from 20 to 40"),
        ("from twenty to percent", "from 20 to percent"),
        ("turn off all four teen room lights", "turn off all 4 teen room lights"),
        ("add forty won ton wrappers", "add 40 won ton wrappers"),
        ("I ate tea", "i ate tea"),
        ("twenty ate people", "20 ate people"),
        ("set it to twenty for the night", "set it to 20 for the night"),
        ("two thousand seven hundred", "2700"),
        ("at 22:30", "at 22:30"),
        ("Bob’s lamp", "bob's lamp"),  # noqa: RUF001 - a typographic apostrophe
        ("salt & pepper", "salt and pepper"),
        ("ｌａｍｐ", "lamp"),  # noqa: RUF001 - full width
        ("wi-fi", "wi fi"),
        ("!?", ""),
    ],
)
def test_what_people_say_has_one_spelling(said: str, normal: str) -> None:
    assert normalise_utterance(said) == normal


@pytest.mark.parametrize("name", ["रसोई की बत्ती", "ไฟห้องครัว", "ضَوْء", "கதவு"])
def test_letters_that_are_written_with_marks_stay_whole(name: str) -> None:
    assert normalise(name).split() == name.split()


@given(st.text(max_size=400), st.integers(1, 200))
def test_sanitised_text_is_short_and_printable(text: str, limit: int) -> None:
    shown = sanitise(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
