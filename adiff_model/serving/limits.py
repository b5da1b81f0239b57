"""What a server grants its clients, all of them together and each of them."""

from dataclasses import dataclass

from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt

from adiff_data.core.arguments import require_field_types

MIB = 1 << 20


@dataclass(frozen=True)
class ServingLimits:
    """What is refused, and how long is waited.

    Attributes:
        body: the largest body of a request, MiB.
        held: the bytes that are held for all requests together, from the first of a body to the answer, MiB.
        body_seconds: within which a body must have arrived.
        answer_seconds: within which an answer must be made, from the body's arrival on.
        queue: the most requests that wait for the model.
        clip_seconds: the longest recording.
        connections: the most connections.
        gather_seconds: for how long a batch waits for requests that are just arriving.
    """

    body: PositiveInt = 32
    held: PositiveInt = 256
    body_seconds: PositiveFloat = 30.0
    answer_seconds: PositiveFloat = 300.0
    queue: PositiveInt = 256
    clip_seconds: PositiveFloat = 600.0
    connections: PositiveInt = 512
    gather_seconds: NonNegativeFloat = 0.3

    def __post_init__(self) -> None:
        """Raises InputError for a value of another type or out of its bounds."""
        require_field_types(self)
