"""An S3-compatible bucket that holds the finished folders, for several machines; the data folder is then a cache of it.

A folder is there whole or not at all: its files first, then `.whole`, which names each with its size and digest.
"""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from cersgroups.core.digest import digest
from cersgroups.core.error import RequestStop
from cersgroups.core.storable import storable

WHOLE = ".whole"

_ATTEMPTS = 4
_SECONDS = 30


class BucketAway(OSError):  # noqa: N818 - nothing is wrong here: somebody else does not answer
    """The bucket does not answer, or refuses; what was asked for is to be tried again later."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} The files' storage does not answer as it should. Try again in a minute.")


@dataclass(frozen=True)
class Bucket:
    """`prefix` comes before every key. Credentials are those of the AWS SDK: environment, files or the machine's role.

    All methods raise BucketAway if the bucket does not do what it is asked.
    """

    name: str
    endpoint: str = ""
    prefix: str = ""

    def put(self, folder: Path, key: str) -> None:
        """Store the folder's files, in subfolders too, under the key; what was there under it is replaced.

        `.whole` is written into the folder too, so that it can be told whether both are the same.
        """
        (folder / WHOLE).unlink(missing_ok=True)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        whole = {path.relative_to(folder).as_posix(): digest(path) for path in files}
        (folder / WHOLE).write_text(json.dumps(whole), encoding="utf-8")
        with self._asking(f"{key} could not be stored."):
            self.client.delete_object(Bucket=self.name, Key=self._key(key, WHOLE))
            for path in files:
                self.client.upload_file(str(path), self.name, self._key(key, path.relative_to(folder).as_posix()))
            self.client.upload_file(str(folder / WHOLE), self.name, self._key(key, WHOLE))

    def get(self, key: str, folder: Path) -> bool:
        """Write the files under the key into the empty folder, as they were stored; False if nothing whole is there."""
        with self._asking(f"{key} could not be fetched."):
            whole = self._whole(key)
            if whole is None:
                return False
            for name, expected in _digests(whole, key).items():
                path = _inside(folder, name)
                if path is None:
                    raise BucketAway(f"{key} names a file that cannot be in it.")
                path.parent.mkdir(parents=True, exist_ok=True)
                self.client.download_file(self.name, self._key(key, name), str(path))
                if digest(path) != expected:
                    raise BucketAway(f"{key}/{name} is not what was stored.")
            (folder / WHOLE).write_bytes(whole)
            return True

    def differs(self, key: str, folder: Path) -> bool:
        """Whether something whole is there under the key that is not what is in the folder."""
        with self._asking(f"{key} could not be looked at."):
            whole = self._whole(key)
        own = folder / WHOLE
        return whole is not None and (not own.is_file() or own.read_bytes() != whole)

    def remove(self, key: str) -> None:
        """Remove what is under the key, `.whole` first."""
        with self._asking(f"{key} could not be removed."):
            self.client.delete_object(Bucket=self.name, Key=self._key(key, WHOLE))
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self._key(key, ""))
            for page in pages:
                for found in page.get("Contents", []):
                    self.client.delete_object(Bucket=self.name, Key=found["Key"])

    def is_empty(self) -> bool:
        """Whether nothing is stored under the prefix."""
        with self._asking(f"The bucket {self.name} cannot be looked at."):
            found = self.client.list_objects_v2(Bucket=self.name, Prefix=self._key("leas", ""), MaxKeys=1)
        return not found.get("Contents")

    def check(self) -> None:
        """Whether it is there and lets us write, read and remove."""
        key = self._key(".check", os.urandom(8).hex())
        with self._asking(f"The bucket {self.name} cannot be used."):
            self.client.put_object(Bucket=self.name, Key=key, Body=b"check")
            self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
            self.client.delete_object(Bucket=self.name, Key=key)

    @property
    def client(self) -> Any:
        return _client(self.endpoint)

    def _whole(self, key: str) -> bytes | None:
        from botocore.exceptions import ClientError

        try:
            found = self.client.get_object(Bucket=self.name, Key=self._key(key, WHOLE))
        except ClientError as e:
            if e.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        whole: bytes = found["Body"].read()
        return whole

    def _key(self, key: str, name: str) -> str:
        return "/".join(part for part in (self.prefix.strip("/"), key) if part) + f"/{name}"

    def _asking(self, what: str) -> "_Asking":
        return _Asking(what)


class _Asking:
    """Turns what the SDK raises, which may carry addresses and keys, into BucketAway."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, BotoCoreError | ClientError | Boto3Error):
            raise BucketAway(self.what) from None


def _digests(whole: bytes, key: str) -> dict[str, str]:
    """By name, as `put` wrote it. Raises BucketAway for anything else."""
    try:
        found = json.loads(whole)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BucketAway(f"{key}/{WHOLE} is not what was stored.")
    return found


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder; None if it would lie elsewhere: whoever writes to the bucket may not write
    to this machine."""
    parts = name.split("/")
    if {"", ".", ".."} & set(parts) or name != storable(name) or any(len(part.encode()) > 255 for part in parts):
        return None
    return folder.joinpath(*parts)


def named_bucket(name: str, endpoint: str, prefix: str) -> Bucket | None:
    """The bucket; None without a name. Raises RequestStop for an address that is none."""
    if not name:
        return None
    if endpoint and not endpoint.startswith(("https://", "http://")):
        raise RequestStop(f"CERSGROUPS_BUCKET_ENDPOINT is {endpoint!r}. Write it as https://server.")
    return Bucket(name, endpoint, prefix)


def configured_bucket() -> Bucket | None:
    """That of the settings; None: everything lies in the data folder."""
    found: Bucket | None = settings.BUCKET
    return found


@cache
def _client(endpoint: str) -> Any:
    # the SDK takes a third of a second to load: only who has a bucket pays for it
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=_SECONDS,
        read_timeout=_SECONDS,
        retries={"max_attempts": _ATTEMPTS, "mode": "standard"},
        s3={"addressing_style": "path"} if endpoint else {},
    )
    return boto3.session.Session().client("s3", endpoint_url=endpoint or None, config=config)
