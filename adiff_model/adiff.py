"""`ADIFF`: the published wrapper's interface, and what it heard beside the text."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from adiff_data.core.errors import AdiffError, InputError
from adiff_model.checkpoints import BUNDLED, load_checkpoint
from adiff_model.cpu_decoding import quantize, use_few_rows_products
from adiff_model.encoding import EncodedClip, Reading, encode_clips
from adiff_model.events import Event, likeliest, unheard
from adiff_model.generation import Decoding, batches, generate_tokens

_log = logging.getLogger(__name__)
Example = Sequence[str]  # a path, another path, a prompt


@dataclass(frozen=True)
class Explanation:
    """The answer to one example.

    Attributes:
        text: the answer; empty where a file could not be read.
        tokens: the tokens that it took.
        events1, events2: what was heard in each clip, likeliest first.
        unheard: AudioSet classes that the text names and that were heard in neither clip.
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
        config_path: taken as the published wrapper does; the sizes follow from the checkpoint.
        use_cuda: runs on the GPU, in bfloat16 where it has that.
        compiled: `torch.compile` for the language model's feed-forward parts: pays for itself in long runs; needs a
            C++ compiler. (Attention, whose cache grows, is left as it is.)
        int8: the language model's weights in 8 bits, on the CPU: faster, with other words now and then.

    Raises:
        InputError: the checkpoint is not there or is none, or there is no GPU.
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
            self.model.to("cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32)
        if int8:
            self.model.language_model = quantize(self.model.language_model)
        elif not use_cuda:
            use_few_rows_products(self.model.language_model)
        if compiled:
            for block in self.model.language_model.transformer.h:
                block.mlp.compile()

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

        A file that cannot be read costs its own example alone: its answer is empty, and a warning in the log says
        why.

        Args:
            max_len: tokens an answer at most.
            temperature: 1.0 is greedy, as published; another value samples.
            sample, top_p, beams, seed: as `Decoding`.
            batch_size: pairs that are answered at once.
        """
        decoding = Decoding(max_len, temperature, sample, top_p, beams, seed)
        explained = self.explain(examples, decoding, batch_size=batch_size)
        for explanation in explained:
            if explanation.fault:
                _log.warning("%s", explanation.fault)
        return [explanation.text for explanation in explained]

    def explain(
        self,
        examples: Sequence[Example],
        decoding: Decoding | None = None,
        *,
        reading: Reading | None = None,
        cache: Path | None = None,
        workers: int = 1,
        batch_size: int = 32,
        finished: Callable[[int, Explanation], None] = lambda place, explanation: None,
    ) -> list[Explanation]:
        """As `generate`, with what was heard, and the fault of what could not be read.

        Args:
            reading: which window of a long clip is heard.
            cache: a folder that keeps encoded clips for later runs.
            workers: processes that read clips.
            finished: told each example's place and its explanation when a batch is done.
        """
        paths = [path for example in examples for path in example[:2]]
        clips = encode_clips(self.model, paths, reading=reading, cache=cache, workers=workers)
        return self.explain_encoded(examples, clips, decoding, batch_size=batch_size, finished=finished)

    def explain_encoded(
        self,
        examples: Sequence[Example],
        clips: dict[str, EncodedClip | AdiffError],
        decoding: Decoding | None = None,
        *,
        batch_size: int = 32,
        finished: Callable[[int, Explanation], None] = lambda place, explanation: None,
    ) -> list[Explanation]:
        """As `explain`, for clips that are encoded already, by path."""
        explained: dict[int, Explanation] = {}
        good = []
        for place, example in enumerate(examples):
            fault = next((clips[path] for path in example[:2] if isinstance(clips[path], AdiffError)), None)
            if fault is None:
                good.append(place)
                continue
            explained[place] = Explanation("", fault=fault)
            finished(place, explained[place])
        for batch in batches([examples[place][2] for place in good], batch_size):
            places = [good[number] for number in batch]
            for place, explanation in zip(
                places, self._explain_batch([examples[place] for place in places], clips, decoding), strict=True
            ):
                explained[place] = explanation
                finished(place, explanation)
        return [explained[place] for place in range(len(examples))]

    def _explain_batch(
        self, examples: Sequence[Example], clips: dict[str, EncodedClip], decoding: Decoding | None
    ) -> Iterable[Explanation]:
        first, second = ([clips[example[side]] for example in examples] for side in (0, 1))
        device = self.model.device
        answers = generate_tokens(
            self.model,
            _stacked(first).to(device),
            _stacked(second).to(device),
            self.processor.prompts([example[2] for example in examples]).to(device),
            decoding or Decoding(),
        )
        for one, other, tokens in zip(first, second, answers, strict=True):
            text = self.processor.text(tokens)
            yield Explanation(
                text=text,
                tokens=len(tokens),
                events1=likeliest(one.events),
                events2=likeliest(other.events),
                unheard=unheard(text, (one.events, other.events)),
            )


def _stacked(clips: Sequence[EncodedClip]) -> torch.Tensor:
    return torch.from_numpy(np.stack([clip.embedding for clip in clips]))
