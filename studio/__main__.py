"""`python -m studio`: the command line without the window's package."""

import sys

try:
    from studio.cli import main

    code = main()
except KeyboardInterrupt:  # Ctrl+C while modules are still being loaded
    code = 130
sys.exit(code)
