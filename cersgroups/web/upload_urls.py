"""The addresses of uploads, of what CERS holds, and of credentials."""

from django.urls import path

from cersgroups.web import credential, held_student, ledger, upload

urlpatterns = [
    path("uploads/", upload.uploads, name="uploads"),
    path("uploads/<int:pk>/", upload.upload, name="upload"),
    path("uploads/<int:pk>/changes/", upload.difference, name="upload_difference"),
    path("uploads/<int:pk>/files/<str:file_name>", upload.download, name="download_upload"),
    path("uploads/<int:pk>/agree/", upload.agree, name="upload_agree"),
    path("uploads/<int:pk>/cancel/", upload.cancel, name="upload_cancel"),
    path("uploads/<int:pk>/done-by-hand/", upload.mark_uploaded, name="upload_mark"),
    path("extracted-files/<int:extract_id>/upload/", upload.create, name="create_upload"),
    path("what-cers-holds/", ledger.ledger, name="ledger"),
    path("what-cers-holds/users/", ledger.held_users, name="held_users"),
    path("what-cers-holds/users.csv", ledger.held_users_csv, name="held_users_csv"),
    path("what-cers-holds/student/", held_student.held_student, name="held_student"),
    path("what-cers-holds/retire/", ledger.retire, name="retire_groups"),
    path("settings/credentials/", credential.credentials, name="credentials"),
    path("settings/credentials/new/", credential.new_credential, name="new_credential"),
    path("settings/credentials/<int:pk>/", credential.credential, name="credential"),
    path("settings/credentials/<int:pk>/test/", credential.try_credential, name="try_credential"),
    path("settings/credentials/<int:pk>/remove/", credential.delete_credential, name="delete_credential"),
]
