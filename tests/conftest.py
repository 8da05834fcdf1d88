"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Two cores that others use as well are slow at times: no example is timed, and every run sees the same examples.
settings.load_profile("ci")
