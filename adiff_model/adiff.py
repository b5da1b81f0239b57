"""`ADIFF`: the interface of the published wrapper, and explanations with the events that were detected."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from adiff_data.core.errors import AdiffError, InputError
from adiff_model.checkpoints import BUNDLED, load_checkpoint
from adiff_model.cpu_decoding import quantize, use_few_rows_products
from adiff_model.encoding import EncodedClip, Reading, encode_clips
from adiff_model.events import Event, top_events, undetected_classes
from adiff_model.generation import Decoding, batch_by_prompt, generate_tokens

_log = logging.getLogger(__name__)
Example = Sequence[str]  # the paths of two recordings, and a prompt


@dataclass(frozen=True)
class Explanation:
    """The answer to one example.

    Attributes:
        text: the answer; empty if a file cannot be read.
        tokens: the number of tokens of the answer.
        events1, events2: the most probable events of each clip, most probable first.
        unheard: AudioSet classes that the text names and that were detected in neither clip.
        fault: why there is no answer.
    """

    text: str
    tokens: int = 0
    events1: tuple[Event, ...] = ()
    events2: tuple[Event, ...] = ()
    unheard: tuple[str, ...] = ()
    fault: AdiffError | None = None


class ADIFF:
    """Explains how two recordings differ.

    Args:
        config: `base` for a published checkpoint or a converted folder, which `model_path` names; `tiny` for the
            bundled one.
        model_path: `adiff_base.ckpt`, `adiff_base_wavcaps.ckpt`, or a folder.
        config_path: ignored; accepted for compatibility with the published wrapper. Sizes follow from the checkpoint.
        use_cuda: run on the GPU, in bfloat16 where it is supported.
        compiled: use `torch.compile` for the language model's feed-forward layers, which pays off in long runs; needs
            a C++ compiler. (Attention, whose cache grows, is not compiled.)
        int8: use 8-bit weights for the language model on the CPU: faster, with slightly different answers.

    Raises:
        InputError: the checkpoint does not exist or is not one, or there is no GPU.
    """

    def __init__(
        self,
        config: str = "base",
        model_path: str | Path | None = None,
        *,
        config_path: str | Path | None = None,
        use_cuda: bool = False,
        compiled: bool = False,
        int8: bool = False,
    ) -> None:
        del config_path
        if model_path is None and config != BUNDLED:
            raise InputError("no checkpoint is named", mend="give model_path, or config='tiny' for the bundled one")
        if use_cuda and not torch.cuda.is_available():
            raise InputError("there is no GPU here", mend="leave use_cuda out")
        self.model, self.processor = load_checkpoint(model_path if model_path is not None else BUNDLED)
        if use_cuda:
            dtype = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
            torch.nn.Module.to(self.model, device="cuda", dtype=dtype)
        if int8:
            self.model.language_model = quantize(self.model.language_model)
        elif not use_cuda:
            use_few_rows_products(self.model.language_model)
        if compiled:
            for block in self.model.language_model.transformer.h:
                block.get_submodule("mlp").compile()

    def generate(
        self,
        examples: Sequence[Example],
        max_len: int = 300,
        temperature: float = 1.0,
        *,
        sample: bool = False,
        top_p: float | None = None,
        beams: int = 1,
        seed: int = 0,
        batch_size: int = 32,
    ) -> list[str]:
        """The answers to examples of two paths and a prompt, in their order.

        If a file cannot be read, only its example has an empty answer, and a warning in the log says why.

        Args:
            max_len: the maximum number of tokens of an answer.
            temperature: 1.0 decodes greedily, as published; any other value samples.
            sample, top_p, beams, seed: as in `Decoding`.
            batch_size: the number of pairs that are answered together.
        """
        decoding = Decoding(max_len, temperature, sample, top_p, beams, seed)
        explanations = self.explain(examples, decoding, batch_size=batch_size)
        for explanation in explanations:
            if explanation.fault:
                _log.warning("%s", explanation.fault)
        return [explanation.text for explanation in explanations]

    def explain(
        self,
        examples: Sequence[Example],
        decoding: Decoding | None = None,
        *,
        reading: Reading | None = None,
        cache: Path | None = None,
        workers: int = 1,
        batch_size: int = 32,
        finished: Callable[[int, Explanation], None] = lambda index, explanation: None,
    ) -> list[Explanation]:
        """As `generate`, but returns explanations with events, and with errors of files that cannot be read.

        Args:
            reading: how recordings are read.
            cache: a folder that stores encoded clips for later runs.
            workers: the number of threads that read recordings while the model runs; 0 reads in between.
            finished: called with the index and the explanation of each example of a finished batch.
        """
        paths = [path for example in examples for path in example[:2]]
        clips = encode_clips(self.model, paths, reading=reading, cache=cache, workers=workers)
        return self.explain_encoded(examples, clips, decoding, batch_size=batch_size, finished=finished)

    def explain_encoded(
        self,
        examples: Sequence[Example],
        clips: Mapping[str, EncodedClip | AdiffError],
        decoding: Decoding | None = None,
        *,
        batch_size: int = 32,
        finished: Callable[[int, Explanation], None] = lambda index, explanation: None,
    ) -> list[Explanation]:
        """As `explain`, for clips that are already encoded, by path."""
        explanations: dict[int, Explanation] = {}
        readable: list[int] = []
        encoded: dict[str, EncodedClip] = {}
        for index, example in enumerate(examples):
            errors = []
            for path in example[:2]:
                clip = clips[path]
                if isinstance(clip, AdiffError):
                    errors.append(clip)
                else:
                    encoded[path] = clip
            if not errors:
                readable.append(index)
                continue
            explanations[index] = Explanation("", fault=errors[0])
            finished(index, explanations[index])
        for batch in batch_by_prompt([examples[index][2] for index in readable], batch_size):
            indices = [readable[number] for number in batch]
            answered = self._explain_batch([examples[index] for index in indices], encoded, decoding)
            for index, explanation in zip(indices, answered, strict=True):
                explanations[index] = explanation
                finished(index, explanation)
        return [explanations[index] for index in range(len(examples))]

    def _explain_batch(
        self, examples: Sequence[Example], clips: Mapping[str, EncodedClip], decoding: Decoding | None
    ) -> Iterable[Explanation]:
        clips1, clips2 = ([clips[example[side]] for example in examples] for side in (0, 1))
        device = self.model.device
        answers = generate_tokens(
            self.model,
            _stack(clips1).to(device),
            _stack(clips2).to(device),
            self.processor.prompts([example[2] for example in examples]).to(device),
            decoding or Decoding(),
        )
        for clip1, clip2, tokens in zip(clips1, clips2, answers, strict=True):
            text = self.processor.text(tokens)
            yield Explanation(
                text=text,
                tokens=len(tokens),
                events1=top_events(clip1.event_probabilities),
                events2=top_events(clip2.event_probabilities),
                unheard=undetected_classes(text, (clip1.event_probabilities, clip2.event_probabilities)),
            )


def _stack(clips: Sequence[EncodedClip]) -> torch.Tensor:
    return torch.from_numpy(np.stack([clip.embedding for clip in clips]))
