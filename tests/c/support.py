"""What the tests of the C library have in common. Each test skips, with a reason, where a tool is not there."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("GUICHET_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
LIBRARY = pathlib.Path(os.environ["GUICHET_LIBRARY"])
WORK = pathlib.Path(os.environ["GUICHET_WORK"])


def skip(reason):
    """Ends the test: not passed, not failed. ctest knows by the exit code and shows it."""
    print(f"skipped: {reason}")
    sys.exit(77)


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            skip(f"{tool} is not on this machine")


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=600, **options)
    if done.returncode:
        print(" ".join(map(str, words)), done.stdout, sep="\n")
        sys.exit(1)
    return done.stdout


def guide(language):
    """The program in a language that the guide shows, and what it says that it prints."""
    page = (SOURCE / "docs/guides/embed-from-c.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```.*?```\n(.*?)```", page, re.S)
    return found[1], found[2]


def same(printed, promised):
    if printed != promised:
        print(f"printed:\n{printed}the guide says:\n{promised}")
        sys.exit(1)
