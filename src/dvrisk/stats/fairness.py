"""Are figures the same in every group: every statistic on fairness, under one name; see docs/accuracy.md."""

from __future__ import annotations

from dvrisk.stats.estimate import Estimate
from dvrisk.stats.groups import by_group, shown_groups
from dvrisk.stats.item_bias import ItemBias, item_bias

__all__ = ["Estimate", "ItemBias", "by_group", "item_bias", "shown_groups"]
