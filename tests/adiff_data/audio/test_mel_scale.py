"""The mel scale is librosa's, to the bit: published weights were trained on its filters."""

import librosa
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.audio.mel_scale import mel_filters, mel_frequencies


@settings(max_examples=60, deadline=None)
@given(
    rate=st.sampled_from((16_000, 22_050, 32_000, 48_000)),
    n_fft=st.sampled_from((512, 1024, 2048)),
    count=st.integers(8, 64),
    fmin=st.sampled_from((0.0, 50.0, 300.5, 1000.0, 1500.0)),
    fmax=st.sampled_from((4000.0, 7600.0, 8000.0)),
)
def test_filters_and_frequencies_are_librosas_to_the_bit(rate, n_fft, count, fmin, fmax):
    wanted = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=count, fmin=fmin, fmax=fmax)
    np.testing.assert_array_equal(mel_filters(rate, n_fft, count, fmin, fmax), wanted)
    np.testing.assert_array_equal(
        mel_frequencies(count, fmin, fmax), librosa.mel_frequencies(count, fmin=fmin, fmax=fmax)
    )
