"""Addresses of profiles and of the drafts between opening and saving."""

from django.urls import path

from cersgroups.web import draft, profile, profile_health

urlpatterns = [
    path("profiles/", profile.profiles, name="profiles"),
    path("profiles/check/", profile_health.profile_health, name="profile_health"),
    path("profiles/<int:pk>/roll-forward/", profile_health.roll_forward, name="roll_forward"),
    path("profiles/new/", profile.new_profile, name="new_profile"),
    path("profiles/import/", profile.import_profile, name="import_profile"),
    path("profiles/<int:pk>/edit/", profile.edit_profile, name="edit_profile"),
    path("profiles/<int:pk>/duplicate/", profile.duplicate_profile, name="duplicate_profile"),
    path("profiles/<int:pk>/hand-over/", profile.hand_over_profile, name="hand_over_profile"),
    path("profiles/<int:pk>/export/", profile.export_profile, name="export_profile"),
    path("profiles/<int:pk>/delete/", profile.delete_profile, name="delete_profile"),
    path("school-selection/", draft.school_selection, name="school_selection"),
    path("extract-options/", draft.extract_options, name="extract_options"),
    path("drafts/<int:pk>/schools/", draft.draft_schools, name="draft_schools"),
    path("drafts/<int:pk>/schools/entries/", draft.draft_school_entries, name="draft_school_entries"),
    path("drafts/<int:pk>/options/", draft.draft_options, name="draft_options"),
    path("drafts/<int:pk>/options/type/", draft.draft_type, name="draft_type"),
    path("drafts/<int:pk>/options/students/", draft.draft_students, name="draft_students"),
    path("drafts/<int:pk>/options/preview/", draft.draft_preview, name="draft_preview"),
    path("drafts/<int:pk>/options/entries/<str:name>/", draft.draft_entries, name="draft_entries"),
    path("drafts/<int:pk>/discard/", draft.draft_discard, name="draft_discard"),
]
