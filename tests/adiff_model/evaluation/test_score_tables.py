"""Scores as Markdown: what is best, which way is better, and why a score is missing, said once."""

import pytest

from adiff_model.evaluation.scoring import ALL_METRICS, GroupScores
from adiff_model.evaluation.tables import scores_markdown, summary_markdown
from adiff_model.evaluation.truthfulness import Assessment
from adiff_model.metrics.text_scores import NoScore, mean_score

REASON = "needs a.jar | <b>: adiff metrics install"


@pytest.fixture
def scores():
    """Two systems in two tiers; the first has the higher scores, and SPICE has none."""

    def of(value: float) -> GroupScores:
        row_scores = [value, value + 0.1, value + 0.2]
        scored = {metric: mean_score(row_scores) for metric in ALL_METRICS}
        missing = {"SPICE": NoScore(REASON), "SPIDEr": NoScore(f"SPICE: {REASON}")}
        return GroupScores(scored | missing, (), Assessment((), ()))

    tiers = ("cld", "fewwords"), ("cld", "detail")
    return {"ours": {tier: of(0.5) for tier in tiers}, "theirs": {tier: of(0.2) for tier in tiers}}


def test_a_missing_score_is_a_dash_whose_reason_stands_once_below(scores):
    text = scores_markdown(scores)
    assert text.count("needs a.jar") == 1
    assert text.count("| – (a) | – (a) |") == 4
    assert "- (a) SPICE, SPIDEr: needs a.jar \\| &lt;b&gt;: adiff metrics install" in text
    assert summary_markdown(scores).endswith("\n\n- (a) SPICE: needs a.jar \\| &lt;b&gt;: adiff metrics install\n")


def test_the_best_is_bold_and_each_heading_says_which_way_is_better(scores):
    lines = summary_markdown(scores).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0][2:] == [
        "BLEU-4 ↑", "METEOR ↑", "ROUGE-L ↑", "CIDEr-D ↑", "SPICE ↑",
        "right side ↑", "contradicted ↓", "checks passed ↑", "claims true ↑", "events told ↑",
    ]  # fmt: skip
    assert (cells[2][1:3], cells[3][1:3]) == (["ours", "**60.0**"], ["theirs", "30.0"])
    assert (cells[2][8], cells[3][8]) == ("60.0", "**30.0**")
    assert "| ours | **60.00** [50.00, 70.00] |" in scores_markdown(scores)
