"""Values as tables, charts and what a notebook shows."""

import csv
import io
import json
from datetime import timedelta

import pytest

import guichet
import guichet.data

FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture
def fielded(desk):
    """A desk whose tickets have a custom field, and two tickets of which one has it."""
    desk.configure(guichet.itil_lifecycle().replace(fields=[{"name": "room", "type": "text"}]))
    desk.open_ticket(subject=FORMULA, requester="ana", tags=["vip", "3rd floor"])
    desk.open_ticket(subject="Dark, \"again\"", requester="-bob", fields={"room": "12"})
    return desk


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_no_cell_of_csv_is_a_formula(fielded):
    first, second = rows_of(fielded.query(order=["created_at"]).to_csv())
    assert first["subject"] == "'" + FORMULA and second["requester"] == "'-bob"
    assert second["subject"] == 'Dark, "again"'
    assert json.loads(first["tags"]) == ["vip", "3rd floor"]
    assert (first["fields.room"], second["fields.room"]) == ("", "12")
    assert first["open"] == "true" and first["created_at"].endswith("Z")


def test_a_negative_number_stays_a_number():
    assert rows_of(guichet.data.to_csv([guichet.Margin(working=-5)]))[0]["working"] == "-5"


def test_json_lines_are_read_back(fielded, tmp_path):
    page = fielded.query(order=["created_at"])
    assert page.to_json_lines(tmp_path / "tickets.jsonl") is None
    lines = (tmp_path / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
    assert tuple(guichet.Ticket.from_dict(json.loads(line)) for line in lines) == page.tickets


def test_events_and_reports_are_tables_too(desk, ticket):
    events = guichet.data.columns(desk.history(ticket))
    assert events["actor"][0] == "ana" and events["body"][0]["event"] == "ticket_opened"
    report = desk.report("volume")
    assert report.to_csv() == report.csv
    assert guichet.data.columns(report)["opened"] == [1]
    assert json.loads(report.to_json_lines())["opened"] == 1


def test_nothing_is_an_empty_table(desk):
    assert desk.query().to_csv() == "" and desk.query().to_json_lines() == ""


def test_a_data_frame_has_the_types_of_the_values(fielded):
    pandas = pytest.importorskip("pandas")
    frame = fielded.query(order=["created_at"]).to_pandas()
    assert str(frame.created_at.dtype).startswith("datetime64") and str(frame.created_at.dtype).endswith("UTC]")
    assert list(frame["fields.room"].fillna("")) == ["", "12"]
    assert frame.open.dtype == bool and list(frame.tags[0]) == ["vip", "3rd floor"]
    assert isinstance(fielded.query('subject contains "none such"').to_pandas(), pandas.DataFrame)


def test_a_table_of_arrow(fielded):
    pyarrow = pytest.importorskip("pyarrow")
    table = fielded.query(order=["created_at"]).to_arrow()
    assert table.num_rows == 2 and table.schema.field("created_at").type.tz == "UTC"
    assert table.column("tags").to_pylist()[0] == ["vip", "3rd floor"]
    log = guichet.data.to_arrow(fielded.read_log())
    assert log.schema.field("body").type == pyarrow.string()


def test_without_the_library_the_error_names_the_extra(desk, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"guichet\[pandas\]"):
        desk.query().to_pandas()


def test_a_notebook_shows_no_script(desk):
    desk.open_ticket(subject="<script>alert(1)</script>", requester="ana")
    page = desk.query()
    for shown in (page, page.tickets[0], desk.report("volume"), desk.search("alert")):
        html = shown._repr_html_()
        assert "<table>" in html and "<script" not in html
    assert "&lt;script&gt;" in page._repr_html_()


def test_charts(desk, clock):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import guichet.plot

    desk.configure(guichet.PolicyDocument(name="standard", calendar="default",
                                          targets=[{"metric": "resolution", "within": "4h"}]))
    for hours, priority in ((1, "high"), (30, "high"), (200, "low")):
        ticket = desk.open_ticket(subject="A", requester="ana", priority=priority)
        clock.advance(timedelta(hours=hours))
        desk.pump()
        desk.resolve_ticket(ticket, "solved")
    desk.open_ticket(subject="B", requester="ana")

    lines = guichet.plot.backlog(desk, by=["day"]).get_lines()
    assert lines[0].get_ydata()[-1] == 1
    kept = guichet.plot.attainment(desk, by=["year"]).get_lines()[0].get_ydata()
    assert 0 < kept[0] < 100
    boxes = guichet.plot.time_to_resolve(desk, language="fr")
    assert boxes.get_title() == "Délai de résolution (heures)"
    assert [label.get_text() for label in boxes.get_yticklabels()] == ["high (2)", "low (1)"]
    with pytest.raises(ValueError, match="day"):
        guichet.plot.backlog(desk, by=["team"])


def test_the_tutorial_says_what_it_holds(source, monkeypatch):
    pytest.importorskip("pandas")
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.syspath_prepend(str(source / "bindings/python/tools"))
    import run_notebook

    _, ran = run_notebook.run(source / "docs/tutorial.ipynb")
    assert len(ran) > 10
    for cell, outputs in ran:
        assert outputs == cell["outputs"], "".join(cell["source"])
