"""The path of one utterance: understand, resolve, judge, command, prove, answer. Nothing else knows that order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from edgeassist import answers
from edgeassist.engine.decoder import Decoded
from edgeassist.errors import CommandError, DeadlineExceeded, IntentError, ModelError
from edgeassist.execute import Executor, HomeView, Send, Sent
from edgeassist.followup import FollowUps
from edgeassist.functions import Function
from edgeassist.language.agreement import Alternative, confidence
from edgeassist.language.exceptions import Spared
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.language.syntax import Reading
from edgeassist.messages import Call, CallResult, Outcome, Result, Status, Utterance
from edgeassist.policy import Decision, Occasion, PolicyOptions, Verdict
from edgeassist.rereading import Understood
from edgeassist.text import normalise_utterance
from edgeassist.verdicts import decide_calls, is_risky, is_unsure

#: The error of a call of a dry run that would need a yes.
ASKS_FIRST = "asks first"
NOT_FOR_US = "That is nothing that I can do in this home."
UNSURE = "I am not sure that you want me to {}. Please say it with the name of the device or the room."


class Reader(Protocol):
    """What turns a text into readings (see :class:`edgeassist.understanding.Understanding`)."""

    def understand(self, text: str, deadline: float) -> Understood: ...


class Service(Protocol):
    """Functions that need no device: timers and lists."""

    def serve(self, call: Call, utterance: Utterance) -> str:
        """Carry the call out and give what to say. Raises CommandError."""


@dataclass
class Pending:
    """An utterance whose commands are allowed, or wait for a yes."""

    utterance: Utterance
    calls: tuple[Call, ...]
    base: Result
    started: float
    prompt: str = ""
    decision: Decision = field(default_factory=lambda: Decision(Verdict.ALLOW))
    readings: tuple[Reading, ...] = ()
    steps: list[Sent | tuple[CallResult, str]] = field(default_factory=list)

    @property
    def confirm(self) -> bool:
        return self.decision.verdict is Verdict.CONFIRM


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What an utterance was read as, by the model or as a follow-up."""

    text: str
    readings: tuple[Reading, ...]
    lexicon: Lexicon
    confidence: float
    followed: bool = False
    spared: Spared | None = None
    lines: tuple[tuple[Alternative, ...], ...] = ()
    question: str = ""


