"""As if scheduled processes had been saved three days ago and nothing had run since: python -m tests.e2e.turn_clock"""

from datetime import timedelta

from django.utils import timezone

from cersgroups.cli.application import application


def main() -> None:
    with application():
        from cersgroups.records.due import Due
        from cersgroups.records.scheduled_process import ScheduledProcess
        from cersgroups.records.scope import lea_scope

        for due in Due.objects.filter(what="scheduled_process"):
            with lea_scope(due.lea_id):
                ScheduledProcess.objects.update(since=timezone.now() - timedelta(days=3))
            Due.objects.filter(pk=due.pk).update(at=timezone.now())


if __name__ == "__main__":
    main()
