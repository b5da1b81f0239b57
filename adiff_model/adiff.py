"""`ADIFF`: the interface of the published wrapper, and explanations with the events that were detected."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from pydantic import NonNegativeInt, PositiveInt

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import AdiffError, InputError, one_line
from adiff_model.checkpoints import BUNDLED, load_checkpoint
from adiff_model.config import AdiffConfig
from adiff_model.cpu_decoding import quantize, use_few_rows_products
from adiff_model.devices import Device, find_device, inference_dtype
from adiff_model.encoding import EncodedClip, Reading, encode_clips
from adiff_model.events import Event, top_events, undetected_classes
from adiff_model.examples import Example, Question, read_examples
from adiff_model.generation import Decoding, batch_by_prompt, generate_tokens
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor

if TYPE_CHECKING:  # rules and checks are for grounded answers alone
    from adiff_data.grounding import LeftOut
    from adiff_model.grounding import Grounding

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Explanation:
    """The answer to one example.

    Attributes:
        text: the answer; empty if a file cannot be read.
        tokens: the number of tokens of the answer.
        events1, events2: the most probable events of each clip, most probable first.
        unheard: classes that the event head knows, that the text names, and that were detected in neither clip.
        complete: whether the model ended the answer itself; otherwise it was cut at the maximum number of tokens.
        left_out: grounded alone: what of the model's answer was left out, and why.
        is_fallback: grounded alone: whether nothing of the model's answer held, so that `text` tells what was detected
            and measured, by rules.
        fault: why there is no answer.
    """

    text: str
    tokens: int = 0
    events1: tuple[Event, ...] = ()
    events2: tuple[Event, ...] = ()
    unheard: tuple[str, ...] = ()
    complete: bool = False
    left_out: "tuple[LeftOut, ...]" = ()
    is_fallback: bool = False
    fault: AdiffError | None = None


class ADIFF:
    """Explains how two recordings differ.

    Args:
        config: `base` for a published checkpoint or a converted folder, which `model_path` names; `tiny` for the
            bundled one.
        model_path: `adiff_base.ckpt`, `adiff_base_wavcaps.ckpt`, or a folder.
        config_path: ignored; accepted for compatibility with the published wrapper. Sizes follow from the checkpoint.
        device: `auto` (a GPU where there is one, else the CPU), `cpu`, `cuda` or `mps`. On a GPU of NVIDIA's the model
            runs in bfloat16 where that is supported.
        use_cuda: the published wrapper's word for `device`: True is `cuda`, False is `cpu`.
        compiled: use `torch.compile` for the language model's feed-forward layers, which pays off in long runs; needs
            a C++ compiler. (Attention, whose cache grows, is not compiled.)
        int8: use 8-bit weights for the language model on the CPU: faster, with slightly different answers.
        grounded: measure the recordings, and let no comparison and no event through that contradicts what was measured
            and detected; see `adiff_model.grounding`.

    Raises:
        InputError: the checkpoint does not exist or is not one, or the device is not there.
    """

    @checks_arguments
    def __init__(
        self,
        config: str = "base",
        model_path: str | Path | None = None,
        *,
        config_path: str | Path | None = None,
        device: Device = "auto",
        use_cuda: bool | None = None,
        compiled: bool = False,
        int8: bool = False,
        grounded: bool = False,
    ) -> None:
        del config_path
        if model_path is None and config != BUNDLED:
            raise InputError("no checkpoint is named", mend="give model_path, or config='tiny' for the bundled one")
        target = _device(device, use_cuda, int8=int8)
        self.model, self.processor = load_checkpoint(model_path if model_path is not None else BUNDLED)
        self._grounding = _grounding_of(self.model) if grounded else None
        torch.nn.Module.to(self.model, device=target, dtype=inference_dtype(target))
        if int8:
            self.model.language_model = quantize(self.model.language_model)
        elif target.type == "cpu":
            use_few_rows_products(self.model.language_model)
        if compiled:
            for block in self.model.language_model.transformer.h:
                block.get_submodule("mlp").compile()

    def generate(
        self,
        examples: Iterable[Example],
        max_len: int = 300,
        temperature: float = 1.0,
        *,
        sample: bool = False,
        top_p: float | None = None,
        beams: int = 1,
        seed: int = 0,
        batch_size: PositiveInt = 32,
    ) -> list[str]:
        """The answers to examples of two paths and a prompt, in their order.

        If a file cannot be read, only its example has an empty answer, and a warning in the log says why.

        Args:
            max_len: the maximum number of tokens of an answer.
            temperature: 1.0 decodes greedily, as published; any other value samples.
            sample, top_p, beams, seed: as in `Decoding`.
            batch_size: the number of pairs that are answered together.

        Raises:
            InputError: an example is not two paths and a prompt.
        """
        decoding = Decoding(max_len, temperature, sample, top_p, beams, seed)
        explanations = self.explain(examples, decoding, batch_size=batch_size)
        for explanation in explanations:
            if explanation.fault:
                _log.warning("%s", explanation.fault)
        return [explanation.text for explanation in explanations]

    def explain(
        self,
        examples: Iterable[Example],
        decoding: Decoding | None = None,
        *,
        reading: Reading | None = None,
        cache: str | Path | None = None,
        reading_threads: NonNegativeInt = 1,
        batch_size: PositiveInt = 32,
        finished: Callable[[int, Explanation], None] = lambda index, explanation: None,
    ) -> list[Explanation]:
        """As `generate`, but returns explanations with events, and with errors of files that cannot be read.

        Args:
            reading: how recordings are read.
            cache: a folder that stores encoded clips for later runs.
            reading_threads: how many threads read recordings while the model runs; 0 reads in between.
            finished: called with the index and the explanation of each example of a finished batch.

        Raises:
            InputError: an example is not two paths and a prompt.
        """
        examples = read_examples(examples)
        paths = [path for example in examples for path in example[:2]]
        folder = Path(cache) if cache else None
        clips = encode_clips(self.model, paths, reading=reading, cache=folder, reading_threads=reading_threads)
        decoding = decoding or Decoding()
        warn_of_cuts(self.model.config, self.processor, examples, decoding)
        return self.explain_encoded(examples, clips, decoding, batch_size=batch_size, finished=finished)

    def explain_encoded(
        self,
        examples: Sequence[Question],
        clips: Mapping[str, EncodedClip | AdiffError],
        decoding: Decoding | None = None,
        *,
        batch_size: int = 32,
        finished: Callable[[int, Explanation], None] = lambda index, explanation: None,
        spoken: Callable[[int, int], None] | None = None,
    ) -> list[Explanation]:
        """As `explain`, for clips that are already encoded, by path; grounded answers need the files too.

        Args:
            spoken: called with the index of an example and each token of its answer as soon as it is chosen (as in
                `generate_tokens`).
        """
        decoding = decoding or Decoding()
        faults, encoded = unreadable_examples(examples, clips)
        explanations = {index: Explanation("", fault=fault) for index, fault in faults.items()}
        for index, explanation in explanations.items():
            finished(index, explanation)
        readable = [index for index in range(len(examples)) if index not in faults]
        for batch in batch_by_prompt([examples[index][2] for index in readable], batch_size):
            indices = [readable[number] for number in batch]
            told = partial(_tell_index, spoken, indices) if spoken else None
            answered = self._explain_batch([examples[index] for index in indices], encoded, decoding, told)
            for index, explanation in zip(indices, answered, strict=True):
                explanations[index] = explanation
                finished(index, explanation)
        return [explanations[index] for index in range(len(examples))]

    def _explain_batch(
        self,
        examples: Sequence[Question],
        clips: Mapping[str, EncodedClip],
        decoding: Decoding,
        spoken: Callable[[int, int], None] | None,
    ) -> list[Explanation]:
        answers = self._tokens(examples, clips, decoding, spoken)
        plain = [
            self.explanation_of(clips[audio1], clips[audio2], tokens)
            for (audio1, audio2, _), tokens in zip(examples, answers, strict=True)
        ]
        return self._grounded(self._grounding, examples, plain, clips, decoding) if self._grounding else plain

    def explanation_of(self, clip1: EncodedClip, clip2: EncodedClip, tokens: Sequence[int]) -> Explanation:
        """The explanation whose text has these tokens."""
        text = self.processor.text(tokens)
        return Explanation(
            text=text,
            tokens=len(tokens),
            events1=top_events(clip1.event_probabilities),
            events2=top_events(clip2.event_probabilities),
            unheard=self._unheard(text, clip1, clip2),
            complete=list(tokens[-1:]) == [self.model.config.stop_token],
        )

    def _unheard(self, text: str, clip1: EncodedClip, clip2: EncodedClip) -> tuple[str, ...]:
        probabilities = clip1.event_probabilities, clip2.event_probabilities
        return undetected_classes(text, probabilities, frozenset(self.model.event_head.classes))

    def _grounded(
        self,
        grounding: "Grounding",
        examples: Sequence[Question],
        plain: Sequence[Explanation],
        clips: Mapping[str, EncodedClip],
        decoding: Decoding,
    ) -> list[Explanation]:
        """Explanations without what contradicts the recordings."""

        def generate(questions: Sequence[Question], how: Decoding) -> list[str]:
            return [self.processor.text(tokens) for tokens in self._tokens(questions, clips, how)]

        answers = grounding.answers(examples, [each.text for each in plain], clips, decoding, generate)
        return [
            replace(
                each,
                text=answer.text,
                unheard=self._unheard(answer.text, clips[audio1], clips[audio2]),
                left_out=answer.left_out,
                is_fallback=answer.is_fallback,
            )
            for (audio1, audio2, _), each, answer in zip(examples, plain, answers, strict=True)
        ]

    def _tokens(
        self,
        examples: Sequence[Question],
        clips: Mapping[str, EncodedClip],
        decoding: Decoding,
        spoken: Callable[[int, int], None] | None = None,
    ) -> list[list[int]]:
        clips1, clips2 = ([clips[example[side]] for example in examples] for side in (0, 1))
        prompts, device = self.processor.prompts([example[2] for example in examples]), self.model.device
        return generate_tokens(
            self.model, _stack(clips1).to(device), _stack(clips2).to(device), prompts.to(device), decoding, spoken
        )


def warn_of_cuts(
    config: AdiffConfig, processor: AdiffProcessor, questions: Iterable[Question], decoding: Decoding
) -> None:
    """Logs what the model does not read of prompts, and where answers end before `max_len`."""
    for prompt in dict.fromkeys(prompt for _, _, prompt in questions):
        tokens = processor.count_tokens(prompt)
        if tokens > config.prompt_length:
            read = f"the model reads {config.prompt_length} of its {tokens} tokens"
            _log.warning("the prompt '%s' is too long: %s", one_line(prompt, 60), read)
    room = config.language_config.n_positions - config.prefix_tokens
    if decoding.max_len > room:
        _log.warning("answers end after %d tokens, for which the model has room, not %d", room, decoding.max_len)


def unreadable_examples(
    examples: Sequence[Question], clips: Mapping[str, EncodedClip | AdiffError]
) -> tuple[dict[int, AdiffError], dict[str, EncodedClip]]:
    """By index, why an example has no answer; and by path, the clips that are encoded."""
    faults: dict[int, AdiffError] = {}
    encoded: dict[str, EncodedClip] = {}
    for index, example in enumerate(examples):
        for path in example[:2]:
            clip = clips[path]
            if isinstance(clip, AdiffError):
                faults.setdefault(index, clip)
            else:
                encoded[path] = clip
    return faults, encoded


def _tell_index(spoken: Callable[[int, int], None], indices: Sequence[int], row: int, token: int) -> None:
    spoken(indices[row], token)


def _grounding_of(model: AdiffModel) -> "Grounding":
    from adiff_model.grounding import Grounding  # noqa: PLC0415 - for grounded answers alone

    return Grounding(model.event_head.classes)


def _device(device: Device, use_cuda: bool | None, *, int8: bool) -> torch.device:
    if use_cuda is not None:
        device = "cuda" if use_cuda else "cpu"
    if not int8:
        return find_device(device)
    if device not in ("auto", "cpu"):
        raise InputError("8-bit weights are for the CPU", mend="leave int8 out, or give device='cpu'")
    return torch.device("cpu")


def _stack(clips: Sequence[EncodedClip]) -> torch.Tensor:
    return torch.from_numpy(np.stack([clip.embedding for clip in clips]))
