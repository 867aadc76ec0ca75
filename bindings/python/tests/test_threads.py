"""Threads, and the end of the interpreter."""

import subprocess
import sys
import textwrap
import threading

import guichet


def test_eight_threads(tmp_path):
    heard = []
    failed = []
    with guichet.open(tmp_path / "desk.db", by="luc:administrator", durable=False) as desk:
        desk.on("ticket_opened")(lambda event: heard.append(event.seq))
        desk.guard("reply")(lambda command, ticket: ticket.status != "closed")

        def work(number):
            try:
                for n in range(25):
                    ticket = desk.open_ticket(subject=f"{number}/{n}", requester=f"ana{number}")
                    desk.reply(ticket, "Hello")
                    assert desk.find(ticket).replies == 1
                    desk.query('requester = "ana%d"' % number, limit=5)
                    desk.search("hello")
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert len(heard) == len(set(heard)) == 200
        assert desk.stats().tickets == 200 and desk.verify().problems == ()


def test_closing_while_others_work():
    desk = guichet.open(":memory:", by="luc")
    ends = []

    def work():
        try:
            while True:
                desk.open_ticket(subject="A", requester="ana")
        except guichet.Error as error:
            ends.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    desk.close()
    for thread in threads:
        thread.join()
    assert len(ends) == 4 and all("closed" in one for one in ends)


def run(script):
    return subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60)


def test_the_interpreter_ends_with_a_live_desk():
    done = run("""
        import guichet
        desk = guichet.open(":memory:", by="luc")
        desk.on()(lambda event: None)
        kept = desk.open_ticket(subject="A", requester="ana")
        guichet.kept = desk
        print("done")
    """)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_the_interpreter_ends_while_a_thread_works():
    done = run("""
        import threading, time, guichet
        desk = guichet.open(":memory:", by="luc")
        desk.on()(lambda event: None)
        def work():
            while True:
                desk.open_ticket(subject="A", requester="ana")
        threading.Thread(target=work, daemon=True).start()
        time.sleep(0.2)
    """)
    assert done.returncode == 0, done.stderr
