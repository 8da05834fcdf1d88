"""The thread of the microphone: it keeps the device open, and puts what was said on the desk like any other intent."""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from edgeassist.errors import AudioError, IntentError
from edgeassist.home import Home
from edgeassist.messages import Outcome, Result, Utterance
from edgeassist.neighbours import Ear
from edgeassist.text import sanitise

from . import earcons
from .audio import AudioSource
from .engines import FRAME_MS, Recogniser, Speaker
from .listener import Happening, Heard, Listener, Rejected, Rejection, Woken
from .phrases import Phrases

_log = logging.getLogger(__name__)
_BACKOFF_S = (1.0, 60.0)
#: A room still sounds when the loudspeaker has ended.
_ECHO_MS = 300
SOURCE = "voice"


@dataclass(frozen=True, slots=True)
class Manners:
    """How the source behaves; ``wake`` is the phrase that the recogniser must hear, where it is the wake word too."""

    room: str | None = None
    wake: str = ""
    earcons: bool = False


class VoiceSource:
    """``transcript`` is told what was heard, ``said`` what is spoken in answer. Counters are by name, for health."""

    def __init__(
        self,
        audio: AudioSource,
        listener: Listener,
        recogniser: Recogniser,
        speaker: Speaker,
        ear: Ear,
        manners: Manners,
        *,
        transcript: Callable[[Heard], None] = lambda _heard: None,
    ) -> None:
        self._audio = audio
        self._listener = listener
        self._recogniser = recogniser
        self._speaker = speaker
        self._ear = ear
        self._manners = manners
        self._transcript = transcript
        self._results: queue.Queue[Result] = queue.Queue(16)
        self._orders: queue.Queue[bool] = queue.Queue(8)
        self._home: Home | None = None
        self._asked: str | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mic", daemon=True)
        self._counters: Counter[str] = Counter()
        self.trouble: str | None = None
        self.ended = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def home_changed(self, home: Home) -> None:
        """The names to listen for from the next utterance on; from any thread."""
        self._home = home

    def push(self, *, on: bool = True) -> None:
        """Push to talk, from any thread: listen now, or stop listening."""
        try:
            self._orders.put_nowait(on)
        except queue.Full:
            self._counters["orders_dropped"] += 1

    def health(self) -> dict[str, object]:
        return {"trouble": self.trouble, **self._counters}

    def _run(self) -> None:
        delay, longest = _BACKOFF_S
        while not self._stopping.is_set():
            try:
                self._audio.open()
                self.trouble = None
                delay = _BACKOFF_S[0]
                self._listen()
                if not self._stopping.is_set():
                    return
            except AudioError as error:
                if self.trouble is None:
                    _log.warning("%s; trying again", error)
                self.trouble = str(error)
                self._counters["lost"] += 1
            except Exception:  # noqa: BLE001  (the thread's boundary)
                _log.exception("the voice part failed unexpectedly and begins anew")
                self.trouble = "an internal error; see the log"
            finally:
                # Half an utterance is none.
                self._listener.cancel()
                self._audio.close()
                if self._stopping.is_set() or self.trouble is None:
                    self.ended.set()
            self._stopping.wait(delay)
            delay = min(2 * delay, longest)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            chunk = self._audio.read()
            if chunk is None:
                return
            if chunk.overflowed:
                self._counters["overflows"] += 1
            self._obey()
            happening = self._listener.feed(chunk.frame)
            if happening is not None:
                self._react(happening)
            self._answer()

    def _obey(self) -> None:
        """Between two utterances: a new home, a button."""
        if self._home is not None and not self._listener.listening:
            home = self._home
            self._recogniser.know(Phrases.of(home, self._manners.wake))
            # One that cannot be known stays, so that the trouble does as well.
            if self._home is home:
                self._home = None
        while not self._orders.empty():
            if self._orders.get_nowait():
                self._counters["pushed"] += 1
                # Who pushes says something new; a question that waits for a yes can still be answered over MQTT.
                self._asked = None
                self._listener.listen()
                self._sound("listening")
            else:
                self._listener.cancel()

    def _react(self, happening: Happening) -> None:
        match happening:
            case Woken():
                self._counters["woken"] += 1
                self._sound("listening")
            case Heard():
                self._counters["heard"] += 1
                self._transcript(happening)
                self._hand_over(happening)
            case Rejected():
                self._counters[f"rejected_{happening.reason.name.lower()}"] += 1
                _log.debug("rejected: %s: %s", happening.reason, sanitise(happening.text))
                if happening.reason is not Rejection.NO_PHRASE:
                    self._sound("sorry")
                self._asked = None

    def _hand_over(self, heard: Heard) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            try:
                self._ear.confirm(asked, heard.text.removesuffix(" please").removesuffix(" thanks"))
            except IntentError as error:
                _log.debug("no answer: %s", sanitise(str(error)))
            return
        deadline = heard.ended + self._ear.deadline_s
        self._ear.hear(
            Utterance(
                uuid.uuid4().hex,
                heard.text,
                deadline,
                self._manners.room,
                SOURCE,
                spoken_at=heard.ended,
                timing_ms=heard.timing_ms,
            ),
            self._take_result,
        )

    def _take_result(self, result: Result) -> None:
        """On a thread of the daemon: what is to be said waits for this thread."""
        try:
            self._results.put_nowait(result)
        except queue.Full:
            self._counters["answers_dropped"] += 1

    def _answer(self) -> None:
        """Say what became of it, deaf meanwhile, and listen on where it was a question."""
        if self._listener.listening or self._results.empty():
            return
        result = self._results.get_nowait()
        self._sound("done" if result.outcome in {Outcome.DONE, Outcome.CONFIRM} else "sorry")
        if result.say:
            self._deaf_while(lambda: self._speaker.say(result.say))
        if result.outcome is Outcome.CONFIRM:
            self._asked = result.id
            self._listener.listen(answer=True)

    def _sound(self, earcon: earcons.Earcon) -> None:
        if not self._manners.earcons:
            return
        if earcon == "listening":
            # Who has woken us talks on at once, and not a word of it may be lost for a sound.
            threading.Thread(target=earcons.play, args=(earcon,), name="earcon", daemon=True).start()
        else:
            self._deaf_while(lambda: earcons.play(earcon))

    def _deaf_while(self, speak: Callable[[], None]) -> None:
        """Sound that was recorded while we spoke is thrown away: the device is read on, and nothing is made of it."""
        speaking = threading.Thread(target=self._safely, args=(speak,), name="speaker", daemon=True)
        began = time.monotonic()
        speaking.start()
        # Nothing to unhear where nothing was said aloud.
        speaking.join(FRAME_MS / 1000)
        if speaking.is_alive():
            echo = _ECHO_MS // FRAME_MS
            while (speaking.is_alive() or echo > 0) and self._audio.read() is not None:
                echo -= 0 if speaking.is_alive() else 1
            self._listener.cancel()
        self._counters["spoken_ms"] += round(1000 * (time.monotonic() - began))

    def _safely(self, speak: Callable[[], None]) -> None:
        try:
            speak()
        except AudioError as error:
            _log.warning("%s", error)
            self._counters["mute"] += 1
