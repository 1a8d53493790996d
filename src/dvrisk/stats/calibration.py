"""Do probabilities mean what they say: every statistic on calibration, under one name; see docs/accuracy.md."""

from __future__ import annotations

from dvrisk.stats.cutoffs import NetBenefit, net_benefit
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.reliability import Brier, CalibrationLine, Reliability, brier, calibration_line, reliability_curve

__all__ = [
    "Brier",
    "CalibrationLine",
    "Estimate",
    "NetBenefit",
    "Reliability",
    "brier",
    "calibration_line",
    "net_benefit",
    "reliability_curve",
]
