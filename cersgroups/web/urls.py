"""The addresses of all pages. A tab's address has the tab's name (layout.py)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import PathConverter

from cersgroups.web import (
    api_token,
    audit,
    create_files,
    extract,
    first_admin,
    layout,
    lea_overview,
    mapping,
    passkey,
    person,
    proof,
    provider,
    retention,
    roster,
    scheduled_process,
    setting,
    snapshot,
    snapshot_finding,
    workplace,
)


def closed(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Doors of django-allauth that stay shut: nobody signs up, changes an e-mail or connects another's account."""
    raise Http404


class _Anything(PathConverter):
    """Whatever is left of an address; Django's own `path` takes no line breaks."""

    regex = r"[\s\S]+"


register_converter(_Anything, "anything")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", layout.home, name="home"),
    path("workplace/", workplace.workplace, name="workplace"),
    path("workplace/school/", workplace.choose_school, name="choose_school"),
    path("workplace/lea/", workplace.choose_lea, name="choose_lea"),
    path("leas/", lea_overview.leas, name="leas"),
    path("first-admin/<str:token>/", first_admin.first_admin, name="first_admin"),
    path("create-files/", create_files.create_files, name="create_files"),
    path("create-files/progress/", create_files.creating_files, name="creating_files"),
    path("scheduled-process/", scheduled_process.scheduled_process, name="scheduled_process"),
    path("scheduled-process/run/", scheduled_process.run_scheduled_process, name="run_scheduled_process"),
    path("extracted-files/", extract.extracted_files, name="extracted_files"),
    path("extracted-files/<int:extract_id>/", extract.extract, name="extract"),
    path("extracted-files/<int:extract_id>/row/", extract.extract_row, name="extract_row"),
    path("extracted-files/<int:extract_id>/findings/<slug:code>/", extract.finding_rows, name="finding_rows"),
    path("extracted-files/<int:extract_id>/files/<str:file_name>", extract.download, name="download_extract"),
    path("roster/", roster.roster, name="roster"),
    path("roster/upload/", roster.upload, name="roster_upload"),
    path("roster/back/", roster.back, name="roster_back"),
    path("roster/<int:pk>/", snapshot.snapshot, name="snapshot"),
    path("roster/<int:pk>/progress/", snapshot.progress, name="snapshot_progress"),
    path("roster/<int:pk>/current/", snapshot.put_current, name="snapshot_make_current"),
    path("roster/<int:pk>/mapping/", mapping.mapping, name="snapshot_mapping"),
    path("roster/<int:pk>/findings.csv", snapshot_finding.snapshot_findings_csv, name="snapshot_findings_csv"),
    path("roster/<int:pk>/findings/<slug:code>/", snapshot_finding.snapshot_finding, name="snapshot_finding"),
    path("people/", person.people, name="people"),
    path("people/invite/", person.invite_person, name="invite_person"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/invite/", person.invite_person_again, name="invite_person_again"),
    path("people/<int:pk>/sign-out/", person.sign_out_person, name="sign_out_person"),
    path("people/<int:pk>/remove/", person.remove_person, name="remove_person"),
    path("api-tokens/", api_token.api_tokens, name="api_tokens"),
    path("api-tokens/<int:pk>/revoke/", api_token.revoke_api_token, name="revoke_api_token"),
    path("audit-log/", audit.audit_log, name="audit_log"),
    path("audit-log/entries.csv", audit.audit_log_csv, name="audit_log_csv"),
    path("settings/", setting.settings, name="settings"),
    path("settings/retention/", retention.retention, name="retention"),
    path("", include("cersgroups.web.source_urls")),
    path("", include("cersgroups.web.profile_urls")),
    path("", include("cersgroups.web.upload_urls")),
    path("account/signup/", closed),
    path("account/email/", closed),
    path("account/confirm-email/", closed),
    path("account/confirm-email/<str:key>/", closed),
    path("account/3rdparty/", closed),
    path("account/3rdparty/signup/", closed),
    path("account/sessions/", proof.SessionsView.as_view()),
    path("account/oidc/<slug:provider_id>/login/", provider.login),
    path("account/oidc/<slug:provider_id>/login/callback/", provider.callback),
    path("account/oidc/<anything:rest>", closed),
    path("account/2fa/webauthn/reauthenticate/", passkey.PasskeyAgainView.as_view()),
    path("account/", include("allauth.urls")),
]

handler500 = "cersgroups.web.error.server_error"
