"""Facts: what is known of a clip by measurement, in the units that listeners and engineers use."""

from dataclasses import asdict, dataclass, fields

VERSION = 3  # of the measurements: raised whenever the same audio gives other facts


@dataclass(frozen=True)
class Facts:
    """What was measured on one clip. A value is None where the clip has no such thing.

    Attributes:
        duration: length, s.
        loudness: integrated loudness, LUFS (BS.1770-4); None for silence and clips under 0.4 s.
        loudness_range: LRA, LU (EBU Tech 3342); None for clips under 3 s.
        peak: highest sample, dBFS.
        crest: peak over RMS, dB.
        active: share of the time within 30 dB of the loudest 50 ms, 0 to 1.
        longest_silence: longest stretch below -60 dBFS, s.
        centroid, bandwidth, rolloff: of the power spectrum, Hz; roll-off at 85 %.
        flatness: spectral flatness, 0 (tonal) to 1 (white noise).
        pitch, pitch_low, pitch_high: median, 10th and 90th percentile of the fundamental over voiced frames, Hz;
            None where less than a quarter of the active time is voiced. Sought from 60 to 8000 Hz.
        onsets: onsets a second.
        regularity: how even the onsets are, 0 to 1: 1 - the coefficient of variation of the times between them;
            None with fewer than four onsets.
        unsteadiness: standard deviation of the level over the active time, dB.
        snr: 95th less 5th percentile of the level, dB: how far sounds stand out of their background.
    """

    duration: float
    loudness: float | None
    loudness_range: float | None
    peak: float | None
    crest: float | None
    active: float
    longest_silence: float
    centroid: float | None
    bandwidth: float | None
    rolloff: float | None
    flatness: float | None
    pitch: float | None
    pitch_low: float | None
    pitch_high: float | None
    onsets: float
    regularity: float | None
    unsteadiness: float | None
    snr: float | None

    def as_dict(self) -> dict[str, float | None]:
        """By name."""
        return asdict(self)


FACT_NAMES = tuple(field.name for field in fields(Facts))
