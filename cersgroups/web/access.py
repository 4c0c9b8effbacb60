"""Who asks, for which LEA, and whether they may: every page is made by `page`, every record found by its action.

    @page("see_profile", tab="profiles")
    def profile(request: PageRequest, pk: int) -> HttpResponse:
        record = find_profile(request.at.actor, pk)     # cersgroups.actions: 404 for another LEA's, 403 for who may not

Within a page, templates included, the database shows the rows of that one LEA only (records/scope.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from cersgroups.actions.actor import actor_for, memberships_of
from cersgroups.actions.school import visible_schools
from cersgroups.core.permission import Actor, DeedName, check_can, user_can
from cersgroups.records.lea import Lea
from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope
from cersgroups.web.error import NoLea, OtherLea
from cersgroups.web.next_page import to_sign_in
from cersgroups.web.second_factor import must_add_factor, to_second_factor

LEA, SCHOOL = "lea_id", "school_id"
"""Where the session keeps the chosen LEA (its key) and school (its school_id)."""


@dataclass(frozen=True)
class At:
    """Where a person works: `school` None is the district. `leas` are all that the person belongs to."""

    person: Person
    lea: Lea
    actor: Actor
    leas: tuple[Lea, ...]
    school: School | None = None

    def can(self, deed: DeedName, *, owner_id: int | None = None, school_ids: Iterable[str] = ()) -> bool:
        """Whether to show what leads to the deed; the action that does it checks again."""
        return user_can(self.actor, deed, owner_id=owner_id, school_ids=school_ids)


class PageRequest(HttpRequest):
    """A request within `page`: signed in, and at an LEA. `tab` is the tab that is marked as the current one."""

    at: At
    tab: str
    asked_by: dict[str, int]
    """The numbers of the person and, within `page`, the LEA: for the log (config/log.py)."""


class WhoMiddleware:
    """Writes on the request who asks, whatever comes of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            cast(PageRequest, request).asked_by = {"person": request.user.pk}
        return self.get_response(request)


P = ParamSpec("P")
PageView = Callable[Concatenate[PageRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(deed: DeedName | None = None, *, tab: str = "") -> Callable[[PageView[P]], View[P]]:
    """Make a view a page: for people who are signed in and belong to an LEA and may do `deed` there.

    Nobody is sent to the sign-in page, whoever must add a second factor first to the page for that. Raises
    PermissionRefused (403) for whoever may not, OtherLea (409) if a form was shown for another LEA than the one that
    the person works at by now.
    """

    def decorate(view: PageView[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            memberships = memberships_of(request.user)
            if must_add_factor(request, request.user, memberships):
                return to_second_factor(request)
            asked = cast(PageRequest, request)
            lea, leas = _leas_of(request, request.user, memberships)
            asked.asked_by = {"person": request.user.pk, "lea": lea.pk}
            actor = actor_for(request.user, lea.pk, get_adapter(request).get_client_ip(request))
            with lea_scope(lea.pk), timezone.override(ZoneInfo(lea.time_zone)):
                asked.at, asked.tab = At(request.user, lea, actor, leas, _school(request, actor)), tab
                _check_form(request, lea)
                if deed:
                    check_can(actor, deed)
                return view(asked, *args, **kwargs)

        return cast(View[P], wrapped)

    return decorate


def _leas_of(request: HttpRequest, person: Person, memberships: list[Membership]) -> tuple[Lea, tuple[Lea, ...]]:
    """The LEA that the session names, else the one the person belongs to for longest; and all of theirs, by name.

    So an invitation by somebody else, with a name that comes first, moves nobody to another LEA unasked.
    """
    if not memberships:
        raise NoLea(f"{person.email} belongs to no LEA here. Ask an admin of your LEA to invite you.")
    leas = tuple(membership.lea for membership in memberships)
    first = min(memberships, key=lambda membership: (membership.created_at, membership.pk)).lea
    return next((lea for lea in leas if lea.pk == request.session.get(LEA)), first), leas


def _school(request: HttpRequest, actor: Actor) -> School | None:
    """The school that the session names, if the actor may work there. Who is limited never works at the district."""
    chosen = request.session.get(SCHOOL)
    school = visible_schools(actor).filter(school_id=chosen).first() if chosen else None
    return school or (visible_schools(actor).first() if actor.school_ids is not None else None)


def _check_form(request: HttpRequest, lea: Lea) -> None:
    """Every form says for which LEA it was shown ({% form_token %}): in two windows a person may be at two."""
    if request.method == "POST" and request.POST.get("lea") != str(lea.pk):
        raise OtherLea(
            f"This page was opened for another LEA than {lea.name}, where you work now. Nothing was changed. "
            f"Choose the LEA in the header and open the page again."
        )
