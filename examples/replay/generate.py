#!/usr/bin/env python3
"""Writes sample.csv: some hundred invented incidents of a help desk with French and English callers.

The format is that of ServiceNow's incident event log (UCI Machine Learning Repository no. 498): a row for every update,
with the incident as it was after it. Three columns are added: short_description, comments (public messages) and
work_notes (internal ones). As in the original, closed_code, resolved_by, resolved_at and closed_at stand on every row
of an incident, although they come from its future, and times are minutes.

    ./generate.py > sample.csv          the same file every time
    ./generate.py --seed 7 --incidents 2000
"""

import argparse
import csv
import datetime
import random
import sys

COLUMNS = """number incident_state active reassignment_count reopen_count sys_mod_count made_sla caller_id opened_by
opened_at
sys_created_by sys_created_at sys_updated_by sys_updated_at contact_type location category subcategory u_symptom cmdb_ci
impact urgency priority assignment_group assigned_to knowledge u_priority_confirmation notify problem_id rfc vendor
caused_by closed_code resolved_by resolved_at closed_at short_description comments work_notes""".split()

TEAMS = {
    "service-desk": ["ana", "luc", "noor", "tom"],
    "network": ["ines", "jonas"],
    "workplace": ["mila", "paul", "zoe"],
    "applications": ["hugo", "rita"],
    "security": ["sam"],
}
CALLERS = {
    "fr": [
        "amelie.durand",
        "bruno.petit",
        "celine.roux",
        "david.moreau",
        "elodie.faure",
        "francois.noel",
        "helene.gay",
        "yanis.brun",
    ],
    "en": [
        "alice.wood",
        "ben.hughes",
        "carla.stone",
        "dan.reed",
        "emma.clark",
        "frank.lowe",
        "grace.hill",
        "omar.said",
    ],
}
# (category, subcategory, team, French subject, English subject)
TOPICS = [
    (
        "hardware",
        "printer",
        "workplace",
        "L'imprimante du {n}e étage ne répond plus",
        "The printer on floor {n} does not answer",
    ),
    ("hardware", "printer", "workplace", "Bourrage papier en salle {n}", "Paper jam in room {n}"),
    ("hardware", "laptop", "workplace", "L'écran du portable reste noir", "The laptop screen stays black"),
    ("hardware", "phone", "workplace", "Le téléphone de la salle {n} est muet", "The phone in room {n} has no tone"),
    ("network", "wifi", "network", "Pas de Wi-Fi au bâtiment {n}", "No Wi-Fi in building {n}"),
    ("network", "vpn", "network", "Le VPN se coupe toutes les dix minutes", "The VPN drops every ten minutes"),
    ("network", "outage", "network", "Le site {n} est coupé du réseau", "Site {n} is cut off from the network"),
    ("software", "mail", "applications", "Impossible d'envoyer un courriel", "Mail cannot be sent"),
    ("software", "erp", "applications", "La facturation refuse le client {n}", "Invoicing refuses customer {n}"),
    ("software", "erp", "applications", "L'export comptable est vide", "The ledger export is empty"),
    (
        "software",
        "office",
        "applications",
        "Le tableur se ferme à l'ouverture",
        "The spreadsheet closes when it opens",
    ),
    ("access", "password", "service-desk", "Mot de passe oublié", "Forgotten password"),
    ("access", "password", "service-desk", "Compte bloqué après les congés", "Account locked after the holidays"),
    ("access", "rights", "service-desk", "Accès au dossier « Budget {n} »", 'Access to the folder "Budget {n}"'),
    (
        "security",
        "phishing",
        "security",
        "Courriel suspect : « colis en attente »",
        'Suspicious mail: "parcel waiting"',
    ),
]
TEXTS = {
    "fr": {
        "open": [
            "Bonjour, depuis ce matin, rien à faire. Merci de votre aide.",
            "C'est urgent pour nous, le client attend.",
            "J'ai redémarré, sans effet.",
        ],
        "answer": ["Bonjour, je m'en occupe et je reviens vers vous.", "Bien reçu, nous regardons."],
        "ask": ["Quel message voyez-vous exactement ?", "Êtes-vous sur site ou en télétravail ?"],
        "reply": ["Le message dit « délai dépassé ».", "Je suis sur site, poste 12."],
        "done": ["C'est réparé, pouvez-vous confirmer ?", "Le nécessaire est fait. Bonne journée !"],
        "again": ["Le problème est revenu, désolé.", "Cela recommence depuis midi."],
    },
    "en": {
        "open": [
            "Hello, nothing has worked since this morning. Thank you.",
            "This is urgent, the customer is waiting.",
            "I restarted, it did not help.",
        ],
        "answer": ["Hello, I am on it and will come back to you.", "Got it, we are looking."],
        "ask": ["What exactly does the message say?", "Are you on site or at home?"],
        "reply": ['It says "timed out".', "I am on site, desk 12."],
        "done": ["Fixed, could you confirm?", "All done. Have a nice day!"],
        "again": ["It is back, sorry.", "It started again at noon."],
    },
}
NOTES = [
    "Cable of port {n} replaced.",
    "Même cause que la semaine dernière.",
    "Vendor case {n} opened.",
    "Pilote mis à jour.",
]
CHANNELS = [("Phone", 45), ("Email", 30), ("Portal", 12), ("Chat", 8), ("Monitoring", 5)]
PRIORITY = {(1, 1): 1, (1, 2): 2, (2, 1): 2, (1, 3): 3, (2, 2): 3, (3, 1): 3, (2, 3): 4, (3, 2): 4, (3, 3): 4}
START = datetime.datetime(2026, 3, 2)
END = START + datetime.timedelta(days=42)


