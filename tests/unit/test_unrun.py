from __future__ import annotations

import pytest

from edgeassist.home import Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.unrun import unrun
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Lexicon.of(
    Home(
        (
            device("Movie Night", "scene"),
            device("Bedtime", "scene", aliases=("Good Night",)),
            device("Lights Off", "scene"),
        )
    )
)
OVER = "cannot be undone. Say what is to be turned on or off."


@pytest.mark.parametrize(
    ("words", "line", "asked"),
    [
        ("turn off movie night", " run movie night", f"Movie Night {OVER}"),
        ("please cancel the bedtime routine", " run bedtime", f"Bedtime {OVER}"),
        ("movie night off", " run movie night", f"Movie Night {OVER}"),
        ("read a bedtime story", " run bedtime", 'Shall I run Bedtime? Then say "run Bedtime".'),
        ("bedtime snack", " run bedtime", 'Shall I run Bedtime? Then say "run Bedtime".'),
        ("bedtime is over", " run bedtime", 'Shall I run Bedtime? Then say "run Bedtime".'),
        ("dinner is served", " run bedtime", 'Shall I run Bedtime? Then say "run Bedtime".'),
        ("pizza night", " run movie night", "I know no pizza night here, only Movie Night."),
        ("run the christmas scene", " run bedtime", "I know no christmas scene here, only Bedtime."),
    ],
)
def test_scene_that_nobody_asked_for_is_not_run(words: str, line: str, asked: str) -> None:
    assert unrun(syntax.read(line, FUNCTIONS, HOME), words, HOME, 0.85) == asked


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("movie night", " run movie night"),
        ("bedtime for everyone", " run bedtime"),
        ("start movie time", " run movie night"),
        ("film night please", " run movie night"),
        ("good night", " run bedtime"),
        ("lights off", " run lights off"),
        ("the kids are wrecked so put movie night on", " run movie night"),
        ("they are coming at 7 so put movie night on", " run movie night"),
        ("honey i'm home", " run bedtime"),
        ("turn on the lights", " none"),
    ],
)
def test_scene_that_was_asked_for_is_run(words: str, line: str) -> None:
    assert unrun(syntax.read(line, FUNCTIONS, HOME), words, HOME, 0.95) is None
