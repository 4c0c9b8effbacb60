"""Schools by the names that people know them by, on pages of what CERS holds: CERS knows them by CDS code."""

from cersgroups.records.lea import Lea
from cersgroups.records.school import School


def names_by_cds(lea: Lea) -> dict[str, str]:
    """Of the current roster; several schools may share a code. In the LEA's scope."""
    names: dict[str, list[str]] = {}
    for cds, name in School.objects.filter(lea_id=lea.pk).exclude(cds_code="").values_list("cds_code", "name"):
        names.setdefault(cds, []).append(name)
    return {cds: ", ".join(found) for cds, found in names.items()}
