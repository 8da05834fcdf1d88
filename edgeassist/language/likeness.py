"""How alike words are. rapidfuzz is loaded by the first question: most utterances call things by their names."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def ratio(one: str, other: str) -> float:
    """Likeness of two words, 0 to 100."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def most_alike(word: str, others: Sequence[str], least: float, limit: int) -> list[tuple[str, float]]:
    """At most ``limit`` words that are at least so like it, with their likeness, the most alike first."""
    from rapidfuzz import fuzz, process

    found = process.extract(word, others, scorer=fuzz.ratio, score_cutoff=least, limit=limit)
    return [(other, score) for other, score, _ in found]


def within(text: str, others: Collection[str], least: float) -> str | None:
    """What is most like some part of a text, if it is at least so like it."""
    from rapidfuzz import fuzz, process

    best = process.extractOne(text, others, scorer=fuzz.partial_ratio, score_cutoff=least)
    return best[0] if best else None


def spelt_nearest(word: str, others: Sequence[str], most: int) -> str | None:
    """The one word that is fewer slips away than any other, and at most so many; a slip of two neighbours is one."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=2)
    return near[0][0] if near and (len(near) == 1 or near[0][1] < near[1][1]) else None
