"""The People tab: who belongs to the LEA, at which level, limited to which schools (features A1 to A3)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cersgroups.actions.person import (
    change_rights,
    find_member,
    invite,
    invite_again,
    remove,
    sign_out_everywhere,
    visible_members,
)
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.core.permission import LEVELS, Level
from cersgroups.records.membership import Membership
from cersgroups.records.school import School
from cersgroups.web.access import PageRequest, page
from cersgroups.web.filter_list import Entry, FilterListField
from cersgroups.web.invitation import send_invitation
from cersgroups.web.label import LEVEL_LABELS

_LEVELS: dict[Level, str] = {
    "admin": "Admin: everything, with everybody's profiles and extracts, the roster, people and settings",
    "administer": "Administer: makes profiles, extracts and uploads, and sees only their own",
    "viewer": "Viewer: reads the findings and the history of extracts, downloads nothing",
}
_ALL, _SOME = "all", "some"


class RightsForm(forms.Form):
    """Level and schools, which belong together: an admin cannot be limited."""

    level = forms.ChoiceField(
        label="Level", choices=[(level, _LEVELS[level]) for level in LEVELS], widget=forms.RadioSelect
    )
    limit = forms.ChoiceField(
        label="Schools", choices=[(_ALL, "All schools"), (_SOME, "Only these schools")], widget=forms.RadioSelect
    )
    schools = FilterListField(label="Schools the person is limited to", plural="schools")

    def __init__(self, schools: list[School], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["schools"]
        assert isinstance(field, FilterListField)  # noqa: S101 - declared above
        field.entries = [Entry(school.school_id, f"{school.number} {school.name}") for school in schools]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("limit") == _SOME and not cleaned.get("schools"):
            self.add_error("schools", "Choose at least one school, or all schools above.")
        if cleaned.get("limit") == _SOME and cleaned.get("level") == "admin":
            self.add_error("limit", "An admin cannot be limited to schools. Choose all schools, or another level.")
        return cleaned

    def school_ids(self) -> tuple[str, ...] | None:
        """None: not limited."""
        return self.cleaned_data["schools"] if self.cleaned_data["limit"] == _SOME else None


class InvitationForm(RightsForm):
    email = forms.EmailField(label="E-mail", max_length=254, help_text="The invitation is sent there.")
    name = forms.CharField(label="Name", max_length=255)

    field_order = ("email", "name", "level", "limit", "schools")


@require_GET
@page("manage_people", tab="people")
def people(request: PageRequest) -> HttpResponse:
    """Everybody who belongs to the LEA."""
    names = {school.school_id: school.name for school in _schools(request)}
    members = [(member, _level(member), _limits(member, names)) for member in visible_members(request.at.actor)]
    return render(request, "web/person/people.html", {"members": members})


@require_http_methods(["GET", "POST"])
@page("manage_people", tab="people")
def invite_person(request: PageRequest) -> HttpResponse:
    """Let somebody in and send the link with which they set a password."""
    form = InvitationForm(_schools(request), request.POST or None, initial={"level": "administer", "limit": _ALL})
    if form.is_valid():
        answers = form.cleaned_data
        try:
            member = invite(request.at.actor, answers["email"], answers["name"], answers["level"], form.school_ids())
        except PermissionRefused:
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            send_invitation(request, member)
            return redirect("people")
    return render(request, "web/person/invite.html", {"form": form})


@require_POST
@page("manage_people", tab="people")
def invite_person_again(request: PageRequest, pk: int) -> HttpResponse:
    """Send the invitation once more, with a new link."""
    send_invitation(request, invite_again(request.at.actor, pk))
    return redirect("people")


@require_http_methods(["GET", "POST"])
@page("manage_people", tab="people")
def person(request: PageRequest, pk: int) -> HttpResponse:
    """Change level and schools."""
    member = find_member(request.at.actor, pk)
    limited = member.school_ids is not None
    initial = {"level": member.level, "limit": _SOME if limited else _ALL, "schools": member.school_ids or []}
    form = RightsForm(_schools(request), request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_rights(request.at.actor, pk, form.cleaned_data["level"], form.school_ids())
        except (NotThere, PermissionRefused):
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            messages.success(request, f"The permissions of {member.person} are saved.")
            return redirect("people" if request.at.person.pk != pk else "home")
    return render(request, "web/person/person.html", {"form": form, "member": member})


@require_POST
@page("manage_people", tab="people")
def sign_out_person(request: PageRequest, pk: int) -> HttpResponse:
    """End every session of the person; whoever does it to themselves comes to the sign-in page."""
    member = find_member(request.at.actor, pk)
    sign_out_everywhere(request.at.actor, pk)
    messages.success(request, f"{member.person} is signed out everywhere.")
    return redirect("person", pk)


@require_POST
@page("manage_people", tab="people")
def remove_person(request: PageRequest, pk: int) -> HttpResponse:
    """Take the person out of the LEA. RequestStop (400) for the last admin."""
    member = find_member(request.at.actor, pk)
    remove(request.at.actor, pk)
    messages.success(request, f"{member.person} no longer belongs to {request.at.lea}.")
    return redirect("people" if request.at.person.pk != pk else "home")


def _schools(request: PageRequest) -> list[School]:
    return list(School.objects.filter(lea_id=request.at.lea.pk))


def _level(member: Membership) -> str:
    return LEVEL_LABELS[member.level]


def _limits(member: Membership, names: dict[str, str]) -> str:
    """The schools that the person is limited to, by name."""
    if member.school_ids is None:
        return "All schools"
    return ", ".join(names.get(school_id, school_id) for school_id in member.school_ids) or "No school"
