"""Charts of a desk, drawn by matplotlib (``pip install guichet[plot]``).

Each function reads what it shows, draws on ``ax`` or on new axes, and returns the axes. ``language="fr"`` writes
French. Reports without matplotlib: ``desk.report("backlog").svg``.
"""

__all__ = ["attainment", "backlog", "time_to_resolve"]

_TIMES = ("day", "week", "month", "quarter", "year")
_WORDS = {
    "en": {"backlog": "Open tickets", "attainment": "Promises kept (%)", "time_to_resolve": "Time to resolve (hours)",
           "tickets": "tickets", "none": "none"},
    "fr": {"backlog": "Tickets ouverts", "attainment": "Engagements tenus (%)",
           "time_to_resolve": "Délai de résolution (heures)", "tickets": "tickets", "none": "aucun"},
}


def backlog(desk, *, by=("week",), start=None, end=None, where=None, viewer=None, language="en", ax=None):
    """Tickets that were neither resolved nor closed at the end of each period; ``by=("week", "team")`` is a line for
    each team. Needs the right audit."""
    report = desk.report("backlog", by=by, start=start, end=end, where=where, viewer=viewer)
    return _lines(report, "open", 1, _WORDS[language]["backlog"], language, ax)


def attainment(desk, *, by=("month", "metric"), start=None, end=None, where=None, viewer=None, language="en", ax=None):
    """The share of promises that were kept, of every clock that was judged. Needs the right audit."""
    report = desk.report("sla", by=by, start=start, end=end, where=where, viewer=viewer)
    ax = _lines(report, "share", 100, _WORDS[language]["attainment"], language, ax)
    ax.set_ylim(0, 105)
    return ax


def time_to_resolve(desk, *, by="priority", start=None, end=None, where=None, viewer=None, language="en", ax=None):
    """How long it took from opening to resolution, a box for each value of a member of tickets: half of them in the
    box, nine in ten within the whiskers. Of tickets resolved from ``start`` on and before ``end``; reads each ticket
    that ``where`` lets through."""
    hours = {}
    for ticket in desk.tickets(where, viewer=viewer):
        at = ticket.resolved_at
        if at is None or (start is not None and at < start) or (end is not None and at >= end):
            continue
        name = str(getattr(ticket, by) or _WORDS[language]["none"])
        hours.setdefault(name, []).append((at - ticket.created_at).total_seconds() / 3600)
    ax = _axes(ax)
    if hours:
        names = sorted(hours)
        ax.boxplot([hours[name] for name in names], vert=False, whis=(5, 95), showfliers=False)
        ax.set_yticks(range(1, len(names) + 1))
        ax.set_yticklabels([f"{name} ({len(hours[name])})" for name in names])
    ax.set_title(_WORDS[language]["time_to_resolve"])
    return ax


def _axes(ax):
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot
    except ImportError as missing:
        raise ImportError("matplotlib is not installed: pip install 'guichet[plot]'") from missing
    return matplotlib.pyplot.subplots()[1]


def _lines(report, measure, scale, title, language, ax):
    """A line for each combination of the keys that are no time. Where a line has no value it is broken."""
    when = next((at for at, key in enumerate(report.keys) if key in _TIMES), None)
    if when is None:
        raise ValueError(f"by: one of {', '.join(_TIMES)} is needed, for the chart goes along it")
    what = [one.name for one in report.measures].index(measure)
    times = sorted({row.keys[when] for row in report.rows})
    lines = {}
    for row in report.rows:
        name = ", ".join(key or _WORDS[language]["none"] for at, key in enumerate(row.keys) if at != when)
        value = row.values[what]
        lines.setdefault(name, {})[row.keys[when]] = None if value is None else value * scale
    ax = _axes(ax)
    for name, values in sorted(lines.items()):
        heights = [values.get(time) for time in times]
        ax.plot(times, [float("nan") if one is None else one for one in heights], marker="o", label=name)
    if len(lines) > 1:
        ax.legend()
    ax.set_ylim(bottom=0)
    ax.tick_params(axis="x", labelrotation=45)
    ax.set_title(title)
    return ax
