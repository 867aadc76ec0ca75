#!/usr/bin/env python3
"""A help desk of PyPI beside ours: django-helpdesk on SQLite, by its own models and its own query of the ticket list,
without HTTP and without mails. Run by python_package.py, in an environment that has it.

    benchmarks/peer_django.py FOLDER

Write-ahead log and full durability, as ours; a ticket and its first follow-up in one transaction, as its form saves
them.
"""
import json
import pathlib
import sys
import time

import django
from django.conf import settings

OPENED, LISTED, PAGE = 2_000, 10_000, 25


def configure(folder):
    settings.configure(
        SECRET_KEY="of a benchmark", USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "django.contrib.sites", "django.contrib.humanize", "django.contrib.admin", "rest_framework",
                        "helpdesk"],
        SITE_ID=1, ROOT_URLCONF="helpdesk.urls", HELPDESK_TEAMS_MODEL="auth.Group",
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[("auth", "0011_update_proxy_permissions")],
        HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "django.db"),
                               "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"}}})
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def row(name, value):
    print(json.dumps({"name": name, "value": value}), flush=True)


def timed(run, rounds=5):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def main():
    configure(pathlib.Path(sys.argv[1]))
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket
    from helpdesk.query import get_query_class
    from helpdesk.user import HelpdeskUser

    user = get_user_model().objects.create_superuser("luc", "luc@example.org", "of a benchmark")
    queue = Queue.objects.create(title="Hardware", slug="hardware")

    def open_ticket(at):
        with transaction.atomic():
            ticket = Ticket(title=f"The printer on the third floor does not answer, case {at}", queue=queue,
                            submitter_email="ana@example.org", created=timezone.now(), status=Ticket.OPEN_STATUS,
                            description="x" * 400, priority=3)
            ticket.save()
            FollowUp(ticket=ticket, title="Ticket Opened", date=timezone.now(), public=True, comment="x" * 400,
                     user=user).save()

    start = time.perf_counter()
    for at in range(OPENED):
        open_ticket(at)
    row("open", OPENED / (time.perf_counter() - start))

    with transaction.atomic():
        for at in range(OPENED, LISTED):
            open_ticket(at)

    def page():
        asked = {"filtering": {"queue__id__in": [queue.id]}, "sorting": "created", "sortreverse": True}
        found = get_query_class()(HelpdeskUser(user), query_params=asked).get_datatables_context(
            draw=["1"], start=["0"], length=[str(PAGE)])
        assert len(found["data"]) == PAGE and found["recordsFiltered"] == LISTED

    def whole():
        tickets = Ticket.objects.filter(queue=queue).select_related("queue", "assigned_to").order_by("-created")
        shown = [(one.ticket, one.title, one.status, one.priority, one.queue.title, one.assigned_to, one.created)
                 for one in tickets]
        assert len(shown) == LISTED

    row("page", timed(page))
    row("whole", timed(whole))


if __name__ == "__main__":
    main()
