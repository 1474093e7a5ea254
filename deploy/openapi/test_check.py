"""Shows that the check finds what it is there to find: each test changes one thing of an exchange that agrees."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import check  # noqa: E402
from exchanges import Exchange  # noqa: E402
from specification import Specification, SpecificationError  # noqa: E402

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/things/{id}": {
            "get": {
                "responses": {
                    "200": {
                        "description": "a thing",
                        "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    },
                    "404": {"description": "no thing"},
                }
            },
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        },
        "/things/mine": {"get": {"responses": {"204": {"description": "nothing"}}}},
        "/things": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"type": "object", "required": ["name"]}}}
                },
                "responses": {"201": {"description": "made"}},
            }
        },
        "/openapi.json": {
            "get": {
                "responses": {
                    "200": {"description": "this", "content": {"application/json": {"schema": {"type": "object"}}}}
                }
            }
        },
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id", "at"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "at": {"type": "string", "format": "date-time"},
                    "price": {"type": "number"},
                },
                "additionalProperties": False,
            }
        }
    },
}

THING = {"id": "019c1e6b-5d5c-7c1f-9f0e-3a1b2c3d4e5f", "at": "2026-05-02T09:00:00.000Z", "price": 1.5}


def exchange(**changes: Any) -> Exchange:
    """A reading of a thing that agrees, with `changes`."""
    agreeing: dict[str, Any] = {
        "method": "GET",
        "target": "/things/1?x=1",
        "request_body": None,
        "status": 200,
        "headers": {"content-type": "application/json", "etag": '"1"'},
        "body": json.dumps(THING),
    }
    return Exchange(**(agreeing | changes))


class ViolationTests(unittest.TestCase):
    """What a specification says of single exchanges."""

    def setUp(self) -> None:
        self.specification = Specification(DOCUMENT)

    def violations(self, subject: Exchange) -> list[str]:
        route = self.specification.route(subject.method, subject.path)
        assert route is not None
        return list(self.specification.violations(route, subject))

    def test_what_agrees_is_accepted(self) -> None:
        self.assertEqual(self.violations(exchange()), [])

    def test_changed_bodies_are_found(self) -> None:
        faults: dict[str, Any] = {
            "a member too many": THING | {"secret": 1},
            "a member missing": {"id": THING["id"]},
            "another type": THING | {"price": "1.5"},
            "no UUID": THING | {"id": "1"},
            "no time": THING | {"at": "2026-05-02 noon"},
            "a null": THING | {"price": None},
        }
        for name, body in faults.items():
            with self.subTest(name):
                self.assertEqual(len(self.violations(exchange(body=json.dumps(body)))), 1)

    def test_texts_that_are_no_strict_json_are_found(self) -> None:
        for body in ("", "{", '{"id":"x","id":"y"}', "NaN"):
            with self.subTest(body):
                self.assertEqual(len(self.violations(exchange(body=body))), 1)

    def test_statuses_types_and_headers_are_found(self) -> None:
        self.assertEqual(len(self.violations(exchange(status=500))), 1)
        self.assertEqual(len(self.violations(exchange(headers={"content-type": "text/html", "etag": "1"}))), 1)
        self.assertEqual(len(self.violations(exchange(headers={"content-type": "application/json"}))), 1)
        extra = exchange().headers | {"retry-after": "1"}
        self.assertEqual(len(self.violations(exchange(headers=extra))), 1)
        self.assertEqual(len(self.violations(exchange(status=404))), 2)

    def test_requests_that_were_accepted_must_be_described(self) -> None:
        made = {"method": "POST", "target": "/things", "status": 201, "headers": {}, "body": ""}
        self.assertEqual(self.violations(exchange(request_body='{"name":1}', **made)), [])
        self.assertEqual(len(self.violations(exchange(request_body="{}", **made))), 1)

    def test_the_more_exact_template_wins(self) -> None:
        self.assertEqual(self.specification.route("GET", "/things/mine"), ("GET", "/things/mine"))
        self.assertEqual(self.specification.route("GET", "/things/1"), ("GET", "/things/{id}"))
        self.assertIsNone(self.specification.route("DELETE", "/things/1"))
        self.assertIsNone(self.specification.route("GET", "/things/1/2"))


class RunTests(unittest.TestCase):
    """The whole check, from files to its exit code."""

    def run_check(self, *exchanges: Exchange) -> int:
        with tempfile.TemporaryDirectory() as folder:
            lines = [
                json.dumps(
                    {"method": each.method, "target": each.target, "status": each.status, "headers": each.headers}
                    | {"body": each.body, "requestBody": each.request_body}
                )
                for each in exchanges
            ]
            pathlib.Path(folder, "1.jsonl").write_text("\n".join(lines), encoding="utf-8")
            arguments, sys.argv = sys.argv, ["check.py", folder]
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    return check.main()
            finally:
                sys.argv = arguments

    def test_exit_codes(self) -> None:
        media_type = {"content-type": "application/json"}
        served = exchange(target="/openapi.json", headers=media_type, body=json.dumps(DOCUMENT))
        self.assertEqual(self.run_check(served, exchange()), 0)
        self.assertEqual(self.run_check(served, exchange(status=500)), 1)
        self.assertEqual(self.run_check(served, exchange(target="/nobody/knows")), 1)
        self.assertEqual(self.run_check(exchange()), 1)
        self.assertEqual(self.run_check(), 1)

    def test_a_broken_specification_is_refused(self) -> None:
        for change in ({"paths": {"/x/{id}": {"get": {"responses": {}}}}}, {"info": {}}):
            with self.subTest(change), self.assertRaises(SpecificationError):
                Specification(DOCUMENT | change).validate()


if __name__ == "__main__":
    unittest.main()
