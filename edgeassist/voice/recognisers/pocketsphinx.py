"""PocketSphinx: its package brings an English model, so speech works with nothing but the package index.

It hears nothing but the sentences of its grammar, so two things guard against what was not said. The same sound is
also matched against a free loop of phones, and a sentence that fits much worse than that was not said. And where
something else fits nearly as well as what would move a lock or an entrance ("unlock", "don't lock", another door),
nothing was heard at all.
"""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

from edgeassist.voice.engines import EngineOptions, Recogniser, Transcript
from edgeassist.voice.onset import Onset
from edgeassist.voice.phrases import Phrases
from edgeassist.voice.pronounce import pronounce

_log = logging.getLogger(__name__)
_HOME, _ANSWER, _RISK, _LOOP = "home", "answer", "risk", "loop"
#: How much better a sentence that matters must fit than its opposite, and than its other rivals, in the unit of `_fit`.
#: Measured: what was said fits better than the opposite by 0.01 to 0.7, "unlock" by 0.0 to 0.1.
_APART, _APART_LOCK, _OTHERWISE = 0.05, 0.15, 0.3
#: Fit of a sentence less that of the loop at which it is as likely said as not, and how quickly that changes.
_EVEN, _STEEP = -1.0, 3.0
#: Mean fit of the words of a wake phrase, and of all words behind one. Measured: where the phrase was said -2.2 and
#: -1.6 or more, where other talk was taken for it one of them was less than -2.6 and -1.7.
_WAKE_FIT, _WORDS_FIT = -2.4, -1.7
_FILLERS = "<[+"


