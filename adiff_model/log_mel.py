"""The spectrogram that the encoder takes."""

from functools import cache

import torch

from adiff_data.audio.mel_scale import mel_filters
from adiff_model.config import AdiffConfig

_FLOOR = 1e-10


def log_mel(waveforms: torch.Tensor, config: AdiffConfig) -> torch.Tensor:
    """`10 log10` of the power mel spectrogram: Slaney mels, periodic Hann window, centred, padded by reflection.

    Args:
        waveforms: (batch, samples), -1 to 1, at `config.sampling_rate`.

    Returns:
        (batch, 1, frames, mels) in dB; frames = samples / hop + 1.
    """
    window = torch.hann_window(config.n_fft, device=waveforms.device)
    spectrum = torch.stft(
        waveforms, config.n_fft, config.hop_length, window=window, center=True, pad_mode="reflect", return_complex=True
    )
    power = spectrum.real.square() + spectrum.imag.square()
    bank = _mel_bank(
        config.sampling_rate, config.n_fft, config.encoder_config.num_mel_bins, config.fmin, config.fmax
    ).to(waveforms.device)
    mel = (bank @ power).transpose(1, 2)
    return 10.0 * torch.log10(mel.clamp_min(_FLOOR)).unsqueeze(1)


@cache
def _mel_bank(sampling_rate: int, n_fft: int, mels: int, fmin: float, fmax: float) -> torch.Tensor:
    """(mels, n_fft / 2 + 1)."""
    return torch.from_numpy(mel_filters(sampling_rate, n_fft, mels, fmin, fmax))
