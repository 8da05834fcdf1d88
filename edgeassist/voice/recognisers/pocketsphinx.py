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

from edgeassist.errors import AudioError
from edgeassist.voice.engines import EngineOptions, Recogniser, Transcript
from edgeassist.voice.onset import Onset, share_in
from edgeassist.voice.phrases import Phrases, asks_first
from edgeassist.voice.pronounce import pronounce

_log = logging.getLogger(__name__)
_HOME, _ANSWER, _RISK, _LOOP = "home", "answer", "risk", "loop"
#: How much better a sentence that matters must fit than its opposite, and than its other rivals, in the unit of `_fit`.
#: Measured: what was said fits better than the opposite by 0.01 to 0.7, "unlock" by 0.0 to 0.1.
_APART, _APART_LOCK, _OTHERWISE = 0.05, 0.15, 0.3
#: Log odds that a sentence was said: by its fit less that of the loop, by the fit of its second worst word, for a
#: second command, and by the share of the sound that is in none of its words, beyond what is usual: PocketSphinx takes
#: talk for silence where that helps. Fitted to 54 commands and 44 other sentences in homes of their own: at even odds
#: one of those commands is lost, and nine of the others are taken for one.
_BY_FIT, _BY_WORD, _SECOND, _BESIDE, _USUAL, _EVEN = 3.24, 0.43, -2.33, -34.5, 0.05, 8.1
#: The least share and log odds for what is done at once and matters. Measured: 0.87 and 4 for what was said, 0.86 for
#: "do not" and "she closed" before it, and 1.3 for other talk.
_WHOLE, _SURE = 0.865, 2.2
#: Samples of a frame of PocketSphinx.
_STEP = 160
#: Mean fit of the words of a wake phrase. Measured: -2.0 or more where it was said, -3.4 or less for other talk.
_WAKE_FIT = -2.7
_FILLERS = "<[+("


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
        if strange := [word for word in phrases.wake.split() if not self._knows(word)]:
            raise AudioError(f"voice.wake_phrase: {strange[0]!r} cannot be said in English letters; take other words")
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
        words = self._fit_of_words() or [-math.inf]
        wake = len(self._phrases.wake.split()) if self._search == _HOME else 0
        if wake and sum(words[:wake]) / wake < _WAKE_FIT:
            return Transcript(text, 0.0)
        odds = _EVEN + _BY_FIT * better + _BY_WORD * sorted(words)[:2][-1] + _SECOND * (" and " in text)
        share = self._covered()
        odds += _BESIDE * max(0.0, 1 - share - _USUAL)
        judged = self._judged(text, sure=share >= _WHOLE and odds >= _SURE)
        return Transcript(text, 0.0) if judged is None else Transcript(judged, 1 / (1 + math.exp(-max(-30.0, odds))))

    def _end(self) -> None:
        """Ends a search that is under way, which a cancelled utterance leaves behind."""
        if self._running:
            self._decoder.end_utt()
            self._loop.end_utt()
        self._begun = self._running = False

    def _covered(self) -> float:
        """Share of the sound that lies in the words of the sentence."""
        words = (part for part in self._decoder.seg() or () if part.word[0] not in _FILLERS)
        return share_in(bytes(self._audio), ((part.start_frame, part.end_frame) for part in words), _STEP)

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

    def _judged(self, sentence: str, *, sure: bool) -> str | None:
        """What was said, where a mistake would matter; None where that is in doubt, or not ``sure`` and done at once.

        A door is locked without a question, so "lock" must stand out from "unlock" and from "don't lock"; the other way
        a question follows, and to fit best is enough.
        """
        opposite, others = self._phrases.rivals(sentence)
        if not others:
            return sentence
        own, against = self._fit_of(sentence), self._fit_of(opposite)
        if against >= own and asks_first(opposite):
            sentence, own, against = opposite, against, own
            others = self._phrases.rivals(sentence)[1]
        if asks_first(sentence):
            apart = otherwise = 0.0
        elif not sure:
            return None
        else:
            apart, otherwise = _APART_LOCK if "lock" in sentence.split() else _APART, _OTHERWISE
        clear = own - against >= apart and own - self._fit_of(*others) >= otherwise
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


def _log_of(score: float) -> float:
    return math.log(score) if score > 0 else -99.0


def create(options: EngineOptions) -> Recogniser:
    return _PocketSphinx(options.model)
