"""`sprout serve`: the models of this computer for other programs on it.

Importing this room costs nothing: the server libraries are loaded when a server starts.
"""

from studio.serving.server import Address, Models, ModelServer

__all__ = ["Address", "ModelServer", "Models"]