class Pipeline:
    """The stages.

    All but :meth:`finish` belong to the worker thread, so that commands keep the order of the utterances.
    """

    def __init__(
        self,
        reader: Reader,
        home: HomeView,
        publish: Send,
        functions: Mapping[str, Function],
        policy: PolicyOptions,
        service: Service,
        *,
        now: Callable[[], datetime] = datetime.now,
        follow_up_s: float = 20.0,
        observe: Callable[[Decoded], None] = lambda _decoded: None,
    ) -> None:
        """``observe`` is told what each decode took."""
        self._reader = reader
        self._observe = observe
        self._home = home
        self._functions = functions
        self._policy = policy
        self._service = service
        self._now = now
        self._executor = Executor(home, publish, functions)
        self._follow_ups = FollowUps(functions, follow_up_s)

    def begin(self, utterance: Utterance) -> Result | Pending:
        """Everything up to the commands: a final result, or what is to be carried out or confirmed."""
        started = time.monotonic()
        base = Result(utterance.id, utterance.text, Outcome.FAILED, timing_ms=utterance.timing_ms)
        words = normalise_utterance(utterance.text)
        followed = self._follow_ups.read(words, utterance.source, utterance.room, self._home.snapshot())
        if followed is not None:
            readings, lexicon = followed
            return self._judge(
                utterance,
                _Meaning(words, readings, lexicon, 1.0, followed=True),
                replace(base, path="followup"),
                started,
            )
        try:
            understood = self._reader.understand(utterance.text, utterance.deadline)
        except DeadlineExceeded as error:
            return _ended(base, Outcome.EXPIRED, str(error), started)
        except IntentError as error:
            return _ended(base, Outcome.REJECTED, str(error), started)
        except ModelError as error:
            return _ended(base, Outcome.FAILED, str(error), started)
        self._observe(understood.decoded)
        base = replace(
            base,
            confidence=round(understood.confidence, 4),
            path="draft" if understood.decoded.accepted and understood.decoded.steps == 1 else "model",
            timing_ms={**utterance.timing_ms, "understand": 1000 * understood.seconds},
        )
        meaning = _Meaning(
            understood.text,
            understood.readings,
            understood.lexicon,
            understood.confidence,
            spared=understood.spared,
            lines=understood.lines,
            question=understood.question,
        )
        return self._judge(utterance, meaning, base, started)

    def command(self, pending: Pending) -> None:
        """Carry out every call of an allowed utterance, in order; :meth:`finish` waits for what devices report."""
        before = time.monotonic()
        self._follow_ups.remember(pending.utterance.source, pending.utterance.room, pending.readings)
        for call in pending.calls:
            function = self._functions[call.name]
            if function.change is not None:
                pending.steps.append(self._executor.send(call))
            elif function.command is not None:
                pending.steps.append(self._executor.send_message(call, function.command))
            else:
                pending.steps.append(self._answer(call, pending.utterance))
        timing = {**pending.base.timing_ms, "command": 1000 * (time.monotonic() - before)}
        spoken_at = pending.utterance.spoken_at
        if spoken_at is not None and not pending.confirm:
            timing["speech_to_command"] = 1000 * (time.monotonic() - spoken_at)
        pending.base = replace(pending.base, timing_ms=timing)

    def finish(self, pending: Pending) -> Result:
        """Wait for the proof that devices have obeyed, and say what became of it. May run on any thread."""
        before = time.monotonic()
        proofs = iter(self._executor.settle([step for step in pending.steps if isinstance(step, Sent)]))
        results: list[CallResult] = []
        said: list[str] = []
        for step in pending.steps:
            result, words = (next(proofs), "") if isinstance(step, Sent) else step
            results.append(result)
            said.append(words or answers.report([result]))
        timing = {**pending.base.timing_ms, "verify": 1000 * (time.monotonic() - before)}
        done = replace(pending.base, calls=tuple(results), timing_ms=timing)
        return _ended(done, _outcome(results), " ".join(said), pending.started)

    def idempotent(self, pending: Pending) -> bool:
        """Whether doing it twice is the same as doing it once."""
        return all(self._functions[call.name].idempotent(call.arguments) for call in pending.calls)

    def _judge(self, utterance: Utterance, understood: _Meaning, base: Result, started: float) -> Result | Pending:
        home = understood.lexicon.home
        room = home.find_area(utterance.room) if utterance.room else None
        try:
            words = frozenset(understood.text.split())
            context = Context(understood.lexicon, room, words, understood.followed, understood.spared)
            calls = resolve(understood.readings, context)
        except Ambiguous as question:
            return _ended(base, Outcome.NOT_UNDERSTOOD, str(question), started)
        sure = confidence(understood.confidence, understood.lines, context)
        base = base if base.confidence is None else replace(base, confidence=round(sure, 4))
        occasion = Occasion(utterance.source, room.name if room else None, self._now().time())
        decision = decide_calls(calls, self._functions, home, occasion, self._policy.rules)
        risky = is_risky(calls, decision, self._functions, home)
        if not calls or is_unsure(sure, calls, self._functions, self._policy, risky=risky):
            return _ended(base, Outcome.NOT_UNDERSTOOD, understood.question or _doubt(calls), started)
        if decision.verdict is Verdict.DENY:
            return _unsent(base, calls, Status.DENIED, f"Not allowed: {decision.reason}.", started)
        if utterance.dry_run:
            asks = ASKS_FIRST if decision.verdict is Verdict.CONFIRM else None
            return _unsent(base, calls, Status.DRY_RUN, "", started, asks)
        if time.monotonic() > utterance.deadline:
            return _ended(base, Outcome.EXPIRED, "understood only after the deadline", started)
        prompt = f"Shall I {', and '.join(map(answers.describe, calls))}?"
        # "Turn them back on" would mean what was spared as well.
        readings = () if understood.spared else understood.readings
        return Pending(utterance, calls, base, started, prompt, decision, readings)

    def _answer(self, call: Call, utterance: Utterance) -> tuple[CallResult, str]:
        if self._functions[call.name].reads and call.targets:
            words = answers.answer(call, self._home.snapshot(), self._home.state, self._home.available)
            return CallResult(call, Status.VERIFIED), words
        try:
            return CallResult(call, Status.VERIFIED), self._service.serve(call, utterance)
        except CommandError as error:
            return CallResult(call, Status.FAILED, str(error)), ""


def _doubt(calls: Sequence[Call]) -> str:
    return UNSURE.format(", and ".join(map(answers.describe, calls))) if calls else NOT_FOR_US


def waiting(pending: Pending) -> Result:
    """The first result of an utterance that waits for a yes."""
    calls = tuple(CallResult(call, Status.CONFIRM) for call in pending.calls)
    return _ended(replace(pending.base, calls=calls), Outcome.CONFIRM, pending.prompt, pending.started)


def refused(pending: Pending, outcome: Outcome, say: str) -> Result:
    """The second result of an utterance that was not confirmed: denied, or expired."""
    calls = tuple(CallResult(call, Status.DENIED) for call in pending.calls)
    return _ended(replace(pending.base, calls=calls), outcome, say, pending.started)


def _unsent(
    base: Result, calls: tuple[Call, ...], status: Status, say: str, started: float, error: str | None = None
) -> Result:
    """A result whose calls were all denied, or all understood in a dry run; nothing was published."""
    results = tuple(CallResult(call, status, error) for call in calls)
    return _ended(replace(base, calls=results), Outcome(status), say or answers.report(results), started)


def _ended(result: Result, outcome: Outcome, say: str, started: float) -> Result:
    timing = {**result.timing_ms, "total": 1000 * (time.monotonic() - started)}
    return replace(result, outcome=outcome, say=say, timing_ms=timing)


def _outcome(results: list[CallResult]) -> Outcome:
    good = [result.status in {Status.VERIFIED, Status.SENT} for result in results]
    if all(good):
        return Outcome.DONE
    return Outcome.PARTIAL if any(good) or any(result.published for result in results) else Outcome.FAILED
