"""`python -m studio`: the command line without the window's package."""

import sys

from studio.cli import main

sys.exit(main())
