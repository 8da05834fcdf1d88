from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.choosing import choose_profile
from edgeassist.config import Config
from edgeassist.errors import ConfigError, ModelError


@given(st.data())
def test_any_settings_that_the_configuration_takes_can_be_loaded_with(data: st.DataObject) -> None:
    def at(low: int, high: int) -> int | None:
        return data.draw(st.sampled_from([None, low, low + 1, high]))

    model = {
        "context": at(576, 32_768),
        "batch": at(16, 4096),
        "threads": at(1, 128),
        "threads_batch": at(1, 128),
        "prefix_tokens": at(128, 16_384),
    }
    for profile in (None, "pi-zero-2-w", "pi-5", "rk3588"):
        choose_profile(Config.model_validate({"model": model, "profile": {"name": profile}}))


@pytest.mark.parametrize(
    "settings",
    [{"model": {"template": "nonesuch"}}, {"profile": {"name": "pi-99"}}],
)
def test_choice_that_does_not_exist_is_a_configuration_error(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"nonesuch|pi-99"):
        choose_profile(Config.model_validate(settings))


def test_model_that_is_not_there_says_how_to_get_it(tmp_path: Any) -> None:
    from edgeassist.choosing import choose_model

    config = Config.model_validate({"model": {"name": "smollm2-135m"}, "paths": {"models": tmp_path}})
    with pytest.raises(ModelError, match=r"models pull"):
        choose_model(config, choose_profile(config))
