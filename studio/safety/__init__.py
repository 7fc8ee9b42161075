"""What this copy of the studio may do, decided by a grown-up and read from the settings."""

from studio.safety.permissions import FEATURES, Feature, Permissions

__all__ = ["FEATURES", "Feature", "Permissions"]
