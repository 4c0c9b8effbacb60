"""As far as a worker may be with an extract that waits: python -m tests.e2e.move_progress EXTRACT SHARE"""

import sys

from cersgroups.cli.application import application


def main(extract_id: int, share: float) -> None:
    with application():
        from cersgroups.jobs.progress import Progress
        from cersgroups.records.extract import Extract
        from cersgroups.records.lea import Lea
        from cersgroups.records.scope import lea_scope

        for lea in Lea.objects.all():
            with lea_scope(lea.pk):
                for record in Extract.objects.filter(pk=extract_id):
                    record.become("building")
                    record.save(update_fields=["state"])
                    Progress(record)("building groups", share)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
