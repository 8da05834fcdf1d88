"""One spelling for what people say and for what they call their things.

The model, the grammar and the shortlist all see normalised text only: lower case, no punctuation, digits for numbers.
Typed text, a recogniser's transcript and a device name with odd casing then look the same.
"""

from __future__ import annotations

import re
import unicodedata

_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_TENS["fourty"] = 40
_KEPT = re.compile(r"[^\w\s'.:-]|_", re.UNICODE)
#: They choose between the black and white and the coloured form of a sign.
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_LONE_MARK = re.compile(r"(?<!\w)['.:-]+|['.:-]+(?!\w)")
#: A dot, colon or minus survives between digits only; elsewhere it is a space. "wi-fi" and "t.v" become two words.
_INNER_MARK = re.compile(r"(?<!\d)[.:-]|[.:-](?!\d)|(?<=\d)-(?=\d)")
#: Behind these words it is a number that was said.
_UNIT = "(?= (?:percent|degrees?|minutes?|seconds?|hours?)\\b)"
_ENDS = f"(?:$|{_UNIT}|(?= (?:please|now|in|on|and|then)\\b))"
#: Hardly any text, and no name, has one of these where a number may be: then nothing below is looked for.
_MAY_BE_HEARD = re.compile(r"\b(?:ate|per|\d+ (?:teen|tea|tee|won|to|too|for|fore))\b")
#: Numbers as recognisers write them: "20 won", "30 ate degrees", "4 tea percent", "ate teen".
_HEARD = tuple(
    (re.compile(rf"\b{pattern}"), meant)
    for pattern, meant in (
        (r"per cent\b", "percent"),
        (rf"([46789]) teen{_ENDS}", r"1\g<1>"),
        (rf"ate teen{_ENDS}", "18"),
        (rf"([46789]) (?:tea|tee){_UNIT}", r"\g<1>0"),
        (rf"ate (?:tea|tee){_UNIT}", "80"),
        (rf"([2-9])0 won{_ENDS}", r"\g<1>1"),
        (rf"(?<!from )([2-9])0 (?:to|too){_UNIT}", r"\g<1>2"),
        (rf"([2-9])0 (?:for|fore){_UNIT}", r"\g<1>4"),
        (rf"([2-9])0 ate{_ENDS}", r"\g<1>8"),
    )
)


def normalise(text: str) -> str:
    """Lower case, compatibility forms folded, punctuation dropped, "%" and "°" as words, single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("`", "'")
    folded = folded.replace("%", " percent ").replace("°c", " degrees ").replace("°f", " degrees ")
    folded = folded.replace("°", " degrees ").replace("&", " and ").replace("+", " plus ")
    folded = _KEPT.sub(" ", folded) if folded.isascii() else _without_punctuation(folded)
    folded = _LONE_MARK.sub(" ", folded)
    return " ".join(_INNER_MARK.sub(" ", folded).split())


def _without_punctuation(text: str) -> str:
    """What ``_KEPT`` does, for scripts whose vowels and tones are marks of their own behind a letter."""
    out: list[str] = []
    # The lower case of a Turkish capital I has a dot that nobody types.
    for c in text.replace("i\u0307", "i"):
        marked = out and out[-1] not in " '.:-" and unicodedata.category(c) in {"Mn", "Mc"} and c not in _VARIANTS
        out.append(c if c.isalnum() or c in "'.:-" or marked else " ")
    return "".join(out)


def normalise_utterance(text: str) -> str:
    """:func:`normalise`, with number words as digits: "thirty five percent" -> "35 percent".

    A lone "one" or "a" stays a word, since it is one ("the big one"); "one hundred" is a number.
    """
    words = " ".join(_digits(normalise(text).split()))
    if _MAY_BE_HEARD.search(words):
        for heard, meant in _HEARD:
            words = heard.sub(meant, words)
    return words


def _digits(words: list[str]) -> list[str]:
    out: list[str] = []
    i = 0
    while i < len(words):
        value, used = _number_at(words, i)
        if used == 0:
            out.append(words[i])
            i += 1
        else:
            out.append(value)
            i += used
    return out


def _number_at(words: list[str], i: int) -> tuple[str, int]:
    """The number that starts at word i, as digits, and how many words it takes (0 when there is none)."""
    if _is_bare_one(words, i):
        return "", 0
    value, used = _below_hundred(words, i)
    if used == 0 and words[i] == "a" and words[i + 1 : i + 2] == ["hundred"]:
        value, used = 1, 1
    if used == 0:
        return "", 0
    for scale, factor in (("thousand", 1000), ("hundred", 100)):
        if words[i + used : i + used + 1] == [scale] and value < 100:
            rest_at = i + used + 1
            if words[rest_at : rest_at + 1] == ["and"] and _below_hundred(words, rest_at + 1)[1]:
                rest_at += 1
            rest, rest_used = _below_hundred(words, rest_at)
            if scale == "thousand" and words[rest_at + rest_used : rest_at + rest_used + 1] == ["hundred"]:
                rest, rest_used = rest * 100, rest_used + 1
            return str(value * factor + rest), rest_at + rest_used - i
    point = i + used
    if words[point : point + 1] == ["point"] and point + 1 < len(words) and words[point + 1] in _UNITS:
        return f"{value}.{_UNITS[words[point + 1]]}", used + 2
    return str(value), used


def _is_bare_one(words: list[str], i: int) -> bool:
    if words[i] != "one":
        return False
    follows = words[i + 1] if i + 1 < len(words) else ""
    return follows not in {"hundred", "thousand", "percent", "degree", "degrees", "minute", "hour", "second", "point"}


def _below_hundred(words: list[str], i: int) -> tuple[int, int]:
    if i >= len(words):
        return 0, 0
    word = words[i]
    if word in _TENS:
        unit = _UNITS.get(words[i + 1], 0) if i + 1 < len(words) else 0
        return (_TENS[word] + unit, 2) if 0 < unit < 10 else (_TENS[word], 1)
    if word in _UNITS:
        return _UNITS[word], 1
    return 0, 0


def sanitise(text: str, limit: int = 120) -> str:
    """Text of a peer made safe for a log line or a name: no control characters, single spaces, at most ``limit``."""
    shown = "".join(character if character.isprintable() else " " for character in text[: limit * 8])
    return " ".join(shown.split())[:limit].rstrip()
