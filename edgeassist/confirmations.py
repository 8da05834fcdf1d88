"""Utterances that wait for a yes, each for a limited time and for its own id only."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass

from edgeassist.errors import IntentError
from edgeassist.pipeline import Pending

MAX_WAITING = 20
MAX_ANSWER_BYTES = 256
#: Wrong PINs for one question before it counts as a no.
MAX_TRIES = 3
_YES = frozenset({"yes", "y", "ok", "okay", "sure", "confirm", "do it"})
_NO = frozenset({"no", "n", "cancel", "stop", "deny"})
_ROUNDS = 200_000


@dataclass
class _Waiting:
    pending: Pending
    origin: object
    expires: float
    tries: int = 0


@dataclass(frozen=True)
class Answered:
    """A question that is settled: ``yes`` is None where its time was up, ``wrong_pin`` why it is a no."""

    pending: Pending
    origin: object
    yes: bool | None
    wrong_pin: bool = False


@dataclass(frozen=True)
class AskAgain:
    """A yes with a wrong PIN, or without one: the question stays open, and whoever answered is to be told."""

    pending: Pending
    prompt: str
    expires_s: float


def question(pending: Pending, prompt: str, expires_s: float) -> bytes:
    """The contract's JSON on ``<base>/confirm``."""
    document = {
        "id": pending.utterance.id,
        "text": pending.utterance.text,
        "prompt": prompt,
        "calls": [{"name": call.name, "arguments": dict(call.arguments)} for call in pending.calls],
        "expires_s": round(expires_s, 1),
    }
    return json.dumps(document, ensure_ascii=False).encode()


class Confirmations:
    """Thread-safe. ``pin_hash`` is what :func:`hash_pin` gave, or None where a plain yes is enough.

    ``each`` is how many questions of one source may be open: who is asked over and over says yes in the end.
    """

    def __init__(self, expires_s: float, pin_hash: str | None = None, each: int = MAX_WAITING) -> None:
        self._each = each
        self.expires_s = expires_s
        self._pin_hash = pin_hash
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}

    def configure(self, expires_s: float, pin_hash: str | None) -> None:
        """New rules: the time for questions from now on, the PIN for those that are open as well."""
        with self._lock:
            self.expires_s, self._pin_hash = expires_s, pin_hash

    def __len__(self) -> int:
        return len(self._waiting)

    def ask(self, pending: Pending, origin: object) -> bool:
        """Let an utterance wait; False where too many wait already, or one under its id: a yes must mean one thing."""
        with self._lock:
            source = pending.utterance.source
            of_source = sum(waiting.pending.utterance.source == source for waiting in self._waiting.values())
            if len(self._waiting) >= MAX_WAITING or of_source >= self._each or pending.utterance.id in self._waiting:
                return False
            self._waiting[pending.utterance.id] = _Waiting(pending, origin, time.monotonic() + self.expires_s)
        return True

    def answer(self, id_: str, payload: bytes) -> Answered | AskAgain | None:
        """Settle a question, or ask again where the PIN was wrong; None where nothing waits under that id.

        An answer that comes after the time was up settles it as expired. Raises IntentError for an answer that is
        neither yes nor no.
        """
        yes: bool | None
        yes, pin = _parse(payload)
        wrong_pin = False
        with self._lock:
            waiting = self._waiting.get(id_)
            if waiting is None:
                return None
            if waiting.expires <= time.monotonic():
                yes = None
            elif yes and not self._pin_fits(pin):
                waiting.tries += 1
                if waiting.tries < MAX_TRIES:
                    return self._again(waiting, "This needs a PIN" if pin is None else "That PIN is wrong")
                yes, wrong_pin = False, True
            del self._waiting[id_]
        return Answered(waiting.pending, waiting.origin, yes, wrong_pin)

    def _again(self, waiting: _Waiting, why: str) -> AskAgain:
        left = MAX_TRIES - waiting.tries
        prompt = f"{why}; {left} more {'try' if left == 1 else 'tries'}. {waiting.pending.prompt}"
        return AskAgain(waiting.pending, prompt, max(0.0, waiting.expires - time.monotonic()))

    def expired(self) -> list[Answered]:
        """Questions whose time is up, taken out."""
        now = time.monotonic()
        with self._lock:
            late = [id_ for id_, waiting in self._waiting.items() if waiting.expires <= now]
            taken = [self._waiting.pop(id_) for id_ in late]
        return [Answered(waiting.pending, waiting.origin, None) for waiting in taken]

    def abandon(self) -> list[Answered]:
        """Every question that still waits, taken out as expired: no later run could carry it out."""
        with self._lock:
            taken, self._waiting = list(self._waiting.values()), {}
        return [Answered(waiting.pending, waiting.origin, None) for waiting in taken]

    def _pin_fits(self, pin: str | None) -> bool:
        return self._pin_hash is None or (pin is not None and pin_fits(pin, self._pin_hash))


def hash_pin(pin: str) -> str:
    """A salted hash to put into the configuration in place of a PIN."""
    salt = secrets.token_hex(8)
    return f"{salt}${_digest(pin, salt)}"


def pin_fits(pin: str, pin_hash: str) -> bool:
    """Whether that hash was made of this PIN."""
    salt, _, wanted = pin_hash.partition("$")
    return hmac.compare_digest(_digest(pin, salt), wanted)


def _digest(pin: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", pin.encode("utf-8", "surrogatepass"), salt.encode(), _ROUNDS).hex()


def _parse(payload: bytes) -> tuple[bool, str | None]:
    """Yes or no, and the PIN where one was given."""
    if len(payload) > MAX_ANSWER_BYTES:
        raise IntentError(f"an answer has at most {MAX_ANSWER_BYTES} bytes, this one has {len(payload)}")
    try:
        text = payload.decode().strip()
        given = json.loads(text) if text.startswith("{") else {"answer": text}
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise IntentError(f"the answer is neither text nor JSON: {error}") from None
    word = str(given.get("answer", "")).strip().lower()
    pin = given.get("pin")
    if word in _YES:
        return True, str(pin) if pin is not None else None
    if word in _NO:
        return False, None
    raise IntentError(f"the answer {word[:20]!r} is neither yes nor no")
