"""The name that an assistant is called by: "Alexa, mute" is "mute".

Who lived with another assistant calls this one by its name, and recognisers write down the wake word. A person's name
stays: what is said to somebody else is not for us.
"""

from __future__ import annotations

import re

from .lexicon import Lexicon

_NAMES = (
    "alexa|siri|google(?! (?:home|nest|tv|hub|speaker)\\b)|cortana|bixby|jarvis|mycroft|nabu|olly|rhasspy|edgeassist"
    "|home assistant|assistant"
)
_CALLS = "hey|hi|hello|ok|okay|oh|yo"
_STOP = r"(?: [,?.])?"
_FIRST = re.compile(rf"^(?:(?:{_CALLS}) )?(?P<name>{_NAMES}|computer(?! (?:on|off)\b)){_STOP} (?=\w)")
#: Straight behind one of these it is a thing that this home lacks: "turn off the google" is no "turn off".
_THING = "".join(
    rf"(?<!\b{word})" for word in "the my our a an that this on off to with by from in and is of up down".split()
)
_LAST = re.compile(rf"(?<=\w)(?: [,?.]|{_THING}) (?P<name>{_NAMES})(?P<stop>(?: [,?.])?)$")


def unaddressed(words: str, lexicon: Lexicon) -> str:
    """An utterance (see :func:`edgeassist.language.clauses.paused`) without the assistant's name at either end.

    A name that this home has is meant.
    """
    for pattern, rest in ((_FIRST, ""), (_LAST, r"\g<stop>")):
        found = pattern.search(words)
        if found and lexicon.words.isdisjoint(found["name"].split()):
            words = pattern.sub(rest, words)
    return words
