"""An S3-protocol server on loopback, with one bucket, which the settings name."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.conf import settings
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from cersgroups.records.bucket import Bucket

NAME = "rosters"


CREDENTIAL = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def s3_server(patch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The server runs within; its bucket is the configured one."""
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    for name, value in CREDENTIAL.items():
        patch.setenv(name, value)
    httpx.post(f"{address}/moto-api/reset")  # all servers of a process share what they hold
    bucket = Bucket(NAME, address, "cersgroups/")
    patch.setattr(settings, "BUCKET", bucket)
    try:
        bucket.client.create_bucket(Bucket=NAME)
        yield bucket
    finally:
        server.shutdown()
        thread.join()
