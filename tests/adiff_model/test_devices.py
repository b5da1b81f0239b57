"""What the model runs on: what is there is taken, what is not is said in one line."""

import pytest
import torch

from adiff_data.core.errors import InputError
from adiff_model import ADIFF
from adiff_model.devices import find_device, has_bfloat16, inference_dtype


@pytest.fixture
def present(monkeypatch):
    """Lets torch find these devices beside the CPU."""

    def pretend(*kinds: str) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in kinds)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in kinds)

    return pretend


@pytest.mark.parametrize(
    ("kinds", "taken"), [((), "cpu"), (("mps",), "mps"), (("cuda",), "cuda"), (("cuda", "mps"), "cuda")]
)
def test_auto_takes_a_gpu_where_there_is_one(present, kinds, taken):
    present(*kinds)
    assert find_device("auto").type == taken
    assert find_device("cpu").type == "cpu"


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(present, name):
    present()
    with pytest.raises(InputError, match=f"torch finds no {name} device here; auto takes what is there"):
        ADIFF(config="tiny", device=name)


def test_another_name_is_refused():
    with pytest.raises(InputError, match="`device` should be 'auto', 'cpu', 'cuda' or 'mps', not 'gpu'"):
        ADIFF(config="tiny", device="gpu")


def test_the_published_wrappers_word_is_understood(present):
    present()
    assert ADIFF(config="tiny", use_cuda=False).model.device.type == "cpu"
    with pytest.raises(InputError, match="torch finds no cuda device here"):
        ADIFF(config="tiny", use_cuda=True)


def test_eight_bit_weights_are_for_the_cpu(present):
    present("cuda")
    with pytest.raises(InputError, match="8-bit weights are for the CPU"):
        ADIFF(config="tiny", device="cuda", int8=True)
    assert ADIFF(config="tiny", int8=True).model.device.type == "cpu"


def test_the_cpu_and_apples_gpu_calculate_in_single_precision():
    assert inference_dtype(torch.device("cpu")) == inference_dtype(torch.device("mps")) == torch.float32


@pytest.mark.parametrize(
    ("features", "has"),
    [
        ({"architecture": "x86_64", "avx512_bf16": False, "amx_bf16": False}, False),
        ({"architecture": "x86_64", "avx512_bf16": True, "amx_bf16": False}, True),
        ({"architecture": "x86_64", "avx512_bf16": False, "amx_bf16": True}, True),
        ({"architecture": "aarch64"}, True),
    ],
)
def test_an_x86_cpu_has_bfloat16_where_it_has_instructions_for_it(monkeypatch, features, has):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: features, raising=False)
    assert has_bfloat16(torch.device("cpu")) is has
