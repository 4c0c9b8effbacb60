"""Whom mails about an LEA go to."""

from cersgroups.records.membership import Membership


def admins(lea_id: int) -> list[str]:
    """The addresses of the LEA's admins who can sign in; in the LEA's scope."""
    found = Membership.objects.filter(lea_id=lea_id, level="admin", person__is_active=True)
    return sorted(found.values_list("person__email", flat=True))
