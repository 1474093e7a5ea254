#!/usr/bin/env python3
"""Checks what Holdfast said in its end-to-end tests against the specification it served in the same run.

Usage: check.py FOLDER [--complete]

FOLDER holds the exchanges as JSON lines, written by the tests. The specification is taken from the exchanges: it is
what `GET /openapi.json` answered. Checked are the specification itself, its examples, and of every exchange the route,
the method, the status, the content type, the headers and the bodies. With --complete, an allowance that nothing used
is an error too. Exit code 0 means that everything agrees.
"""

import argparse
import json
import pathlib
import sys
from collections import Counter

import allowances
from exchanges import Exchange, read_exchanges
from specification import Specification, SpecificationError, strict_json


def served_specification(exchanges: list[Exchange]) -> Specification:
    """The one specification that was served; different ones in one run are an error."""
    bodies = {
        exchange.body
        for exchange in exchanges
        if exchange.method == "GET" and exchange.path == "/openapi.json" and exchange.status == 200
    }
    if len(bodies) != 1:
        raise SpecificationError(f"expected one specification among the exchanges, found {len(bodies)}")
    return Specification(strict_json(bodies.pop()))


class Report:
    """Counts what was checked and collects what disagrees."""

    def __init__(self) -> None:
        self.checked: Counter[tuple[str, str]] = Counter()
        self.statuses: dict[tuple[str, str], Counter[int]] = {}
        self.violations: dict[str, list[Exchange]] = {}
        self.allowed: Counter[int] = Counter()

    def count(self, route: tuple[str, str], status: int) -> None:
        self.checked[route] += 1
        self.statuses.setdefault(route, Counter())[status] += 1

    def violation(self, text: str, exchange: Exchange) -> None:
        self.violations.setdefault(text, []).append(exchange)

    def print_table(self, specification: Specification) -> None:
        print(f"{'exchanges':>9}  route and statuses")
        for route in specification.routes:
            if self.checked[route]:
                statuses = " ".join(f"{status}×{count}" for status, count in sorted(self.statuses[route].items()))
                print(f"{self.checked[route]:>9}  {route[0]:<6} {route[1]}  {statuses}")
        print(f"{sum(self.allowed.values()):>9}  outside of the specification, allowed by name")
        never = [route for route in specification.routes if not self.checked[route]]
        if never:
            print(f"{len(never)} of {len(specification.routes)} routes were never exercised:")
            for method, template in never:
                print(f"{'':>9}  {method:<6} {template}")

    def print_violations(self) -> None:
        for text, exchanges in self.violations.items():
            example = exchanges[0]
            print(f"VIOLATION ({len(exchanges)}×) {example.method} {example.target} {example.status}: {text}")
            print(f"    {example.body[:400]}")


def check(exchange: Exchange, specification: Specification, rules: list[allowances.Rule], report: Report) -> None:
    """Checks one exchange."""
    method = "GET" if exchange.method == "HEAD" else exchange.method
    route = specification.route(method, exchange.path)
    if route is None:
        index = allowances.find(rules, exchange)
        if index is None:
            report.violation("the route is not documented", exchange)
        else:
            report.allowed[index] += 1
        return
    report.count(route, exchange.status)
    for text in specification.violations(route, exchange):
        report.violation(text, exchange)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--complete", action="store_true", help="the exchanges are those of all tests")
    arguments = parser.parse_args()
    try:
        exchanges = read_exchanges(arguments.folder)
        specification = served_specification(exchanges)
        specification.validate()
    except (SpecificationError, OSError, json.JSONDecodeError) as error:
        print(f"the API cannot be checked: {error}", file=sys.stderr)
        return 1
    rules = allowances.read(pathlib.Path(__file__).with_name("allowed.json"))
    report = Report()
    for exchange in exchanges:
        check(exchange, specification, rules, report)
    report.print_table(specification)
    report.print_violations()
    unused = [rule for index, rule in enumerate(rules) if not report.allowed[index]] if arguments.complete else []
    for rule in unused:
        print(f"UNUSED allowance: {rule.method} {rule.target}")
    total = sum(report.checked.values())
    if report.violations or unused or total == 0:
        print(f"FAILED: {len(report.violations)} kinds of violations in {total} exchanges")
        return 1
    print(f"{total} exchanges agree with the specification")
    return 0


if __name__ == "__main__":
    sys.exit(main())
