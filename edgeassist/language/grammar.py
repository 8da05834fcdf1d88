"""The grammar of this home and these functions, in pieces of Lark for llguidance.

Each form offers only the targets whose kind and capabilities have it, so a device, a room or a value that does not
exist cannot be decoded. A target is one terminal: llguidance's lexer never backs up, and "lights kitchen" begins like
"lights kitchen sink".

A line takes few of the verbs, and the names of a large home are long: the verbs are one piece, and what may follow each
of them is another, which is written and compiled where a line comes to it. ``MARK`` stands for the piece to come.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain

from edgeassist.functions import Form, Function

from .lexicon import EVERYWHERE, HERE, Lexicon
from .nouns import ALL
from .syntax import NEXT, NONE

#: More commands in one sentence than this are not understood; a line cannot grow without end.
MAX_CALLS = 8
MAX_TARGETS = 12
#: Where another piece goes on.
MARK = "\u0001"
#: The only verbs that "everything" goes with.
FOR_EVERYTHING = frozenset({"on", "off"})
#: The terminal of a run of words of the utterance.
_SPOKEN = "SPOKEN"
_Forms = list[tuple[Function, Form]]


class Grammar:
    """Every line that may be answered to one (normalised) utterance in a home."""

    def __init__(self, functions: Mapping[str, Function], lexicon: Lexicon, utterance: str) -> None:
        self._functions = functions
        self._lexicon = lexicon
        self._utterance = utterance
        #: First word of a verb (nothing before it) and number of the call -> the piece.
        self._written: dict[tuple[str, int], str] = {}

    def after(self, line: str) -> str:
        """The piece that goes on behind a line that has come to the mark; a line begins with nothing."""
        *before, last = line.split(NEXT)
        key = last.strip(), len(before) + 1
        if key not in self._written:
            self._written[key] = self._arguments(*key) if last else self._verbs(key[1])
        return self._written[key]

    def _verbs(self, calls: int) -> str:
        """First words of verbs, none of which begins another one, so that a mark behind them is forced."""
        words = " | ".join(_quote(f" {word}") for word in self._words)
        none = f"{_quote(NONE)} | " if calls == 1 else ""
        return f"start: {none}({words}) {_quote(MARK)}\n"

    def _arguments(self, word: str, calls: int) -> str:
        """What may follow the first word of a verb, and then another call, up to the last."""
        builder = _Builder(self._functions, self._lexicon)
        more = f" ({_quote(NEXT)} {_quote(MARK)})?" if calls < MAX_CALLS else ""
        lines = [f"start: ({' | '.join(builder.calls(self._words[word]))}){more}", *builder.rules()]
        if any(_SPOKEN in line for line in lines):
            lines.append(f"{_SPOKEN}: %regex {json.dumps({'substring_words': self._utterance}, ensure_ascii=False)}")
        return "\n".join(lines) + "\n"

    @cached_property
    def _words(self) -> dict[str, _Forms]:
        """First words of the verbs that there is something for -> their forms."""
        builder = _Builder(self._functions, self._lexicon)
        found: dict[str, _Forms] = defaultdict(list)
        for function in self._functions.values():
            for form in function.forms:
                if builder.possible(function, form):
                    found[form.verb.partition(" ")[0]].append((function, form))
        return dict(found)


@lru_cache(maxsize=8192)
def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Builder:
    """Writes calls and collects the rules of their targets; forms with the same targets share one."""

    def __init__(self, functions: Mapping[str, Function], lexicon: Lexicon) -> None:
        self._functions = functions
        self._lexicon = lexicon
        self._terminals: dict[str, str] = {}

    def possible(self, function: Function, form: Form) -> bool:
        """Whether there is anything in the home that the form may be said of."""
        return form.naming == "nothing" or any(self._alternatives(function, form))

    def calls(self, forms: _Forms) -> list[str]:
        """What follows the first word of each form's verb."""
        return [self._call(function, form) for function, form in forms]

    def rules(self) -> Iterable[str]:
        return (f"{name}: {text}" for text, name in self._terminals.items())

    def _call(self, function: Function, form: Form) -> str:
        # A verb of several words is several terminals, since another line may begin with its first word as well.
        rest = form.verb.partition(" ")[2]
        words = [_quote(f" {rest}" if rest else "")]
        words += [f"({part.slot.lark(_SPOKEN)})" + ("?" if part.optional else "") for part in form.parts]
        if form.naming != "nothing":
            text = '" " (' + " | ".join(self._alternatives(function, form)) + ")"
            targets = self._terminals.setdefault(text, f"T{len(self._terminals)}")
            words.append(f'{targets} ("," {targets}){{0,{MAX_TARGETS - 1}}}')
        return " ".join(words)

    def _alternatives(self, function: Function, form: Form) -> Iterator[str]:
        """The form's targets: devices by name, and nouns and places where there is something."""
        reach = self._lexicon.reach
        ids = reach.fitting(function, form)
        yield from self._named(ids)
        if form.naming == "noun":
            yield from self._qualified(form, ids, among=self._lexicon.nouns)
        elif form.naming == "place":
            yield from self._qualified(form, ids, among=self._lexicon.nouns.keys() & self._lexicon.shared)
            yield from map(_quote, self._sayable(reach.places(ids | reach.granting(form))))
        yield from self._named(reach.standing_in(self._functions, function, form))

    def _named(self, ids: frozenset[str]) -> Iterator[str]:
        named = chain(self._lexicon.labels.items(), self._lexicon.nicknames.items())
        return (_quote(words) for words, device in named if device in ids)

    def _qualified(self, form: Form, ids: frozenset[str], among: Collection[str]) -> Iterator[str]:
        """Nouns with the places where such devices are, grouped by equal places."""
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for noun, places in self._lexicon.reach.nouns(ids).items():
            if noun in among and (noun != ALL.plural or form.verb in FOR_EVERYTHING):
                groups[self._sayable(places)] += [noun, *self._lexicon.also.get(noun, ())]
        for places, nouns in groups.items():
            yield f'({" | ".join(map(_quote, nouns))}) " " ({" | ".join(map(_quote, places))})'

    def _sayable(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """Of the places where there is something, those that this lexicon names, and here."""
        if not places:
            return ()
        named = (place for place in places if place in self._lexicon.places or place == EVERYWHERE)
        return (*(words for place in named for words in (place, *self._lexicon.also.get(place, ()))), HERE)
