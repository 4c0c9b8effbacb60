"""Who we are to the receiver: the LEA's or a school's user name and secret, and the client's."""

from dataclasses import dataclass, field
from typing import Literal

from cersgroups.core.error import RequestStop

Kind = Literal["password", "okta", "client"]
"""The grant: `password` plain, `okta` the same with a scope, `client` client credentials without a user."""

OKTA_SCOPE = "openid profile"


@dataclass(frozen=True)
class Credential:
    """Nothing of it is ever shown: its repr has the kind only. Raises RequestStop if a part is missing."""

    kind: Kind
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        parts = {"client id": self.client_id, "client secret": self.client_secret}
        if self.kind != "client":
            parts |= {"user name": self.username, "password": self.password}
        missing = [name for name, value in parts.items() if not value]
        if missing:
            raise RequestStop(f"The credential lacks its {' and '.join(missing)}. Fill it in.")

    def form(self) -> dict[str, str]:
        """What is posted to the token address (docs/receiver.md, "The API")."""
        client = {"client_id": self.client_id, "client_secret": self.client_secret}
        if self.kind == "client":
            return {"grant_type": "client_credentials"} | client
        user = {"grant_type": "password", "username": self.username, "password": self.password} | client
        return user | {"scope": OKTA_SCOPE} if self.kind == "okta" else user
