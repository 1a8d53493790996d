"""Agreement written from the definitions, over pairs of ratings, sharing no code with the library. Slow on purpose.

Ratings are lists of raters, each a list of ranks with None for not rated.
"""

from __future__ import annotations

from itertools import permutations

Ratings = list[list[int | None]]


def weight(one: int, other: int, weights: str, n_levels: int) -> float:
    steps = abs(one - other)
    if weights == "identity":
        return float(one == other)
    if weights == "linear":
        return 1 - steps / (n_levels - 1)
    if weights == "quadratic":
        return 1 - (steps / (n_levels - 1)) ** 2
    ways = {
        gap: (gap + 1) * gap / 2 for gap in range(n_levels)
    }  # ways to choose two of the levels from one to the other
    return 1 - ways[steps] / ways[n_levels - 1]


def cases_of(ratings: Ratings) -> list[list[int]]:
    return [[rating for rating in case if rating is not None] for case in zip(*ratings, strict=True)]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def agreement(ratings: Ratings, n_levels: int, weights: str = "identity") -> float:
    """Mean over cases of the mean weight over its pairs."""
    return mean(
        [
            mean([weight(one, other, weights, n_levels) for one, other in permutations(case, 2)])
            for case in cases_of(ratings)
            if len(case) >= 2
        ]
    )


def share_of_pairs(ratings: Ratings, counts) -> float:
    """Mean over cases of the share of its pairs that `counts`."""
    cases = [case for case in cases_of(ratings) if len(case) >= 2]
    return mean([mean([float(counts(one, other)) for one, other in permutations(case, 2)]) for case in cases])


def specific(ratings: Ratings, level: int) -> float | None:
    partners = [other for case in cases_of(ratings) for one, other in permutations(case, 2) if one == level]
    return mean([float(other == level) for other in partners]) if partners else None


def level_shares(ratings: Ratings, n_levels: int) -> list[float]:
    cases = [case for case in cases_of(ratings) if case]
    return [mean([case.count(level) / len(case) for case in cases]) for level in range(n_levels)]


def expected(one: list[float], other: list[float], weights: str) -> float:
    n_levels = len(one)
    return sum(
        weight(first, second, weights, n_levels) * one[first] * other[second]
        for first in range(n_levels)
        for second in range(n_levels)
    )


def corrected(seen: float, by_chance: float) -> float | None:
    return None if abs(1 - by_chance) < 1e-12 else (seen - by_chance) / (1 - by_chance)


def fleiss(ratings: Ratings, n_levels: int, weights: str = "identity") -> float | None:
    shares = level_shares(ratings, n_levels)
    return corrected(agreement(ratings, n_levels, weights), expected(shares, shares, weights))


def conger(ratings: Ratings, n_levels: int, weights: str = "identity") -> float | None:
    own = []
    for row in ratings:
        rated = [rating for rating in row if rating is not None]
        own.append([rated.count(level) / len(rated) for level in range(n_levels)])
    by_chance = mean([expected(one, other, weights) for one, other in permutations(own, 2)])
    return corrected(agreement(ratings, n_levels, weights), by_chance)


def brennan_prediger(ratings: Ratings, n_levels: int, weights: str = "identity") -> float | None:
    even = [1 / n_levels] * n_levels
    return corrected(agreement(ratings, n_levels, weights), expected(even, even, weights))


def gwet(ratings: Ratings, n_levels: int, weights: str = "identity") -> float | None:
    total = sum(weight(one, other, weights, n_levels) for one in range(n_levels) for other in range(n_levels))
    mixed = sum(share * (1 - share) for share in level_shares(ratings, n_levels))
    return corrected(agreement(ratings, n_levels, weights), total / (n_levels * (n_levels - 1)) * mixed)


def alpha(ratings: Ratings, metric: str) -> float | None:
    cases = [case for case in cases_of(ratings) if len(case) >= 2]
    every = [rating for case in cases for rating in case]

    def distance(one: int, other: int) -> float:
        if metric == "nominal":
            return float(one != other)
        if metric == "interval":
            return float((one - other) ** 2)
        low, high = min(one, other), max(one, other)
        between = sum(low <= rating <= high for rating in every)
        return (between - (every.count(low) + every.count(high)) / 2) ** 2

    seen = sum(distance(one, other) / (len(case) - 1) for case in cases for one, other in permutations(case, 2))
    by_chance = sum(distance(one, other) for one, other in permutations(every, 2))
    if not by_chance:
        return None
    return 1 - (seen / len(every)) / (by_chance / (len(every) * (len(every) - 1)))


def cohen(one: list[int | None], other: list[int | None], n_levels: int, weights: str = "identity") -> float | None:
    shared = [pair for pair in zip(one, other, strict=True) if None not in pair]
    if len(shared) < 2:
        return None
    seen = mean([weight(first, second, weights, n_levels) for first, second in shared])
    by_chance = mean([weight(first, second, weights, n_levels) for first, _ in shared for _, second in shared])
    return corrected(seen, by_chance)


def iccs(scores: list[list[float]]) -> dict[str, float]:
    """Six intraclass correlations of a complete table, from sums of squares over its cells."""
    k, n = len(scores), len(scores[0])
    grand = mean([mean(row) for row in scores])
    case_means = [mean([row[case] for row in scores]) for case in range(n)]
    rater_means = [mean(row) for row in scores]
    cells = [(rater, case) for rater in range(k) for case in range(n)]
    between = sum((case_means[case] - grand) ** 2 for _, case in cells) / (n - 1)
    raters = sum((rater_means[rater] - grand) ** 2 for rater, _ in cells) / (k - 1)
    rest = sum((scores[rater][case] - case_means[case] - rater_means[rater] + grand) ** 2 for rater, case in cells)
    rest /= (n - 1) * (k - 1)
    within = sum((scores[rater][case] - case_means[case]) ** 2 for rater, case in cells) / (n * (k - 1))
    return {
        "1,1": (between - within) / (between + (k - 1) * within),
        "A,1": (between - rest) / (between + (k - 1) * rest + k * (raters - rest) / n),
        "C,1": (between - rest) / (between + (k - 1) * rest),
        "1,k": (between - within) / between,
        "A,k": (between - rest) / (between + (raters - rest) / n),
        "C,k": (between - rest) / between,
    }


def drawn(source, n_raters: int, n_cases: int, n_levels: int, missing: float) -> Ratings:
    """Ratings that lean to low levels and leave some levels unused; every rater rates something."""
    shares = source.dirichlet([2.0] + [0.4] * (n_levels - 1))
    easy = source.choice(n_levels, n_cases, p=shares)
    rows = []
    for _ in range(n_raters):
        own = source.choice(n_levels, n_cases, p=shares)
        levels = [int(e if source.random() < 0.6 else o) for e, o in zip(easy, own, strict=True)]
        row = [None if source.random() < missing else level for level in levels]
        row[int(source.integers(n_cases))] = levels[0]
        rows.append(row)
    return rows
