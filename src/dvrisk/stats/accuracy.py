"""Does a score tell apart who will have an event: every statistic on discrimination, under one name.

Scores, levels' ranks or probabilities beside outcomes of 0 and 1. docs/accuracy.md says which statistic answers which
question.
"""

from __future__ import annotations

from dvrisk.stats.completions import EdgeRange, LevelRanges, Range, level_ranges, roc_auc_range
from dvrisk.stats.cutoffs import (
    Bands,
    Edge,
    NetBenefit,
    PredictiveValues,
    at_base_rate,
    band_table,
    band_table_from_counts,
    net_benefit,
)
from dvrisk.stats.discrimination import AucComparison, compare_roc_auc, roc_auc, roc_auc_from_bands
from dvrisk.stats.estimate import Estimate

__all__ = [
    "AucComparison",
    "Bands",
    "Edge",
    "EdgeRange",
    "Estimate",
    "LevelRanges",
    "NetBenefit",
    "PredictiveValues",
    "Range",
    "at_base_rate",
    "band_table",
    "band_table_from_counts",
    "compare_roc_auc",
    "level_ranges",
    "net_benefit",
    "roc_auc",
    "roc_auc_from_bands",
    "roc_auc_range",
]
