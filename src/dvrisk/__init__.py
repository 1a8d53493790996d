"""Explainable checklists for structured domestic-violence risk assessment.

A person decides; this library explains what the answers establish, what is open, and what to ask next.
"""

from dvrisk.answers import read_answer_file
from dvrisk.assessment import Assessment, assess
from dvrisk.catalog import list_instruments, load_instrument
from dvrisk.checklists import fill_checklist, list_checklists
from dvrisk.cohort import cohort_columns, cohort_contributions, score_cohort
from dvrisk.errors import (
    AnswerError,
    DataError,
    DvriskError,
    InstrumentError,
    MissingExtraError,
    RecordError,
    UnknownInstrumentError,
)
from dvrisk.facts import assess_all, contradictions
from dvrisk.findings import Finding
from dvrisk.interview import Interview, start_interview
from dvrisk.lint import lint_instrument
from dvrisk.rating_simulation import InventedRatings, Rater, simulate_ratings
from dvrisk.recipe_schema import Recipe
from dvrisk.recipes import list_recipes, load_recipe
from dvrisk.schema import Instrument, Item, Option
from dvrisk.simulation import InventedCases, simulate
from dvrisk.variants import score_weight_sets

__all__ = [
    "AnswerError",
    "Assessment",
    "DataError",
    "DvriskError",
    "Finding",
    "Instrument",
    "InstrumentError",
    "Interview",
    "InventedCases",
    "InventedRatings",
    "Item",
    "MissingExtraError",
    "Option",
    "Rater",
    "Recipe",
    "RecordError",
    "UnknownInstrumentError",
    "assess",
    "assess_all",
    "cohort_columns",
    "cohort_contributions",
    "contradictions",
    "fill_checklist",
    "lint_instrument",
    "list_checklists",
    "list_instruments",
    "list_recipes",
    "load_instrument",
    "load_recipe",
    "read_answer_file",
    "score_cohort",
    "score_weight_sets",
    "simulate",
    "simulate_ratings",
    "start_interview",
]
