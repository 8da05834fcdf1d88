"""A simulated home on a real broker: it announces itself, obeys and reports as real products do."""

from .home import SimulatedHome

__all__ = ["SimulatedHome"]
