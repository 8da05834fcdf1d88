"""What can be said in a home, and what must not be mistaken for it."""

from __future__ import annotations

from edgeassist.voice.phrases import Phrases, asks_first
from tests.support.spoken import spoken_home


def test_names_are_offered_to_what_can_be_done_with_them() -> None:
    lists = Phrases.of(spoken_home()).lists
    assert lists["lock"] == ("front door",)
    assert "bathroom light" in lists["power"]
    assert "front door" not in lists["power"]
    assert "lights" in lists["power_noun"]
    assert "bedroom fan" in lists["fan"]


def test_name_may_go_without_its_place_where_nothing_else_ends_so() -> None:
    lists = Phrases.of(spoken_home()).lists
    assert "coffee machine" in lists["power"]
    assert "door" not in lists["cover"], "the front door ends so too"


def test_sirens_and_entrances_are_never_meant_by_all_of_them() -> None:
    lists = Phrases.of(spoken_home()).lists
    assert not {"sirens", "garage doors", "doors", "locks"} & {*lists["power_noun"], *lists["cover_noun"]}


def test_what_lets_somebody_in_has_rivals_and_a_lamp_has_none() -> None:
    phrases = Phrases.of(spoken_home())
    opposite, others = phrases.rivals("lock the front door")
    assert opposite == "unlock the front door"
    assert {"don't lock the front door", "lock the garage door", "is the front door locked"} <= set(others)
    assert phrases.rivals("open the garage door")[0] == "close the garage door"
    assert phrases.rivals("turn on the hall siren")[0] == "turn off the hall siren"
    assert phrases.rivals("turn on the bathroom light") == ("", ())
    assert phrases.rivals("is the front door locked") == ("", ())


def test_wake_phrase_stands_before_the_rivals_as_well() -> None:
    opposite, others = Phrases.of(spoken_home(), "hey jarvis").rivals("hey jarvis lock the front door")
    assert opposite == "hey jarvis unlock the front door"
    assert "hey jarvis don't lock the front door" in others


def test_name_with_words_that_nothing_knows_is_dropped_with_its_sentences() -> None:
    usable, dropped = Phrases({"lock": ("türschloß",)}, ("lock <lock>", "cancel the timer")).without(
        lambda word: not word.isascii()
    )
    assert dropped == ("türschloß",)
    assert usable.sentences == ("cancel the timer",)


def test_grammar_refers_to_rules_that_it_has() -> None:
    grammar = Phrases.of(spoken_home(), "hey jarvis").jsgf()
    assert grammar.startswith("#JSGF V1.0;")
    assert "public <command> = hey jarvis ( " in grammar
    for rule in ("power", "lock", "place", "percent", "order", "question"):
        assert f"<{rule}> = " in grammar


def test_only_what_asks_first_may_be_taken_for_something_that_fits_nearly_as_well() -> None:
    asked = ("unlock the front door", "open the garage door", "turn off the hall siren")
    at_once = (
        "lock the front door",
        "close the garage door",
        "stop the gate",
        "turn on the siren and lock the front door",
    )
    assert all(map(asks_first, asked))
    assert not any(map(asks_first, at_once))
