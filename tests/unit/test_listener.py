from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist.errors import AudioError, ConfigError
from edgeassist.voice.engines import FRAME_BYTES, FRAME_MS, EngineOptions, Transcript, create, names
from edgeassist.voice.listener import Happening, Heard, Limits, Listener, Rejected, Rejection, Woken
from edgeassist.voice.phrases import Phrases
from edgeassist.voice.wakewords.phrase import SpokenPhrase

#: Frames that the engines below take for what they stand for.
QUIET, SPEECH, WAKE = (bytes([value]) * FRAME_BYTES for value in (0, 1, 2))


class MarkedVad:
    def is_speech(self, frame: bytes) -> bool:
        return frame == SPEECH

    def reset(self) -> None:
        """Nothing is kept."""


class MarkedWake:
    def heard(self, frame: bytes) -> bool:
        return frame == WAKE

    def reset(self) -> None:
        """Nothing is kept."""


class FixedRecogniser:
    def __init__(self, text: str = "turn on the light", confidence: float = 0.9) -> None:
        self.transcript = Transcript(text, confidence)
        self.frames: list[bytes] = []
        self.answers: list[bool] = []

    def know(self, phrases: Phrases) -> None:
        """Knows one sentence."""

    def start(self, *, answer: bool = False) -> None:
        self.frames = []
        self.answers.append(answer)

    def accept(self, frame: bytes) -> None:
        self.frames.append(frame)

    def finish(self) -> Transcript:
        return self.transcript


def ms(frame: bytes, duration: int) -> list[bytes]:
    return [frame] * (duration // FRAME_MS)


def heard(listener: Listener, frames: list[bytes]) -> list[Happening]:
    return [happening for frame in frames if (happening := listener.feed(frame)) is not None]


def listener(recogniser: FixedRecogniser | None = None, wake: SpokenPhrase | None = None) -> Listener:
    return Listener(MarkedVad(), wake or MarkedWake(), recogniser or FixedRecogniser(), Limits())


def test_speech_without_the_wake_word_is_never_recognised() -> None:
    recogniser = FixedRecogniser()
    assert heard(listener(recogniser), ms(SPEECH, 60_000)) == []
    assert recogniser.frames == []


def test_speech_behind_the_wake_word_is_heard_when_silence_follows() -> None:
    woken, utterance = heard(listener(), [WAKE, *ms(QUIET, 400), *ms(SPEECH, 1000), *ms(QUIET, 700)])
    assert isinstance(woken, Woken)
    assert isinstance(utterance, Heard)
    assert utterance.text == "turn on the light"
    stages = utterance.timing_ms
    assert (stages["wake"], stages["speech"], stages["silence"]) == (400, 1000, 700)


def test_pause_within_a_sentence_does_not_end_it() -> None:
    frames = [WAKE, *ms(SPEECH, 500), *ms(QUIET, 600), *ms(SPEECH, 500)]
    ears = listener()
    assert len(heard(ears, frames)) == 1
    assert len(heard(ears, ms(QUIET, 700))) == 1


def test_wake_word_alone_is_given_up_after_a_while() -> None:
    assert heard(listener(), [WAKE, *ms(QUIET, 4000)]) == [Woken(), Rejected(Rejection.NOTHING_SAID)]


def test_talk_without_end_is_cut_off_and_dropped() -> None:
    ears = listener()
    assert heard(ears, [WAKE, *ms(SPEECH, 10_000)]) == [Woken(), Rejected(Rejection.TOO_LONG)]
    assert heard(ears, ms(SPEECH, 60_000)) == []


@pytest.mark.parametrize(
    ("recogniser", "reason"),
    [
        (FixedRecogniser(""), Rejection.NO_WORDS),
        (FixedRecogniser(confidence=0.4), Rejection.UNSURE),
    ],
)
def test_no_words_and_doubtful_ones_are_rejected(recogniser: FixedRecogniser, reason: Rejection) -> None:
    _, rejected = heard(listener(recogniser), [WAKE, *ms(SPEECH, 1000), *ms(QUIET, 700)])
    assert isinstance(rejected, Rejected)
    assert rejected.reason is reason


def test_push_to_talk_needs_no_wake_word_and_holds_for_one_utterance() -> None:
    ears = listener()
    ears.listen()
    sentence = [*ms(SPEECH, 1000), *ms(QUIET, 700)]
    assert [type(happening) for happening in heard(ears, sentence)] == [Heard]
    assert heard(ears, sentence) == []


def test_cancel_forgets_half_an_utterance() -> None:
    ears = listener()
    heard(ears, [WAKE, *ms(SPEECH, 1000)])
    ears.cancel()
    assert heard(ears, ms(QUIET, 2000)) == []


@pytest.mark.parametrize(
    ("said", "text"), [("okay nabu turn on the light", "turn on the light"), ("okay nabucco", None)]
)
def test_phrase_as_wake_word_is_cut_off_and_needed(said: str, text: str | None) -> None:
    ears = listener(FixedRecogniser(said), SpokenPhrase("Okay, Nabu!"))
    (happening,) = heard(ears, [*ms(SPEECH, 1000), *ms(QUIET, 700)])
    if text is None:
        assert happening == Rejected(Rejection.NO_PHRASE)
    else:
        assert isinstance(happening, Heard)
        assert happening.text == text


def test_answer_to_a_question_is_recognised_as_one() -> None:
    recogniser = FixedRecogniser("yes")
    ears = listener(recogniser)
    ears.listen(answer=True)
    heard(ears, [*ms(SPEECH, 400), *ms(QUIET, 700)])
    assert recogniser.answers == [True]


def test_engines_are_found_by_their_files() -> None:
    assert names("recogniser") == ("pocketsphinx", "vosk")
    assert set(names("wake")) == {"micro", "none", "phrase"}
    assert set(names("vad")) == {"silero", "webrtc"}
    assert set(names("speaker")) == {"espeak", "none", "piper"}


def test_unknown_engine_is_a_configuration_error_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="pocketsphinx, vosk"):
        create("recogniser", "whisper", EngineOptions())


def test_vosk_without_its_model_says_where_one_is() -> None:
    pytest.importorskip("vosk", reason="the package vosk is not installed")
    with pytest.raises(AudioError, match="recogniser_model"):
        create("recogniser", "vosk", EngineOptions(Path("/nowhere")))
