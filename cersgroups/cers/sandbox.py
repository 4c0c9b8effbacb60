"""A stand-in for the receiver over HTTP, on this machine only: its tokens, its imports API, its rules, its store.

For tests: `with Sandbox() as sandbox: ... sandbox.endpoints ...`; as a process: `cersgroups sandbox`.
"""

import socket
import sys
import threading
from datetime import date
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cersgroups.cers.credential import Credential, Kind
from cersgroups.cers.endpoint import Endpoints
from cersgroups.cers.known import Known, usual_years
from cersgroups.cers.sandbox_account import Account, Tokens
from cersgroups.cers.sandbox_behaviour import Behaviour, Conduct
from cersgroups.cers.sandbox_request import Log, SandboxRequest
from cersgroups.cers.sandbox_store import Store
from cersgroups.core.error import RequestStop


class Sandbox:
    """Listens on 127.0.0.1. `known` is what it knows beforehand (every school, the usual years, ELA and Math);
    with a `folder` it keeps what it holds there; `port` 0 is any free one; `log` gets a line per request.
    """

    def __init__(
        self,
        *,
        known: Known | None = None,
        accounts: tuple[Account, ...] = (Account(),),
        behaviour: Behaviour | None = None,
        folder: Path | None = None,
        port: int = 0,
        seed: int = 0,
        log: Log = lambda _line: None,
    ) -> None:
        """Raises RequestStop if nobody can listen on the port, or if the folder belongs to another set-up."""
        self.accounts = accounts
        self.store = Store(known or Known(None, usual_years(date.today())), folder)
        self.conduct = Conduct(behaviour or Behaviour(), seed)
        self.tokens = Tokens(accounts)
        self._stopped = threading.Event()
        parts = {"store": self.store, "tokens": self.tokens, "conduct": self.conduct, "stopped": self._stopped}
        handler = type("Request", (SandboxRequest,), {**parts, "log": staticmethod(log)})
        try:
            self._server = _Server(("127.0.0.1", port), handler)
        except (OSError, OverflowError) as e:
            self.store.close()
            raise RequestStop(f"127.0.0.1:{port}: cannot listen there ({e}). Choose another --port.") from None
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(f"{self.url}/api/v1/token", self.url)

    def credential(self, kind: Kind = "password") -> Credential:
        """That of the first account."""
        first = self.accounts[0]
        return Credential(kind, first.username, first.password, first.client_id, first.client_secret)

    def control(self, **settings: Any) -> None:
        """The same as POST /control. Raises RequestStop for a setting that is not there."""
        self.conduct.change(settings)

    def state(self) -> dict[str, Any]:
        """What it holds now, as /state.json has it."""
        return self.store.state()

    def serve(self) -> None:
        """Answer requests until another thread calls `stop`."""
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self._stopped.set()
        self._server.shutdown()

    def close(self) -> None:
        self._server.server_close()
        self.store.close()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve, name="sandbox", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        self._thread.join()
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = socket.SOMAXCONN

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is no fault; any other error is shown."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)
