"""What can be said in this home: the grammar and the words that a recogniser is narrowed to.

A sentence outside of it is heard wrongly or not at all, so it follows the ways in which people say each function, and
only things that can do it are offered ("lock the kettle" cannot be heard).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from edgeassist.home import Home

from .names import NUMBERS, guarded_in, names_of

_COLOURS = "red green blue yellow orange purple pink white".split()
#: Rule -> alternatives; "<x>" refers to a rule of the home's things, and a sentence without its things is left out.
_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "power": ("( turn | switch ) ( on | off ) [ the ] <power>", "( turn | switch ) [ the ] <power> ( on | off )"),
    "power_noun": (
        "( turn | switch ) ( on | off ) all the <power_noun>",
        "( turn | switch ) ( on | off ) [ [ all ] the ] <power_noun> in [ the ] <place>",
    ),
    "dimmable": (
        "( dim | set | turn ) [ the ] <dimmable> to <percent> percent",
        "( dim | brighten ) [ the ] <dimmable>",
        "make [ the ] <dimmable> ( brighter | darker )",
    ),
    "dimmable_noun": ("( dim | brighten ) [ the ] <dimmable_noun> in [ the ] <place>",),
    "coloured": ("( make | turn | set ) [ the ] <coloured> [ to ] <colour>",),
    "cover": ("( open | close ) [ the ] <cover>",),
    "cover_noun": (
        "( open | close ) all the <cover_noun>",
        "( open | close ) [ [ all ] the ] <cover_noun> in [ the ] <place>",
    ),
    "stoppable": ("stop [ the ] <stoppable>",),
    "position": ("( set | open | close ) [ the ] <position> to <percent> percent",),
    "lock": ("( lock | unlock ) [ the ] <lock>",),
    "climate": (
        "( set | turn ) [ the ] <climate> to <degrees> [ degrees ]",
        "turn ( up | down ) [ the ] <climate>",
        "turn [ the ] <climate> ( up | down )",
    ),
    "fan": ("( set | turn ) [ the ] <fan> to <percent> percent",),
    "player": (
        "( pause | play | stop | mute | unmute ) [ the ] <player>",
        "turn [ the ] <player> ( up | down )",
        "turn ( up | down ) [ the ] <player>",
        "set the volume [ of [ the ] <player> ] to <percent> [ percent ]",
        "turn ( up | down ) the volume",
        "turn the volume ( up | down )",
        "( next | previous ) ( song | track )",
    ),
    "vacuum": (
        "start [ the ] <vacuum>",
        "( send [ the ] <vacuum> ( home | back | back home ) | dock [ the ] <vacuum> )",
    ),
    "scene": ("( activate | run ) [ the ] <scene> [ scene ]",),
    "humid": ("( what is | what's ) the humidity [ in [ the ] <humid> ]",),
    "place": (
        "set [ the ] ( <place> | temperature [ in [ the ] <place> ] ) to <degrees> degrees",
        "( what is | what's ) the temperature [ in [ the ] <place> ]",
        "turn ( on | off ) everything [ [ in the ] <place> ]",
    ),
}
_ALWAYS = (
    "is [ the ] <state> ( on | off | open | closed | locked | unlocked )",
    "set a timer for <number> ( second | seconds | minute | minutes | hour | hours )",
    "cancel the timer",
    "how long is left on the timer",
)
_POLITE = "( please | ( could | can | would ) you )"
#: How often one command follows another in a sentence, roughly: without it, noise is heard as two of them.
_SECOND = 0.02
#: Without "do it", as which nearly every other short word is heard.
_ANSWERS = ("yes", "yes please", "confirm", "no", "no thanks", "cancel", "stop")
_OPPOSITES = {"lock": "unlock", "unlock": "lock", "on": "off", "off": "on", "open": "close", "close": "open"}
_LOCKING = frozenset({"lock", "unlock"})
#: Entrances are opened and moved, and sirens switched, only after a question; the others are done at once.
_ASKED = frozenset({"unlock", "open", "set", "on", "off"})
_NOT_ASKED = frozenset({"lock", "close", "stop"})
_ASKING = frozenset({"is", "what", "what's", "how"})
_WORD = re.compile(r"[^\s\[\]()|<>]+")
_REFERENCE = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Phrases:
    """Rules of a grammar: ``lists`` of plain words, and ``sentences`` that refer to them as ``<list>``.

    ``wake`` is the phrase that a sentence must begin with, where the recogniser is the wake word as well. ``guarded``
    are the names of what lets somebody in or makes a noise, and the devices that they mean.
    """

    lists: Mapping[str, tuple[str, ...]]
    sentences: tuple[str, ...]
    answers: tuple[str, ...] = _ANSWERS
    wake: str = ""
    guarded: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Home, wake: str = "") -> Phrases:
        lists = {**names_of(home), **NUMBERS, "colour": tuple(_COLOURS)}
        sentences = [sentence for name, group in _SENTENCES.items() if name in lists for sentence in group]
        usable = (each for each in (*sentences, *_ALWAYS) if set(_REFERENCE.findall(each)) <= lists.keys())
        return cls(lists, tuple(usable), wake=wake, guarded=guarded_in(home))

    def rivals(self, sentence: str) -> tuple[str, tuple[str, ...]]:
        """The opposite, and what else may have been said, where a mistake matters; nothing otherwise."""
        call = f"{self.wake} " if self.wake and sentence.startswith(f"{self.wake} ") else ""
        said = sentence.removeprefix(call)
        words = said.split()
        named = [name for name in self.guarded if f" {name} " in f" {sentence} "]
        if not words or words[0] in _ASKING or not (named or _LOCKING & set(words)):
            return "", ()
        found = [f"{call}don't {said}", f"{call}do not {said}"]
        for name in named:
            found += [f"{call}is the {name} {state}" for state in ("locked", "open", "closed")]
            others = (each for each, ids in self.guarded.items() if not ids & self.guarded[name])
            found += [sentence.replace(name, other) for other in others]
        opposite = call + " ".join(_OPPOSITES.get(word, word) for word in words)
        return opposite, tuple(each for each in dict.fromkeys(found) if each not in {sentence, opposite})

    def without(self, unknown: Callable[[str], bool]) -> tuple[Phrases, tuple[str, ...]]:
        """The same without names that hold a word which the recogniser does not know, and those names."""
        dropped: set[str] = set()
        lists: dict[str, tuple[str, ...]] = {}
        for name, alternatives in self.lists.items():
            bad = {each for each in alternatives if any(unknown(word) for word in each.split())}
            dropped |= bad
            if kept := tuple(each for each in alternatives if each not in bad):
                lists[name] = kept
        sentences = tuple(
            _without(each, unknown) for each in self.sentences if set(_REFERENCE.findall(each)) <= lists.keys()
        )
        return replace(self, lists=lists, sentences=sentences), tuple(sorted(dropped))

    def jsgf(self, *, answers: bool = False) -> str:
        """The grammar in the Java Speech Grammar Format: a question, or an order and one after "and"."""
        if answers:
            return "#JSGF V1.0;\ngrammar answers;\npublic <answer> = " + " | ".join(self.answers) + ";\n"
        lines = ["#JSGF V1.0;", "grammar home;"]
        lines += [f"<{name}> = {' | '.join(words)};" for name, words in self.lists.items()]
        questions = [each for each in self.sentences if set(each.split()[:2]) & _ASKING]
        orders = [each for each in self.sentences if each not in questions]
        spoken = []
        if orders:
            lines.append(f"<order> = {' | '.join(orders)};")
            spoken.append(f"[ {_POLITE} ] <order> [ /{_SECOND}/ and <order> ] [ please ]")
        if questions:
            lines.append(f"<question> = {' | '.join(questions)};")
            spoken.append("<question>")
        wake = f"{self.wake} " if self.wake else ""
        lines.append(f"public <command> = {wake}( {' | '.join(spoken)} );")
        return "\n".join(lines) + "\n"

    def fragments(self, *, answers: bool = False) -> list[str]:
        """Names, places and the words between them, each once, for a recogniser that takes a list."""
        if answers:
            return list(self.answers)
        spoken = (*self.sentences, _POLITE)
        between = {word for sentence in spoken for word in _WORD.findall(_REFERENCE.sub(" ", sentence))}
        named = {words for alternatives in self.lists.values() for words in alternatives}
        return sorted(between | named | {"and", "the"} | ({self.wake} if self.wake else set()))


def asks_first(sentence: str) -> bool:
    """Whether a question follows in any case where a sentence matters, so that a mistake costs no more than a no."""
    words = set(sentence.split())
    return bool(words & _ASKED) and not words & _NOT_ASKED


def _without(sentence: str, unknown: Callable[[str], bool]) -> str:
    """A sentence without the words of a choice that the recogniser does not know."""
    for word in set(_WORD.findall(_REFERENCE.sub(" ", sentence))):
        if unknown(word):
            sentence = re.sub(rf"\| {word}(?= )|(?<= ){word} \|", "", sentence)
    return sentence
