from __future__ import annotations

import pytest

from edgeassist.home import Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.loudness import loudly
from tests.support.homes import device

HOME = Lexicon.of(Home((device("Speaker", "media_player", "Lounge"),)))


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("reduce the volume", "turn the volume down"),
        ("please lower the volume of the telly", "please turn the volume down of the telly"),
        ("decrease volume by 10", "turn the volume down by 10"),
        ("turn down your volume to 20", "turn the volume down to 20"),
        ("lower your voice", "turn the volume down"),
        ("speak more quietly please", "turn the volume down"),
        ("can you turn up the volume a bit", "can you turn the volume up a bit"),
        ("increase the sound in the kitchen", "turn the volume up in the kitchen"),
        ("i can't hear you", "turn the volume up"),
        ("turn the sound off on the tv", "mute the volume on the tv"),
        ("volume off", "mute the volume"),
        ("turn the sound back on", "unmute the volume"),
        ("turn the volume all the way down", "turn the volume to 0 percent"),
        ("quiet please", "mute"),
        ("could you press the mute button", "mute"),
        ("that's enough noise now", "mute"),
        ("shhh", "mute"),
        ("your volume is too low", "turn the volume up"),
        ("could you please lower the tone", "turn the volume down"),
        ("silence this device", "mute"),
        ("please do not respond", "mute"),
        ("i don't want to hear anything", "mute"),
        ("stop the sound", "mute the volume"),
        ("volume turn off", "mute the volume"),
        ("sound on", "unmute the volume"),
        ("slow down the volume", "turn the volume down"),
        ("turn down a bit", "turn the volume down a bit"),
        ("turn it down completely", "turn the volume to 0 percent"),
        ("could you please stop talking", "mute"),
        ("i need some peace and quiet", "mute"),
        ("switch to silent mode", "mute"),
        ("do not make any noise .", "mute"),
        ("be quiet for the next 2 hours", "mute"),
        ("stay silent until i say so", "mute"),
        ("lower the volume all the way", "turn the volume to 0 percent"),
        ("take the volume all the way down", "turn the volume to 0 percent"),
        ("turn off the sound for 2 hours", "mute the volume"),
        ("i am in a meeting please be quiet", "mute"),
        ("i want you to stay quiet", "mute"),
        ("put yourself on mute", "mute"),
        ("activate silent mode for today", "mute"),
        ("do not disturb", "mute"),
        ("please turn it up a bit", "turn the volume up a bit"),
        ("turn your voice off", "mute the volume"),
        ("off the sound", "mute the volume"),
        ("please stay on mute", "mute"),
        ("don't make noise", "mute"),
        ("keep the noise down please", "turn the volume down"),
        ("turn off your speakers", "turn off the speakers"),
    ],
)
def test_sound_is_spoken_of_in_plain_words(said: str, plain: str) -> None:
    assert loudly(said, HOME) == plain


@pytest.mark.parametrize(
    "said",
    [
        "turn off the sound bar",
        "be quiet about the surprise",
        "it was so quiet in there",
        "the sound of music is on",
        "add a sound card to the list",
        "turn the volume down",
        "lower the blinds",
        "don't talk to your sister like that",
        "shut up the shop at 6",
        "tell the kids to be quiet",
        "turn it down to 20",
        "is the volume at 0",
        "the telly is too quiet",
        "reduce the volume and dim the lights",
    ],
)
def test_what_is_plain_or_of_something_else_stays_as_it_is(said: str) -> None:
    assert loudly(said, HOME) == said


def test_where_nothing_makes_a_sound_something_else_is_turned_down() -> None:
    assert loudly("turn it down", Lexicon.of(Home((device("Heater", "climate", "Lounge"),)))) == "turn it down"


@pytest.mark.parametrize("said", ["start quiet time", "turn on do not disturb"])
def test_what_is_called_so_is_meant(said: str) -> None:
    scenes = (device("Quiet Time", "scene"), device("Do Not Disturb", "switch"))
    home = Lexicon.of(Home((device("Speaker", "media_player", "Lounge"), *scenes)))
    assert loudly(said, home) == said
    assert loudly("quiet please", home) == "mute"