def weighted(rng, pairs):
    return rng.choices([value for value, _ in pairs], [weight for _, weight in pairs])[0]


def print_time(at):
    return f"{at.day}/{at.month}/{at.year} {at.hour:02}:{at.minute:02}" if at else "?"


class Incident:
    """One incident's life, row by row."""

    def __init__(self, rng, number, opened):
        self.rng, self.at, self.rows, self.resolved_at, self.closed_at, self.code, self.resolver = (
            rng,
            opened,
            [],
            None,
            None,
            "?",
            "?",
        )
        self.language = weighted(rng, [("fr", 55), ("en", 45)])
        topic = rng.choice(TOPICS)
        self.home = topic[2]
        impact, urgency = weighted(rng, [(1, 6), (2, 70), (3, 24)]), weighted(rng, [(1, 9), (2, 66), (3, 25)])
        caller = rng.choice(CALLERS[self.language])
        self.row = dict.fromkeys(COLUMNS, "?")
        self.row.update(
            number=number,
            incident_state="New",
            active="true",
            reassignment_count=0,
            reopen_count=0,
            sys_mod_count=-1,
            caller_id=caller,
            opened_by=rng.choice(TEAMS["service-desk"]),
            contact_type=weighted(rng, CHANNELS),
            opened_at=print_time(opened),
            sys_created_at=print_time(opened),
            location=rng.choice(["Lyon", "Paris", "Leeds"]),
            category=topic[0],
            subcategory=topic[1],
            impact=impact,
            urgency=urgency,
            priority=PRIORITY[impact, urgency],
            assignment_group="service-desk",
            knowledge="false",
            u_priority_confirmation="false",
            notify="Do Not Notify",
            short_description=topic[3 if self.language == "fr" else 4].format(n=rng.randint(1, 9)),
            comments="",
            work_notes="",
        )
        self.row["sys_created_by"] = self.row["opened_by"]

    def later(self, minutes):
        """Goes on by about so many minutes, to a time of day at which people work."""
        self.at += datetime.timedelta(minutes=max(1, round(self.rng.expovariate(1 / minutes))))
        if self.row["priority"] > 1:
            while self.at.weekday() > 4 or not 8 <= self.at.hour < 18:
                self.at += datetime.timedelta(hours=1)

    def save(self, by, say=None, note=None, **changes):
        if self.at >= END:
            return
        self.row.update(changes, sys_updated_by=by, sys_updated_at=print_time(self.at))
        self.row["sys_mod_count"] += 1
        self.row["comments"] = self.rng.choice(TEXTS[self.language][say]) if say else ""
        self.row["work_notes"] = self.rng.choice(NOTES).format(n=self.rng.randint(10, 99)) if note else ""
        self.rows.append(dict(self.row))

    def agent(self):
        return self.row["assigned_to"]

    def hand_over(self, group):
        others = [a for a in TEAMS[group] if a != self.agent()] or TEAMS[group]
        counted = self.row["reassignment_count"] + 1
        self.save(
            self.agent(),
            note=True,
            assignment_group=group,
            assigned_to=self.rng.choice(others),
            reassignment_count=counted,
        )

    def resolve(self):
        self.resolved_at, self.resolver, self.code = self.at, self.agent(), str(self.rng.choice([5, 6, 6, 7, 9]))
        self.save(self.agent(), "done", incident_state="Resolved", active="true")

    def live(self):
        rng, pace = self.rng, {1: 0.3, 2: 0.8, 3: 2, 4: 4}[self.row["priority"]]
        self.save(self.row["opened_by"], "open")
        self.later(25 * pace)
        first = rng.choice(TEAMS["service-desk"])
        if rng.random() < 0.12:  # answered on the telephone
            self.row["assigned_to"] = first
            return self.finish()
        self.save(first, "answer", incident_state="Active", assigned_to=first)
        if self.home != "service-desk":
            self.later(50 * pace)
            self.hand_over(self.home)
        if rng.random() < 0.08:
            self.later(60 * pace)
            self.hand_over(rng.choice(list(TEAMS)))
        if rng.random() < 0.30:
            self.later(40 * pace)
            self.save(self.agent(), "ask", incident_state="Awaiting User Info")
            self.later(400)
            self.save(self.row["caller_id"], "reply", incident_state="Active")
        if rng.random() < 0.07:
            self.later(60 * pace)
            waiting = rng.choice(["Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence"])
            self.save(
                self.agent(),
                note=True,
                incident_state=waiting,
                vendor="Acme" if waiting == "Awaiting Vendor" else "?",
            )
            self.later(1500)
            self.save(self.agent(), incident_state="Active")
        if rng.random() < 0.10:
            self.save(self.agent(), u_priority_confirmation="true")
        if rng.random() < 0.06:
            self.save(self.agent(), impact=1, urgency=1, priority=1)
        if rng.random() < 0.25:
            self.later(120 * pace)
            self.save(self.agent())  # saved without a visible change
        self.later(240 * pace)
        self.finish()

    def finish(self):
        self.resolve()
        if self.rng.random() < 0.07:
            self.later(500)
            self.save(
                self.row["caller_id"], "again", incident_state="Active", reopen_count=self.row["reopen_count"] + 1
            )
            self.later(300)
            self.resolve()
        self.at += datetime.timedelta(days=5)
        self.closed_at = self.at
        self.save("robot", incident_state="Closed", active="false")

    def with_future(self):
        """The rows, each with what only the end of the incident can tell."""
        ended = self.closed_at and self.closed_at < END
        for row in self.rows:
            row.update(
                made_sla="true",
                closed_code=self.code,
                resolved_by=self.resolver,
                resolved_at=print_time(self.resolved_at),
                closed_at=print_time(self.closed_at if ended else None),
            )
        return self.rows


def opening_times(rng, count):
    """Mostly on working days, mostly in the morning; a few at night."""
    times = []
    while len(times) < count:
        day = START + datetime.timedelta(days=rng.randrange((END - START).days))
        if day.weekday() > 4 and rng.random() < 0.9:
            continue
        hour = weighted(
            rng, [(8, 12), (9, 22), (10, 18), (11, 12), (13, 9), (14, 12), (15, 9), (16, 7), (17, 4), (3, 1), (22, 2)]
        )
        times.append(day + datetime.timedelta(hours=hour, minutes=rng.randrange(60)))
    return sorted(times)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--incidents", type=int, default=400)
    given = options.parse_args()
    rng = random.Random(given.seed)
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    out.writeheader()
    for index, opened in enumerate(opening_times(rng, given.incidents)):
        incident = Incident(rng, f"INC{index + 1:07}", opened)
        incident.live()
        rows = incident.with_future()
        if index == given.incidents // 3:
            rows[-1]["incident_state"] = "-100"  # as in the original, a few states are unreadable
        out.writerows(rows)


if __name__ == "__main__":
    main()
