"""What several commands in one sentence and a corrected command have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from .commands import Commands
from .naming import Ref
from .sections import Said, Section

#: Verbs whose amount is said behind the target.
VALUED = ("brightness", "color", "position", "temperature", "volume", "speed")
_BEHIND = re.compile(r"(on|off|up|down|out|in|back|open|apart)\)? \{t\}( |$)")

Maker = Callable[[Random], Said | None]


class Joiner:
    """The verbs of a home, and single commands whose target is known."""

    def __init__(
        self, commands: Commands, verbs: Mapping[str, tuple[Section, ...]], weights: Mapping[str, float]
    ) -> None:
        self._commands = commands
        self._verbs = verbs
        self._weights = {verb: weights[verb] for verb in verbs}

    def _verb(self, rng: Random) -> str:
        return rng.choices(list(self._weights), list(self._weights.values()))[0]

    def _plain(self, verb: str, *, core: bool = True) -> list[Section]:
        """Sections of the verb that name any target."""
        return [s for s in self._verbs.get(verb, ()) if not s.implied and not s.nouns and (s.core or not core)]

    def _with_ref(self, rng: Random, section: Section) -> tuple[Said, Ref] | None:
        numbers = [n for n in section.core if "t" in section.templates[n].slots]
        if not numbers:
            return None
        number = rng.choice(numbers)
        ref = self._commands.ref(rng, section, section.templates[number])
        said = ref and self._commands.realise(rng, section, section.templates[number], section.fixed[number], [ref])
        return (said, ref) if said and ref else None


def one_of(rng: Random, makers: Sequence[tuple[Maker, float]]) -> Said | None:
    """What one of some makers says, chosen by weight."""
    return rng.choices([maker for maker, _ in makers], [weight for _, weight in makers])[0](rng)


def with_pronoun(section: Section) -> list[int]:
    """Core templates in which the target may be "it": not "turn on it"."""
    return [
        n
        for n in section.core
        if "t" in section.templates[n].slots <= {"t", "v"} and not _BEHIND.search(section.templates[n].source)
    ]


def words_of(rng: Random, ref: Ref) -> str:
    det = ref.det if ref.target.label is None or rng.random() < 0.85 else ""
    return " ".join(filter(None, (det, ref.bare, ref.tail)))
