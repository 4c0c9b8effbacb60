"""Jobs that are given up are counted for good; the age of a queue leaves out who waits for an earlier job's lock."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from importlib import import_module

from django.db import migrations, models

# 15 seconds: a worker not heard of for so long counts as dead (jobs/rescue.py). Which job waits for another's lock is
# told as Procrastinate does (procrastinate_fetch_job).
FIGURES = """
CREATE OR REPLACE FUNCTION operation_figures() RETURNS TABLE (name text, label text, value double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
    PERFORM set_config('cersgroups.whole', 'on', true);
    RETURN QUERY SELECT 'leas', '', count(*)::float8 FROM lea
    UNION ALL SELECT 'runs', coalesce(nullif(outcome, ''), state)::text, count(*)::float8 FROM scheduled_run GROUP BY 2
    UNION ALL SELECT 'uploads', state::text, count(*)::float8 FROM upload GROUP BY 2
    UNION ALL SELECT 'extracts', state::text, count(*)::float8 FROM extract GROUP BY 2
    UNION ALL SELECT 'snapshots', state::text, count(*)::float8 FROM snapshot GROUP BY 2
    UNION ALL SELECT 'roster_age_seconds', lea.id::text, extract(epoch FROM now() - s.taken_at)::float8
        FROM lea JOIN snapshot s ON s.id = lea.current_snapshot_id WHERE s.taken_at IS NOT NULL
    UNION ALL SELECT 'jobs', status::text, count(*)::float8 FROM procrastinate_jobs GROUP BY 2
    UNION ALL SELECT 'jobs_given_up', task::text, count::float8 FROM given_up_job
    UNION ALL SELECT 'queue_age_seconds', queue_name::text,
        greatest(0, extract(epoch FROM max(now() - ready.at)))::float8 FROM procrastinate_jobs j CROSS JOIN LATERAL (
            SELECT greatest(j.scheduled_at, max(e.at)) AS at FROM procrastinate_events e WHERE e.job_id = j.id
        ) ready WHERE j.status = 'todo' AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs o WHERE o.lock = j.lock AND (o.status = 'doing' OR (o.status = 'todo'
                AND (o.priority > j.priority OR (o.priority = j.priority AND o.id < j.id))))
        ) GROUP BY 2
    UNION ALL SELECT 'heartbeats', '', count(*)::float8 FROM procrastinate_workers
        WHERE last_heartbeat > now() - interval '15 seconds'
    UNION ALL SELECT 'heartbeat_age_seconds', '', extract(epoch FROM now() - max(last_heartbeat))::float8
        FROM procrastinate_workers HAVING count(*) > 0;
    PERFORM set_config('cersgroups.whole', '', true);
END $$;
"""
"""Read by records/operation_figure.py."""


class Migration(migrations.Migration):
    dependencies = [("records", "0023_kept_answers")]

    operations = [
        migrations.CreateModel(
            name="GivenUpJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=255, unique=True)),
                ("count", models.BigIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
            ],
            options={"db_table": "given_up_job", "ordering": ("task",)},
        ),
        migrations.RunSQL(FIGURES, import_module("cersgroups.records.migrations.0011_operation").FIGURES),
    ]
