"""Exchanges between the end-to-end tests and the gateway, as the tests wrote them down."""

import json
import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Exchange:
    """One request and its reply. The tests never write down who asked: there is no `Authorization`."""

    method: str
    target: str
    request_body: str | None
    status: int
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return self.target.split("?", 1)[0]

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")


def read_exchanges(folder: pathlib.Path) -> list[Exchange]:
    """All exchanges in the files of `folder`, one a line; a file that a killed process left unfinished is an error."""
    exchanges = []
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                exchanges.append(
                    Exchange(
                        method=record["method"],
                        target=record["target"],
                        request_body=record.get("requestBody"),
                        status=record["status"],
                        headers={name.lower(): value for name, value in record["headers"].items()},
                        body=record["body"],
                    )
                )
    return exchanges
