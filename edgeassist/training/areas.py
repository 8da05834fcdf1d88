"""The rooms and floors of random homes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from edgeassist.home import Area, Floor

from .template import words


def random_areas(rng: Random, count: int) -> tuple[list[Area], list[Floor]]:
    named = words("areas.txt")
    sort = rng.choices(("house", "flat", "office", "shop", "holiday", "odd"), (58, 18, 6, 5, 7, 6))[0]
    wanted = max(1, min(24, round(count / rng.uniform(2.0, 5.5)) + rng.randint(0, 2)))
    pools: list[tuple[str, float]]
    if sort == "house":
        pools = [("ground", 5), ("upper", 4), ("basement", 1), ("outdoor", 2.2), ("odd", 0.2), ("people", 1)]
    elif sort == "flat":
        pools = [("ground", 5), ("upper", 3), ("outdoor", 0.5), ("people", 0.6)]
    elif sort == "odd":
        pools = [("ground", 2), ("odd", 4), ("upper", 2), ("people", 1)]
    else:
        pools = [(sort, 6), ("ground", 0.6), ("outdoor", 0.5)]
    names: list[tuple[str, str]] = []
    for _ in range(wanted * 3):
        pool = rng.choices([p for p, _ in pools], [w for _, w in pools])[0]
        name = _persons_room(rng) if pool == "people" else _core_or_rare(rng, named[pool])
        if name not in {n for n, _ in names}:
            names.append((name, pool))
        if len(names) == wanted:
            break
    if rng.random() < 0.06:
        names = [(n if i else rng.choice(("bedroom 1", "room 12", "bedroom 2")), p) for i, (n, p) in enumerate(names)]
    case = rng.choice((str.title, str.title, str.capitalize, str.lower))
    floors = [_cased(floor, case) for floor in _floors(rng, sort, len(names))]
    named_floors = [Floor(floor, _floor_aliases(rng, floor, floors)) for floor in floors]
    taken = {name.lower() for floor in named_floors for name in (floor.name, *floor.aliases)}
    names = [(name, pool) for name, pool in names if name not in taken] or [("main room", "ground")]
    taken |= {name for name, _ in names}
    made = []
    for name, pool in names:
        aliases = tuple(alias for alias in _area_aliases(rng, name) if alias not in taken)
        taken.update(aliases)
        made.append(Area(_cased(name, case), _floor_for(rng, pool, floors), aliases))
    return made, named_floors


def _cased(name: str, case: object) -> str:
    assert callable(case)
    return str(case(name)).replace("'S", "'s")


def _core_or_rare(rng: Random, pool: Sequence[str]) -> str:
    """The first of a list are the common ones."""
    return pool[int(len(pool) * rng.random() ** 1.7)]


def _persons_room(rng: Random) -> str:
    named = words("areas.txt")
    person = rng.choice(named["people"])
    if person.startswith("the "):
        return f"{person.removeprefix('the ')} room"
    ending = rng.choice(("'s", "'s", "'s", "s"))
    return f"{person}{ending} {_core_or_rare(rng, named['room'])}"


SYNONYMS = {
    "living room": ("lounge", "sitting room", "front room"),
    "lounge": ("living room", "sitting room"),
    "hall": ("hallway", "corridor"),
    "hallway": ("hall", "corridor"),
    "study": ("office",),
    "bathroom": ("bath", "restroom"),
    "toilet": ("wc", "loo", "restroom"),
    "garden": ("back garden", "yard", "outside"),
    "backyard": ("yard", "garden", "outside"),
    "basement": ("cellar",),
    "cellar": ("basement",),
    "loft": ("attic",),
    "attic": ("loft",),
    "den": ("family room", "tv room"),
    "master bedroom": ("our bedroom", "main bedroom", "big bedroom"),
    "nursery": ("baby's room", "baby room"),
    "utility room": ("laundry",),
    "kitchen": ("cookhouse", "kitchen area"),
    "bedroom": ("our room", "sleeping room"),
    "dining room": ("dining area",),
    "guest room": ("spare room", "visitors room"),
    "terrace": ("patio", "deck"),
    "garage": ("car hole", "carport"),
}


def _area_aliases(rng: Random, name: str) -> tuple[str, ...]:
    if rng.random() > 0.16:
        return ()
    return tuple(rng.sample(SYNONYMS[name], 1)) if name in SYNONYMS else ()


def _floors(rng: Random, sort: str, areas: int) -> list[str]:
    if areas < 3 or rng.random() < (0.3 if sort == "house" else 0.7):
        return []
    sets = (
        ["ground floor", "first floor"],
        ["ground floor", "first floor", "second floor"],
        ["first floor", "second floor"],
        ["first floor", "second floor", "third floor"],
        ["downstairs", "upstairs"],
        ["downstairs", "upstairs", "basement"],
        ["main floor", "upper floor", "basement"],
        ["ground floor", "upstairs"],
        ["basement", "ground floor", "first floor", "attic"],
        ["lower level", "main level", "upper level"],
        ["level 1", "level 2"],
        ["floor 1", "floor 2", "floor 3"],
        ["1st floor", "2nd floor"],
        ["cellar", "ground floor", "top floor"],
        ["ground floor", "first floor", "outside"],
        ["downstairs", "upstairs", "outside"],
        ["main floor", "basement"],
        ["ground", "first"],
        ["ground", "first", "second"],
        ["first", "second"],
        ["main", "upper"],
        ["ground floor", "first floor", "loft"],
        ["east wing", "west wing"],
    )
    if rng.random() < 0.12:
        return rng.sample(list(words("areas.txt")["floors"]), rng.randint(2, 4))
    return list(rng.choice(sets))


def _floor_for(rng: Random, pool: str, floors: list[str]) -> str | None:
    if not floors or rng.random() < 0.05:
        return None
    fits = {
        "basement": ("basement", "cellar", "lower level"),
        "outdoor": ("outside", "garden level"),
        "upper": ("upstairs", "first", "upper", "second", "2", "top"),
        "ground": ("ground floor", "downstairs", "ground", "main", "first", "1"),
    }.get(pool, ())
    if pool == "outdoor" and not any("outside" in floor.lower() for floor in floors):
        return None if rng.random() < 0.7 else floors[0]
    near = [floor for floor in floors if any(word in floor.lower() for word in fits)]
    return rng.choice(near) if near and rng.random() < 0.9 else rng.choice(floors)


def _floor_aliases(rng: Random, floor: str, floors: Sequence[str]) -> tuple[str, ...]:
    if rng.random() > 0.2:
        return ()
    others = {
        "ground": "downstairs",
        "first": "upstairs",
        "ground floor": "downstairs",
        "first floor": "upstairs",
        "main floor": "downstairs",
        "basement": "cellar",
        "upper floor": "upstairs",
        "1st floor": "downstairs",
        "2nd floor": "upstairs",
        "lower level": "downstairs",
        "upper level": "upstairs",
        "top floor": "upstairs",
    }
    other = others.get(floor.lower())
    return (other,) if other and other not in {each.lower() for each in floors} else ()
