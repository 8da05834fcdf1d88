"""Talk around a plain command that changes nothing about it: gossip, excuses, a search for the word."""

from __future__ import annotations

from random import Random

from .template import phrases, words


def person(rng: Random) -> str:
    """Somebody who is spoken of."""
    return rng.choice(words("rambles.txt")["people"])


def rambled(rng: Random, text: str) -> str:
    """The text behind long talk, before it, or in the midst of it."""
    chance = rng.random()
    if chance < 0.7:
        link = f" {rng.choice(words('rambles.txt')['links'])}" if rng.random() < 0.6 else ""
        talk = _said(rng, "before")
        if rng.random() < 0.15:
            talk = f"{talk} {rng.choice(('and', 'oh and', 'and then', 'and anyway'))} {_said(rng, 'before')}"
        text = f"{talk}{link} {text}"
    return f"{text} {_said(rng, 'after')}" if chance > 0.5 else text


def told(rng: Random, imperative: str) -> str:
    """The imperative as somebody else's wish: "tom asked me to tell you to turn off the lamp"."""
    return f"{_said(rng, 'told')} {imperative}"


def searched(rng: Random) -> str:
    """What stands between an article and a name that does not come at once."""
    return _said(rng, "searches")


def affirmed(rng: Random) -> str:
    """What stands behind a name that has come at last."""
    return _said(rng, "that")


def confirmed(rng: Random) -> str:
    """What stands behind a correction, now and then, with the space before it."""
    return f" {_said(rng, 'firm')}" if rng.random() < 0.3 else ""


def _said(rng: Random, heading: str) -> str:
    return rng.choice(dict(phrases("rambles.txt"))[heading]).say(rng, {"who": person(rng)})
