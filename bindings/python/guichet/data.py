"""Values as tables: CSV, JSON lines, data frames of pandas, tables of Arrow.

    >>> import guichet, guichet.data
    >>> desk = guichet.open(":memory:", by="luc")
    >>> outcome = desk.open_ticket(subject="=1+1", requester="ana", tags=["vip"])
    >>> guichet.data.columns(desk.query())["subject"]
    ['=1+1']
    >>> "'=1+1" in desk.query().to_csv()
    True
    >>> print(guichet.data.to_csv(desk.count(["open = true"])), end="")
    count,exact
    1,true

What is given is a page of tickets or of articles, what a search found, a report, or any values of one type: tickets,
events, proofs. Each becomes a row, each member a column; custom fields have a column each, ``fields.<name>``. All rows
are in memory at once. Pages, what was found and reports have these functions as methods, too.
"""

import json
from enum import Enum
from typing import Any, Optional

from . import _core

__all__ = ["columns", "to_arrow", "to_csv", "to_json_lines", "to_pandas"]


def columns(values: Any) -> "dict[str, list[Any]]":
    """The columns as a dict of their names and lists, with the values as Python has them; words instead of
    enumerations, lists instead of tuples, dicts instead of values within values."""
    if isinstance(values, _core.ReportTable):
        out = {name: [row.keys[at] for row in values.rows] for at, name in enumerate(values.keys)}
        for at, measure in enumerate(values.measures):
            counted = measure.unit in ("tickets", "times")
            cells = [row.values[at] for row in values.rows]
            out[measure.name] = [int(cell) if counted and cell is not None else cell for cell in cells]
        return out
    out = {}
    for count, value in enumerate(_rows(values)):
        for name, cell in _cells(value):
            out.setdefault(name, [None] * count).append(_plain(cell))
        for column in out.values():
            if len(column) == count:
                column.append(None)
    return out


def to_csv(values: Any, path: Any = None) -> Optional[str]:
    """RFC 4180 with a header; into a file where one is named. A text that a spreadsheet would take for a formula (it
    begins with ``=``, ``+``, ``-``, ``@``, a tabulator or a carriage return) is preceded by an apostrophe. Times are
    in ISO 8601, lengths in seconds; lists and values within values are JSON."""
    if isinstance(values, _core.ReportTable):
        return _give(values.csv, path)
    table = columns(values)
    lines = [table.keys(), *zip(*table.values())]
    return _give("".join(",".join(map(_field, line)) + "\r\n" for line in lines if line), path)


def to_json_lines(values: Any, path: Any = None) -> Optional[str]:
    """A JSON object a line, as ``to_dict`` says it; into a file where one is named."""
    if isinstance(values, _core.ReportTable):
        table = columns(values)
        rows = [dict(zip(table, cells)) for cells in zip(*table.values())]
    else:
        rows = [value.to_dict() for value in _rows(values)]
    return _give("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), path)


def to_pandas(values: Any) -> Any:
    """A data frame; needs pandas (``pip install guichet[pandas]``)."""
    return _needed("pandas", "pandas").DataFrame(columns(values))


def to_arrow(values: Any) -> Any:
    """A table of Arrow; needs pyarrow (``pip install guichet[arrow]``). Values within values are JSON, for their
    members may differ from row to row."""
    pyarrow = _needed("pyarrow", "arrow")
    table = columns(values)
    for name, cells in table.items():
        if any(_is_nested(cell) for cell in cells):
            table[name] = [None if cell is None else _json(cell) for cell in cells]
    return pyarrow.table(table)


def _rows(values):
    for kind, member in ((_core.Page, "tickets"), (_core.ArticlePage, "articles"), (_core.SearchResults, "hits")):
        if isinstance(values, kind):
            return getattr(values, member)
    return values


def _cells(value):
    """The members by name; custom fields, which are a dict, one by one."""
    for name in value.__match_args__:
        cell = getattr(value, name)
        if name == "fields" and isinstance(cell, dict):
            for field, one in cell.items():
                yield f"fields.{field}", one
        else:
            yield name, cell


def _plain(cell):
    if isinstance(cell, Enum):
        return cell.value
    if isinstance(cell, (tuple, list)):
        return [_plain(one) for one in cell]
    return cell.to_dict() if hasattr(cell, "to_dict") else cell


def _is_nested(cell):
    return isinstance(cell, dict) or (isinstance(cell, list) and any(_is_nested(one) for one in cell))


def _json(cell):
    return json.dumps(_core._to_plain(cell), ensure_ascii=False)


def _field(cell):
    said = _core._to_plain(cell)
    if said is None:
        return ""
    return _core._csv_field(said) if isinstance(said, str) else _number_or_json(said)


def _number_or_json(said):
    words = json.dumps(said, ensure_ascii=False)
    return words if isinstance(said, (bool, int, float)) else _core._csv_field(words)


def _give(text, path):
    if path is None:
        return text
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return None


def _needed(module, extra):
    try:
        return __import__(module)
    except ImportError as missing:
        raise ImportError(f"{module} is not installed: pip install 'guichet[{extra}]'") from missing


for _kind in (_core.Page, _core.ArticlePage, _core.SearchResults, _core.ReportTable):
    for _function in (to_arrow, to_csv, to_json_lines, to_pandas):
        setattr(_kind, _function.__name__, _function)
