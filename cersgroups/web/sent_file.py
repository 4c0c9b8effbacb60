"""Files of a form, as the actions take them."""

from typing import cast

from django.core.files.uploadedfile import UploadedFile as SentFile

from cersgroups.actions.roster_file import UploadedFile
from cersgroups.web.access import PageRequest


def sent_files(request: PageRequest, name: str) -> list[UploadedFile]:
    """Those of the field `name`, in the order in which they were sent."""
    files = cast("list[SentFile[bytes]]", request.FILES.getlist(name))
    return [UploadedFile(file.name or "", file) for file in files]
