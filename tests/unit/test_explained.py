import pytest

from edgeassist.language.explained import is_about, names_a_title
from edgeassist.language.lexicon import Lexicon
from tests.support.homes import house

HOUSE = Lexicon.of(house())


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("floor lamp off please", True),
        ("turn the lights on in the kitchen", True),
        ("set the kitchen to 21 degrees", True),
        ("play some jazz in the kitchen", False),
        ("floor lamp off my hands are full", False),
        ("hey hey", False),
        ("thank you", False),
    ],
)
def test_sentence_is_about_this_home_where_it_names_something_and_says_nothing_else(said: str, about: bool) -> None:
    assert is_about(frozenset(said.split()), HOUSE) is about


def test_what_a_shortlist_left_out_is_still_of_this_home() -> None:
    assert is_about(frozenset({"floor", "lamp"}), HOUSE.narrow((), ()))


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("play bohemian rhapsody", True),
        ("please play hello by adele in the kitchen", True),
        ("play some jazz", True),
        ("play music in the kitchen", False),
        ("play something relaxing", False),
        ("play queen on the tv", True),
        ("play thriller through the speaker", True),
        ("play something by adele", True),
        ("play the movie interstellar", True),
        ("i want to listen to adele", True),
        ("start playing the radio", False),
        ("play the album thriller on the speaker", True),
        ("play the film again", False),
        ("play the movie on the tv", False),
        ("play the song that was on", False),
        ("play something on the tv", False),
        ("play on", False),
        ("play the radio in the kitchen", False),
        ("play", False),
        ("play from where we left", False),
        ("turn on what the children play with", False),
    ],
)
def test_music_by_its_name_is_nothing_that_a_home_plays(said: str, title: bool) -> None:
    assert names_a_title(said, HOUSE) is title