class _PocketSphinx:
    def __init__(self, model: Path | None) -> None:
        from pocketsphinx import Decoder, get_model_path

        folder = model or Path(get_model_path()) / "en-us"
        options: dict[str, Any] = {
            "hmm": str(folder / "en-us"),
            "dict": str(folder / "cmudict-en-us.dict"),
            "lm": None,
            "loglevel": "FATAL",
            # Each alternative has the weight of its share, which the usual 6.5 takes for a strong hint: short
            # sentences about rare things would win over long ones about lamps.
            "lw": 1.0,
            "topn": 8,
            # Wider than the defaults, whose searches end in the middle of a sentence of the grammar.
            "beam": 1e-60,
            "wbeam": 1e-40,
            "pbeam": 1e-60,
            "bestpath": False,
        }
        self._decoder: Any = Decoder(**options)
        self._loop: Any = Decoder(**{**options, "lw": 6.5})
        self._loop.add_allphone_file(_LOOP, str(folder / "en-us-phone.lm.bin"))
        self._loop.activate_search(_LOOP)
        self._decoder.add_jsgf_string(_ANSWER, Phrases({}, ()).jsgf(answers=True))
        self._audio = bytearray()
        self._onset = Onset()
        self._phrases = Phrases({}, ())
        self._search = _HOME
        self._ready = self._begun = self._running = False

    def know(self, phrases: Phrases) -> None:
        usable, dropped = phrases.without(lambda word: not self._knows(word))
        if dropped:
            _log.warning("cannot be said in English letters, give them an alias: %s", ", ".join(dropped[:20]))
        self._phrases = usable
        if usable.sentences:
            self._decoder.add_jsgf_string(_HOME, usable.jsgf())
            self._ready = True

    def _knows(self, word: str) -> bool:
        """Whether a word can be recognised; one that the dictionary lacks is added as its letters are read."""
        if self._decoder.lookup_word(word) is not None:
            return True
        phones = pronounce(word, self._decoder.lookup_word)
        if phones is None:
            return False
        self._decoder.add_word(word, phones, True)
        return True

    def start(self, *, answer: bool = False) -> None:
        self._end()
        self._audio.clear()
        if not answer and not self._ready:
            return
        self._search = _ANSWER if answer else _HOME
        self._onset = Onset()
        self._begun = True

    def accept(self, frame: bytes) -> None:
        if not self._begun:
            return
        if self._running:
            self._decode(frame)
        elif (said := self._onset.take(frame)) is not None:
            self._run(said)

    def _run(self, said: bytes) -> None:
        """Begin the search, with the speaker's own mean: against that of another voice, every word fits badly."""
        self._decoder.activate_search(self._search)
        self._decoder.start_utt()
        self._decoder.process_raw(said, no_search=True, full_utt=True)
        self._decoder.end_utt()
        mean = self._decoder.get_cmn(False)
        self._decoder.set_cmn(mean)
        self._loop.set_cmn(mean)
        self._decoder.start_utt()
        self._loop.start_utt()
        self._running = True
        self._decode(said)

    def _decode(self, sound: bytes) -> None:
        self._audio += sound
        self._decoder.process_raw(sound)
        self._loop.process_raw(sound)

    def finish(self) -> Transcript:
        if self._begun and not self._running and (said := self._onset.all()):
            self._run(said)
        ran = self._running
        self._end()
        found, free = (self._decoder.hyp(), self._loop.hyp()) if ran else (None, None)
        if found is None or not found.hypstr:
            return Transcript("", 0.0)
        text = str(found.hypstr)
        better = -math.inf if free is None else self._fit(self._decoder, found) - self._fit(self._loop, free)
        wake = len(self._phrases.wake.split()) if self._search == _HOME else 0
        if wake and not self._called(wake):
            return Transcript(text, 0.0)
        confidence = 1 / (1 + math.exp(-_STEEP * max(-9.0, better - _EVEN)))
        judged = self._judged(text)
        return Transcript(text, 0.0) if judged is None else Transcript(judged, confidence)

    def _end(self) -> None:
        """Ends a search that is under way, which a cancelled utterance leaves behind."""
        if self._running:
            self._decoder.end_utt()
            self._loop.end_utt()
        self._begun = self._running = False

    def _called(self, count: int) -> bool:
        """Whether a sentence really begins with the phrase of so many words, and goes on as it was heard."""
        words = self._fit_of_words()
        return sum(words[:count]) / count >= _WAKE_FIT and sum(words) / len(words) >= _WORDS_FIT

    def _fit_of_words(self) -> list[float]:
        """How well each word fits, less the free loop of phones in the same frames, per 1000 frames."""
        free: dict[int, float] = {}
        for part in self._loop.seg() or ():
            frames = range(part.start_frame, part.end_frame + 1)
            free.update(dict.fromkeys(frames, _log_of(part.ascore) / len(frames)))
        found = []
        for part in self._decoder.seg() or ():
            if part.word[0] not in _FILLERS:
                frames = range(part.start_frame, part.end_frame + 1)
                found.append(1000 * (_log_of(part.ascore) - sum(free.get(at, 0.0) for at in frames)) / len(frames))
        return found

    def _judged(self, sentence: str) -> str | None:
        """What was said, where a mistake would matter; None where that is in doubt.

        A door is locked without a question, so "lock" must stand out from "unlock"; the other way a question follows.
        """
        opposite, others = self._phrases.rivals(sentence)
        if not others:
            return sentence
        own, against = self._fit_of(sentence), self._fit_of(opposite)
        if against >= own and _asked_first(opposite):
            sentence, own, against = opposite, against, own
        apart = 0.0 if _asked_first(sentence) else _APART_LOCK if "lock" in sentence.split() else _APART
        clear = own - against >= apart and own - self._fit_of(*others) >= _OTHERWISE
        return sentence if clear else None

    def _fit_of(self, *sentences: str) -> float:
        """How well the whole sound fits the best of these sentences."""
        self._decoder.add_jsgf_string(_RISK, f"#JSGF V1.0;\ngrammar risk;\npublic <risk> = {' | '.join(sentences)};\n")
        self._decoder.activate_search(_RISK)
        self._decoder.start_utt()
        self._decoder.process_raw(bytes(self._audio), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return -math.inf if found is None or found.hypstr not in sentences else self._fit(self._decoder, found)

    @staticmethod
    def _fit(decoder: Any, found: Any) -> float:
        """How well the sound fits: PocketSphinx's scaled log likelihood per 1000 frames."""
        return 1000 * math.log(found.score) / max(1, decoder.n_frames()) if found.score > 0 else -math.inf


def _asked_first(sentence: str) -> bool:
    """Whether a question follows in any case, so that a mistake costs no more than a no."""
    words = set(sentence.split())
    return bool(words & {"unlock", "open"}) and not words & {"lock", "close"}


def _log_of(score: float) -> float:
    return math.log(score) if score > 0 else -99.0


def create(options: EngineOptions) -> Recogniser:
    return _PocketSphinx(options.model)
