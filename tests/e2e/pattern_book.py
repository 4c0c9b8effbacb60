"""Pages that show every part of the design system, for the browser tests only."""

from datetime import UTC, datetime

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from cersgroups.core.error import RequestStop
from cersgroups.web.access import PageRequest, page
from cersgroups.web.filter_list import Entry, FilterListField
from cersgroups.web.urls import handler500
from cersgroups.web.urls import urlpatterns as web_urlpatterns

FAMILY = ("Nguyễn", "O’Brien", "García López", "Smith", "Yılmaz", "Ångström", "van der Berg", "Kaʻahumanu")
TEACHERS = [
    Entry(f"S{n:05}", f"{FAMILY[n % len(FAMILY)]} {n}", f"{n:05}", "has no e-mail" if n % 1000 == 7 else "")
    for n in range(10_000)
]
DEPARTMENTS = {"E": "English", "M": "Mathematics", "S": "Science"}
COURSES = [
    Entry(f"{code}{n:03}", f"{name} {n}", f"{code}{n:03}") for code, name in DEPARTMENTS.items() for n in range(1, 41)
]


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="Shown in the list of profiles.", max_length=40)
    subject = forms.ChoiceField(label="Subject Area", choices=[("ELA", "ELA"), ("Math", "Math"), ("All", "All")])
    pattern = forms.ChoiceField(
        label="Group Name Pattern",
        widget=forms.RadioSelect,
        choices=[("period", "Teacher Name + Period"), ("section", "Teacher Name + Section")],
        initial="period",
    )
    scheduled = forms.BooleanField(label="Include in Scheduled Process", required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ListForm(forms.Form):
    departments = FilterListField(
        label="Departments", plural="departments", entries=[Entry(code, name) for code, name in DEPARTMENTS.items()]
    )
    courses = FilterListField(
        label="Courses", plural="courses", entries=COURSES, options_url="/patterns/courses/", depends=("departments",)
    )
    teachers = FilterListField(
        label="Teachers to Include in the Extract",
        plural="teachers",
        entries=TEACHERS,
        required=True,
        help_text="Their students' groups are in the extract.",
    )


@page(tab="profiles")
def patterns(request: PageRequest) -> HttpResponse:
    """Form, table, dialog, messages, empty state, pagination."""
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("patterns")
    rows = Paginator(range(95), 10).get_page(request.GET.get("page"))
    when = datetime(2026, 11, 23, 23, 5, tzinfo=UTC)
    return render(request, "patterns.html", {"form": form, "rows": rows, "when": when})


@page()
def lists(request: PageRequest) -> HttpResponse:
    """Filter lists; what was sent is shown."""
    form = ListForm(request.POST or None, initial={"teachers": ["S00003", "gone-teacher"]})
    sent = form.cleaned_data if request.method == "POST" and form.is_valid() else None
    return render(request, "lists.html", {"form": form, "sent": sent})


@page()
def courses(request: PageRequest) -> JsonResponse:
    """The courses of the chosen departments."""
    form = ListForm(request.POST)
    form.is_valid()
    chosen = form.cleaned_data["departments"]
    return JsonResponse({"entries": [c for c in COURSES if not chosen or c.value[0] in chosen]})


@page()
def long_list(request: PageRequest) -> HttpResponse:
    """The same with the beginning of the teachers only: the script asks for all of them."""
    form = ListForm(initial={"teachers": ["S00003", "gone-teacher"]})
    field = form.fields["teachers"]
    assert isinstance(field, FilterListField)
    field.widget.options_url = "/patterns/teachers/"
    field.begin_with(TEACHERS[:100], len(TEACHERS))
    return render(request, "lists.html", {"form": form, "sent": None, "action": "/patterns/lists/"})


@page()
def teachers(_request: PageRequest) -> JsonResponse:
    return JsonResponse({"entries": TEACHERS})


@page()
def stop(request: PageRequest) -> HttpResponse:
    raise RequestStop(f"The profile is no TOML <b>at all</b>. Give {request.at.lea.name} another file.")


@page("manage_people")
def admins_only(request: PageRequest) -> HttpResponse:
    return render(request, "web/home.html")


urlpatterns = [
    path("patterns/", patterns, name="patterns"),
    path("patterns/lists/", lists),
    path("patterns/courses/", courses),
    path("patterns/long-list/", long_list),
    path("patterns/teachers/", teachers),
    path("patterns/stop/", stop),
    path("patterns/admins-only/", admins_only),
    # some of the tabs, until their pages are there
    path("patterns/profiles/", patterns, name="profiles"),
    path("patterns/schools/", patterns, name="school_selection"),
    path("patterns/options/", lists, name="extract_options"),
    path("patterns/create/", patterns, name="create_files"),
    path("patterns/scheduled/", patterns, name="scheduled_process"),
    path("patterns/files/", patterns, name="extracted_files"),
    path("patterns/roster/", patterns, name="roster"),
    path("patterns/people/", admins_only, name="people"),
    path("patterns/audit/", admins_only, name="audit_log"),
    path("patterns/settings/", admins_only, name="settings"),
    *web_urlpatterns,
    path("api/", include("cersgroups.api.urls")),
]
__all__ = ["handler500", "urlpatterns"]
