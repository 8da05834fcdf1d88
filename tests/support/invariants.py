"""What must be true of every MQTT log, whatever happened: checked without a model, from the messages alone.

Each client of the tests that hears results has its whole log checked when it leaves (see BusClient.__exit__).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

from tests.support.bus_client import Heard

OUTCOMES = frozenset(
    "done partial confirm denied not_understood failed rejected expired overloaded duplicate dry_run".split()
)
#: After these nothing may have reached a device.
SILENT = frozenset("denied not_understood rejected expired overloaded duplicate dry_run confirm".split())
STATUSES = frozenset("verified sent timeout confirm denied failed dry_run".split())
ACTED = frozenset("verified sent timeout".split())
#: What the calls of a result may say, where that follows from its outcome.
_CALLS = {
    "done": frozenset({"verified", "sent"}),
    "confirm": frozenset({"confirm"}),
    "denied": frozenset({"denied"}),
    "expired": frozenset({"denied"}),
    "overloaded": frozenset({"denied"}),
    "dry_run": frozenset({"dry_run"}),
    "not_understood": frozenset[str](),
    "rejected": frozenset[str](),
}
KEYS = frozenset("id text outcome calls say confidence node model path timing_ms".split())
_YES = frozenset({"yes", "y", "ok", "okay", "sure", "confirm", "do it"})
#: Most messages of one call to one device: power, brightness and colour on topics of their own.
_MESSAGES = {"set_light": 3, "set_fan": 2, "set_temperature": 2}

#: Device id -> the topic on which it is commanded; None for one that the log does not show.
CommandTopic = Callable[[str], str | None]


def check(
    heard: Iterable[Heard],
    asked: Collection[str] = (),
    *,
    base: str = "edgeassist/pi",
    restarted: bool = False,
) -> None:
    """Fails where the log breaks the contract; ``asked`` are ids of which each must have been answered.

    ``restarted`` is whether broker or daemon may have been, besides what the log shows of it.
    """
    log = list(heard)
    results = _results(log, base)
    said = [message.payload for message in log if message.topic == f"{base}/status" and not message.retain]
    killed = restarted or _went_away(log, base)
    for id_, found in results.items():
        for _, result in found:
            _check_result(result)
        if id_:
            _check_outcomes(id_, [result["outcome"] for result in _told(found, killed=killed)], killed=killed)
    unanswered = [id_ for id_ in asked if id_ not in results]
    assert not unanswered, f"never answered: {unanswered}"
    assert {*said} <= {b"online", b"offline"}, said
    _check_questions(log, base, results)


def check_devices(heard: Iterable[Heard], bases: Collection[str], topic_of: CommandTopic) -> None:
    """Fails where a device was told what no result speaks of, too early, in another order, or for good.

    Where a daemon went away meanwhile, commands may have gone out whose result says only that this is not known.
    """
    log = list(heard)
    results = [each for base in bases for found in _results(log, base).values() for each in found]
    acted = [
        (place, [call for call in result["calls"] if call["status"] in ACTED])
        for place, result in results
        if result["outcome"] not in SILENT
    ]
    allowed: Counter[str | None] = Counter()
    for call in (call for _, calls in acted for call in calls):
        for target in call["targets"]:
            allowed[topic_of(target)] += _MESSAGES.get(call["name"], 1)
    known = {topic_of(target) for _, result in results for call in result["calls"] for target in call["targets"]}
    commands = Counter(message.topic for message in log if message.topic in known)
    # A log may end while commands are out whose results are still to come.
    if not any(_went_away(log, base) or _waits(log, base) for base in bases):
        for topic, count in commands.items():
            assert count <= allowed[topic], f"{count} commands on {topic}, of which {allowed[topic]} were reported"
    for message in log:
        assert not (message.retain and message.topic in known), f"a retained command: {message}"
    _check_unlocks(log)
    for place, calls in acted:
        _check_order(log[:place], calls, topic_of)


def check_commands(heard: Iterable[Heard], base: str = "edgeassist/pi") -> None:
    """Fails where there are more commands on device topics than calls that say that they were sent."""
    log = list(heard)
    commands = sum(message.topic.startswith("dev/") and message.topic.count("/") == 1 for message in log)
    allowed = sum(
        call["status"] in ACTED
        for found in _results(log, base).values()
        for _, result in found
        if result["outcome"] not in SILENT
        for call in result["calls"]
        for _ in call["targets"]
    )
    assert commands <= allowed, f"{commands} commands, of which only {allowed} were allowed and reported"


def _results(log: Sequence[Heard], base: str) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Results by id, each with its place in the log."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for place, message in enumerate(log):
        if message.topic == f"{base}/action":
            result = json.loads(message.payload)
            found[result["id"]].append((place, result))
    return found


def _check_result(result: dict[str, Any]) -> None:
    assert result.keys() == KEYS, result.keys() ^ KEYS
    outcome, statuses = result["outcome"], {call["status"] for call in result["calls"]}
    assert outcome in OUTCOMES, result
    assert statuses <= STATUSES, result
    assert statuses <= _CALLS.get(outcome, STATUSES), f"{outcome} with calls that are {statuses}: {result}"
    assert outcome not in SILENT - {"duplicate"} or not statuses & ACTED, result
    if outcome == "partial":
        assert statuses & ACTED, result


def _told(found: Sequence[tuple[int, dict[str, Any]]], *, killed: bool) -> list[dict[str, Any]]:
    """The results without those that QoS 1 delivered again because a connection broke before their PUBACK."""
    results = [result for _, result in found]
    if not killed:
        return results
    return [result for place, result in enumerate(results) if result not in results[:place]]


def _check_outcomes(id_: str, outcomes: Sequence[str], *, killed: bool) -> None:
    # The refusal of other words under an id that is taken is not an answer to that intent.
    told = [outcome for outcome in outcomes if outcome != "rejected"]
    final = [outcome for outcome in told if outcome not in {"duplicate", "confirm"}]
    if killed and len(final) == 2 and final[0] == "overloaded":
        # Noted nowhere, or a flood would wear out the SD card; the broker hands it to the next run.
        final = final[1:]
    assert len(final) <= 1, f"{id_} has several outcomes: {outcomes}"
    assert told.count("confirm") <= 1 or killed, f"{id_} was asked about twice: {outcomes}"
    assert "confirm" not in told or not final or told.index("confirm") < told.index(final[0]), outcomes


def _check_questions(log: Sequence[Heard], base: str, results: dict[str, list[tuple[int, dict[str, Any]]]]) -> None:
    """Whatever was asked about was answered with yes before it was done, and nothing else was asked about."""
    questions = [json.loads(message.payload) for message in log if message.topic == f"{base}/confirm"]
    for question in questions:
        assert question.keys() == {"id", "text", "prompt", "calls", "expires_s"}, question
    for id_, found in results.items():
        asked = next((place for place, result in found if result["outcome"] == "confirm"), None)
        done = next((place for place, result in found if {c["status"] for c in result["calls"]} & ACTED), None)
        if asked is None or done is None:
            continue
        answers = [message for message in log[:done] if message.topic == f"{base}/confirm/{id_}"]
        # Speech is answered by speech, which is no message.
        assert any(map(_is_yes, answers)) or not answers, f"{id_} was done although it was answered with {answers}"


def _check_unlocks(log: Sequence[Heard]) -> None:
    """A lock opens after a yes only: at no time there are more of these commands than answers."""
    agreed = opened = 0
    for message in log:
        levels = message.topic.split("/")
        agreed += len(levels) == 4 and levels[2] == "confirm" and _is_yes(message)
        opened += message.payload == b"UNLOCK"
        assert opened <= agreed, f"{message.topic} was told to unlock, and nobody had said yes"


def _waits(log: Sequence[Heard], base: str) -> bool:
    """Whether the log shows only a part: intents that have no result in it, or results without their intents."""
    said = [message for message in log if message.topic == f"{base}/intent" and not message.retain]
    named = {id_ for message in said if (id_ := _id_of(message)) is not None}
    results = _results(log, base)
    answered = {id_ for id_, found in results.items() if found[-1][1]["outcome"] != "confirm"}
    return bool(named - results.keys()) or len(answered - named) > len(said) - len(named)


def _id_of(message: Heard) -> str | None:
    try:
        id_ = json.loads(message.payload).get("id")
    except (ValueError, AttributeError):
        return None
    return id_ if isinstance(id_, str) else None


def _went_away(log: Sequence[Heard], base: str) -> bool:
    said = [message.payload for message in log if message.topic == f"{base}/status" and not message.retain]
    return b"offline" in said or said.count(b"online") > 1


def _check_order(before: Sequence[Heard], calls: Sequence[dict[str, Any]], topic_of: CommandTopic) -> None:
    """The calls of one result in their order: the last command of each comes after some command of the one before."""
    places = [
        [
            place
            for place, message in enumerate(before)
            for target in call["targets"]
            if message.topic == topic_of(target)
        ]
        for call in calls
    ]
    for (earlier, first), (later, second) in pairwise(zip(places, calls, strict=True)):
        assert not earlier or not later or min(earlier) < max(later), f"{second} before {first}"


def _is_yes(message: Heard) -> bool:
    text = message.payload.decode(errors="replace").strip()
    try:
        word = json.loads(text).get("answer", "") if text.startswith("{") else text
    except ValueError:
        return False
    return str(word).strip().lower() in _YES
