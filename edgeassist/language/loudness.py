"""What is said of the sound itself, in the words that the model knows: "reduce the volume" is "turn the volume down".

Nobody names a player for that, and who wants silence says so in a hundred ways. How long it is to last is left out: a
player that was muted for an hour is muted.
"""

from __future__ import annotations

import re
from functools import cache

from .exceptions import WRITTEN
from .lexicon import Lexicon
from .verbs import COURTESY

#: Without one of these nobody speaks of the sound, and most utterances hold none.
_WORDS = frozenset(
    "volume sound sounds audio noise voice quiet silent silence peace hush shush zip pipe shut mute talk talking speak"
    " speaking hear disturb speaker speakers noisy it".split()
)
_SEVERAL = frozenset({"and", "then", "but"})
_ITS = r"(?:(?:the|your|my|its|his|her|that|this|all|all the|any) )?"
#: The noun, where it is no part of another: a sound bar is a thing.
_SOUND = (
    rf"{_ITS}(?:volume|sounds?|audio)(?: level| output)?(?! (?:bar|system|machine|effects?|alarm|sensor|proofing)\b)"
)
_LOWEST = r"(?:all the way(?: down| off)?|completely|fully|to (?:the )?(?:zero|minimum|lowest|0(?! \w)))"
#: What is said within a sentence of one command -> plain words, one after the other.
_PARTS = {
    rf"\b(?:(?:reduce|decrease|lower|drop|diminish|lessen|(?:turn|bring|take|cut) down) {_SOUND}|lower your voice)"
    rf"|\b(?:bring|take|put) {_SOUND} down": "turn the volume down",
    rf"\b(?:(?:increase|raise|boost|(?:turn|bring|pump|crank|put) up) {_SOUND}|raise your voice)": "turn the volume up",
    rf"\b(?:turn|switch|shut) (?:off {_SOUND}|{_SOUND} off)|^{_SOUND} off\b"
    rf"|\b(?:kill|cut|disable|deactivate|silence|mute) (?:{_SOUND}|{_ITS}noise)": "mute the volume",
    rf"\b(?:turn|switch|put) (?:{_SOUND} back on|back on {_SOUND}|on {_SOUND}$)": "unmute the volume",
    rf"\b(?:turn the volume down|{_SOUND} right down|(?:(?:turn|take|put|bring) )?{_SOUND}) {_LOWEST}": (
        "turn the volume to 0 percent"
    ),
    r"\byour (?=speakers?\b)": "the ",
}
_PLEASE = rf"(?:(?:hey|now) )?{COURTESY}(?:(?:i (?:want|need|would like)|i'd like) you to |you should )?"
_WANTED = (
    r"(?:(?:i|we) (?:want|need|would like)|(?:i|we)'d like|let's have|give (?:me|us)) (?:(?:some|a bit of|a little) )?"
)
_QUIET = r"(?:quiet|silent|silence|peace and quiet)"
_SELF = r"(?: (?:it|yourself|this|everything|all))?"
_MODE = (
    rf"(?:(?:switch|change|go|turn|put|set|activate|enable|start|enter){_SELF} )?(?:(?:on|to|in|into) )?(?:the )?"
    r"(?:(?:silent|quiet|mute|do not disturb) mode(?: on)?|do not disturb)"
)
#: Why it is to be quiet: then the reason may come first.
_REASON = r"(?:(?:i'm|i am|we're|we are|(?:the|my) \w+(?:'s| is| are)) (?!not\b)[\w' ]{3,40} (?:so |and |please )*)?"
_END = r"(?: (?:please|now|down|thanks|thank you|already|again))*"
_WHILE = (
    r"(?: (?:for|during) (?:(?:the (?:next|rest of the)|about|at least|another) )?(?:an?|one|half an?|\d+|a few"
    r"|a couple of|some|the)? ?(?:\w+ )?(?:seconds?|minutes?|hours?|days?|while|time|bit|moment|night|day|evening"
    r"|morning|today|tonight|now)| (?:until|till) .+)?"
)
#: Whole sentences, meant for whatever makes a sound -> plain words. How long it is to last falls away.
_SENTENCES = {
    rf"(?:{_REASON}{_PLEASE}(?:be|keep|stay|go|remain|fall) {_QUIET}|{_PLEASE}(?:(?:{_WANTED})?{_QUIET}"
    rf"|hush|shush|shut up|shut your mouth|zip it|pipe down|mute{_SELF}|no talking|(?:make )?no noise"
    rf"|(?:put|set|activate|enable){_SELF}(?: (?:on|to|in))? (?:mute|silent)"
    r"|(?:stop|quit) (?:talking|speaking|making (?:any )?(?:noise|sounds?)|playing sounds?)"
    r"|(?:don't|dont|do not) (?:talk|speak|disturb me|make (?:a|any) (?:noise|sounds?))(?: (?:any ?more|to me))?"
    rf"|(?:volume|sound) (?:zero|0)|(?:zero|0) volume|{_MODE})){_END}{_WHILE}{_END}": "mute",
    rf"{_PLEASE}(?:(?:speak|talk) (?:softer|quieter|lower|softly|quietly|more \w+ly)|keep (?:it|your voice|the noise)"
    rf"|(?:it's |that's )?(?:far |way |much )?too noisy(?: in here)?|(?:reduce|lower) the noise){_END}": (
        "turn the volume down"
    ),
    rf"{_PLEASE}(?:(?:speak|talk) (?:louder|up|loudly)|i (?:can't|cant|cannot) hear(?: you)?){_END}": (
        "turn the volume up"
    ),
    rf"{_PLEASE}(?:turn|crank|pump|put|bring) it (?P<way>up|down)"
    rf"(?P<much>(?: (?:just )?(?:a|a little) (?:bit|little|touch|tad))?){_END}": r"turn the volume \g<way>\g<much>",
    rf"(?P<muted>{_PLEASE}(?:mute the volume|mute (?:the |my )?speakers?)){_END}{_WHILE}{_END}": r"\g<muted>",
}
_STOP = re.compile(r"(?: [,?.])*$")


def loudly(words: str, lexicon: Lexicon) -> str:
    """An utterance (see :func:`edgeassist.language.clauses.paused`) that speaks of the sound in plain words.

    Where nothing makes a sound it stays as it was: then what is to be turned down is warm or bright.
    """
    if "players" not in lexicon.nouns or _WORDS.isdisjoint(words.split()) or WRITTEN.search(words):
        return words
    parts, sentences = _patterns()
    if _SEVERAL.isdisjoint(words.split()):
        for pattern, plain in parts:
            words = pattern.sub(plain, words)
    whole = _STOP.sub("", words)
    return next((found.expand(plain) for pattern, plain in sentences if (found := pattern.fullmatch(whole))), words)


@cache
def _patterns() -> tuple[list[tuple[re.Pattern[str], str]], ...]:
    """Those for parts and those for sentences, compiled when somebody first speaks of the sound."""
    return tuple([(re.compile(said), plain) for said, plain in these.items()] for these in (_PARTS, _SENTENCES))
