from __future__ import annotations

from collections.abc import Callable

import pytest

from edgeassist.followup import FollowUps
from edgeassist.functions import builtin_functions
from edgeassist.home import Area, Device, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon

HOME = Home(
    devices=(
        Device("light.desk", "Desk Lamp", "light", area="Office", capabilities=frozenset({"brightness"})),
        Device("light.bed", "Bed Light", "light", area="Bedroom", capabilities=frozenset({"brightness"})),
        Device("light.plain", "Night Light", "light", area="Bedroom"),
        Device("fan.bed", "Bedroom Fan", "fan", area="Bedroom"),
        Device("cover.bed", "Bedroom Blind", "cover", device_class="blind", area="Bedroom"),
        Device("cover.garage", "Garage Door", "cover", device_class="garage"),
        Device("lock.front", "Front Door", "lock"),
        Device("lock.back", "Back Door", "lock"),
    ),
    areas=(Area("Office"), Area("Bedroom"), Area("Kitchen")),
)
LEXICON = Lexicon.of(HOME)
FUNCTIONS = builtin_functions()


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


Follow = Callable[..., "str | None"]


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def after(clock: _Clock) -> Follow:
    def read(
        line: str, words: str, *, source: str = "a", then: str | None = None, now: str | None = None
    ) -> str | None:
        follow_ups = FollowUps(FUNCTIONS, 20.0, clock)
        follow_ups.remember("a", then, syntax.read(line, FUNCTIONS, LEXICON))
        clock.now += 10
        found = follow_ups.read(words, source, now, HOME)
        return syntax.write(found[0]) if found else None

    return read


@pytest.mark.parametrize(
    ("line", "words", "meant"),
    [
        (" on lights office", "and the bedroom too", " on lights bedroom"),
        (" on desk lamp", "and the bedroom", " on lights bedroom"),
        (" on desk lamp", "the bed light as well", " on bed light"),
        (" off lights office", "and the fans in the bedroom", " off fans bedroom"),
        (" brightness30 office", "same for the bedroom", " brightness30 bedroom"),
        (" on desk lamp", "turn it off again", " off desk lamp"),
        (" on lights office", "switch them off", " off lights office"),
        (" off desk lamp", "turn it back on", " on desk lamp"),
        (" open bedroom blind", "close it", " close bedroom blind"),
        (" on desk lamp", "make it brighter", " brighter desk lamp"),
        (" brightness30 office", "turn it off", " off lights office"),
        (" on desk lamp", "undo that", " off desk lamp"),
        (" unlock front door", "and the back door too", " unlock back door"),
        (" is garage door", "close it", " close garage door"),
    ],
)
def test_what_was_left_out_is_taken_from_the_last_command(after: Follow, line: str, words: str, meant: str) -> None:
    assert after(line, words) == meant


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (" on desk lamp", "and tell me a joke"),
        (" on desk lamp", "and the garage door too"),  # cannot be switched on
        (" on desk lamp", "and the kitchen too"),  # nothing there
        (" on desk lamp", "is it off"),
        (" on desk lamp", "turn off the fan"),
        (" on desk lamp", "lock it"),
        (" brightness30 office", "and the night light too"),
        (" on lights office; off bedroom fan", "and the bedroom too"),
        (" off lights bedroom", "undo that"),  # some were off before
        (" brightness30 office", "undo that"),
        (" timer5m", "and the bedroom too"),
    ],
)
def test_what_does_not_fit_is_left_to_the_model(after: Follow, line: str, words: str) -> None:
    assert after(line, words) is None


def test_other_source_has_said_nothing_before(after: Follow) -> None:
    assert after(" on desk lamp", "turn it off", source="b") is None


def test_after_the_window_nothing_is_remembered(after: Follow, clock: _Clock) -> None:
    follow_ups = FollowUps(FUNCTIONS, 20.0, clock)
    follow_ups.remember("a", None, syntax.read(" on desk lamp", FUNCTIONS, LEXICON))
    clock.now += 20.1
    assert follow_ups.read("turn it off", "a", None, HOME) is None


def test_here_stays_the_room_where_it_was_said(after: Follow) -> None:
    assert after(" on lights here", "turn them off", then="Office", now="Bedroom") == " off lights office"


def test_sources_remembered_are_bounded(clock: _Clock) -> None:
    follow_ups = FollowUps(FUNCTIONS, 20.0, clock)
    for n in range(200):
        follow_ups.remember(str(n), None, ())
    assert len(follow_ups._said) == 64
