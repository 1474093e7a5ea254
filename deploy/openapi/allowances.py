"""Exchanges that are meant to be outside of the specification: tests that ask for what must not be there."""

import json
import pathlib
from dataclasses import dataclass

from exchanges import Exchange


@dataclass(frozen=True)
class Rule:
    """One exact target with one method, and the statuses it may have."""

    method: str
    target: str
    statuses: tuple[int, ...]


def read(file: pathlib.Path) -> list[Rule]:
    """The rules of `file`, in which each group has a reason, methods, targets and statuses."""
    groups = json.loads(file.read_text(encoding="utf-8"))
    return [
        Rule(method, target, tuple(group["statuses"]))
        for group in groups
        for target in group["targets"]
        for method in group["methods"]
    ]


def find(rules: list[Rule], exchange: Exchange) -> int | None:
    """The index of the rule that allows `exchange`; its reply must be a refusal in a problem document all the same."""
    if exchange.content_type != "application/problem+json":
        return None
    for index, rule in enumerate(rules):
        if (rule.method, rule.target) == (exchange.method, exchange.target) and exchange.status in rule.statuses:
            return index
    return None
