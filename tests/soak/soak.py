"""Random faults for a while: ``python -m tests.soak.soak [SECONDS] [SEED]``.

Intents of all sorts all the time; the broker stuck, restarted and killed, the daemon killed. The log must obey the
contract, every intent of the calm last third must be answered, and the slopes of memory, threads and descriptors of the
longest life are printed.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import invariants
from tests.support.broker import Mosquitto
from tests.support.bus_client import Heard
from tests.support.node import ACTION, Node, Person, until

_TOO_LONG = 5000
TEXTS = (
    "do on desk lamp", "do off desk lamp", "do toggle desk lamp", "do unlock front door", "do lights here", "nothing",
    "wait 0.05", "raise trouble", "turn it off again", "and the kitchen too", "\x1b[31m", "", "x" * _TOO_LONG,
    "do timer10m eggs", "do is fan", "do on fan",
)  # fmt: skip
#: Less of a rise than this within an hour is noise.
_MAX_RSS_MIB_PER_HOUR = 60.0
_SAMPLE_S = 1.0


class Survivor(Person):
    """Hears what brokers and daemons leave over that died before it came."""

    restarted = True


@dataclass
class Life:
    """Samples of one process: seconds, MiB, threads, descriptors."""

    samples: list[tuple[float, float, int, int]] = field(default_factory=list)

    @property
    def settled(self) -> list[tuple[float, float, int, int]]:
        """Without the first quarter: the process starts, and caches fill."""
        return self.samples[len(self.samples) // 4 :]

    def slope(self, column: int) -> float:
        """Rise per hour by least squares."""
        kept = self.settled
        if len(kept) < 5:
            return 0.0
        xs, ys = [each[0] / 3600 for each in kept], [float(each[column]) for each in kept]
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        spread = sum((x - mean_x) ** 2 for x in xs)
        return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def main(seconds: float, seed: int) -> int:
    print(f"seed {seed}: {seconds:.0f} s")
    rng = random.Random(seed)
    heard: list[Heard] = []
    asked: list[str] = []
    faults: Counter[str] = Counter()
    lives = [Life()]
    with tempfile.TemporaryDirectory(prefix="edgeassist-soak-") as folder, Mosquitto(persistence=True) as broker:
        node = Node(Path(folder), broker.port).start()
        end = time.monotonic() + seconds
        # The last third of the time is calm, so that a life is long enough for a slope.
        calm = end - seconds / 3
        while time.monotonic() < end:
            stretch = rng.uniform(5, 15) if time.monotonic() < calm else end - time.monotonic() + 1
            with Survivor(broker.port) as person:
                said = _talk(person, node, rng, lives[-1], min(time.monotonic() + stretch, end))
                if time.monotonic() >= calm:
                    asked = said
                    _await(person, asked)
                heard += person.log
            if time.monotonic() < calm:
                _fault(rng, broker, node, lives, faults)
        with Survivor(broker.port) as person:
            assert person.ask("do on desk lamp")["outcome"] == "done", "it does not answer any more"
            heard += person.heard
        status = node.stop()
    print(f"{len(asked)} intents of the calm third answered")
    return _report(heard, lives, faults, status)


def _talk(person: Person, node: Node, rng: random.Random, life: Life, end: float) -> list[str]:
    """Talk until then; the ids of what was said."""
    next_sample = 0.0
    said: list[str] = []
    while (now := time.monotonic()) < end:
        text = rng.choice(TEXTS)
        id_ = person.say(text, source=rng.choice("abc"), room=rng.choice(["Kitchen", "Bedroom"]))
        # Of one that is too long not even the id is read.
        said += [id_] if len(text) < _TOO_LONG else []
        if now >= next_sample and node.running:
            next_sample = now + _SAMPLE_S
            life.samples.append((now, node.rss_bytes() / 2**20, node.threads(), node.descriptors()))
        time.sleep(rng.expovariate(20))
    return said


def _await(person: Person, asked: list[str]) -> None:
    def unanswered() -> list[str]:
        found = {json.loads(heard.payload)["id"] for heard in list(person.log) if heard.topic == ACTION}
        return [id_ for id_ in asked if id_ not in found]

    until(lambda: not unanswered(), 60, lambda: f"never answered: {unanswered()}")


def _fault(rng: random.Random, broker: Mosquitto, node: Node, lives: list[Life], faults: Counter[str]) -> None:
    kind = rng.choice(["broker stuck", "broker restarted", "broker killed", "daemon killed"])
    faults[kind] += 1
    if kind == "broker stuck":
        broker.pause()
        time.sleep(rng.uniform(0.2, 3))
        broker.resume()
    elif kind == "broker restarted":
        broker.restart()
    elif kind == "broker killed":
        broker.kill()
        time.sleep(rng.uniform(0, 2))
        broker.start()
    else:
        node.kill()
        # Ten in a row would lead to safe mode, as they should.
        (node.state / "boots").unlink(missing_ok=True)
        node.start()
        lives.append(Life())


def _report(heard: list[Heard], lives: list[Life], faults: Counter[str], status: int) -> int:
    invariants.check(heard, restarted=True)
    life = max(lives, key=lambda each: len(each.samples))
    first, last = life.settled[0], life.settled[-1]
    print(f"faults: {dict(faults)}; {sum(each.topic.endswith('/action') for each in heard)} results; exit {status}")
    print(f"longest life {last[0] - first[0]:.0f} s:")
    for column, name in ((1, "RSS MiB"), (2, "threads"), (3, "descriptors")):
        print(f"  {name}: {first[column]:.1f} -> {last[column]:.1f}, slope {life.slope(column):+.2f} per hour")
    grown = life.slope(1) > _MAX_RSS_MIB_PER_HOUR and last[1] - first[1] > 10
    leaking = last[2] > first[2] + 12 or last[3] > first[3] + 12
    return 1 if status or grown or leaking else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(float(given[0]) if given else 600.0, int(given[1]) if len(given) > 1 else random.randrange(10**6)))
