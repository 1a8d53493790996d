"""`python -m dvrisk`: the same as the command `dvrisk`."""

import sys

from dvrisk.cli import main

if __name__ == "__main__":
    sys.exit(main())
