"""Copies that live without us, and the way back in."""

from studio.export.service import Sharing
from studio.export.take_in import TakenIn, take_in

__all__ = ["Sharing", "TakenIn", "take_in"]
