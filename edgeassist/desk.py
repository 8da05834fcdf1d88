"""Where intents come in and results go out: every intent delivered to us ends in exactly one result."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from edgeassist.bus.intents import parse_intent, render_result
from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.topics import Topics
from edgeassist.bus.values import Incoming, PublishHandle
from edgeassist.confirmations import Answered, AskAgain, Confirmations, question
from edgeassist.debts import Debts, again
from edgeassist.errors import IntentError, JournalError
from edgeassist.health import Counters
from edgeassist.journal import Admission, Journal, Kind, Owed
from edgeassist.messages import Outcome, Reply, Result, Utterance
from edgeassist.pipeline import Pending, Pipeline, refused, waiting
from edgeassist.rates import Rates
from edgeassist.redelivery import Refusals, fingerprint
from edgeassist.text import sanitise
from edgeassist.worker import Reader, Worker

_log = logging.getLogger(__name__)
#: Threads that wait for devices to report; while they wait, the next intent is understood.
_FINISHERS = 8
#: Answers that wait for the broker before intake waits for it too.
_BACKLOG = 200
_BACKLOG_WAIT_S = 10.0


#: Is given the result of an utterance that did not come by MQTT; after ``confirm`` a second one follows.
Listener = Callable[[Result], None]


class Desk:
    """Takes intents from the router thread, has them answered, and acknowledges each once its result is out.

    ``pipeline`` builds the stages around a loaded reader.
    """

    def __init__(
        self,
        bus: MqttBus,
        topics: Topics,
        journal: Journal,
        worker: Worker,
        confirmations: Confirmations,
        counters: Counters,
        pipeline: Callable[[Reader], Pipeline],
        *,
        deadline_s: float,
        max_bytes: int,
        room: str | None = None,
        rate_limit: int | None = None,
        of_a_device: Callable[[str], bool] = lambda _topic: False,
    ) -> None:
        self._bus = bus
        self._topics = topics
        self._journal = journal
        self._worker = worker
        self._confirmations = confirmations
        self._counters = counters
        self._build = pipeline
        self._pipeline: Pipeline | None = None
        self._deadline_s = deadline_s
        self._max_bytes = max_bytes
        self._room = room
        self._rates = Rates(rate_limit)
        self._of_a_device = of_a_device
        self._origins: dict[str, list[Incoming]] = defaultdict(list)
        self._listeners: dict[str, Listener] = {}
        self._lock = threading.Lock()
        self._finishers = ThreadPoolExecutor(_FINISHERS, thread_name_prefix="verify")
        self.model = ""
        self._refusals = Refusals()
        self._debts = Debts(journal, self._render, self._send_again)

    def configure(self, *, deadline_s: float, max_bytes: int, room: str | None) -> None:
        """Other limits for the intents from now on."""
        self._deadline_s, self._max_bytes, self._room = deadline_s, max_bytes, room

    def rebuild(self) -> None:
        """Build the stages anew at the next intent; on the worker thread."""
        self._pipeline = None

    def close(self) -> None:
        """Wait for the devices that were commanded, and end the questions that are open."""
        self._finishers.shutdown(wait=True, cancel_futures=False)
        for answered in self._confirmations.abandon():
            self._settle(answered)

    def take(self, incoming: Incoming) -> None:
        """An intent as it came. Retained ones would act again at every start, so they are only counted."""
        if incoming.retain:
            self._counters.add("retained_ignored")
            _log.warning("a retained intent on %s is ignored; publish intents without retain", incoming.topic)
            self._bus.ack(incoming)
            return
        if self._refusals.answered(incoming):
            self._bus.ack(incoming)
            return
        try:
            utterance = parse_intent(
                incoming.payload,
                now=time.monotonic(),
                default_deadline_s=self._deadline_s,
                max_bytes=self._max_bytes,
                response_topic=incoming.response_topic,
                correlation=incoming.correlation,
                expiry_s=incoming.expiry_s,
                new_id=self._journal.redelivered(fingerprint(incoming)) if incoming.dup else None,
            )
            if utterance.reply.topic is not None and self._of_a_device(utterance.reply.topic):
                # Else whoever may only send intents could have us write to any device.
                raise IntentError(
                    f"reply_to: {utterance.reply.topic!r} is a topic of a device; choose one of your own",
                    intent_id=utterance.id,
                )
        except IntentError as error:
            result = Result(error.intent_id or "", "", Outcome.REJECTED, say=str(error))
            self._refusals.add(incoming)
            self._bus.ack(incoming, self._send(result, error.reply, self._render(result)))
            return
        if utterance.room is None and self._room is not None:
            utterance = replace(utterance, room=self._room)
        self._admit(utterance, incoming)

    def hear(self, utterance: Utterance, listener: Listener) -> None:
        """An utterance that did not come by MQTT, from any thread; it passes every stage that an intent passes.

        Its result is published as well. ``listener`` is called on a thread of the daemon, must not block, and gets
        exactly one result, or two where the first says ``confirm``.
        """
        if utterance.room is None and self._room is not None:
            utterance = replace(utterance, room=self._room)
        with self._lock:
            self._listeners[utterance.id] = listener
        self._admit(utterance, None)

    def confirm(self, id_: str, answer: str, pin: str | None = None) -> bool:
        """Answer a question that `hear` led to; False where none waits under that id, or the PIN was wrong.

        Raises IntentError for what is neither yes nor no.
        """
        payload = json.dumps({"answer": answer} | ({"pin": pin} if pin else {})).encode()
        return self._answer(id_, payload)

    @property
    def deadline_s(self) -> float:
        """How long an utterance without a deadline of its own is worth an answer."""
        return self._deadline_s

    def answer_confirmation(self, incoming: Incoming) -> None:
        """A yes or a no on ``<base>/confirm/<id>``."""
        id_ = self._topics.confirm_id(incoming.topic)
        try:
            if not incoming.retain and id_ is not None:
                self._answer(id_, incoming.payload)
        except IntentError as error:
            _log.warning("confirmation %s: %s", sanitise(str(id_)), sanitise(str(error)))
        self._bus.ack(incoming)

    def _answer(self, id_: str, payload: bytes) -> bool:
        """Whether that settled the question."""
        answered = self._confirmations.answer(id_, payload)
        if isinstance(answered, AskAgain):
            asked = question(answered.pending, answered.prompt, answered.expires_s)
            self._bus.publish(self._topics.confirm, asked)
        elif answered is not None:
            self._settle(answered)
        return isinstance(answered, Answered)

    def tend(self) -> None:
        """Give up the questions that nobody answered, and answer what an earlier run left; called now and then."""
        for answered in self._confirmations.expired():
            self._settle(answered)
        self._debts.tick(ready=self._bus.wait_ready(0))

    def _admit(self, utterance: Utterance, incoming: Incoming | None) -> None:
        refusal = self._rates.refusal(utterance.source)
        # What was answered already has its outcome, however many others wait now.
        known = self._journal.knows(utterance.id)
        if refusal is not None and not known:
            self._finish_unjournaled(utterance, incoming, Outcome.DENIED, refusal)
            return
        if not known and not self._worker.has_room(utterance.source):
            self._finish_unjournaled(utterance, incoming, Outcome.OVERLOADED, "too many intents are waiting")
            return
        admission = self._journal.accept(
            utterance.id,
            time.monotonic(),
            utterance.text,
            owed=self._owed(incoming),
            reply=utterance.reply,
            delivery=None if incoming is None else fingerprint(incoming),
        )
        match admission.kind:
            case Kind.NEW | Kind.RETRY if not admission.exhausted:
                self._remember(utterance, incoming)
                queued = time.monotonic()
                if not self._worker.submit(lambda reader: self._work(utterance, reader, queued), utterance.source):
                    self._end(utterance, Result(utterance.id, utterance.text, Outcome.OVERLOADED))
            case Kind.IN_PROGRESS if incoming is not None and incoming.dup:
                self._remember(utterance, incoming)
            case Kind.IN_PROGRESS:
                self._finish_unjournaled(utterance, incoming, Outcome.DUPLICATE, "the same id is being answered")
            case Kind.DUPLICATE:
                self._replay(utterance, admission, incoming)
            case Kind.CONFLICT:
                say = f"the id {utterance.id!r} was used for another text; give each intent an id of its own"
                self._finish_unjournaled(utterance, incoming, Outcome.REJECTED, say)
            case Kind.UNCERTAIN:
                say = "interrupted by a restart; it may have been done, and doing it twice would not be the same"
                self._finish_unjournaled(utterance, incoming, Outcome.FAILED, say, journal=True)
            case _:
                say = f"given up after {admission.attempts} attempts that ended in a restart"
                self._finish_unjournaled(utterance, incoming, Outcome.FAILED, say, journal=True)

    def _owed(self, incoming: Incoming | None) -> Owed:
        if incoming is None:
            return Owed.ANSWER
        # What a fleet shares may be another node's by the time we are back.
        return Owed.UNLESS_REDELIVERED if incoming.topic == self._topics.intent else Owed.NOTHING

    def _remember(self, utterance: Utterance, incoming: Incoming | None) -> None:
        """Acknowledge that message once the utterance is answered."""
        if incoming is not None:
            with self._lock:
                self._origins[utterance.id].append(incoming)

    def _acknowledge(self, incoming: Incoming | None, after: PublishHandle) -> None:
        if incoming is not None:
            self._bus.ack(incoming, after)

    def _work(self, utterance: Utterance, reader: Reader | None, queued: float) -> None:
        """Answer one utterance, on the worker thread: whatever goes wrong in it, the next one is served."""
        self._counters.stages.observe("queue", time.monotonic() - queued)
        try:
            self._journal.begun(utterance.id)
            if utterance.text == os.environ.get("EDGEASSIST_HANG_AT"):
                threading.Event().wait()  # a model that never returns, for the fault tests
            self._handle(utterance, reader)
        except Exception:  # noqa: BLE001  (the thread's boundary)
            _log.exception("intent %s failed unexpectedly", sanitise(utterance.id))
            self._end(
                utterance, Result(utterance.id, utterance.text, Outcome.FAILED, say="an internal error; see the log")
            )

    def _handle(self, utterance: Utterance, reader: Reader | None) -> None:
        base = Result(utterance.id, utterance.text, Outcome.FAILED)
        if time.monotonic() > utterance.deadline:
            self._end(utterance, replace(base, outcome=Outcome.EXPIRED, say="its deadline passed while it waited"))
            return
        if reader is None:
            self._end(utterance, replace(base, say=f"no model: {self._worker.trouble}"))
            return
        pipeline = self._pipeline = self._pipeline or self._build(reader)
        begun = pipeline.begin(utterance)
        if isinstance(begun, Result):
            self._end(utterance, begun)
        elif begun.confirm:
            self._ask(begun, pipeline)
        else:
            self._carry_out(begun, pipeline)

    def _confirmed(self, pending: Pending, pipeline: Pipeline) -> None:
        """What :meth:`_work` is to an utterance that waited for a yes."""
        try:
            self._carry_out(pending, pipeline)
        except Exception:  # noqa: BLE001  (the thread's boundary)
            _log.exception("intent %s failed unexpectedly", sanitise(pending.utterance.id))
            self._end(pending.utterance, replace(pending.base, say="an internal error; see the log"))

    def _carry_out(self, pending: Pending, pipeline: Pipeline) -> None:
        try:
            self._journal.started(pending.utterance.id, pipeline.idempotent(pending))
        except JournalError as error:
            self._end(pending.utterance, replace(pending.base, say=f"not done, since it could not be noted: {error}"))
            return
        pipeline.command(pending)
        self._journal.published(pending.utterance.id)
        self._finishers.submit(self._finish, pending, pipeline)

    def _finish(self, pending: Pending, pipeline: Pipeline) -> None:
        try:
            self._end(pending.utterance, pipeline.finish(pending))
        except Exception:  # noqa: BLE001  (the thread's boundary)
            _log.exception("intent %s: its verification failed unexpectedly", sanitise(pending.utterance.id))
            self._end(pending.utterance, replace(pending.base, say="an internal error; see the log"))

    def _ask(self, pending: Pending, pipeline: Pipeline) -> None:
        if not self._confirmations.ask(pending, pipeline):
            self._end(
                pending.utterance, replace(pending.base, outcome=Outcome.DENIED, say="too many questions are open")
            )
            return
        asked = question(pending, pending.prompt, self._confirmations.expires_s)
        self._bus.publish(self._topics.confirm, asked)
        self._end(pending.utterance, waiting(pending), asked=True)

    def _settle(self, answered: Answered) -> None:
        # The stages that asked: since then a reload may have taken the function away from the latest ones.
        pending, pipeline, source = answered.pending, answered.origin, answered.pending.utterance.source
        if (
            answered.yes
            and isinstance(pipeline, Pipeline)
            and self._worker.submit(lambda _: self._confirmed(pending, pipeline), source)
        ):
            return
        outcome = Outcome.EXPIRED if answered.yes is None else Outcome.OVERLOADED if answered.yes else Outcome.DENIED
        refusal = "Not done: that PIN was wrong too often." if answered.wrong_pin else "Not done."
        say = {Outcome.EXPIRED: "Nobody confirmed it.", Outcome.DENIED: refusal}.get(outcome, "too much is waiting")
        self._end(pending.utterance, refused(pending, outcome, say))

    def _replay(self, utterance: Utterance, admission: Admission, incoming: Incoming | None) -> None:
        """The stored result again, marked as a duplicate; nothing is done."""
        handle = self._send_again(Outcome.DUPLICATE, again(admission.result), utterance.reply)
        self._acknowledge(incoming, handle)

    def _send_again(self, outcome: Outcome, payload: bytes, reply: Reply) -> PublishHandle:
        self._counters.outcome(outcome)
        return self._publish(payload, reply)

    def _render(self, result: Result) -> bytes:
        return render_result(result, self._topics.node, self.model)

    def _finish_unjournaled(
        self, utterance: Utterance, incoming: Incoming | None, outcome: Outcome, say: str, *, journal: bool = False
    ) -> None:
        result = Result(utterance.id, utterance.text, outcome, say=say)
        payload = self._render(result)
        if journal:
            self._journal.finished(utterance.id, payload)
        if incoming is not None:
            self._refusals.add(incoming)
        self._acknowledge(incoming, self._send(result, utterance.reply, payload))

    def _end(self, utterance: Utterance, result: Result, *, asked: bool = False) -> None:
        """Note a result, publish it, and let the broker forget the message.

        In this order: killed in between, the intent comes again and is answered with what was noted, not done again.
        """
        payload = self._render(result)
        if asked:
            self._journal.asked(utterance.id, payload)
        else:
            self._journal.finished(utterance.id, payload)
        handle = self._send(result, utterance.reply, payload)
        with self._lock:
            origins = self._origins.pop(utterance.id, [])
        if not asked and not origins:
            self._debts.watch(utterance.id, handle)
        for origin in origins:
            self._bus.ack(origin, handle)

    def _send(self, result: Result, reply: Reply, payload: bytes) -> PublishHandle:
        self._counters.outcome(result.outcome, result.timing_ms.get("total"))
        for stage, ms in result.timing_ms.items():
            self._counters.stages.observe(stage, ms / 1000)
        _log.info(
            "intent %s: %s in %.0f ms",
            sanitise(result.id),
            result.outcome,
            result.timing_ms.get("total", 0),
            extra={
                "INTENT_ID": sanitise(result.id),
                "OUTCOME": str(result.outcome),
                "INTENT_PATH": result.path,
                "CALLS": len(result.calls),
                **{f"{stage.upper()}_MS": round(ms, 1) for stage, ms in result.timing_ms.items()},
            },
        )
        handle = self._publish(payload, reply)
        self._tell(result)
        if self._bus.queued > _BACKLOG:
            handle.wait(_BACKLOG_WAIT_S)
        return handle

    def _tell(self, result: Result) -> None:
        """Call back whoever spoke; a second result follows after a question only."""
        with self._lock:
            if result.outcome is Outcome.CONFIRM:
                listener = self._listeners.get(result.id)
            else:
                listener = self._listeners.pop(result.id, None)
        if listener is not None:
            listener(result)

    def _publish(self, payload: bytes, reply: Reply) -> PublishHandle:
        if reply.topic is not None and reply.topic != self._topics.action and not self._of_a_device(reply.topic):
            self._bus.publish(reply.topic, payload, reply=reply)
        return self._bus.publish(self._topics.action, payload, reply=reply)
