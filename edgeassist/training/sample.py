"""Samples for training: a home as the prompt shows it, and what is said in it with the lines that it means.

``python -m edgeassist.training.sample --seed 1 --count 40`` shows some.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from random import Random

from edgeassist.functions import builtin_functions
from edgeassist.home import Home
from edgeassist.language.guard import admitted
from edgeassist.language.lexicon import EVERYWHERE, HERE
from edgeassist.language.prompt import listing as show
from edgeassist.language.syntax import NONE, Reading, write
from edgeassist.text import normalise_utterance

from .commands import Commands
from .corrections import Corrections
from .homes import random_home
from .moments import Moments
from .noise import framed, misheard, opened
from .reasons import wish
from .refusals import Refusals
from .sections import BRIEF, COMMANDS, QUESTIONS, Said
from .several import Several
from .speech import Speaker
from .template import Template, phrases

#: Bumped when the same seed gives other data.
VERSION = 11
MAX_TOKENS = 600
_TOKENS_PER_WORD = 1.3
_VERBS = {
    "on": 21,
    "off": 21,
    "toggle": 4,
    "brightness": 9.5,
    "brighter": 6,
    "darker": 7,
    "color": 9,
    "white": 5.5,
    "open": 14,
    "close": 12,
    "stop": 3.6,
    "position": 8,
    "lock": 14,
    "unlock": 14,
    "temperature": 6,
    "warmer": 4,
    "cooler": 4,
    "mode": 3,
    "speed": 4,
    "faster": 2.4,
    "slower": 2.4,
    "play": 7,
    "pause": 6,
    "halt": 5.4,
    "next": 5,
    "previous": 4,
    "volume": 3,
    "louder": 2,
    "quieter": 2,
    "mute": 3,
    "unmute": 2.2,
    "clean": 19,
    "dock": 17,
    "run": 3,
}
_READS = {
    "is": 20,
    "get temperature": 3,
    "get humidity": 2.2,
    "get brightness": 0.8,
    "get position": 1.0,
    "get battery": 2.5,
    "get power": 2,
    "get volume": 0.7,
    "get mode": 1.0,
}
_MOMENT = 12
_TIMERS = {"timer": 4, "cancel": 3.4, "remaining": 3.4, "add": 4}
_NONE_SHARE = 0.18
_MULTI_SHARE = 0.26
_SLIP_OF_TONGUE_SHARE = 0.055
_OPENED_SHARE = 0.2
_FRONTED_SHARE = 0.1
_CONTRAST_SHARE = 0.014
_SLIP_SHARE = 0.2


@dataclass(frozen=True)
class Turn:
    """A normalised utterance, the compact line that it means, and a tag for statistics."""

    text: str
    line: str
    kind: str


@dataclass(frozen=True)
class Sample:
    """One home, its listing as the prompt shows it, and independent turns in it."""

    home: Home
    listing: str
    turns: tuple[Turn, ...]


def generate(seed: int, *, turns: int = 40, own: Home | None = None) -> Iterator[Sample]:
    """Samples without end; the same seed gives the same ones. Every second one is of the ``own`` home, if any."""
    rng = Random(seed)  # noqa: S311
    for number in count():
        home = own if number % 2 == 0 else None
        yield sample(Random(rng.getrandbits(64)), turns=turns, own=home)  # noqa: S311


def sample(rng: Random, *, turns: int = 40, own: Home | None = None) -> Sample:
    """One home with that many turns: a random one, or the own one, in a prompt as the runtime shows it."""
    home = own or random_home(rng)
    listed = own is not None or rng.random() < 0.8
    speaker = Speaker(home, listed=listed)
    text = show(speaker.lexicon, devices=listed)
    while listed and len(text.split()) * _TOKENS_PER_WORD > MAX_TOKENS:
        # The own home stays: past the prefix budget it is shown without its devices.
        home, listed = (own, False) if own else (random_home(rng), True)
        speaker = Speaker(home, listed=listed)
        text = show(speaker.lexicon, devices=listed)
    return Sample(home, text, tuple(_Talk(speaker).turns(rng, turns)))


class _Talk:
    """What is said in one home."""

    def __init__(self, speaker: Speaker) -> None:
        self._commands = Commands(speaker)
        self._refusals = Refusals(self._commands)
        self._moments = Moments(speaker.lexicon)
        self._verbs = {verb: held for verb, held in self._commands.possible(COMMANDS).items() if verb in _VERBS}
        self._reads = self._commands.possible(QUESTIONS)
        self._several = Several(self._commands, self._verbs, self._reads, self._commands.possible(BRIEF), _VERBS)
        self._corrections = Corrections(self._commands, self._verbs, _VERBS)

    def turns(self, rng: Random, count: int) -> Iterator[Turn]:
        made = 0
        while made < count:
            for turn in islice(self._some(rng), count - made):
                made += 1
                yield turn

    def _some(self, rng: Random) -> Iterator[Turn]:
        chance = rng.random()
        if chance < _NONE_SHARE:
            if found := self._refusals.say(rng):
                text, kind = found
                text = misheard(rng, text) if rng.random() < _SLIP_SHARE else text
                yield Turn(
                    normalise_utterance(framed(rng, text.replace("the the ", "the "), question=True)), NONE, kind
                )
        elif chance < _NONE_SHARE + _MULTI_SHARE:
            yield from self._finished(rng, self._several.say(rng), "several")
        elif chance < _NONE_SHARE + _MULTI_SHARE + _SLIP_OF_TONGUE_SHARE:
            yield from self._finished(rng, self._corrections.say(rng), "corrected")
        elif chance < _NONE_SHARE + _MULTI_SHARE + _SLIP_OF_TONGUE_SHARE + _CONTRAST_SHARE:
            yield from self._contrast(rng)
        else:
            yield from self._one(rng)

    def _one(self, rng: Random) -> Iterator[Turn]:
        weights = {
            verb: weight for verb, weight in (_VERBS | _READS).items() if verb in self._verbs or verb in self._reads
        } | _TIMERS
        if self._moments:
            weights["moment"] = _MOMENT
        verb = rng.choices(list(weights), list(weights.values()))[0]
        if verb == "moment":
            yield from self._finished(rng, self._moments.say(rng), verb)
        elif verb in _TIMERS:
            yield from self._finished(rng, self._commands.timer(rng, verb), verb)
        else:
            held = self._reads[verb] if verb in self._reads else self._verbs[verb]
            yield from self._finished(rng, self._commands.say(rng, held), verb, question=verb in self._reads)

    def _finished(self, rng: Random, said: Said | None, kind: str, *, question: bool = False) -> Iterator[Turn]:
        """The turn, with the slips of speech that leave its line true."""
        if said is None:
            return
        line = write(said.readings)
        text = said.text
        if not question and rng.random() < _FRONTED_SHARE:
            text = _fronted(text, said)
        elif not question and rng.random() < _OPENED_SHARE:
            text = opened(rng, text, reported=_reportable(said))
        framed_text = framed(rng, text, question=question, wish=wish(said.readings, self._commands.speaker.lexicon))
        # A reason may hold words that make a report or a condition of any sentence.
        text = framed_text if _lets(framed_text, said) else text
        if rng.random() < _SLIP_SHARE:
            text = misheard(rng, text)
        text = normalise_utterance(text)
        if _spoken(said, text) and _lets(text, said):
            yield Turn(text, line, kind)

    def _contrast(self, rng: Random) -> Iterator[Turn]:
        """The same thing commanded, asked about and talked about."""
        for verb in ("on", "off"):
            if verb not in self._verbs or "is" not in self._reads:
                continue
            section, reads = self._verbs[verb][0], self._reads["is"][0]
            ref = self._commands.ref(rng, section, section.templates[0])
            if ref is None:
                continue
            for sort in rng.sample(("command", "question", "none"), 2):
                text = rng.choice(_contrasts()[f"{verb} {sort}"]).say(rng, ref.slots())
                if sort == "none":
                    yield Turn(normalise_utterance(text), NONE, "contrast")
                    continue
                asked = reads if sort == "question" else section
                reading = Reading(asked.function, asked.form, (), (ref.target, *ref.more))
                yield from self._finished(rng, Said(text, (reading,)), "contrast", question=sort == "question")


def _fronted(text: str, said: Said) -> str:
    """The place first ("in the kitchen turn off the lights"), where one is said last."""
    places = {target.place for reading in said.readings for target in reading.targets}
    place = next(iter(places)) if len(places) == 1 else None
    if len(said.readings) != 1 or len(said.readings[0].targets) != 1 or place in {None, HERE, EVERYWHERE}:
        return text
    for mark in (" in the ", " on the ", " in ", " upstairs", " downstairs"):
        before, found, after = text.rpartition(mark)
        if before and found and f" {place}".startswith(f" {after.strip() or mark.strip()}"):
            return f"{mark.strip()} {after} {before}"
    return text


@cache
def _contrasts() -> dict[str, tuple[Template, ...]]:
    return dict(phrases("contrasts.txt"))


def _lets(text: str, said: Said) -> bool:
    """Whether the guard lets the verbs of what is said through: what words forbid is of no use to a model."""
    functions = admitted(builtin_functions(), normalise_utterance(text))
    verbs = {form.verb for function in functions.values() for form in function.forms}
    return all(reading.form.verb in verbs for reading in said.readings)


def _reportable(said: Said) -> bool:
    """Whether somebody else may have asked for it: what opens a house is the speaker's own wish."""
    return all(reading.form.verb not in {"open", "unlock"} for reading in said.readings)


def _spoken(said: Said, text: str) -> bool:
    """Whether the words that a line takes from the utterance are still in it, in a row."""
    words = [
        value
        for reading in said.readings
        for value in reading.values
        if isinstance(value, str) and reading.form.naming == "nothing"
    ]
    return bool(text) and all(f" {word} " in f" {text} " for word in words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="turns to show")
    parser.add_argument("--per-home", type=int, default=10)
    options = parser.parse_args()
    shown = 0
    for each in generate(options.seed, turns=options.per_home):
        print(each.listing)
        for turn in each.turns:
            print(f"    {turn.text}  ->{turn.line}    ({turn.kind})")
        shown += len(each.turns)
        if shown >= options.count:
            return
        print()


if __name__ == "__main__":
    main()
