"""Which engine runs, as the command and recipes say it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveInt, model_validator

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
    gpus_per_worker: NonNegativeFloat = Field(
        default=0.0, description="With ray: how many GPUs, or what share of one, a worker takes that runs a network."
    )

    @model_validator(mode="after")
    def _suits_the_engine(self) -> "EngineOptions":
        given = [name for name in ("ray_address", "gpus_per_worker") if getattr(self, name)]
        if given and self.engine != "ray":
            names = ", ".join(f"`{name}`" for name in given)
            raise ValueError(f"without effect: {names}; give `engine=ray`, too")
        return self

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        """The engine, while the block lasts."""
        if self.engine == "local":
            yield LOCAL if self.workers is None else LocalEngine(self.workers)
            return
        with RayEngine(self.ray_address, workers=self.workers, gpus_per_worker=self.gpus_per_worker) as engine:
            yield engine
