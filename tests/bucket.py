"""An S3-protocol server on loopback, with one bucket that the environment names."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from cersgroups.records import bucket
from cersgroups.records.bucket import Bucket

NAME = "rosters"


@contextmanager
def s3_server(patch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The server runs within; its bucket is the configured one."""
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    for name, value in _environment(address).items():
        patch.setenv(name, value)
    httpx.post(f"{address}/moto-api/reset")  # all servers of a process share what they hold
    try:
        found = bucket.configured_bucket()
        assert found is not None
        found.client.create_bucket(Bucket=NAME)
        yield found
    finally:
        server.shutdown()
        thread.join()


def _environment(address: str) -> dict[str, str]:
    return {
        bucket.NAME: NAME,
        bucket.ENDPOINT: address,
        bucket.PREFIX: "cersgroups/",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
