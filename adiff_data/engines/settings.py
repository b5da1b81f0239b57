"""Which engine runs, as the command and recipes say it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from adiff_data.engines.engine import Engine
from adiff_data.engines.local import LOCAL, LocalEngine
from adiff_data.engines.ray_engine import RayEngine

EngineName = Literal["local", "ray"]


class EngineOptions(BaseModel):
    """Which engine runs. The descriptions are the command's help texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    engine: EngineName = Field(
        default="local", description="What many clips or rows are worked on by: this machine, or a Ray cluster."
    )
    ray_address: str | None = Field(
        default=None,
        min_length=1,
        description="With ray: the cluster's address, HOST:PORT, or auto for the one that this machine is in. Default: "
        "the variable RAY_ADDRESS, or a cluster that is started on this machine.",
    )
    workers: PositiveInt | None = Field(
        default=None, description="The most processes that work at once. Default: one a core."
    )

    @model_validator(mode="after")
    def _suits_the_engine(self) -> "EngineOptions":
        if self.ray_address and self.engine != "ray":
            raise ValueError("without effect: `ray_address`; give `engine=ray`, too")
        return self

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        """The engine, while the block lasts."""
        if self.engine == "local":
            yield LOCAL if self.workers is None else LocalEngine(self.workers)
            return
        with RayEngine(self.ray_address, workers=self.workers) as engine:
            yield engine
