"""kill -9 at every step of the journal, in seeded runs: ``python -m tests.soak.kills [RUNS] [SEED]``.

Each run says a few things, some of which must not be repeated and one of which is asked about first, dies at a step and
at a random moment besides, and is started again until all is answered. The log must obey the contract, and neither a
toggle nor an unlocking may have been sent twice.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import paho.mqtt.client as paho

from tests.support import invariants
from tests.support.broker import Mosquitto
from tests.support.forked import ForkedNode
from tests.support.node import ACTION, BASE, INTENT, Person, until

STEPS = ("received", "begun", "started", "published", "finished", "asked")
TOGGLE, ON, UNLOCK = "do toggle desk lamp", "do on counter lamp", "do unlock front door"
TEXTS = (TOGGLE, ON, "nothing for us", "do brighter desk lamp", UNLOCK)


def main(runs: int, seed: int) -> int:
    print(f"seed {seed}: {runs} runs")
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(runs):
        step = STEPS[number % len(STEPS)]
        # A broker of its own: a session that outlives its run would bring what that run left over.
        with tempfile.TemporaryDirectory(prefix="edgeassist-kills-") as folder, Mosquitto() as broker:
            try:
                seen.update(_run(rng, broker.port, Path(folder), step, number))
            except (AssertionError, subprocess.TimeoutExpired) as error:
                print(f"run {number} (seed {seed}, at {step}): {error}")
                return 1
        if number % 10 == 9 or sys.stdout.isatty():
            print(f"{number + 1} runs in {time.monotonic() - started:.0f} s: {dict(sorted(seen.items()))}", flush=True)
    print(f"no command lost, none that must not be repeated sent twice: {dict(sorted(seen.items()))}")
    return 0


def _run(rng: random.Random, port: int, folder: Path, step: str, number: int) -> Counter[str]:
    node = ForkedNode(folder, port)
    with Confirming(port) as person:
        try:
            node.start(environ={"EDGEASSIST_CRASH_AT": step})
            person.online()
            # At least one that acts, and one that is asked about, or two of the steps would never come.
            texts = [rng.choice(TEXTS) for _ in range(rng.randint(0, 3))] + [TOGGLE, UNLOCK]
            rng.shuffle(texts)
            asked = {person.say(text, id_=f"{number}-{n}"): text for n, text in enumerate(texts)}
            plain = rng.random() < 0.5
            if plain:
                person.publish(INTENT, TOGGLE)  # without an id it must be known again all the same
            assert node.wait() == -9, f"it did not die at {step}"
            node.start()
            twice = rng.random() < 0.5
            if twice:
                person.online(count=2)
                time.sleep(rng.uniform(0, 0.1))  # a random moment is the point
                node.kill()
                node.start()
            until(
                lambda: all(_final(person, id_) for id_ in asked),
                60,
                lambda: f"no answer to {[id_ for id_ in asked if not _final(person, id_)]}",
            )
            person.ask("nothing for us", id_=f"{number}-end")
            until(lambda: not plain or len(_plain(person)) > 0, 60, lambda: "the intent without an id has no answer")
        finally:
            node.kill()
        _check(person, asked, plain=plain)
        return Counter(str(_final(person, id_)) for id_ in asked)


class Confirming(Person):
    """Says yes to every question, at once."""

    def _on_message(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        super()._on_message(client, data, message)
        if message.topic == f"{BASE}/confirm":
            client.publish(f"{BASE}/confirm/{json.loads(message.payload)['id']}", "yes", 1)


def _final(person: Person, id_: str) -> str | None:
    """How an intent ended, once it has; a replay of a question is no end."""
    for result in person.results(id_):
        waits = any(call["status"] == "confirm" for call in result["calls"])
        if result["outcome"] != "confirm" and not waits:
            return str(result["outcome"])
    return None


def _plain(person: Person) -> list[str]:
    results = [json.loads(heard.payload) for heard in list(person.heard) if heard.topic == ACTION]
    return [result["outcome"] for result in results if len(result["id"]) == 32]


def _check(person: Person, asked: dict[str, str], *, plain: bool) -> None:
    invariants.check(person.log, asked)
    said = Counter(asked.values())
    assert person.commands("dev/desk").count("TOGGLE") <= said[TOGGLE] + plain, "a toggle was sent twice"
    assert person.commands("dev/door").count("UNLOCK") <= said[UNLOCK], "it was unlocked twice"
    assert len(set(_plain(person)) - {"duplicate"}) <= plain, _plain(person)
    done = 0
    for id_, text in asked.items():
        outcome = _final(person, id_)
        # Given up is only what was under way in both runs that died; what could be done again is done.
        assert outcome in {"done", "duplicate", "failed", "not_understood", "expired"}, f"{id_} {text}: {outcome}"
        assert outcome != "expired" or text == UNLOCK, f"{id_} {text}: {outcome}"
        done += text == ON and outcome in {"done", "duplicate"}
    assert len(person.commands("dev/counter")) >= done, "a command that was said to be done was lost"


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(arguments[0] if arguments else 200, arguments[1] if len(arguments) > 1 else random.randrange(10**6)))
