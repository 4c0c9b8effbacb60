"""Django finds the models here; each stands in the file of its noun."""

from cersgroups.records.api_token import ApiToken
from cersgroups.records.audit import AuditEntry
from cersgroups.records.credential import Credential
from cersgroups.records.draft import Draft
from cersgroups.records.due import Due
from cersgroups.records.extract import Extract, ExtractFinding, ExtractProfile
from cersgroups.records.first_admin import FirstAdminLink
from cersgroups.records.given_up_job import GivenUpJob
from cersgroups.records.idempotency_key import IdempotencyKey
from cersgroups.records.lea import Lea, RemovedLea
from cersgroups.records.ledger import Ledger
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.profile import Profile
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun
from cersgroups.records.school import School
from cersgroups.records.side_file import SideFile
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from cersgroups.records.upload import Upload, UploadPart

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Credential",
    "Draft",
    "Due",
    "Extract",
    "ExtractFinding",
    "ExtractProfile",
    "FirstAdminLink",
    "GivenUpJob",
    "IdempotencyKey",
    "Lea",
    "Ledger",
    "Membership",
    "Person",
    "Profile",
    "RemovedLea",
    "ScheduledProcess",
    "ScheduledRun",
    "School",
    "SideFile",
    "Snapshot",
    "Source",
    "Upload",
    "UploadPart",
]
