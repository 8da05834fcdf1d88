"""How a model is loaded: what a board profile chooses."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KVType = Literal["f16", "q8_0/f16", "q8_0"]


class EngineOptions(BaseModel):
    """Settings of the llama.cpp context. ``threads_batch`` serves batches of more than one token.

    ``cpus`` are the cores to stay on, None for any.
    Without ``mmap`` the file is read straight into the repacked weights; with it, repacked weights are held twice.
    ``flash`` attention saves memory where batches are large; without it the batch of an utterance takes a third less
    time here. ``kv_type`` is that of keys and values; "q8_0/f16" has small keys alone, which is less to read, while
    small values imply flash attention. ``batch`` is what is computed at a time: with more than 32
    tokens a prefix is read a twentieth faster at best, and the buffers grow.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    context: int = Field(2048, ge=256, le=32768)
    threads: int = Field(2, ge=1, le=128)
    threads_batch: int = Field(2, ge=1, le=128)
    cpus: tuple[int, ...] | None = None
    batch: int = Field(32, ge=16, le=4096)
    kv_type: KVType = "q8_0/f16"
    flash: bool = False
    mmap: bool = False
    mlock: bool = False
    repack: bool = True
    prefix_tokens: int = Field(1024, ge=128, le=16384)
    draft: bool = True
