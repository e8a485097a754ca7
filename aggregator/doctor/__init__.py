"""The doctor: what is wrong with an installation, and what to do about it."""

from aggregator.doctor.complaint import Ailment, Complaint, Grade
from aggregator.doctor.examination import examine

__all__ = ["Ailment", "Complaint", "Grade", "examine"]
