"""The service layer of Sprout Studio: everything the program does, with no window.

The window (`ui`) and the command line (`studio.cli`) are two clients of this package.
It imports neither Qt nor `ui`; `studio.services.build` is the one place where it is wired.
"""

__version__ = "0.1.0"
