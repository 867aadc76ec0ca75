#!/usr/bin/env python3
"""Writes the type hints of guichet._core from the module itself, while it is built: make_stubs.py FILE."""

import enum
import inspect
import pathlib
import re
import sys

from guichet import _core

HEAD = '''\
# Made by make_stubs.py from the module itself.
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Callable, Dict, Iterable, List, Literal, Optional, Tuple, Type, Union, final

from typing_extensions import Self

__version__: str
'''

# What an argument of a method may be, by its name: names mean the same everywhere.
ARGUMENTS = {
    "ticket": "_TicketLike",
    "article": "_ArticleLike",
    "viewer": "_Who",
    "by": "_Who",
    "where": "_Condition",
    "start": "Optional[datetime]",
    "end": "Optional[datetime]",
    "at": "datetime",
    "within": "Union[timedelta, float]",
    "over": "Union[timedelta, float]",
    "how_long": "Union[timedelta, float]",
    "problem": "_TicketLike",
    "action": "Optional[_TicketLike]",
    "since": "Optional[datetime]",
    "order": "Optional[Iterable[str]]",
    "facets": "Optional[Iterable[str]]",
    "kinds": "Optional[Iterable[str]]",
    "clock": "Union[SimulatedClock, Callable[[], datetime], None]",
    "roles": "Union[Dict[str, str], Callable[[str], Optional[str]], None]",
    "wanted": "Union[ArticleList, Literal['all', 'outdated', 'review_due']]",
    "keep": "Union[DecisionPolicyWhich, Literal['none', 'fired', 'sampled', 'all']]",
    "conditions": "Iterable[_Condition]",
    "commands": "Iterable[Union[_AnyCommand, Command, Dict[str, Any]]]",
    "path": "Any",
    "content": "bytes",
    "identity": "Any",
    "blobs": "Any",
    "sources": "Any",
    "candidates": "Any",
    "documents": "Any",
    "failed": "Optional[Callable[[Any, BaseException], object]]",
    "command": "Union[_AnyCommand, Command, Dict[str, Any]]",
}
EXCEPTIONS = {("report", "by"): "Optional[Iterable[str]]", ("attainment", "by"): "Optional[Iterable[str]]",
              ("inquiries", "after"): "Optional[Inquiry]"}
RETURNS = {"execute_many": "List[Union[Outcome, Error]]"}
PLAIN = {"SupportsInt": "int", "int": "int", "str": "str", "bool": "bool", "float": "float", "bytes": "bytes"}


def union(name, members):
    return f"{name} = Union[{', '.join(members)}]\n"


def value_stub(name, members):
    lines = ["@final", f"class {name}:"]
    lines.append("    __match_args__: Any" if not members else
                 f"    __match_args__: Tuple[{', '.join('str' for _ in members)}]")
    keywords = "".join(f", {member}: {taken} = ..." for member, _, taken in members)
    named = ", *" + keywords if members else ""
    lines.append(f"    def __new__(cls{keywords}) -> Self: ...")
    for member, hint, _ in members:
        lines += ["    @property", f"    def {member}(self) -> {hint}: ..."]
    if name in ("Command", "Event"):
        lines += ["    @property", "    def type(self) -> str: ..."]
    lines.append(f"    def replace(self{named}) -> {name}: ...")
    lines.append(f"    def __replace__(self{named}) -> {name}: ...")
    lines.append("    def to_dict(self) -> Dict[str, Any]: ...")
    lines.append("    @classmethod")
    lines.append("    def from_dict(cls, values: Dict[str, Any], /) -> Self: ...")
    lines.append("    def __copy__(self) -> Self: ...")
    lines.append("    def __deepcopy__(self, memo: Any, /) -> Self: ...")
    lines.append("    def _repr_html_(self) -> str: ...")
    for method, function in vars(getattr(_core, name)).items():
        if inspect.isfunction(function):  # added by plain Python, as those of guichet.data
            signature = str(inspect.signature(function)).replace("typing.", "")
            lines.append(f"    def {method}{signature}: ...")
    lines.append("    def __eq__(self, other: object, /) -> bool: ...")
    lines.append("    def __hash__(self) -> int: ...")
    return "\n".join(lines) + "\n"


def enum_stub(name, members):
    lines = [f"class {name}(str, Enum):"]
    lines += [f"    {member.name} = {member.value!r}" for member in members]
    lines.append("    def __new__(cls, value: str) -> Self: ...")
    return "\n".join(lines) + "\n"


def error_stub(cls):
    bases = ", ".join(base.__name__ for base in cls.__bases__)
    if cls.__name__ != "Error":
        return f"class {cls.__name__}({bases}): ...\n"
    return (f"class Error({bases}):\n    code: str\n    reason: str\n    detail: str\n    detail_fr: str\n"
            "    context: Dict[str, str]\n    hint: str\n    retry: str\n    http_status: int\n")


def arguments_of(method, signature):
    """The arguments of `name(self: X, a: T, *, b: T = 1) -> R`, each with a type of ours."""
    inner = re.match(r"\w+\((.*)\) -> [^>]*$", signature.splitlines()[0]).group(1)
    out, depth, start = [], 0, 0
    for at, character in enumerate(inner + ","):
        depth += character in "[("
        depth -= character in "])"
        if character == "," and depth == 0:
            out.append(inner[start:at].strip())
            start = at + 1
    typed = []
    for argument in out:
        name, _, rest = argument.partition(":")
        if not rest or name == "self":
            typed.append(name)
            continue
        given, _, default = rest.partition(" = ")
        hint = EXCEPTIONS.get((method, name)) or ARGUMENTS.get(name)
        if hint is None:
            word = re.sub(r"typing\.", "", given.strip()).split(" ")[0]
            hint = PLAIN.get(word, "Any")
        typed.append(f"{name}: {hint}" + (" = ..." if default else ""))
    return ", ".join(typed)


