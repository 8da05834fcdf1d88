"""The labels that an utterance could mean, for homes with more devices than a prompt should show.

Purely lexical: every label is scored by the rarity of the words that it shares with the utterance, misspelt and joined
words
included. It keeps the grammar small; the model still decides.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from .lexicon import Lexicon
from .likeness import most_alike

#: Homes with at most this many labels go into the grammar whole.
WHOLE = 64
_SIMILAR = 75
#: Places that are kept; a sentence that names more of them is no command.
_PLACES = 16
_STOP = frozenset("the a an in on off of to and my is are please turn switch set all at up down it for me".split())


class Shortlister:
    """Narrows a lexicon to an utterance. Immutable once built, so it is rebuilt with the home."""

    def __init__(self, lexicon: Lexicon, keep: int = 32) -> None:
        self._lexicon = lexicon
        self._keep = keep
        #: Word -> labels, in an order that does not change from process to process.
        self._labels_with: dict[str, dict[str, None]] = defaultdict(dict)
        for label in lexicon.labels:
            for word in label.split():
                self._labels_with[word][label] = None

    def narrow(self, text: str) -> Lexicon:
        """The whole lexicon where it is small, so that its grammar is compiled once; else what the text could mean."""
        lexicon = self._lexicon
        if len(lexicon.labels) <= WHOLE:
            return lexicon
        spoken = self._words(text.split())
        labels = [label for label, _ in self._scores(spoken).most_common(self._keep)]
        return lexicon.narrow({lexicon.labels[label] for label in labels}, self._places(spoken))

    @cached_property
    def _vocabulary(self) -> list[str]:
        places = (word for place in self._lexicon.places for word in place.split())
        return sorted({*self._labels_with, *places, *self._compounds})

    @cached_property
    def _compounds(self) -> dict[str, tuple[str, str]]:
        """Two neighbouring words of a name as recognisers may write them, in one -> the two."""
        names = (*self._lexicon.labels, *self._lexicon.places)
        return {a + b: (a, b) for name in names for a, b in pairwise(name.split())}

    def _words(self, spoken: Iterable[str]) -> dict[str, float]:
        """Words of names that were said, or nearly so -> similarity, 0 to 1; joined and parted words included."""
        words = [word for word in spoken if word not in _STOP] or list(spoken)
        joined = [a + b for a, b in pairwise(words)]
        found: dict[str, float] = {}
        for word in (*words, *joined):
            for match, score in most_alike(word, self._vocabulary, _SIMILAR, limit=6):
                for part in (match, *self._compounds.get(match, ())):
                    found[part] = max(found.get(part, 0.0), score / 100)
        return found

    def _scores(self, spoken: dict[str, float]) -> Counter[str]:
        """Label -> weight of its words that were said, less a little for each that was not."""
        total = len(self._lexicon.labels)
        scores: Counter[str] = Counter()
        for word, similarity in spoken.items():
            labels = self._labels_with.get(word, {})
            for label in labels:
                scores[label] += similarity * math.log(1 + total / len(labels))  # type: ignore[assignment]
        for label in scores:
            missing = sum(word not in spoken for word in label.split())
            scores[label] -= 0.3 * missing  # type: ignore[assignment]
        return scores

    def _places(self, spoken: dict[str, float]) -> list[str]:
        """Places of which a word was said; of too many those of which most was."""
        shares = Counter({place: _share(place.split(), spoken) for place in self._lexicon.places})
        return [place for place, share in shares.most_common(_PLACES) if share > 0]


def _share(words: list[str], spoken: dict[str, float]) -> float:
    return sum(spoken.get(word, 0.0) for word in words) / len(words)
