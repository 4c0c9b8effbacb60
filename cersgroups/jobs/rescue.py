"""Jobs whose worker died go on elsewhere: a periodic task puts them back into the queue.

Source: Procrastinate leaves such jobs `doing`; workers send heartbeats (reference "Chosen parts").
"""

from procrastinate.contrib.django import app

QUEUE = "rescue"
HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 15.0
"""With the look every 5 seconds and a worker's own look for work every 5, a job goes on within 25."""


@app.periodic(cron="* * * * * */5", periodic_id="rescue")
@app.task(name="rescue_jobs", queue=QUEUE, pass_context=False)
async def rescue_jobs(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told its time
    """Put back every job whose worker has not been heard of for 15 seconds."""
    await rescue(DEAD_AFTER_SECONDS)


async def rescue(dead_after: float) -> int:
    """Put back the jobs of workers not heard of for `dead_after` seconds; says how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)
