"""The grammar of this home and these functions, as Lark for llguidance.

Each form offers only the targets whose kind and capabilities have it, so a device, a room or a value that does not
exist
cannot be decoded. A target is one terminal: llguidance's lexer never backs up, and "lights kitchen" begins like "lights
kitchen sink".
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from edgeassist.functions import Form, Function

from .lexicon import EVERYWHERE, HERE, Lexicon
from .nouns import ALL
from .syntax import NEXT, NONE

#: More commands in one sentence than this are not understood; a line cannot grow without end.
MAX_CALLS = 8
MAX_TARGETS = 12
#: What follows a verb whose arguments are left open.
OPEN = "\u0001"
#: The only verbs that "everything" goes with.
FOR_EVERYTHING = frozenset({"on", "off"})


def grammar(functions: Mapping[str, Function], lexicon: Lexicon, utterance: str | None) -> str:
    """Lark text of every line that may be answered to that (normalised) utterance in this home.

    Without an utterance it is the same for all that could be said, and ``OPEN`` stands in place of arguments that
    are words of it.
    """
    builder = _Builder(functions, lexicon, open_words=utterance is None)
    calls = [
        call for function in functions.values() for form in function.forms if (call := builder.call(function, form))
    ]
    lines = [
        f"start: {_quote(NONE)} | call ({_quote(NEXT)} call){{0,{MAX_CALLS - 1}}}",
        "call: " + "\n    | ".join(calls or [_quote(NONE)]),
        *builder.rules(),
    ]
    if any("SPOKEN" in call for call in calls):
        lines.append(f"SPOKEN: %regex {json.dumps({'substring_words': utterance}, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=8192)
def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _verb(form: Form) -> list[str]:
    """A verb of several words is two terminals, since another line may begin with its first word as well."""
    first, _, rest = form.verb.partition(" ")
    return [first, rest] if rest else [first]


class _Builder:
    """Collects the target rules; forms with the same targets share one."""

    def __init__(self, functions: Mapping[str, Function], lexicon: Lexicon, *, open_words: bool) -> None:
        self._functions = functions
        self._lexicon = lexicon
        self._open_words = open_words
        self._terminals: dict[str, str] = {}
        self._named: dict[tuple[frozenset[str], frozenset[str], str, bool], str | None] = {}

    def call(self, function: Function, form: Form) -> str | None:
        """The alternative for one form, or None where nothing in the home has it."""
        words = [_quote(f" {word}") for word in _verb(form)]
        parts = [f"({part.slot.lark('SPOKEN')})" + ("?" if part.optional else "") for part in form.parts]
        if self._open_words and any("SPOKEN" in part for part in parts):
            return " ".join([*words, _quote(OPEN)])
        words += parts
        if form.naming != "nothing":
            reach = self._lexicon.reach
            targets = self._targets(
                form, reach.fitting(function, form), reach.standing_in(self._functions, function, form)
            )
            if targets is None:
                return None
            words.append(f'{targets} ("," {targets}){{0,{MAX_TARGETS - 1}}}')
        return " ".join(words)

    def rules(self) -> Iterable[str]:
        return (f"{name}: {text}" for text, name in self._terminals.items())

    def _targets(self, form: Form, ids: frozenset[str], others: frozenset[str]) -> str | None:
        """The rule of the form's targets, None where there are none; ``others`` are named one by one only."""
        key = ids, others, form.naming, form.verb in FOR_EVERYTHING
        if key not in self._named:
            alternatives = self._alternatives(form, ids, others)
            text = '" " (' + " | ".join(alternatives) + ")"
            self._named[key] = self._terminals.setdefault(text, f"T{len(self._terminals)}") if alternatives else None
        return self._named[key]

    def _alternatives(self, form: Form, ids: frozenset[str], others: frozenset[str]) -> list[str]:
        named = (*self._lexicon.labels.items(), *self._lexicon.nicknames.items())
        alternatives = [_quote(words) for words, device in named if device in ids or device in others]
        reach = self._lexicon.reach
        nouns = {noun: places for noun, places in reach.nouns(ids).items() if noun in self._lexicon.nouns}
        if form.naming == "noun":
            alternatives += self._qualified(nouns, form)
        elif form.naming == "place":
            shared = {noun: places for noun, places in nouns.items() if noun in self._lexicon.shared}
            alternatives += self._qualified(shared, form)
            alternatives += [_quote(place) for place in self._sayable(reach.places(ids))]
        return alternatives

    def _qualified(self, nouns: Mapping[str, tuple[str, ...]], form: Form) -> list[str]:
        """Nouns with the places where such devices are, grouped by equal places."""
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for noun, places in nouns.items():
            if noun == ALL.plural and form.verb not in FOR_EVERYTHING:
                continue
            groups[self._sayable(places)].append(noun)
        return [
            f'({" | ".join(map(_quote, nouns))}) " " ({" | ".join(map(_quote, places))})'
            for places, nouns in groups.items()
        ]

    def _sayable(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """Of the places where there is something, those that this lexicon names, and here."""
        if not places:
            return ()
        return (*(place for place in places if place in self._lexicon.places or place == EVERYWHERE), HERE)
