"""`python -m fmnist`: the command line."""

import sys

from fmnist.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
