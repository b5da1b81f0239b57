"""Answers that say only what was measured and detected: what contradicts it, or cannot be settled, is left out."""

from adiff_data.grounding.fallback import fallback_answer
from adiff_data.grounding.what_holds import Grounded, LeftOut, faults_of, ground

__all__ = ["Grounded", "LeftOut", "fallback_answer", "faults_of", "ground"]
