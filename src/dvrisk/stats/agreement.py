"""Do people agree, and who leans which way: every statistic on ratings, under one name.

Ratings are a raters x cases array (or raters x cases x items) of ranks, lowest first, with NaN where nobody rated.
docs/agreement.md says which statistic answers which question.
"""

from __future__ import annotations

from dvrisk.stats.apart import Apart, deviation_band, raters_apart
from dvrisk.stats.change import (
    Change,
    Repeat,
    change_against_reference,
    change_in_agreement,
    change_in_deviation,
    rater_drift,
    repeat_consistency,
)
from dvrisk.stats.coefficients import (
    agreement_table,
    bootstrap_table,
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    percent_agreement,
    serious_splits,
    specific_agreement,
    splits_across,
)
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.facets import Facets, marginal_severity, rater_severity
from dvrisk.stats.icc import all_iccs, icc
from dvrisk.stats.items import ItemAgreement, SplitItem, explain_split, item_agreement, item_contrast
from dvrisk.stats.kappas import PairwiseKappas, cohen_kappa, pairwise_kappas
from dvrisk.stats.planning import (
    DetectionPlan,
    LevelAssumptions,
    MarkAssumptions,
    WidthPlan,
    plan_detection,
    plan_width,
)
from dvrisk.stats.raters import AgainstReference, deviation_by_domain, rater_deviation, under_and_over_rating
from dvrisk.stats.ratings import Ratings, as_ratings

__all__ = [
    "AgainstReference",
    "Apart",
    "Change",
    "DetectionPlan",
    "Estimate",
    "Facets",
    "ItemAgreement",
    "LevelAssumptions",
    "MarkAssumptions",
    "PairwiseKappas",
    "Ratings",
    "Repeat",
    "SplitItem",
    "WidthPlan",
    "agreement_table",
    "all_iccs",
    "as_ratings",
    "bootstrap_table",
    "brennan_prediger",
    "change_against_reference",
    "change_in_agreement",
    "change_in_deviation",
    "cohen_kappa",
    "conger_kappa",
    "deviation_band",
    "deviation_by_domain",
    "explain_split",
    "fleiss_kappa",
    "gwet_ac",
    "icc",
    "item_agreement",
    "item_contrast",
    "krippendorff_alpha",
    "marginal_severity",
    "pairwise_kappas",
    "percent_agreement",
    "plan_detection",
    "plan_width",
    "rater_deviation",
    "rater_drift",
    "rater_severity",
    "raters_apart",
    "repeat_consistency",
    "serious_splits",
    "specific_agreement",
    "splits_across",
    "under_and_over_rating",
]