def method_stub(name, function, returns, commands):
    if name in commands:
        target, needed, members = commands[name]
        like = {"article": "_ArticleLike", "ticket": "_TicketLike", "id": "Optional[str]"}[target]
        first = f", {target}: {like}" if needed else ""
        keywords = "".join(f", {member}: {taken} = ..." for member, _, taken in members)
        extra = "" if needed else f", {target}: {like} = ..."
        return (f"    def {name}(self{first}{keywords}, *, by: _Who = ..., command_id: Optional[str] = ..., "
                f"expected_version: Optional[int] = ...{extra}) -> Outcome: ...\n")
    if name in ("execute", "rehearse"):
        return (f"    def {name}(self, command: Union[_AnyCommand, Command, Dict[str, Any]], *, ticket: Any = ..., "
                "article: Any = ..., by: _Who = ..., command_id: Optional[str] = ..., "
                "expected_version: Optional[int] = ...) -> Outcome: ...\n")
    returned = RETURNS.get(name, returns.get(name, "Any"))
    return f"    def {name}({arguments_of(name, function.__doc__)}) -> {returned}: ...\n"


def desk_stub(values, returns):
    commands = {}
    for _, tag, tagged, members in values:
        if tag == "command":
            called = getattr(_core.Desk, tagged).__doc__.split("\n\n")[1]
            first, last = re.match(r"\w+\((ticket|article)[,)]", called), re.search(r"(id|ticket)=None\)$", called)
            commands[tagged] = ((first or last).group(1), first is not None, members)
    out = "class Desk:\n"
    out += f"    def __init__({arguments_of('open', _core.Desk.__init__.__doc__)}) -> None: ...\n"
    out += "    @property\n    def closed(self) -> bool: ...\n"
    for name in sorted(dir(_core.Desk)):
        if name.startswith("_") or name == "closed":
            continue
        out += method_stub(name, getattr(_core.Desk, name), returns, commands)
    return out


def stubs():
    values, returns = _core._describe()
    parts = [HEAD]
    names = [name for name in dir(_core) if not name.startswith("_")]
    objects = {name: getattr(_core, name) for name in names}
    classes = {name: one for name, one in objects.items() if isinstance(one, type)}
    parts.append("COMMANDS: Tuple[str, ...]\nEVENTS: Tuple[str, ...]\n")
    parts.append("_Who = Union[str, Actor, None]\n_TicketLike = Union[str, Ticket, Outcome]\n"
                 "_ArticleLike = Union[str, Article, Outcome]\n_Condition = Union[str, Dict[str, Any], None]\n")
    parts.append(union("_AnyCommand", [name for name, tag, _, _ in values if tag == "command"]))
    parts.append(union("_AnyEvent", [name for name, tag, _, _ in values if tag == "event"]))
    errors = [one for one in classes.values() if issubclass(one, BaseException)]
    for one in sorted(errors, key=lambda one: (one.__name__ != "Error", one.__name__)):
        parts.append(error_stub(one))
    for name, one in classes.items():
        if issubclass(one, enum.Enum):
            parts.append(enum_stub(name, list(one)))
    for name, _, _, members in values:
        parts.append(value_stub(name, members))
    parts.append("class SimulatedClock:\n"
                 "    def __init__(self, start: Optional[datetime] = ..., seed: int = ...) -> None: ...\n"
                 "    def now(self) -> datetime: ...\n    def set(self, at: datetime) -> None: ...\n"
                 "    def advance(self, by: Union[timedelta, float]) -> None: ...\n")
    parts.append("class TicketQuery:\n"
                 "    def __init__(self, *args: Any, **kwargs: Any) -> None: ...\n"
                 "    @property\n    def tenant(self) -> str: ...\n    @property\n    def limit(self) -> int: ...\n"
                 "    @property\n    def now(self) -> datetime: ...\n"
                 "    @property\n    def order(self) -> List[Tuple[str, bool]]: ...\n"
                 "    @property\n    def wanted(self) -> Optional[Dict[str, Any]]: ...\n"
                 "    @property\n    def visible(self) -> Optional[Dict[str, Any]]: ...\n"
                 "    def select(self, tickets: Iterable[Ticket]) -> Tuple[Ticket, ...]: ...\n"
                 "    def count(self, tickets: Iterable[Ticket]) -> Counter: ...\n")
    parts.append(desk_stub(values, returns))
    parts.append("def run_scenario(json: str, path: Optional[str] = ...) -> ScenarioReport: ...\n"
                 "def run_command_line(argv: List[str]) -> int: ...\ndef itil_lifecycle() -> LifecycleDocument: ...\n"
                 "def error(reason: str, **context: object) -> Error: ...\n"
                 "def erased(text: TextRecord) -> TextRecord: ...\n"
                 "def _describe() -> Any: ...\ndef _to_plain(value: Any, /) -> Any: ...\n"
                 "def _csv_field(text: str, /) -> str: ...\ndef _store_cases() -> List[Tuple[str, str]]: ...\n"
                 "def _run_store_case(name: str, fresh: Any, reopen: Any, seed: int, queries: int) -> List[str]: ...\n")
    return "\n".join(parts)


def main():
    pathlib.Path(sys.argv[1]).write_text(stubs(), encoding="utf-8")


if __name__ == "__main__":
    main()
