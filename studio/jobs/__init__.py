"""Background work: a job, its progress, its cancel token, and the runner with lanes."""

from studio.jobs.job import CancelToken, Job, Progress
from studio.jobs.runner import LANES, JobRunner

__all__ = ["LANES", "CancelToken", "Job", "JobRunner", "Progress"]
