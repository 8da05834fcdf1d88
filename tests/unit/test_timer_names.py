from __future__ import annotations

import pytest

from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.timers import with_names
from tests.support.homes import house
from tests.support.reading import FUNCTIONS

HOUSE = Lexicon.of(house())


@pytest.mark.parametrize(
    ("line", "text", "label"),
    [
        (" cancel", "cancel the 5 minute timer", "5 minute"),
        (" remaining", "how long has my 1 hour 30 minutes timer got", "1 hour 30 minutes"),
        (" cancel", "cancel the timer for 5 minutes", "5 minutes"),
        (" remaining", "how long is left on the timer of 1 hour and 10 minutes", "1 hour and 10 minutes"),
        (" cancel", "cancel the timer", None),
        (" remaining", "how long is left on the kitchen timer", "kitchen"),
        (" remaining", "how are my timers in the big kitchen", "big kitchen"),
        (" cancel", "stop the timer for the kitchen please", "kitchen"),
        (" cancel", "cancel the timer i am in the kitchen", None),
        (" cancel pasta", "cancel the pasta timer in the kitchen", "pasta"),
        (" cancel pasta", "cancel the 5 minute timer for the pasta", "pasta"),
        (" timer5m", "set a 5 minute timer", None),
    ],
)
def test_timer_named_by_length_or_place_is_the_one_that_is_meant(line: str, text: str, label: str | None) -> None:
    (reading,) = with_names(syntax.read(line, FUNCTIONS, HOUSE), text, {"kitchen", "big kitchen"})
    assert reading.values[-1] == label
