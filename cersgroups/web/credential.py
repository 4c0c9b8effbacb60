"""Settings, Credentials (features F2): entering, testing and removing what CERS knows the LEA by."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cersgroups.actions import credential as action
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop, Stop
from cersgroups.records.credential import Credential
from cersgroups.records.school import School
from cersgroups.web.access import PageRequest, page
from cersgroups.web.credential_form import CredentialForm
from cersgroups.web.filter_list import Entry

SOON_DAYS = max(action.WARN_DAYS)


@require_GET
@page("manage_credentials", tab="settings")
def credentials(request: PageRequest) -> HttpResponse:
    """The list, each with the days that are left."""
    today = request.at.lea.today()
    rows = [
        {"credential": found, "key": str(found.pk), "days": (found.expires_on - today).days, "soon": SOON_DAYS}
        for found in action.visible_credentials(request.at.actor)
    ]
    return render(request, "web/credential/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@page("manage_credentials", tab="settings")
def new_credential(request: PageRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@page("manage_credentials", tab="settings")
def credential(request: PageRequest, pk: int) -> HttpResponse:
    return _edit(request, action.find_credential(request.at.actor, pk))


@require_POST
@page("manage_credentials")
def delete_credential(request: PageRequest, pk: int) -> HttpResponse:
    action.delete_credential(request.at.actor, pk)
    messages.success(request, "The credential is removed. Nothing can be uploaded with it anymore.")
    return redirect("credentials")


@require_POST
@page("manage_credentials")
def try_credential(request: PageRequest, pk: int) -> HttpResponse:
    """The Test button: sign in at CERS and ask what this credential may do."""
    try:
        tested = action.try_credential(request.at.actor, pk)
    except (NotThere, PermissionRefused):
        raise
    except Stop as stop:
        messages.error(request, str(stop))
    else:
        if tested.test_fault:
            messages.error(request, f"{tested.name}: {tested.test_fault}")
        else:
            messages.success(request, f"{tested.name}: CERS knows it, and it may upload student groups.")
    return redirect("credentials")


def _edit(request: PageRequest, record: Credential | None) -> HttpResponse:
    at = request.at
    schools = School.objects.filter(lea_id=at.lea.pk).order_by("number", "school_id")
    entries = [Entry(school.school_id, f"{school.number} {school.name}") for school in schools]
    form = CredentialForm(request.POST or None, record=record, schools=entries, today=at.lea.today())
    if request.method == "POST" and form.is_valid():
        try:
            saved = action.save_credential(at.actor, form.entry(), record.pk if record else None)
        except (NotThere, PermissionRefused):
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            messages.success(request, f"{saved.name} is saved. Test it now.")
            return redirect("credentials")
    context = {"form": form, "record": record}
    return render(request, "web/credential/form.html", context, status=400 if form.errors else 200)
