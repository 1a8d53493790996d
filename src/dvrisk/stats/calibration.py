"""Do probabilities mean what they say: every statistic on calibration, under one name; see docs/accuracy.md."""

from __future__ import annotations

from dvrisk.stats.calibration_lines import CalibrationLine, calibration_line
from dvrisk.stats.cutoffs import NetBenefit, net_benefit
from dvrisk.stats.estimate import Estimate
from dvrisk.stats.probabilities import ProbabilityScore, Reliability, brier, log_loss, reliability_curve
from dvrisk.stats.recalibration import (
    Calibration,
    CalibrationName,
    NamedProbabilities,
    Setting,
    cross_fit,
    fit_calibration,
)
from dvrisk.stats.smooth_calibration import CalibrationError, calibration_error

__all__ = [
    "Calibration",
    "CalibrationError",
    "CalibrationLine",
    "CalibrationName",
    "Estimate",
    "NamedProbabilities",
    "NetBenefit",
    "ProbabilityScore",
    "Reliability",
    "Setting",
    "brier",
    "calibration_error",
    "calibration_line",
    "cross_fit",
    "fit_calibration",
    "log_loss",
    "net_benefit",
    "reliability_curve",
]
