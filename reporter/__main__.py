"""`python -m reporter`: the same as the command `reporter`."""

import sys

from reporter.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
