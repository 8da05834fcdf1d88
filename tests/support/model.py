"""The real small model, which set-up has put into the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist.errors import ModelError
from edgeassist.models.store import Store

NAME = "smollm2-135m"


def real_model(name: str = NAME) -> Path:
    try:
        return Store().check(name).path
    except ModelError as error:
        pytest.fail(f"{error}; `make test` does that")
