from __future__ import annotations

import pytest

from edgeassist.language.hues import in_plain_colors

HOME = frozenset({"rose's", "deep", "pink", "lamp"})


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("make the light a lovely deep blue", "make the light a blue"),
        ("lights to a warm orange please", "lights to a orange please"),
        ("turn it bright green", "turn it green"),
        ("make the lights pinkish", "make the lights pink"),
        ("a reddish light", "a red light"),
        ("go orangey", "go orange"),
        ("make the lights burgundy", "make the lights maroon"),
        ("set it to blood red", "set it to crimson"),
        ("lights rose and fan on", "lights pink and fan on"),
    ],
)
def test_colour_is_one_that_a_lamp_knows(said: str, plain: str) -> None:
    assert in_plain_colors(said, HOME) == plain


@pytest.mark.parametrize(
    "said",
    [
        "make it deep pink",
        "turn on the deep pink lamp",
        "warm white please",
        "bright red light bulbs are on the list",
        "turn on rose's lamp",
        "rose garden lights on",
        "a bluish white",
        "deep sky blue",
    ],
)
def test_other_colours_and_names_stay(said: str) -> None:
    assert in_plain_colors(said, HOME) == said
