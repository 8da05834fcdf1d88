"""What words alone forbid, whatever the model would make of them: a question never acts, and "lock" never unlocks.

What opens, closes, locks or unlocks must also have been said in some word for that direction: of these two a model that
guesses takes the wrong one half the time, and that is worse than asking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from edgeassist.functions import Function

#: Conditions in form only: the speaker means "please". They are taken out before anything is judged.
_COURTESY = re.compile(
    r"\b(?:"
    r"(?:if|when|whenever|once|as soon as) (?:you (?:could|can|would(?: be so kind(?: as to| and)?)?|will|please|like"
    r"|(?:don't|dont|do not|wouldn't|would not) mind(?: (?:me|my) asking)?"
    r"|(?:get|have|find|have got|'ve got) (?:(?:a|the|some) )?(?:chance|moment|minute|min|second|sec|time|mo)"
    r"|(?:have|get) time|feel like it|are (?:ready|able|free))"
    r"|you're (?:ready|able|free)|youre ready|you've got (?:a|the) (?:chance|moment|minute|second|sec|time)"
    r"|you'd (?:be so kind(?: as to| and)?|please|like|mind)|i (?:may|might)(?: ask)?|possible|convenient"
    r"|(?:it|that) suits(?: you|(?= please\b|$))"
    r"|(?:it's|its|it is|that's|thats|that is) (?:possible|ok|okay|alright|all right|fine|convenient"
    r"|(?:not too much|not too|no|not any|not a) (?:trouble|bother|problem|hassle))"
    r"(?: (?:with|by|for) you)?(?! (?:with|by|for)\b))"
    r"|(?:is there )?any chance of(?: you)?(?= (?:turn|switch|putt|clos|open|shutt|dimm|lock|start|stopp)\w*ing\b)"
    r"|(?:is there )?any (?:chance|way) (?:that )?you (?:could|can)(?! (?:have|tell|see|know|check|say|find)\b)"
    r"|what do you say to"
    r")(?!['\w])"
)
#: "Tell me when 10 minutes are up" asks for a timer and not when something was.
_COUNTDOWN = re.compile(
    r"^(?:\w+ ){0,3}?(?:tell|let|ping|warn|alert|call|remind)(?: me| us)?(?: know)? (?:when|once|after) "
    r"(?:an?|one(?= and| min| sec| hour| more)|half an?|a couple of|a quarter of an|\d[\d.]*)"
    r"\b.{0,24}?\b(?:secs?|seconds?|mins?|minutes?|hours?)\b"
)
#: Chores that are done: "do the hoovering", but not "do the floors need cleaning".
_CHORE = (
    r"(?:(?:hoovering|vacuuming|cleaning|mowing|sweeping|mopping|floors?|carpets?|rugs?|lawn|grass|vacuum)"
    r"(?:$| (?!need|look|have|work|seem|feel|get|still|ever|always|really|usually|even))"
    r"|.*\b(?:thing|scene|routine)(?:$| and\b| then\b))"
)
#: Openings of questions, of prohibitions and of reports. "Can you", "would you" and "how about" are requests.
_QUESTION = re.compile(
    r"^(?:(?:hey|hi|ok|okay|um|uh|er|so|and|please|well|tell me|i wonder|wondering|do you know"
    r"|(?:can|could|would) you (?:tell me|check|see|say|look))\s+)*"
    r"(?:(?:is|isn't|was|were|did|didn't|does|doesn't|which|whether|if|when|whenever|unless|where|who"
    r"|why(?! don't (?:you|we)\b| not\b)"
    r"|what(?:'s| is| are| was| were| does)"
    r"|how (?:many|much|long|warm|cold|hot|cool|bright|dark|humid|high|low|loud|far|full|is|are|was))\b"
    r"|(?:once|as soon as|every time|each time) (?:i|we|it|he|she|they|the|my|our|you|\w+one|nobody)(?:'\w+)?\b"
    r"|should (?:the|my|our|any|it|he|she|they|i|we|\w+one|\w+body|there)\b"
    r"|would (?:an?|he|she|they) (?!be so\b|please\b)"
    r"|(?:are|aren't|has|hasn't) (?:the|all|any|my|our|there|i|we|both|some|it|they)\b"
    r"|haven't\b|have (?:i|we|they)\b|have .*\bbeen\b"
    r"|do (?:i|we|any) |do (?:the|my|our) (?!" + _CHORE + r"))"
)
#: Other questions and requests to be told: with one of these behind it, a command is one all the same.
_INQUIRY = re.compile(
    r"^(?:(?:hey|hi|ok|okay|um|uh|er|so|and|please|well|(?:can|could|would|will) you)\s+)*"
    r"(?:what (?!about\b|if\b|an?\b|the\b|do you say\b"
    # "What i want is the lamp off", and nothing that is to be told, kept from happening or remembered.
    r"|(?:(?:i|we)(?: (?:really|actually|just))? (?:want|need)|(?:i|we)(?:'d| would)(?: really)? (?:like|love))\b"
    r"(?! to (?!do\b)\w+)(?: \S+){0,4}? is\b(?! (?:for (?:you|somebody|someone|nobody) )?(?:not|nobody|whether|if|why"
    r"|who|how|an answer|information"
    r"|to (?:know|ask|hear|find|be|get|remember|understand|learn|tell|say|see|check|not))\b)"
    r"(?!.*\b(?:not|never|nobody|tell|whether)\b))"
    r"|who\b|tell me (?:the|about|your|current|today's)\b)"
)
#: A condition behind a command. "If it is on" is none: what is off already may be switched off.
_CONDITION = re.compile(
    r"\S (?<!know )(?<!check )(?<!see )(?<!me )(?<!out )(?<!wonder )"
    r"(?:unless\b|(?:if|when|whenever|once|as soon as|every time|each time) "
    r"(?!(?:it's|its|it is|they're|they are|that's) (?:still |not |already )?"
    r"(?:on|off|open|closed|shut|locked|unlocked|up|down|running|playing)\b)"
    r"(?:i|we|it|he|she|they|the|my|our|there|mum|mom|dad|its|\w+one|\w+body|no one)(?:'\w+)?\b)"
)
_PROHIBITION = re.compile(r"^(?:(?:no|please|hey|ok|okay)\s+)*(?:don't|dont|do not|never)\b(?! forget| let| mind)")
_REPORT = re.compile(
    r"^(?:i|i've|we|we've|she|he|they|it|you|someone|somebody|mum|mom|dad)"
    r"(?: have| has| had| already| just| only|'ve|'s)* "
    r"(?:turned|switched|opened|closed|shut|locked|unlocked|dimmed|left|set|started|stopped"
    # "I've put the pasta on 10 minute timer" is the reason for a timer.
    r"|put(?! .*(?<! a)(?<! the) \d+ (?:second|minute|hour)s? timer(?: please)?$))\b"
)
#: The same of somebody by name: "Kim locked the shed". Commands are in the present.
_TOLD = re.compile(
    r"^(?:(?:the|my|our|his|her) )?[a-z']+ (?:has |have |had |just |already |must have |might have |apparently )*"
    r"(?:turned|switched|opened|closed|locked|unlocked|dimmed|started|stopped) (?:the|my|our|his|her|their)\b"
    r"|^(?!can|could|would|will|do|if|when|have|had|are|were|did)[a-z']+ you(?:'ve| have| just| already| only)* "
    r"(?:left|turned|switched|opened|closed|locked|unlocked|dimmed|started|stopped)\b"
)
#: What the speaker is about to do: "we'll close the tap in a bit".
_PLAN = re.compile(
    r"^(?:(?:hey|hi|ok|okay|so|well|and|yeah|yes|no|now)\s+)*(?:(?:i|we|he|she|they)(?:'ll| will)"
    r"|(?:i'm|we're|he's|she's|they're) (?:going to|gonna)) (?:just |only |probably |now )?"
    r"(?:close|open|lock|unlock|shut|dim|(?:turn|switch)(?: off| on)?) (?:the|my|our|it|them|that|this)\b"
    # With a command behind it, it is why.
    r"(?!.*\b(?:turn|switch|put|dim|open|close|shut|lock|unlock|set|start|stop|pause|mute)\b)"
)
#: Nothing is to be done, or not yet: "i'd hate it if you turned ...", "ask me before you unlock ...".
_NOT_YET = re.compile(
    r"\b(?:i'd|we'd|he'd|she'd|they'd|would) (?:really )?hate (?:it if you|if you|for you|you)\b"
    r"|\bwait (?:for (?:my|me|us|our)|until|till)\b"
    r"|\b(?:ask|check|tell|warn|wait|say|let)\b.* before you (?:ever )?(?:open|close|shut|lock|unlock|turn|switch)\b"
)
#: A command behind a report, which is then the reason for it: "you left the gate open close it". It follows what ends a
#: report, or is asked for; no question and no prohibition may stand in it.
_THEN_ASKS = re.compile(
    r"\b(?:(?:open|on|off|again|unlocked|running|raining|snowing|ajar|please|so|(?:can|could|would|will) you) "
    r"(?:please |just )*)"
    r"(?:(?:turn|switch|put) (?:(?:on|off) )?|(?:close|shut|open|lock|unlock|dim|stop|start|pause|mute) )"
    r"(?:it|them|that|the|my|our|all|every\w*)\b"
)
_NO_COMMAND = re.compile(
    r"\b(?:did|didn't|does|doesn't|why|which|how|never|nobody|no one|not|don't|dont|any(?:one|body)|should|to)\b"
)
#: Within a sentence it is that of one verb: "turn off the lamp and don't unlock the door".
_PROHIBITED = re.compile(
    r"\b(?:don't|dont|do not|never|doesn't|does not|without|instead of) (?:you |ever |even |just )*"
    r"(?P<verb>open|clos|shut|lock|unlock)(?:e|s|es|ing|ting)?\b"
)
#: What is left, or is only said to be, open or unlocked is not opened by it: "with the garage open turn on the light".
_LEFT_SO = re.compile(r"\b(?:leave|leaving|keep|keeping|with)(?: \S+){1,5}? (?:open|unlocked)\b")
_VERB_OF = {"open": "open", "clos": "close", "shut": "close", "lock": "lock", "unlock": "unlock"}
_UNWANTED = re.compile(
    r"\bno need to\b|\b(?:don't|dont|do not|needn't) (?:need|have|want) (?:you )?to\b|\bleave (?:\w+ ){1,5}"
    r"(?:alone|be|as it is|as they are|running)$"
)
#: What is to stay as it is needs nothing done: "leave the light on", "keep the fan running".
_STAYS = re.compile(
    r"^(?:(?:please|just|can you|could you|no|and|but) )*(?:leave|keep)(?: (?!and\b|then\b|but\b|off\b)\S+){1,5} "
    r"(?:on|running|playing|going)(?: (?:please|now|for now|tonight|overnight|all night|thanks))*$"
    r"|^(?:please )?leave it$"
    r"|\b(?:lights?|lamps?|fan|tv|heating) (?:can |should |must |may )?stays? on\b"
)
#: Seconds that somebody has, or that are left, are told and not to be counted.
_PASSING = re.compile(
    r"\b(?:you(?:'ve|'ll)?(?: (?:have|only|got|just|still|now))*|your|contestants|there (?:are|is)(?: (?:just|only))?"
    r"|(?:only|just)|(?:back|off|out|starts?|begins?|ends?|over) in)"
    r"(?: (?:another|about|the last|exactly))? (?:\d+|an?|half an?) (?:more )?(?:seconds?|minutes?|hours?)\b"
    r"|\b(?:seconds?|minutes?|hours?) (?:left|remaining|to go|to lift ?off|to spare)\b"
)
#: Nothing of ours waits for an hour: what was wished for then must not be done now.
_LATER = re.compile(
    r"\b(?:in|after) (?:\d+|a|an|half an|a few|a couple of) (?:more )?(?:seconds?|minutes?|hours?|days?|weeks?)\b"
    r"|\b(?:at|around|about|after) (?:\d{1,2}(?:[:. ]?\d\d)?(?: ?(?:am|pm|a m|p m|o'clock)\b)|\d{1,2}:\d\d\b"
    r"|\d{1,2} (?:tonight|today|in the (?:morning|afternoon|evening)|at night)\b"
    r"|noon\b|midnight\b|sunset\b|sunrise\b|dusk\b|dawn\b)"
    # With these verbs a bare number is no brightness.
    r"|\b(?:start|run|begin|vacuum|hoover|clean|mow|lock|unlock)\b"
    r"(?: (?!(?:i|we|he|she|they|it)\b)\S+){1,5} at \d{1,2}$"
    r"|\b(?:tomorrow|next (?:week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b"
    r"|\b(?:every|each) (?:day|morning|evening|night|week|weekday|weekend|hour|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)\b|\bon (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
)
#: What somebody has on another day is why, and not when.
_HAS_LATER = re.compile(
    r"\b\w+(?:'ve|'s| have| has)(?: got)? (?:an?|the|my|our|his|her|no|school|work)\b"
    r"(?: \S+){0,4}? (?:tomorrow|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
#: In front of it: then the hour is a timer's.
_CALLS_BACK = re.compile(
    r"\b(?:timer|ring|ping|remind|buzz|beep|countdown|count down|wake|tell me|let me know"
    r"|(?:alert|ding|shout at|holler at) (?:me|us))\b"
)
#: Wishes that no function of ours fulfils, and that sound like one: a running timer changed, a list shortened.
_TIMER = r"(?:timers?|countdown|stopwatch)\b"
#: "Add olives to the list and cancel the timer" are two wishes.
_WITHIN = r"(?:(?! and (?:then )?(?:cancel|stop|clear|end|delete|kill)\b).)*"
_CHANGES_TIMER = re.compile(
    rf"\b(?:add|give|take|subtract|deduct|remove|cut|knock|shave)\b{_WITHIN}\b(?:to|off|from|onto|more on|extra on)"
    rf"\b{_WITHIN}{_TIMER}"
    r"|\b(?:increase|extend|lengthen|prolong|decrease|reduce|shorten|pause|unpause|resume|continue|freeze|hold)"
    rf"\b.*{_TIMER}"
    r"|\b(?:another|extra|more|additional)(?: \S+){1,4} (?:on|onto|to|for) (?:the|that|this|my)(?: \S+){0,2} "
    rf"{_TIMER}|{_TIMER}(?: \S+)? (?:extra|more|additional)\b"
    rf"|\b(?:relabel|rename|snooze)\b|{_TIMER} on hold\b"
    rf"|\b(?:make|let) .*{_TIMER}.*\b(?:longer|shorter)\b|{_TIMER} (?:\d+ \w+ )?(?:longer|shorter)\b"
)
_SHORTENS_LIST = re.compile(
    r"\b(?:remove|delete|erase|scratch|strike|cross|tick|check|mark|take|clear|complete|completed)\b.*\blists?\b"
    r"|\b(?:cross|tick|check|mark|strike|scratch) .*\b(?:off|complete|completed|done|bought|out)\b"
)
#: A timer has a length, and what belongs into a calendar or a letter is neither a timer nor a list.
_A_LENGTH = re.compile(r"\b(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|quarter|half)\b|\b\d+ ?[hms]\b")
_OFFICE = frozenset(
    "calendar event events meeting meetings appointment appointments agenda email emails mail mails contact contacts"
    " playlist tweet facebook twitter post message messages text texts".split()
)
_TIMERS = frozenset({"timer", "timers", "countdown", "stopwatch"})
_LISTS = frozenset({"list", "lists", "shopping", "grocery", "groceries"})
_ASKS_TIMER = re.compile(
    rf"\b(?:left|remaining|remains|status|progress)\b.*{_TIMER}|{_TIMER}.*\b(?:left|remaining|status)\b"
)
_ENDS_TIMER = re.compile(
    rf"^(?:\w+ ){{0,3}}?(?:cancel|stop|abort|delete|remove|kill|clear|end) (?:\w+ ){{0,4}}?{_TIMER}"
)
_STARTS_TIMER = frozenset({"set", "start", "begin", "create", "new", "launch"})
_LENGTHENS_LIST = frozenset({"add", "put", "write", "note", "jot"})
#: Ways to say "unlock" that hold the noun "lock".
_RELEASE = re.compile(
    r"\b(?:release|unlatch|disengage|undo) (?:(?!and\b|then\b|but\b|lock\b)\S+ ){0,6}lock\b|\btake (?:the )?lock off\b"
)
#: What lies on a pool: put back on it is closed, and taken off it is open.
_COVER_ON = re.compile(
    r"\b(?:put|pull|get|slide|bring|take) (?:(?:the|my|our) )?(?:\w+ )?covers? (?:back )?(?P<where>on|over|off)\b"
)
_AWNINGS = frozenset({"awning", "awnings", "canopy", "sunshade"})
_SEVERAL = frozenset({"and", "then", "but", "also", "while"})


@dataclass(frozen=True)
class _Opposite:
    """The verb cannot be meant where one of ``said`` was said and none of ``rescued``.

    ``single``: only where the utterance holds one command.
    """

    verb: str
    said: frozenset[str]
    rescued: frozenset[str]
    single: bool = True

    def forbids(self, words: frozenset[str]) -> bool:
        if self.single and words & _SEVERAL:
            return False
        return bool(words & self.said) and not words & self.rescued


def _opposite(verb: str, said: str, rescued: str, *, single: bool = True) -> _Opposite:
    return _Opposite(verb, frozenset(said.split()), frozenset(rescued.split()), single)


_UNLOCKS = "unlock unlocks unlocked unlocking unbolt unbolted unlatch unlatched unsecure un"
_OPPOSITES = (
    _opposite("unlock", "lock locked locking relock", f"{_UNLOCKS} open undo", single=False),
    _opposite("lock", _UNLOCKS, "lock locked locking relock secure bolt latch", single=False),
    _opposite("open", "close closed closing shut shutting", "open opened opening raise lift up part back unshut"),
    _opposite("close", "open opened opening unfurl", "close closed closing shut down lower draw half"),
    _opposite("on", "off", "on start activate light"),
    _opposite("off", "start", "off stop out down end finish"),
)
#: Verb -> words of which one must have been said. Homophones that recognisers write are among them.
_DIRECTION: Mapping[str, frozenset[str]] = {
    verb: frozenset(words.split())
    for verb, words in {
        "open": "open opens opened opening reopen unshut raise raised lift lifted up part apart back unfurl extend"
        " uncover let letting air ventilate vent breeze tilt crack roll wind get getting sun sunlight daylight light"
        " bright view see outside out flow water watering thirsty parched run start on unblock reveal widen pull slide"
        " clear aside sweep hike rise raze show sunshine drag pulled send",
        "close": "close closed closes closing cut come drawing lowering dropping cloze clothes shut shuts shutting shot"
        " lower lowered down draw drawn drop dropped pull pulled cover covered together over seal stop off privacy"
        " private block blocking blocked keep sun glare blinding dark darken darker neighbours neighbors"
        " people look see hide"
        " retract bring roll slide secure enough stare sunlight sun's sunny light leak leaking gushing flooding burst",
        "lock": "lock locks locked locking lok log look bolt bolted latch latched deadbolt deadlock secure"
        " secured engage safe close shut up",
        "unlock": f"{_UNLOCKS} open undo release disengage let letting buzz",
        "toggle": "toggle toggles toggled toggling flip flips flick reverse invert swap opposite other alternate over"
        " state round around way switch press hit",
    }.items()
}
_OPENING = {"open": frozenset({"open", "opening"}), "unlock": frozenset(_UNLOCKS.split())}
_SAID_OUTRIGHT = frozenset("open close shut lock unlock opening closing shutting locking unlocking".split())
_COVERS_UP = re.compile(r"\b(?:cover|close|shut|lock) (?:\w+ ){0,3}?up\b|^(?:please )?cover\b")


def admitted(functions: Mapping[str, Function], text: str) -> Mapping[str, Function]:
    """The functions that a (normalised) text may mean."""
    if _held_back(text):
        return {name: function for name, function in functions.items() if function.reads}
    bare = _HAS_LATER.sub(" ", text)
    if (later := _LATER.search(bare)) and not _CALLS_BACK.search(bare, 0, later.start()):
        functions = {name: function for name, function in functions.items() if function.reads or not function.kinds}
    words = _directions(text)
    forbidden = {opposite.verb for opposite in _OPPOSITES if opposite.forbids(words)}
    left = frozenset(_LEFT_SO.sub(" ", _PROHIBITED.sub(" ", text)).split())
    prohibited = {_VERB_OF[found["verb"]] for found in _PROHIBITED.finditer(text)}
    forbidden |= {verb for verb in prohibited if left.isdisjoint(_DIRECTION[verb] & _SAID_OUTRIGHT)}
    if _LEFT_SO.search(text):
        forbidden |= {verb for verb, said in _OPENING.items() if left.isdisjoint(said)}
    if _STAYS.search(text):
        forbidden.add("on")
    forbidden |= _timers_and_lists(text, words)
    forbidden |= {verb for verb, direction in _DIRECTION.items() if words.isdisjoint(direction)}
    return barred(functions, forbidden)


def _timers_and_lists(text: str, words: frozenset[str]) -> set[str]:
    """Verbs of what runs and what is kept for us that a text does not mean."""
    forbidden: set[str] = set()
    if _CHANGES_TIMER.search(text) and words.isdisjoint(_STARTS_TIMER):
        forbidden |= {"timer", "cancel", "add"}
    if (_ASKS_TIMER.search(text) or _ENDS_TIMER.search(text)) and words.isdisjoint(_STARTS_TIMER):
        forbidden.add("timer")
    if _SHORTENS_LIST.search(text) and words.isdisjoint(_LENGTHENS_LIST):
        forbidden.add("add")
    if _PASSING.search(text) and words.isdisjoint(_TIMERS | {"set"}) and not _CALLS_BACK.search(text):
        forbidden.add("timer")
    if not _A_LENGTH.search(text) or (words & _OFFICE and words.isdisjoint(_TIMERS)):
        forbidden.add("timer")
    if words & _OFFICE and words.isdisjoint(_LISTS):
        forbidden.add("add")
    return forbidden


def without_courtesy(text: str) -> str:
    """A (normalised) text without what is a condition in form only: "if you could"."""
    return " ".join(_COURTESY.sub(" ", text).split())


def _directions(text: str) -> frozenset[str]:
    """The words of a text, less an "up" that says how thoroughly; "take the lock off" and "set off" are one word.

    "In" closes an awning, "on" and "off" a cover.
    """
    words = frozenset(_RELEASE.sub("unlock", text).split())
    if words & _AWNINGS and "in" in words:
        words |= {"retract"}
    if cover := _COVER_ON.search(text):
        words = words - {"back"} | {"open" if cover["where"] == "off" else "close"}
    if _COVERS_UP.search(text):
        words -= {"up"}
    if " set off " in f" {text} ":
        words = words - {"off"} | {"start"}
    return words


def _held_back(text: str) -> bool:
    """Whether nothing is asked for but an answer, if that."""
    bare = without_courtesy(text)
    if _COUNTDOWN.match(bare):
        return False
    if any(sort.match(bare) for sort in (_QUESTION, _PROHIBITION)) or _CONDITION.search(bare) or _NOT_YET.search(bare):
        return True
    report = _REPORT.match(bare) or _TOLD.match(bare) or _PLAN.match(bare)
    if report and (_NO_COMMAND.search(bare) or not _THEN_ASKS.search(bare, report.end())):
        return True
    return _SEVERAL.isdisjoint(bare.split()) and bool(_INQUIRY.match(bare) or _UNWANTED.search(bare))


def barred(functions: Mapping[str, Function], verbs: set[str]) -> Mapping[str, Function]:
    """The functions without those verbs."""
    return {name: _without(function, verbs) for name, function in functions.items()}


def _without(function: Function, verbs: set[str]) -> Function:
    kept = tuple(form for form in function.forms if form.verb not in verbs)
    return function if len(kept) == len(function.forms) else replace(function, forms=kept)
