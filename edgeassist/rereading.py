"""What the model is unsure of, read a second time: clause by clause, or with the names that it sounds like.

The first reading of the whole sentence stands unless the model is surer of the other one, and nothing is meant that the
whole sentence must not mean.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from edgeassist.engine.decoder import Decoded
from edgeassist.errors import DeadlineExceeded, ModelError
from edgeassist.functions import Function
from edgeassist.language import syntax
from edgeassist.language.agreement import Alternative
from edgeassist.language.clauses import asks_and_commands, clauses
from edgeassist.language.exceptions import Spared
from edgeassist.language.guard import admitted
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.standins import grants
from edgeassist.verdicts import secures

#: A whole sentence is read again by its clauses below this confidence, or where it holds fewer commands than clauses;
#: then each clause must be surer than the whole, or as sure as this.
SURE = 0.9
MISSING = 0.5
#: A line less probable than this is compared with others; the passes that it takes are spent on the doubtful alone.
DOUBT = 0.5
#: What a sentence means with names for words that sound like them, the model must be surer of than this, and than of
#: what it read first.
MEANT = 0.8
#: Where these were misheard, something is shut or locked that need not be.
_SHUTTING = frozenset({"close", "lock"})


@dataclass(frozen=True)
class Understood:
    """What an utterance was read as. No reading at all means that it was understood as not for us.

    ``confidence`` is that of the reading that the model is least sure of. Where it was in doubt, ``lines`` are what it
    hesitated between (see :func:`edgeassist.language.agreement.confidence`). ``text`` is normalised, and without the
    exception that is ``spared``. ``question`` is what must be asked first; then there is no reading.
    """

    text: str
    line: str
    readings: tuple[syntax.Reading, ...]
    lexicon: Lexicon
    confidence: float
    decoded: Decoded
    seconds: float
    spared: Spared | None = None
    lines: tuple[tuple[Alternative, ...], ...] = ()
    question: str = ""

    @property
    def vague(self) -> bool:
        """Whether it may have been misheard: nothing was read, or no device by its name, or the model was in doubt."""
        named = any(target.label for reading in self.readings for target in reading.targets)
        return not named or self.confidence < DOUBT


class Reader(Protocol):
    """Reads (normalised) words with some functions until an instant of :func:`time.monotonic`."""

    def __call__(self, words: str, functions: Mapping[str, Function], deadline: float, /) -> Understood: ...


def by_clauses(
    whole: Understood, said: str, read: Reader, functions: Mapping[str, Function], deadline: float
) -> Understood:
    """What the clauses say one by one, where there are several and the model is surer of each than of the whole.

    A clause means nothing that the whole sentence must not: the later time of one holds for the next. Only behind a
    question that ends before it a command stands by itself. ``said`` are the words with the pauses between them.
    """
    parts = clauses(said, whole.lexicon)
    named = sum(max(1, len(reading.targets)) for reading in whole.readings)
    if len(parts) < 2 or (named >= len(parts) and whole.confidence > SURE):
        return whole
    least = min(whole.confidence, MISSING) if named < len(parts) and whole.readings else whole.confidence
    if not asks_and_commands(parts):
        functions = admitted(functions, whole.text)
    found: list[Understood] = []
    for part in parts:
        one = _again(read, part, functions, deadline)
        if one is None or not one.readings or one.confidence <= least:
            return whole
        found.append(one)
    return replace(
        whole,
        line=syntax.NEXT.join(one.line for one in found),
        readings=tuple(reading for one in found for reading in one.readings),
        confidence=min(one.confidence for one in found),
        decoded=whole.decoded.after(*(one.decoded for one in found)),
        lines=tuple(line for one in found for line in one.lines),
    )


def as_meant(
    found: Understood, meant: str, read: Reader, functions: Mapping[str, Function], deadline: float
) -> Understood:
    """What the words say that were ``meant`` by those that were heard, where it may be acted upon.

    It changes no verb that was read, lets nobody in, and means nothing that the words as heard must not.
    """
    again = _again(read, meant, admitted(functions, found.text), deadline)
    least = max(MEANT, found.confidence) if found.readings else MEANT
    if again is None or not again.readings or again.confidence <= least:
        return found
    if (found.readings and _verbs(again) != _verbs(found)) or any(
        _secures(each, again.lexicon)
        for each in again.readings
        if not each.function.reads and each.form.verb not in _SHUTTING
    ):
        return found
    return replace(again, decoded=again.decoded.after(found.decoded))


def as_helped(found: Understood, words: str, functions: Mapping[str, Function]) -> Understood:
    """What helps with what these ``words`` complain of, or is to go on a list, where the model is not sure of another.

    It means nothing that the words must not, and only what a device of this home can do.
    """
    if found.readings and found.confidence > SURE:
        return found
    # Most utterances need neither, and their patterns take a while to compile, and memory.
    from edgeassist.language.complaints import helped
    from edgeassist.language.listed import listed

    line = None if found.readings else listed(words)
    line = line or helped(words, found.lexicon)
    if line is None:
        return found
    try:
        readings = syntax.read(line, admitted(functions, found.text), found.lexicon)
    except ValueError:
        return found
    if not all(_can_be_done(reading, found.lexicon) for reading in readings):
        return found
    return replace(found, line=line, readings=readings, confidence=MEANT, lines=())


def as_timed(
    found: Understood, words: str, read: Reader, functions: Mapping[str, Function], deadline: float
) -> Understood:
    """What to say where nothing but the time forbids it: without that, these ``words`` are a plain command."""
    from edgeassist.language.later import at_once, without_time

    rest = without_time(words)
    again = _again(read, rest, admitted(functions, rest), deadline) if rest else None
    if rest is None or again is None or not again.readings or again.confidence <= DOUBT:
        return found
    if any(reading.function.reads or not reading.function.kinds for reading in again.readings):
        return found
    return replace(found, question=at_once(words, rest))


def _can_be_done(reading: syntax.Reading, lexicon: Lexicon) -> bool:
    fitting = lexicon.reach.fitting(reading.function, reading.form)
    return (
        not reading.function.kinds
        or bool(fitting)
        or any(grants(reading.form.verb, device) for device in lexicon.home.devices)
    )


def _again(read: Reader, words: str, functions: Mapping[str, Function], deadline: float) -> Understood | None:
    """Another reading of what was read already, in half of the time that is left; None where there is none."""
    now = time.monotonic()
    try:
        return read(words, functions, now + (deadline - now) / 2)
    except (DeadlineExceeded, ModelError):
        return None


def _verbs(understood: Understood) -> list[str]:
    return [reading.form.verb for reading in understood.readings]


def _secures(reading: syntax.Reading, lexicon: Lexicon) -> bool:
    """Whether something that keeps the house secure may be among the targets."""
    fitting = lexicon.reach.fitting(reading.function, reading.form)
    named = (
        {lexicon.device_of(target.label)} if target.label else lexicon.nouns.get(target.noun or "", fitting)
        for target in reading.targets
    )
    return any(secures(lexicon.home.by_id[device]) for each in named for device in fitting & each)
