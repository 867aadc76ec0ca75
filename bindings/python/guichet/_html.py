"""What notebooks show of values. Loaded when the first one is shown."""

from datetime import datetime
from html import escape

from . import _core

_ROWS_MAX = 50
_TICKET = ("number", "subject", "state", "priority", "queue", "assignee", "due_at")
_ARTICLE = ("number", "title", "state", "category")
_HIT = ("number", "subject", "state", "score")


def html_of(value):
    """A value as HTML without scripts or styles; every text in it is escaped."""
    if isinstance(value, _core.Page):
        return _list(value.tickets, _TICKET)
    if isinstance(value, _core.ArticlePage):
        return _list(value.articles, _ARTICLE)
    if isinstance(value, _core.SearchResults):
        return _list(value.hits, _HIT)
    if isinstance(value, _core.ReportTable):
        names = [*value.keys, *(measure.name for measure in value.measures)]
        return value.svg + _table(names, [[*row.keys, *row.values] for row in value.rows])
    return _members(value)


def _list(values, names):
    names = [name for name in names if values and name in type(values[0]).__match_args__]
    return _table(names, [[getattr(value, name) for name in names] for value in values])


def _members(value):
    """Those that differ from what they are by themselves, as in ``repr``."""
    fresh = type(value)()
    told = [(name, getattr(value, name)) for name in value.__match_args__]
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{_cell(cell)}</td></tr>"
                   for name, cell in told if cell != getattr(fresh, name))
    return f"<table><caption>{escape(type(value).__name__)}</caption>{rows}</table>"


def _table(names, rows):
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows[:_ROWS_MAX])
    more = f"<p>+ {len(rows) - _ROWS_MAX}</p>" if len(rows) > _ROWS_MAX else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(cell):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return escape(cell.strftime("%Y-%m-%d %H:%M"))
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1e4 else f"{cell:.0f}"
    return escape(str(cell) if isinstance(cell, str) else repr(cell))
