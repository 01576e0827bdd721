"""`python -m motcua …`: what the script at the root runs."""

import sys

from motcua.config.cli import main

sys.exit(main(sys.argv[1:]))
