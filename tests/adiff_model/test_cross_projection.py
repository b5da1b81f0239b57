"""The cross-projection: what crosses between the clips, and what does not."""

import pytest
import torch

from adiff_model.config import AdiffConfig
from adiff_model.measures import heard_size
from adiff_model.model import AdiffModel
from tests.adiff_model.conftest import small_convolutional, tiny_config

LOUDNESS = ((-10.0, 1.0), (-8.0, 1.0), (0.0, 0.0))  # in thresholds, and whether it is known


def model_with(cross_projection: bool | str) -> AdiffModel:
    torch.manual_seed(0)
    return AdiffModel(tiny_config(cross_projection=cross_projection)).eval()


@torch.inference_mode()
def prefix_of_clip1(model: AdiffModel, second_clip: float) -> torch.Tensor:
    """The vectors of the first clip, beside a second one."""
    size = model.config.encoder_config.hidden_size
    first = torch.linspace(-1, 1, size)[None]
    second = torch.sin(second_clip * torch.arange(size))[None]
    prompt = torch.zeros(1, model.config.prompt_length, dtype=torch.long)
    return model.prefix(first, second, prompt)[:, : model.config.prefix_length]


@pytest.mark.parametrize(("cross_projection", "crosses"), [(True, True), (False, False), ("segments", False)])
def test_a_clips_vectors_depend_on_the_other_clip_only_where_they_cross(cross_projection, crosses):
    model = model_with(cross_projection)
    same = torch.equal(prefix_of_clip1(model, 1.0), prefix_of_clip1(model, 2.0))
    assert same is not crosses


def test_segments_has_the_same_weights_as_the_cross_projection():
    crossed, segments = model_with(True).state_dict(), model_with("segments").state_dict()
    assert crossed.keys() == segments.keys()
    assert all(torch.equal(crossed[key], segments[key]) for key in crossed)


def test_segments_still_changes_the_vectors():
    assert not torch.equal(prefix_of_clip1(model_with(False), 1.0), prefix_of_clip1(model_with("segments"), 1.0))


def test_a_configuration_keeps_it(tmp_path):
    tiny_config(cross_projection="segments").save_pretrained(tmp_path)
    assert AdiffConfig.from_pretrained(tmp_path).cross_projection == "segments"


@torch.inference_mode()
def test_what_is_measured_has_vectors_of_its_own():
    model = small_convolutional(measures=("loudness",))
    model.config.cross_projection = "segments"
    heard = torch.rand(2, heard_size(model.config.encoder_config.hidden_size, 1))
    prompt = torch.zeros(2, model.config.prompt_length, dtype=torch.long)
    softer, louder, unknown = (torch.cat((heard, torch.tensor([[*own]]).expand(2, 2)), 1) for own in LOUDNESS)
    prefixes = [model.prefix(softer, second, prompt) for second in (softer, louder, unknown)]
    length, prompt_length = model.config.prefix_length, model.config.prompt_length
    assert prefixes[0].shape[1] == model.config.prefix_tokens == 3 * length + 1 + prompt_length
    clips = [prefix[:, : 2 * length + 1] for prefix in prefixes]
    compared = [prefix[:, 2 * length + 1 : -prompt_length] for prefix in prefixes]
    assert torch.equal(clips[0], clips[1])
    assert torch.equal(clips[0], clips[2])
    assert not torch.equal(compared[0], compared[1])
    assert not torch.equal(compared[0], compared[2])
