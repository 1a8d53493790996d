"""Printed figures: base rates as ranges, a survey with its traps, indicators of programmes, accuracy; what to report.

The data lie in `instruments/reference`, each figure with its source. Nothing here enters a score or a level. Shares
with an interval and derived figures need the extra `stats`; the data alone do not.
"""

from __future__ import annotations

from dvrisk.reference.base_rates import BaseRate, Figure, LeftOut, base_rates, left_out_rates
from dvrisk.reference.printed import as_percent
from dvrisk.reference.programmes import (
    Indicator,
    Programmes,
    SaidBy,
    Status,
    pool_indicators,
    programme_indicator,
    programmes,
)
from dvrisk.reference.published import (
    Derived,
    NotDerivable,
    PublishedFigure,
    Study,
    not_derivable,
    published_figures,
)
from dvrisk.reference.reporting import ReportingItem, reporting_items, unread_guidelines
from dvrisk.reference.survey import Survey, TableRow, Trap, survey_2021

__all__ = [
    "BaseRate",
    "Derived",
    "Figure",
    "Indicator",
    "LeftOut",
    "NotDerivable",
    "Programmes",
    "PublishedFigure",
    "ReportingItem",
    "SaidBy",
    "Status",
    "Study",
    "Survey",
    "TableRow",
    "Trap",
    "as_percent",
    "base_rates",
    "left_out_rates",
    "not_derivable",
    "pool_indicators",
    "programme_indicator",
    "programmes",
    "published_figures",
    "reporting_items",
    "survey_2021",
    "unread_guidelines",
]
