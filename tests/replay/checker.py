"""Checks every request against the register's specifications, compiled once.

Two files are read: OpenAPI 3 of 2026 and Swagger 2 of 2023. Their oddities: some path items of 2026 have the
fields of their operation at the path level and no ``get``; charges give ``title`` and ``paramType`` instead of
``name`` and ``in``; there are types ``list``, ``date`` and ``query``; some enumerations stand in the text only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from attrs import define, field, frozen

__all__ = ["Checker", "Violation", "load_specs"]

_ACCEPTED = re.compile(r"Accepted values are:(.*)", re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_METHODS = ("get", "post", "put", "patch", "delete")


@frozen
class Violation:
    """One thing wrong with one request. ``spec``: the year of the specification that says so."""

    spec: str
    method: str
    path: str
    problem: str


@frozen
class _Parameter:
    required: bool
    kind: str
    enum: frozenset[str]
    many: bool

    def problem(self, value: str) -> str | None:
        if self.enum and value not in self.enum:
            return "is none of the listed values"
        if self.kind == "integer" and not _INTEGER.fullmatch(value):
            return "is no integer"
        if self.kind == "date" and not _is_date(value):
            return "is no date"
        if self.required and not value:
            return "is empty"
        return None


@define
class _Node:
    """A place in the tree of path templates."""

    literal: dict[str, _Node] = field(factory=dict)
    any: _Node | None = None
    operations: dict[str, Mapping[str, _Parameter]] | None = None

    def find(self, parts: Sequence[str], at: int = 0) -> dict[str, Mapping[str, _Parameter]] | None:
        if at == len(parts):
            return self.operations
        found = None
        if (node := self.literal.get(parts[at])) is not None:
            found = node.find(parts, at + 1)
        if found is None and self.any is not None and parts[at]:
            found = self.any.find(parts, at + 1)
        return found


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10


def _parameter(raw: Mapping[str, Any]) -> _Parameter:
    schema = raw.get("schema", raw)
    enum = schema.get("enum") or ()
    if not enum and (text := _ACCEPTED.search(raw.get("description", ""))):
        enum = _QUOTED.findall(text.group(1))
    kind = str(schema.get("type", "string"))
    many = kind == "list" or "multiple of the same key" in raw.get("description", "")
    return _Parameter(bool(raw.get("required")), kind, frozenset(enum), many)


def _compile(document: Mapping[str, Any]) -> _Node:
    root = _Node()
    for template, item in document["paths"].items():
        node = root
        for part in template.strip("/").split("/"):
            if part.startswith("{"):
                node.any = node = node.any or _Node()
            else:
                node = node.literal.setdefault(part, _Node())
        shared = item.get("parameters", [])
        operations = {name: item[name] for name in _METHODS if name in item} or {"get": {}}
        node.operations = {
            name.upper(): {
                str(raw.get("name") or raw["title"]): _parameter(raw)
                for raw in [*shared, *operation.get("parameters", [])]
                if raw.get("in", raw.get("paramType", "query")) == "query"
            }
            for name, operation in operations.items()
        }
    return root


@lru_cache(maxsize=4)
def load_specs(folder: Path) -> Mapping[str, _Node]:
    """The compiled specifications of a folder by the year in their file names."""
    specs = {}
    for file in sorted(folder.glob("*.json")):
        year = re.search(r"20[0-9]{2}", file.name)
        specs[year.group() if year else file.stem] = _compile(orjson.loads(file.read_bytes()))
    return specs


class Checker:
    """``tolerate``: query parameters that the specifications lack and that are meant (``filter`` on officers)."""

    def __init__(self, specs: Mapping[str, _Node], tolerate: frozenset[str] = frozenset()) -> None:
        self._specs = specs
        self._tolerate = tolerate

    def check(
        self, method: str, path: str, query: Sequence[tuple[str, str]], report: Callable[[Violation], None]
    ) -> None:
        """Report each violation of one request; ``path`` as it came, still quoted."""
        parts = path[1:].split("/")
        if "%" in path:
            parts = [unquote(part) for part in parts]
        for year, root in self._specs.items():
            operations = root.find(parts)
            if operations is None:
                report(Violation(year, method, path, "the path is not in the specification"))
                continue
            parameters = operations.get(method)
            if parameters is None:
                report(Violation(year, method, path, "the method is not in the specification"))
                continue
            for problem in self._query(parameters, query):
                report(Violation(year, method, path, problem))

    def _query(self, parameters: Mapping[str, _Parameter], query: Sequence[tuple[str, str]]) -> list[str]:
        problems: list[str] = []
        seen: set[str] = set()
        for name, value in query:
            parameter = parameters.get(name)
            if parameter is None:
                if name not in self._tolerate:
                    problems.append(f"the query parameter {name} is not in the specification")
                continue
            if name in seen and not parameter.many:
                problems.append(f"the query parameter {name} is given twice")
            seen.add(name)
            if (problem := parameter.problem(value)) is not None:
                problems.append(f"the query parameter {name} {problem}")
        problems.extend(
            f"the query parameter {name} is missing"
            for name, parameter in parameters.items()
            if parameter.required and name not in seen
        )
        return problems
