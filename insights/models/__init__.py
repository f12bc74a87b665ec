"""Rows of the brand's side: tickets with frozen evidence, releases, offers, verifications."""

from .audit import AuditEntry, EvidenceSnapshot
from .departments import Department, DepartmentMember
from .releases import Offer, Release, ReleaseAnswer, SealedVerification
from .tickets import DistilledReport, InternalNote, Ticket, TicketEvidence, Transition

__all__ = [
    "AuditEntry",
    "Department",
    "DepartmentMember",
    "DistilledReport",
    "EvidenceSnapshot",
    "InternalNote",
    "Offer",
    "Release",
    "ReleaseAnswer",
    "SealedVerification",
    "Ticket",
    "TicketEvidence",
    "Transition",
]
