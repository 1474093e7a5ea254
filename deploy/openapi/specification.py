"""The OpenAPI document, and what it says of an exchange."""

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from exchanges import Exchange

URI = "urn:holdfast:openapi"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Headers that mean something to clients: a reply has them only where the document says so.
TELLING_HEADERS = (
    "allow", "etag", "idempotent-replayed", "link", "location", "retry-after", "www-authenticate", "x-total-count",
)  # fmt: skip
Route = tuple[str, str]


class SpecificationError(Exception):
    """The document is missing or is not a specification."""


def strict_json(text: str) -> Any:
    """`text` as JSON; a name that an object has twice and numbers that are none are errors."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError(f"a name is there twice among {[name for name, _ in pairs]}")
        return members

    def no_constant(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    return json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)


def escaped(name: str) -> str:
    """A name as a part of a JSON pointer in a fragment."""
    pointer = name.replace("~", "~0").replace("/", "~1")
    return pointer.replace("%", "%25").replace("{", "%7B").replace("}", "%7D").replace("^", "%5E").replace(" ", "%20")


class Specification:
    """An OpenAPI 3.1 document that can judge exchanges."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        resource = Resource(contents=document, specification=DRAFT202012)
        self.registry = Registry().with_resource(URI, resource)
        self.routes: list[Route] = [
            (method.upper(), template)
            for template, item in document.get("paths", {}).items()
            for method in item
            if method in METHODS
        ]
        # The more of a template is fixed, the sooner it is asked.
        templates = sorted(document.get("paths", {}), key=lambda template: template.count("{"))
        self.patterns = [
            (template, re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))) for template in templates
        ]

    def validate(self) -> None:
        """Refuses a document that is not OpenAPI 3.1, and examples that their own schemas refuse."""
        problems = [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in OpenAPIV31SpecValidator(self.document).iter_errors()
        ]
        problems += self.broken_examples()
        checker = Draft202012Validator.FORMAT_CHECKER
        for name, wrong in (("date-time", "yesterday"), ("uuid", "1"), ("email", "x"), ("uri-reference", "\\")):
            if checker.conforms(wrong, name):
                problems.append(f"the format {name} is not checked: is something of requirements.txt missing?")
        if problems:
            raise SpecificationError("; ".join(problems[:20]))

    def broken_examples(self) -> Iterator[str]:
        """What the examples of schemas and of bodies break."""
        for name, schema in self.document["components"]["schemas"].items():
            pointer = f"#/components/schemas/{escaped(name)}"
            for example in schema.get("examples", []):
                yield from (f"example of {name}: {text}" for text in self.errors(pointer, example))
        for holder, pointer in self.media_types():
            if "example" in holder:
                errors = self.errors(f"{pointer}/schema", holder["example"])
                yield from (f"example at {pointer}: {text}" for text in errors)

    def media_types(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Every media type of a reply or a request body, with its place."""
        for method, template in self.routes:
            operation = f"#/paths/{escaped(template)}/{method.lower()}"
            for place in [f"{operation}/requestBody"] + [
                f"{operation}/responses/{status}"
                for status in self.document["paths"][template][method.lower()]["responses"]
            ]:
                node, pointer = self.resolve(place)
                for name, media in (node or {}).get("content", {}).items():
                    yield media, f"{pointer}/content/{escaped(name)}"

    def resolve(self, pointer: str) -> tuple[Any, str]:
        """What is at `pointer`, references followed, and where that really is; None where there is nothing."""
        node: Any = self.document
        for part in pointer.removeprefix("#/").split("/"):
            for code, character in (("%20", " "), ("%5E", "^"), ("%7D", "}"), ("%7B", "{"), ("%25", "%")):
                part = part.replace(code, character)
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, dict) or name not in node:
                return None, pointer
            node = node[name]
        if isinstance(node, dict) and "$ref" in node:
            return self.resolve(node["$ref"])
        return node, pointer

    @functools.cache
    def validator(self, pointer: str) -> Draft202012Validator:
        return Draft202012Validator(
            {"$ref": f"{URI}{pointer}"},
            registry=self.registry,
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )

    def errors(self, pointer: str, value: Any) -> list[str]:
        """What is wrong with `value` by the schema at `pointer`, with the place but without the index in a list."""
        return [
            f"{re.sub(r'[0-9]+', '*', error.json_path)}: {error.message[:300]}"
            for error in self.validator(pointer).iter_errors(value)
        ]

    def route(self, method: str, path: str) -> Route | None:
        """The documented route of a request; None when there is none."""
        for template, pattern in self.patterns:
            if pattern.fullmatch(path) and method.lower() in self.document["paths"][template]:
                return method, template
        return None

    def violations(self, route: Route, exchange: Exchange) -> Iterator[str]:
        """What the exchange does that the document does not say."""
        method, template = route
        operation = f"#/paths/{escaped(template)}/{method.lower()}"
        reply, pointer = self.resolve(f"{operation}/responses/{exchange.status}")
        if reply is None:
            yield f"the status {exchange.status} is not documented"
            return
        yield from self.header_violations(reply, exchange)
        if exchange.method != "HEAD":
            yield from self.body_violations(reply, pointer, exchange)
        if 200 <= exchange.status < 300:
            yield from self.request_violations(operation, exchange)

    def body_violations(self, reply: dict[str, Any], pointer: str, exchange: Exchange) -> Iterator[str]:
        content = reply.get("content", {})
        if not content:
            if exchange.body:
                yield "a body where none is documented"
            return
        if exchange.content_type not in content:
            yield f"the content type {exchange.content_type} is not documented"
            return
        if not exchange.content_type.endswith("json"):
            return
        try:
            value = strict_json(exchange.body)
        except ValueError as error:
            yield f"the body is not JSON: {error}"
            return
        schema = f"{pointer}/content/{escaped(exchange.content_type)}/schema"
        yield from self.errors(schema, value)

    def header_violations(self, reply: dict[str, Any], exchange: Exchange) -> Iterator[str]:
        documented = {name.lower(): header for name, header in reply.get("headers", {}).items()}
        for name, header in documented.items():
            pointer = header.get("$ref")
            header = self.resolve(pointer)[0] if pointer else header
            text = exchange.headers.get(name)
            if text is None:
                if header.get("required", False):
                    yield f"the header {name} is missing"
            elif header["schema"].get("type") == "integer" and not re.fullmatch("[0-9]+", text):
                yield f"the header {name} is no number: {text}"
            elif pointer:
                value = int(text) if header["schema"].get("type") == "integer" else text
                yield from (f"header {name}: {error}" for error in self.errors(f"{pointer}/schema", value))
        for name in TELLING_HEADERS:
            if name in exchange.headers and name not in documented:
                yield f"the header {name} is not documented"

    def request_violations(self, operation: str, exchange: Exchange) -> Iterator[str]:
        """A request that was accepted must be one that the document describes."""
        body, pointer = self.resolve(f"{operation}/requestBody")
        if body is None or exchange.request_body is None:
            return
        value = strict_json(exchange.request_body)
        schema = f"{pointer}/content/{escaped('application/json')}/schema"
        yield from (f"accepted request, {error}" for error in self.errors(schema, value))
