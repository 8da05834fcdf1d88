"""Whether the shortlist of a large home still holds the device that was meant."""

from __future__ import annotations

from collections import Counter

from edgeassist.home import Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.shortlist import Shortlister

from .home import phrasings


def recall(home: Home) -> float:
    """The share of all phrasings of all devices whose shortlist names the device; 1.0 for a home that fits whole."""
    said, missed = tally(home)
    return 1 - missed.total() / said.total()


def tally(home: Home) -> tuple[Counter[str], Counter[str]]:
    """What was said and what was missed, by the sort of phrasing."""
    shortlister = Shortlister(Lexicon.of(home))
    said: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for device in home.devices:
        for sort, text in phrasings(device):
            said[sort] += 1
            if device.id not in shortlister.narrow(text).labels.values():
                missed[sort] += 1
    return said, missed
