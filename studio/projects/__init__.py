"""The library of projects: what the user makes, every step of it, and the trash."""

from studio.projects.records import Project, ProjectSummary, Step, Turn
from studio.projects.service import ProjectService

__all__ = ["Project", "ProjectService", "ProjectSummary", "Step", "Turn"]
