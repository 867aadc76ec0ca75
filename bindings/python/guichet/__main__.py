"""The command line: ``python -m guichet --help``."""

import sys

from ._core import run_command_line


def main():
    return run_command_line(["guichet", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
