"""Payloads of anyone's making at everything that reads them: ``python -m tests.soak.fuzz [COUNT] [SEED]``.

Intents, answers to questions, announcements and reports go through the same code as in the daemon, in this process and
without a broker. Only the error that each is documented to raise may come out, and what is refused commands nothing.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import time
from collections import Counter

from edgeassist.bus.intents import parse_intent, render_result
from edgeassist.bus.topics import Topics
from edgeassist.confirmations import Confirmations
from edgeassist.conventions import load
from edgeassist.errors import IntentError
from edgeassist.functions import builtin_functions
from edgeassist.home.registry import HomeRegistry
from edgeassist.messages import Call, Outcome, Publish, Result, Utterance
from edgeassist.pipeline import Pending, Pipeline
from edgeassist.policy import PolicyOptions
from tests.support.discovery import FIXTURE_NAMES, messages
from tests.support.scripted import ScriptedReader

_SCRAPS: tuple[bytes, ...] = (
    b"", b"\0", b"\xff\xfe", b"null", b"NaN", b"-1e999", b'"', b"{", b"[" * 40, b'{"text":', b"true", b"\xed\xa0\x80",
    b"9" * 5000, b"{{", b"{% for x in range(10**9) %}", b"..", b"/#", b"+", b"\x1b]0;x\x07", "\u202e".encode(), b"~",
)  # fmt: skip
_SEEDS: tuple[bytes, ...] = (
    b'{"text": "do on lamp", "id": "a", "room": "Kitchen", "source": "s", "dry_run": true, "deadline_ms": 100}',
    b"turn it off again", b'{"answer": "yes", "pin": "1234"}', b"yes", b"do unlock front door",
)  # fmt: skip


class _NoService:
    def serve(self, call: Call, utterance: Utterance) -> str:
        return f"{call.name} of {utterance.id}"


class Fuzzer:
    """One registry for all of it, so that what was announced wrongly meets what is reported wrongly."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._topics = Topics("pi")
        self._registry = HomeRegistry(load())
        self._corpus = [message for name in FIXTURE_NAMES for message in messages(name)]
        self._sent: list[Publish] = []
        self._reader = ScriptedReader()
        functions = builtin_functions()
        self._pipeline = Pipeline(
            self._reader, self._registry, self._sent.append, functions, PolicyOptions(), _NoService()
        )
        self._confirmations = Confirmations(1.0)
        self.seen: Counter[str] = Counter()

    def once(self) -> None:
        kind = self._rng.choice(("intent", "intent", "answer", "announcement", "report"))
        self.seen[getattr(self, f"_{kind}")()] += 1

    def _payload(self, seed: bytes) -> bytes:
        """Something near the seed: cut, doubled, with bits flipped and scraps put in."""
        data = bytearray(seed)
        for _ in range(self._rng.randint(0, 4)):
            at = self._rng.randint(0, len(data))
            match self._rng.randint(0, 4):
                case 0:
                    del data[at : at + self._rng.randint(1, 20)]
                case 1:
                    data[at:at] = self._rng.choice(_SCRAPS)
                case 2 if data:
                    data[at % len(data)] = self._rng.randrange(256)
                case 3:
                    data[at:at] = data[at : at + 50]
                case _:
                    data[at:at] = self._rng.randbytes(self._rng.randint(0, 8))
        return bytes(data[: 1 << 16])

    def _intent(self) -> str:
        payload = self._payload(self._rng.choice(_SEEDS))
        try:
            utterance = parse_intent(payload, now=time.monotonic(), default_deadline_s=5.0)
        except IntentError as error:
            render_result(Result(error.intent_id or "", "", Outcome.REJECTED, say=str(error)), "pi", "m")
            return "rejected"
        self._sent.clear()
        self._reader.prepare(self._registry.snapshot())
        try:
            begun = self._pipeline.begin(utterance)
        except ValueError:
            return "line that no grammar admits"
        if isinstance(begun, Pending):
            self._confirmations.ask(begun, None)
            begun = Result(utterance.id, utterance.text, Outcome.CONFIRM)
        json.loads(render_result(begun, "pi", "m"))
        assert not self._sent, f"{begun.outcome} commanded {self._sent}"
        return str(begun.outcome)

    def _answer(self) -> str:
        try:
            self._confirmations.answer("a", self._payload(b'{"answer": "yes", "pin": "1234"}'))
        except IntentError:
            return "answer refused"
        return "answer taken"

    def _announcement(self) -> str:
        topic, payload = self._rng.choice(self._corpus)
        changed = self._registry.announce(topic, self._payload(payload))
        return "announcement taken" if changed else "announcement without news"

    def _report(self) -> str:
        topics = sorted(self._registry.state_topics())
        if not topics:
            return "nothing to report on"
        seeds = (b'{"state": "ON", "brightness": 100, "color": {"x": 0.3, "y": 0.3}}', b"ON", b"21.5", b"online")
        heard = self._registry.report(self._rng.choice(topics), self._payload(self._rng.choice(seeds)))
        return "report taken" if heard else "report without news"


def main(count: int, seed: int) -> int:
    print(f"seed {seed}: {count} payloads")
    # Each refusal is a line of log, a hundred thousand times.
    logging.disable(logging.CRITICAL)
    fuzzer = Fuzzer(seed)
    started = time.monotonic()
    for number in range(count):
        try:
            fuzzer.once()
        except Exception:
            print(f"payload {number} of seed {seed}:")
            raise
    print(f"no crash in {time.monotonic() - started:.0f} s: {dict(sorted(fuzzer.seen.items()))}")
    return 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(given[0] if given else 100_000, given[1] if len(given) > 1 else random.randrange(10**6)))
