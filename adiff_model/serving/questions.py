"""What is asked: from the body of a chat completion to a prompt, its recordings, and how the answer is decoded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    Tag,
    ValidationError,
)

from adiff_data.core.arguments import plain_reason
from adiff_data.core.errors import InputError
from adiff_data.core.validation import first_fault
from adiff_model.generation import Decoding
from adiff_model.serving.refusals import Refusal

FORMATS = ("wav", "mp3", "flac", "ogg")
DEFAULT_GAP = 1.0  # s
_LABEL = re.compile(r"\W*(?:audio|clip|recording|sound)\W*(?:[12]|one|two|first|second)\W*", re.IGNORECASE)
_EXAMPLE = "such as: explain the difference in detail"


class _InputAudio(BaseModel):
    model_config = ConfigDict(val_json_bytes="base64")

    data: bytes
    format: str


class _Part(BaseModel):
    type: str
    text: str | None = None
    input_audio: _InputAudio | None = None


def _form(content: Any) -> str:
    return "text" if isinstance(content, str) else "parts"


class _Message(BaseModel):
    role: str
    content: (
        Annotated[Annotated[str, Tag("text")] | Annotated[list[_Part], Tag("parts")], Discriminator(_form)] | None
    ) = None


class _StreamOptions(BaseModel):
    include_usage: bool | None = None


class _Completion(BaseModel):
    """The fields of a chat completion that count here; all others change nothing."""

    model: str
    messages: list[_Message] = Field(min_length=1, max_length=100)
    max_tokens: PositiveInt | None = None
    max_completion_tokens: PositiveInt | None = None
    temperature: NonNegativeFloat | None = None
    top_p: float | None = None
    seed: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    gap: PositiveFloat = DEFAULT_GAP
    n: int | None = None
    stop: Any = None
    tools: Any = None
    functions: Any = None
    logprobs: bool | None = None
    logit_bias: Any = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    response_format: dict[str, Any] | None = None
    modalities: list[str] | None = None


@dataclass(frozen=True)
class SentAudio:
    """The content of a recording, as it was sent."""

    format: str
    content: bytes


@dataclass(frozen=True)
class Question:
    """What one request asks.

    Attributes:
        model: which model is asked.
        audio: two recordings; or one, in which both stand one after the other.
        gap: of that one, the seconds of silence between the two.
        prompt: the text.
        decoding: how the answer is chosen.
        streamed: whether the answer is sent while it is made, and `with_usage`, its number of tokens at the end.
        notes: what of the request the model does not read.
        size: of the recordings, in bytes.
    """

    model: str
    audio: Sequence[SentAudio]
    gap: float
    prompt: str
    decoding: Decoding
    streamed: bool
    with_usage: bool
    notes: tuple[str, ...]
    size: int

    def without_audio(self) -> "Question":
        """The same question, whose recordings are kept elsewhere."""
        return replace(self, audio=())


def read_question(body: bytes) -> Question:
    """Reads the body of a request.

    Raises:
        Refusal: it is no chat completion, or one that this model cannot give.
    """
    try:
        asked = _Completion.model_validate_json(body)
    except ValidationError as fault:
        name, first = first_fault(fault)
        if first["type"] == "json_invalid":
            raise Refusal(400, "the body is not JSON", "invalid_json") from None
        if first["type"] == "bytes_invalid_encoding":
            raise Refusal(400, f"'{name}' is not base64", "invalid_base64", name) from None
        raise Refusal(400, plain_reason(fault).replace("`", "'"), "invalid_value", name) from None
    _require_possible(asked)
    audio = [_sent(place, part) for place, part in _audio_parts(asked.messages)]
    if len(audio) not in (1, 2):
        message = f"there are {len(audio)} input_audio parts, not two (or one in which a gap separates two recordings)"
        raise Refusal(400, message, "invalid_audio_count", "messages")
    prompt = _prompt(asked.messages)
    systems = any(message.role in ("system", "developer") for message in asked.messages)
    return Question(
        model=asked.model,
        audio=audio,
        gap=asked.gap,
        prompt=prompt,
        decoding=_decoding(asked),
        streamed=bool(asked.stream),
        with_usage=bool(asked.stream_options and asked.stream_options.include_usage),
        notes=("the model reads no system message",) if systems else (),
        size=sum(len(each.content) for each in audio),
    )


def _require_possible(asked: _Completion) -> None:
    """Refuses what would change the answer and cannot be done, in place of leaving it out silently."""
    impossible = {
        "n": asked.n not in (None, 1),
        "stop": bool(asked.stop),
        "tools": bool(asked.tools),
        "functions": bool(asked.functions),
        "logprobs": bool(asked.logprobs),
        "logit_bias": bool(asked.logit_bias),
        "presence_penalty": bool(asked.presence_penalty),
        "frequency_penalty": bool(asked.frequency_penalty),
        "response_format": (asked.response_format or {}).get("type", "text") != "text",
        "modalities": asked.modalities not in (None, ["text"]),
    }
    for name, is_asked in impossible.items():
        if is_asked:
            raise Refusal(400, f"'{name}' is not supported here; leave it out", "unsupported_parameter", name)


def _audio_parts(messages: Sequence[_Message]) -> Iterator[tuple[str, _InputAudio]]:
    """Yields the recordings of all messages, with the place of each for messages."""
    for number, message in enumerate(messages):
        for place, part in enumerate(message.content if isinstance(message.content, list) else ()):
            where = f"messages.{number}.content.{place}"
            if part.type == "input_audio" and part.input_audio is not None:
                yield where, part.input_audio
            elif part.type != "text":
                known = "a part is 'text' or 'input_audio', and nothing is fetched for a client"
                raise Refusal(400, f"'{where}' is of type '{part.type[:40]}'; {known}", "unsupported_part", where)


def _sent(place: str, audio: _InputAudio) -> SentAudio:
    if audio.format not in FORMATS:
        message = f"'{place}' has the format '{audio.format[:40]}', not one of {', '.join(FORMATS)}"
        raise Refusal(400, message, "unsupported_format", place)
    return SentAudio(audio.format, audio.data)


def _prompt(messages: Sequence[_Message]) -> str:
    """The text of the last message of a user: what stands behind its recordings, or else before or between them.

    What stands before them is often a label ("Audio 1:"), which is not part of the prompt.
    """
    last = next((message for message in reversed(messages) if message.role == "user"), None)
    content = last.content if last and last.content else []
    if isinstance(content, str):
        texts = [content]
    else:
        places = [place for place, part in enumerate(content) if part.type == "input_audio"]
        behind = content[places[-1] + 1 :] if places else content
        texts = _texts(behind) or _texts(content)
    if not texts or not texts[0].strip():
        raise Refusal(400, f"no text of the user says what to explain, {_EXAMPLE}", "missing_prompt", "messages")
    return " ".join(texts)


def _texts(parts: Sequence[_Part]) -> list[str]:
    return [part.text for part in parts if part.text and part.text.strip() and not _LABEL.fullmatch(part.text)]


def _decoding(asked: _Completion) -> Decoding:
    """As in `ADIFF.generate`, where a temperature of 1 is greedy; here 0 is so too, and none at all."""
    max_len = asked.max_completion_tokens or asked.max_tokens or Decoding.max_len
    if not asked.temperature and (asked.temperature == 0 or asked.top_p in (None, 1)):
        return Decoding(max_len)
    top_p = None if asked.top_p == 1 else asked.top_p
    try:
        decoding = Decoding(max_len, asked.temperature or 1.0, top_p=top_p, seed=asked.seed or 0)
    except InputError as fault:
        raise Refusal(400, fault.message, "invalid_value") from None
    return decoding if decoding.is_sampling else Decoding(max_len)
