"""What is said of the sound itself, in the words that the model knows: "reduce the volume" is "turn the volume down".

Nobody names a player for that, and who wants silence says so in a hundred ways. How long it is to last is left out: a
player that was muted for an hour is muted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .exceptions import WRITTEN
from .lexicon import Lexicon
from .verbs import COURTESY

#: Without one of these nobody speaks of the sound, and most utterances hold none.
_WORDS = frozenset(
    "volume sound sounds audio noise voice quiet silent silence peace hush shush zip pipe shut mute talk talking speak"
    " speaking hear quieten muted disturb speaker speakers noisy it shh shhh ssh tongue turn"
    " respond reply bother loud shouting yelling tone tune beat bass".split()
)
_SEVERAL = frozenset({"and", "then", "but"})
_ITS = r"(?:(?:the|your|my|its|his|her|that|this|all|all the|any) )?"
#: The noun, where it is no part of another: a sound bar is a thing.
_SOUND = (
    rf"{_ITS}(?:volume|sounds?|audio)(?: level| output)?(?! (?:bar|system|machine|effects?|alarm|sensor|proofing)\b)"
)
_HEARD = rf"(?:{_SOUND}|{_ITS}(?:noise|voice))"
_LOWEST = r"(?:all the way(?: down| off)?|completely|fully|to (?:the )?(?:zero|minimum|lowest|0(?! \w)))"
#: Plain words -> what is said in their place within a sentence of one command, one after the other.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "turn the volume down": (
        rf"\b(?:reduce|decrease|lower|drop|diminish|lessen|(?:turn|bring|take|cut) down) {_SOUND}",
        rf"\b(?:bring|take|put) {_SOUND} down",
        r"\blower your voice",
        rf"^(?:soft|low down|slow(?: down)?) {_SOUND}",
    ),
    "turn the volume up": (
        rf"\b(?:increase|raise|boost|(?:turn|bring|pump|crank|put) up) {_SOUND}",
        r"\braise your voice",
    ),
    "mute the volume": (
        rf"\b(?:turn|switch|shut) (?:off {_HEARD}|{_HEARD} off)",
        rf"^(?:{_HEARD} (?:turn(?:ed)? |switch(?:ed)? )?off|off {_HEARD})\b",
        rf"\b(?:kill|cut|disable|deactivate|silence|mute|stop|end|cancel) {_HEARD}",
    ),
    "unmute the volume": (
        rf"\b(?:turn|switch|put) (?:{_SOUND} back on|back on {_SOUND}|on {_SOUND}$)",
        rf"^(?:(?:enable|activate|restore) {_SOUND}|{_SOUND} (?:back )?on)$",
    ),
    "turn the volume to 0 percent": (
        rf"\b(?:turn the volume down|{_SOUND} right down|(?:(?:turn|take|put|bring) )?{_SOUND}) {_LOWEST}",
    ),
    "the ": (r"\byour (?=speakers?\b)",),
}
_PLEASE = rf"(?:(?:hey|now) )?{COURTESY}(?:(?:i (?:want|need|would like)|i'd like) you to |you should )?"
_WANTED = (
    r"(?:(?:i|we) (?:want|need|would like)|(?:i|we)'d like|let's have|give (?:me|us)) (?:(?:some|a bit of|a little) )?"
)
_QUIET = r"(?:quiet|silent|silence|mute|muted|peace and quiet)"
_BE = r"(?:be|get|keep(?: it)?|stay|go|remain|fall|make it)(?: on)?"
_SELF = r"(?: (?:it|yourself|this|everything|all|(?:(?:the|this|your) )?(?:device|system|assistant)))?"
_DO = rf"(?:switch|change|go|turn|put|set|activate|enable|start|enter){_SELF}"
_NOISE = r"(?:(?:a|any|your) )?(?:noise|sounds?)"
_NOT = r"(?:don't|dont|do not)"
_A_BIT = r"(?: (?:just )?(?:a|a little) (?:bit|little|touch|tad))?"
#: Why it is to be quiet: then the reason may come first.
_REASON = r"(?:(?:i'm|i am|we're|we are|(?:the|my) \w+(?:'s| is| are)) (?!not\b)[\w' ]{3,40} (?:so |and |please )*)?"
_END = r"(?: (?:please|now|down|thanks|thank you|already|again))*"
_WHILE = (
    r"(?: (?:for|during) (?:(?:the (?:next|rest of the)|about|at least|another) )?(?:an?|one|half an?|\d+|a few"
    r"|a couple of|some|the)? ?(?:\w+ )?(?:seconds?|minutes?|hours?|days?|while|some ?time|time|bit|moment|night|day"
    r"|evening|morning|today|tonight|now)| (?:until|till) .+)?"
)
#: Plain words -> whole sentences, meant for whatever makes a sound. How long it is to last falls away.
_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "mute": (
        rf"{_REASON}{_BE} {_QUIET}",
        rf"(?:{_WANTED})?{_QUIET}",
        r"(?:hush(?: up)?|shush|ss?h+|shut up|shut your mouth|zip it|pipe down|quieten(?: down)?)",
        rf"(?:mute|silence){_SELF}",
        r"(?:hold your tongue|(?:that's |that is )?enough (?:of (?:the|that|this) )?noise|no more (?:sound|noise))",
        r"(?:press|push|hit|use|select|choose|apply) (?:the )?mute(?: button)?",
        r"mute (?:option|mode|button|function)(?: on)?",
        rf"(?:no (?:more )?(?:talking|speaking)|(?:make )?no noise|(?:zero|0) {_SOUND}|(?:volume|sound) (?:zero|0))",
        rf"i {_NOT} want to hear (?:anything|you|it)(?: any ?more)?",
        rf"(?:stop|quit) (?:talking|speaking|your noise|making {_NOISE}|playing sounds?)",
        rf"{_NOT} (?:talk|speak|respond|reply|(?:disturb|bother) me|make {_NOISE})(?: (?:any ?more|to me))?",
        rf"{_DO}(?: (?:on|to|in))? (?:mute|silent)",
        rf"(?:{_DO} )?(?:(?:on|to|in|into) )?(?:the )?(?:silent|quiet|mute|do not disturb) mode(?: on)?",
        rf"(?:{_DO} )?(?:on )?do not disturb",
    ),
    "turn the volume down": (
        r"(?:speak|talk) (?:softer|quieter|lower|softly|quietly|more \w+ly)",
        r"(?:keep (?:it|your voice|the noise) down|(?:reduce|lower) the noise)",
        r"(?:it's |that's )?(?:far |way |much )?too noisy(?: in here)?",
        rf"(?:{_NOT} be so loud|stop (?:shouting|yelling)|tone it down|{_ITS}volume is too (?:high|loud))",
        r"(?:lower|reduce|turn down) the (?:tone|tune|beat|bass)",
    ),
    "turn the volume up": (
        r"(?:speak|talk) (?:louder|up|loudly)",
        r"i (?:can't|cant|cannot) hear(?: you)?",
        rf"(?:it is too quiet|volume plus|{_ITS}volume is too (?:low|quiet))",
    ),
    r"turn the volume \g<way>\g<much>": (
        rf"(?:turn(?: it)?|(?:crank|pump|put|bring) it) (?P<way>up|down)(?P<much>{_A_BIT})",
    ),
    "turn the volume to 0 percent": (rf"turn (?:it )?down {_LOWEST}",),
    r"\g<muted>": (r"(?P<muted>(?:mute the volume|mute (?:the |my )?speakers?))",),
}
_STOP = re.compile(r"(?: [,?.])*$")


def loudly(words: str, lexicon: Lexicon) -> str:
    """An utterance (see :func:`edgeassist.language.clauses.paused`) that speaks of the sound in plain words.

    Where nothing makes a sound it stays as it was: then what is to be turned down is warm or bright. So does one that
    names anything else, such as the scene "Quiet Time".
    """
    if "players" not in lexicon.nouns or _WORDS.isdisjoint(words.split()) or WRITTEN.search(words):
        return words
    named = (device for label, device in lexicon.labels.items() if f" {label} " in f" {words} ")
    if any(lexicon.home.by_id[device].kind != "media_player" for device in named):
        return words
    parts, sentences = _patterns()
    if _SEVERAL.isdisjoint(words.split()):
        for plain, pattern in parts:
            words = pattern.sub(plain, words)
    whole = _STOP.sub("", words)
    return next((found.expand(plain) for plain, pattern in sentences if (found := pattern.fullmatch(whole))), words)


@cache
def _patterns() -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    """Those for parts and those for sentences, compiled when somebody first speaks of the sound."""
    parts = [(plain, re.compile("|".join(said))) for plain, said in _PARTS.items()]
    return parts, [
        (plain, re.compile(rf"{_PLEASE}(?:{'|'.join(said)}){_END}{_WHILE}{_END}")) for plain, said in _SENTENCES.items()
    ]
