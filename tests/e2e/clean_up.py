"""As if it were the night forty days from now, wherever data are kept for a time only: python -m tests.e2e.clean_up"""

from datetime import timedelta

from django.utils import timezone

from cersgroups.cli.application import application


def main() -> None:
    with application():
        from cersgroups.actions.retention import clean_up
        from cersgroups.records.due import Due
        from cersgroups.records.scope import lea_scope

        for due in Due.objects.filter(what="retention"):
            with lea_scope(due.lea_id):
                clean_up(due.lea_id, timezone.now() + timedelta(days=40))


if __name__ == "__main__":
    main()
