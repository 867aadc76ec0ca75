"""Calendars, as the people of a support desk look at them, check them and bring them up to date."""

import json
import subprocess
import unittest

import support

MORNING_AND_AFTERNOON = [["09:00", "12:30"], ["14:00", "18:00"]]
OFFICE = {day: MORNING_AND_AFTERNOON for day in ("mon", "tue", "wed", "thu", "fri")}
PARIS = {"tz": "Europe/Paris", "weekly": OFFICE, "public_holidays": ["FR"]}

CLOSURES = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260514
SUMMARY:Ascension
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260515
SUMMARY:Pont de l'Ascension
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260516
SUMMARY:Inventaire
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20201224
SUMMARY:An old one
END:VEVENT
END:VCALENDAR
"""


class Calendars(support.Program):
    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    def desk(self, **calendars):
        documents = [f"--config=calendar:{name}={self.write(name + '.json', c)}" for name, c in calendars.items()]
        self.guichet("init", *documents)

    # --- check

    def test_given_a_calendar_in_order_when_it_is_checked_then_nothing_is_said(self):
        self.assertIn("nothing to say", self.guichet("calendar", "check", self.write("paris.json", PARIS)))

    def test_given_mistakes_when_files_are_checked_then_all_are_told_and_the_exit_status_is_1(self):
        wrong = self.write(
            "wrong.json", {"tz": "Europe/Pari", "weekly": {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}}
        )
        torn = self.write("torn.json", "{")
        done = self.run_raw("calendar", "check", wrong, torn, self.folder / "absent.json", "--db", self.db)
        self.assertEqual(done.returncode, 1)
        for words in (
            "Europe/Pari",
            "wrong.weekly.mon[1]",
            "11:00-18:00 overlaps 09:00-12:00",
            "not JSON",
            "absent.json",
        ):
            self.assertIn(words, done.stdout)
        self.assertIn("Calendars: 3; errors: 4; warnings: 0.", done.stdout)
        told = json.loads(self.run_raw("--json", "calendar", "check", wrong, "--db", self.db).stdout)
        self.assertEqual((told["errors"], told["warnings"]), (2, 0))
        self.assertEqual(
            [(f["severity"], f["reason"], f["path"]) for f in told["calendars"][0]["findings"]],
            [
                ("error", "unknown_zone", "calendar.wrong.tz"),
                ("error", "openings_overlap", "calendar.wrong.weekly.mon[1]"),
            ],
        )

    def test_given_only_warnings_when_it_is_checked_then_it_says_so_and_succeeds(self):
        needless = self.write("paris.json", {**PARIS, "holidays": ["*-07-14", "2026-08-16"]})
        told = self.guichet("calendar", "check", needless)
        self.assertIn("warnings: 2", told)
        self.assertIn("can be used as they are", told)
        french = self.guichet("calendar", "check", needless, "--lang", "fr")
        self.assertIn("avertissement", french)
        self.assertIn("Aucune erreur", french)

    def test_given_the_desk_when_no_file_is_named_then_its_calendars_are_checked(self):
        self.desk(paris=PARIS, lyon={"extends": "paris", "holidays": ["2026-12-08"]})
        told = self.json("calendar", "check")
        self.assertEqual([c["calendar"] for c in told["calendars"]], ["default", "lyon", "paris"])
        self.assertEqual(told["errors"], 0)
        self.assertIn("there is no desk", self.run_raw("calendar", "check", "--db", self.folder / "no.db").stderr)

    def test_given_sites_that_share_holidays_when_they_are_checked_then_each_mistake_is_told_once(self):
        shared = self.write(
            "france.json", {"tz": "Europe/Paris", "public_holidays": ["FR"], "holidays": ["2026-08-16"]}
        )
        site = self.write("lyon.json", {"extends": "france", "weekly": OFFICE, "holidays": ["2026-12-12"]})
        told = json.loads(self.run_raw("--json", "calendar", "check", site, shared, "--db", self.db).stdout)
        self.assertEqual(
            [(c["calendar"], f["severity"], f["path"]) for c in told["calendars"] for f in c["findings"]],
            [
                ("lyon", "warning", "calendar.lyon.holidays[0]"),
                ("france", "warning", "calendar.france"),  # it has no hours, which is fine for one that is shared
            ],
        )
        alone = self.run_raw("calendar", "check", site, "--db", self.db)
        self.assertEqual(alone.returncode, 1)
        self.assertIn('calendar.lyon.extends: unknown value "france"; known: default, lyon', alone.stdout)

    # --- holidays

    def test_given_a_region_when_its_holidays_are_asked_for_then_they_are_named_in_both_languages(self):
        for region, lang, words in (
            ("FR-57", "en", ("2026-04-03", "Fri", "Good Friday", "Vendredi saint")),
            ("de-by", "fr", ("2026-01-06", "mar.", "Épiphanie", "Heilige Drei Könige")),
            ("CA-QC", "en", ("2026-06-24",)),
        ):
            told = self.guichet("calendar", "holidays", region, "2026", "--lang", lang)
            for word in words:
                self.assertIn(word, told)
        listed = self.json("calendar", "holidays", "GB-SCT", "2026")
        self.assertIn(
            {"date": "2026-11-30", "name": "Saint Andrew's Day", "local_name": "Saint Andrew's Day"}, listed
        )
        self.assertEqual(
            self.json("--now", "2024-05-01T00:00:00Z", "calendar", "holidays", "BE")[0]["date"], "2024-01-01"
        )

    def test_given_an_unknown_region_or_year_then_the_known_ones_are_told(self):
        self.assertIn("FR-57", self.guichet("calendar", "holidays", "FR-99", code=2))
        self.assertIn("1900", self.guichet("calendar", "holidays", "FR", "1066", code=2))

    # --- show

    def test_given_a_calendar_when_it_is_shown_then_hours_closures_and_the_next_opening_are_told(self):
        self.desk(
            paris={**PARIS, "shifts": {"2026-12-24": [["09:00", "12:00"]], "2026-12-28": []}},
            duty={"extends": "paris", "on_call": {"sat": [["08:00", "20:00"]]}},
        )
        at = ("--now", "2026-12-24T12:00:00Z")
        told = self.guichet(*at, "calendar", "show", "paris", "--week", "2026-12-26")
        for words in (
            "Europe/Paris",
            "version 1",
            "next opening Tue 29 Dec 2026 09:00 CET",
            "Week of 2026-12-21",
            "09:00-12:30, 14:00-18:00",
            "2026-12-24  Thu  09:00-12:00, exceptionally",
            "2026-12-25  Fri  holiday (Christmas Day)",
            "2026-12-28  Mon  closed, exceptionally",
        ):
            self.assertIn(words, told)
        duty = self.guichet(*at, "calendar", "show", "duty", "--lang", "fr")
        for words in ("étend paris", "Astreinte", "sam.  08:00-20:00", "prochaine ouverture sam. 26 déc. 2026 08:00"):
            self.assertIn(words, duty)
        data = self.json(*at, "calendar", "show", "duty", "--week", "2026-12-26")
        self.assertEqual((data["version"], data["extends"], data["open"]), (1, "paris", False))
        self.assertEqual(data["next_open"], "2026-12-26T07:00:00Z")
        self.assertEqual(data["week"][5]["openings"], ["08:00-20:00"])
        self.assertEqual(data["week"][4]["holiday"], "Christmas Day")
        self.assertEqual(data["definition"]["tz"], "Europe/Paris")

    def test_given_the_built_in_calendar_then_it_can_be_shown_and_others_are_not_known(self):
        self.desk()
        self.assertIn("built in", self.guichet("calendar", "show", "default"))
        self.assertIn("known: default", self.guichet("calendar", "show", "moon", code=2))
        self.assertIn("--week", self.guichet("calendar", "show", "default", "--week", "tomorrow", code=2))

    # --- import

    def import_closures(self, *words, **options):
        file = self.write("closures.ics", CLOSURES)
        return self.json("--now", "2026-05-13T14:00:00Z", "calendar", "import", file, *words, **options)

    def test_given_a_ticket_when_a_bridge_day_is_imported_then_its_deadline_moves_by_that_day(self):
        self.desk(default=PARIS)
        self.guichet("--now", "2026-05-13T14:00:00Z", "open", "No network", "--priority", "low")
        rehearsed = self.import_closures("--into", "default", "--dry-run")
        self.assertEqual(
            [(h["date"], h["added"]) for h in rehearsed["holidays"]],
            [("2026-05-14", False), ("2026-05-15", True), ("2026-05-16", True)],
        )
        self.assertEqual((rehearsed["added"], rehearsed["left_out"], rehearsed["version"]), (2, 1, None))
        self.assertEqual((rehearsed["impact"]["open_tickets"], rehearsed["impact"]["affected"]), (1, 1))
        self.assertGreaterEqual(rehearsed["impact"]["deadlines_moved"], 1)
        self.assertEqual(self.json("calendar", "show", "default")["version"], 1)

        done = self.import_closures("--into", "default")
        self.assertEqual((done["version"], done["impact"]), (2, rehearsed["impact"]))
        move = done["impact"]["moved"][0]
        clocks = {c["metric"]: c["due"] for c in self.json("show", move["ticket"])["clocks"]}
        self.assertEqual(clocks[move["metric"]], move["to"])
        shown = self.json("--now", "2026-05-13T14:00:00Z", "calendar", "show", "default")
        self.assertIn("Pont de l'Ascension", [d["holiday"] for d in shown["coming"]])
        again = self.import_closures("--into", "default")
        self.assertEqual((again["added"], again["version"], again["impact"]), (0, None, None))

    def test_given_years_when_closures_are_imported_then_only_theirs_are_taken(self):
        self.desk(default=PARIS)
        told = self.import_closures("--into", "default", "--from", "2020", "--to", "2020")
        self.assertEqual([h["name"] for h in told["holidays"]], ["An old one"])
        self.assertEqual(told["left_out"], 3)
        self.assertIn(
            "--to",
            self.guichet(
                "calendar",
                "import",
                self.write("c.ics", CLOSURES),
                "--into",
                "default",
                "--from",
                "2027",
                "--to",
                "2026",
                code=2,
            ),
        )

    def test_given_people_when_closures_are_imported_then_the_impact_is_told_in_their_words(self):
        self.desk(default=PARIS)
        self.guichet("--now", "2026-05-13T14:00:00Z", "open", "No network")
        file = self.write("closures.ics", CLOSURES)
        words = ("--now", "2026-05-13T14:00:00Z", "calendar", "import", file, "--into", "default")
        self.assertIn("Nothing was written", self.guichet(*words, "--dry-run"))
        told = self.guichet(*words, "--lang", "fr")
        for sentence in (
            "Pont de l'Ascension",
            "déjà férié",
            "bien que rien n'ouvre",
            "Tickets ouverts : 1",
            "en version 2",
        ):
            self.assertIn(sentence, told)
        self.assertIn("Nothing to add", self.guichet(*words))

    def test_given_a_calendar_file_when_closures_are_imported_then_the_merged_document_is_printed(self):
        self.desk(france=PARIS)
        site = self.write("lyon.json", {"extends": "france", "holidays": ["2026-12-08"]})
        file = self.write("closures.ics", CLOSURES)
        done = self.run_raw("calendar", "import", file, "--file", site, "--from", "2026", "--db", self.db)
        self.assertEqual(done.returncode, 0, done.stderr)
        merged = json.loads(done.stdout)
        self.assertEqual(merged["extends"], "france")
        self.assertEqual(
            merged["holidays"],
            [
                "2026-12-08",
                {"date": "2026-05-15", "name": "Pont de l'Ascension"},
                {"date": "2026-05-16", "name": "Inventaire"},
            ],
        )
        self.assertIn("a holiday already", done.stderr)
        self.write("lyon.json", done.stdout)
        self.assertIn("Calendars: 1; errors: 0", self.guichet("calendar", "check", site))

    def test_given_a_wrong_wish_then_nothing_is_written_and_the_way_out_is_told(self):
        self.desk(default=PARIS)
        file, broken = self.write("closures.ics", CLOSURES), self.write("broken.ics", "BEGIN:VCALENDAR\nEND:VCARD\n")
        self.assertIn("known: default", self.guichet("calendar", "import", file, "--into", "moon", code=2))
        self.assertIn("--into", self.guichet("calendar", "import", file, code=2))
        self.assertIn("line 2", self.guichet("calendar", "import", broken, "--into", "default", code=2))
        self.guichet("--as", "ana", "calendar", "import", file, "--into", "default", code=7)
        self.assertEqual(self.json("calendar", "show", "default")["version"], 1)

    # --- the command line itself

    def test_given_an_unfinished_command_then_the_help_that_helps_is_named(self):
        self.assertIn("calendar --help", self.guichet("calendar", code=2))
        self.assertIn('"chekc" is not known here', self.guichet("calendar", "chekc", code=2))
        self.assertIn("calendar show --help", self.guichet("calendar", "show", code=2))

    def test_given_a_shell_when_words_are_completed_then_the_family_and_its_options_are_offered(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.run_raw("completion", shell).stdout
            for word in ("calendar", "holidays", "dry-run"):
                self.assertIn(word, script)
        script = self.write("completion.bash", self.run_raw("completion", "bash").stdout)

        def offered(*words):
            typed = " ".join(f"'{word}'" for word in ("guichet", *words))
            program = (
                f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _guichet; echo ${{COMPREPLY[@]}}"
            )
            done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60)
            return done.stdout.split()

        self.assertEqual(offered("calendar", ""), ["show", "holidays", "check", "import"])
        self.assertEqual(offered("calendar", "h"), ["holidays"])
        self.assertIn("--into", offered("calendar", "import", "x.ics", "--"))
        self.assertNotIn("--into", offered("calendar", "show", "--"))
        self.assertEqual(offered("calend"), ["calendar"])
        self.assertIn("--queue", offered("list", "--q"))


if __name__ == "__main__":
    unittest.main()
