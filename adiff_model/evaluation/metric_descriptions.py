"""What each metric measures, and whether a high or a low score is the better one."""

from dataclasses import dataclass

from adiff_model.evaluation.claim_scores import (
    CLAIMS_CONTRADICTED,
    CLAIMS_INVENTED,
    CLAIMS_TRUE,
    CLAIMS_UNDECIDED,
    DIFFERENCES_TOLD,
    EVENTS_TOLD,
)
from adiff_model.evaluation.discriminability import OWN_CLIP_FOUND
from adiff_model.evaluation.probe_scores import (
    COMPARISONS_MIRRORED,
    EVENTS_MIRRORED,
    FALSE_DIFFERENCES,
    KEPT_METRICS,
)
from adiff_model.evaluation.scoring import CONTRADICTED, PASSED, RIGHT_SIDE
from adiff_model.metrics.text_scores import BLEU


@dataclass(frozen=True)
class MetricDescription:
    """A metric in words.

    Attributes:
        name: as tables call it.
        meaning: what it measures, as half a sentence; empty where nothing more is known than its name.
        higher_is_better: whether the best system is that with the highest score.
    """

    name: str
    meaning: str = ""
    higher_is_better: bool = True

    @property
    def arrow(self) -> str:
        """Points to the better end."""
        return "↑" if self.higher_is_better else "↓"

    @property
    def direction(self) -> str:
        """Which scores are better, in words."""
        return "higher is better" if self.higher_is_better else "lower is better"


_MEANINGS = {
    **{name: f"runs of up to {order} words shared with the references" for order, name in enumerate(BLEU, start=1)},
    BLEU[0]: "words shared with the references",
    "METEOR": "words shared with the references, also as stems and synonyms",
    "ROUGE-L": "the longest sequence of words shared with a reference",
    "CIDEr-D": "phrases shared with the references, rare ones counting more",
    "SPICE": "things, attributes and relations shared with the references",
    "SPIDEr": "the mean of CIDEr-D and SPICE",
    "FENSE": "nearness in meaning to the references, less for broken sentences",
    RIGHT_SIDE: "answers that name events of both audios, and none on a side where it does not sound",
    CONTRADICTED: "answers with a comparison that contradicts the measurement, of those with one that was measured",
    PASSED: "answers that pass the checks that data must pass",
    CLAIMS_TRUE: "claims that are so, of those that could be decided",
    CLAIMS_CONTRADICTED: "claims of which the opposite is so, of all",
    CLAIMS_INVENTED: "claims of what is in neither audio, of all",
    CLAIMS_UNDECIDED: "claims that nothing known decides, of all",
    EVENTS_TOLD: "events told on their side, of all that are known to sound",
    DIFFERENCES_TOLD: "differences told, of all that were measured",
    OWN_CLIP_FOUND: "what is said of an audio finds its clip among the captions of all (nDCG@10)",
    COMPARISONS_MIRRORED: "comparisons that turn round when the two files are exchanged, of all that are made",
    EVENTS_MIRRORED: "events that change sides when the two files are exchanged, of all that are given to one audio",
    FALSE_DIFFERENCES: "answers to the same file twice that tell a difference",
    **dict.fromkeys(KEPT_METRICS, "the share of the score that is left; 100 is a system that does without the audio"),
}
_LOWER_IS_BETTER = {
    CONTRADICTED,
    CLAIMS_CONTRADICTED,
    CLAIMS_INVENTED,
    CLAIMS_UNDECIDED,
    FALSE_DIFFERENCES,
    *KEPT_METRICS,
}


def describe_metric(name: str) -> MetricDescription:
    """The description of a metric. One that is not listed is taken to be better where it is higher."""
    return MetricDescription(name, _MEANINGS.get(name, ""), name not in _LOWER_IS_BETTER)
