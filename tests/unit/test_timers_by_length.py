from __future__ import annotations

import pytest

from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.timers import with_lengths
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
        (" cancel pasta", "cancel the 5 minute timer for the pasta", "pasta"),
        (" timer5m", "set a 5 minute timer", None),
    ],
)
def test_timer_that_was_named_by_its_length_is_the_one_that_is_meant(line: str, text: str, label: str | None) -> None:
    (reading,) = with_lengths(syntax.read(line, FUNCTIONS, HOUSE), text)
    assert reading.values[-1] == label
