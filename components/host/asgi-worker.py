"""gunicorn's worker for a release that speaks ASGI: uvicorn, whose visitors leave an instance that goes out of service.

What is in service, the links of nginx's upstream tell: see lib/upstream.sh.
"""

import asyncio
import os
import sys
from contextlib import suppress
from glob import iglob

from gunicorn.arbiter import Arbiter
from uvicorn import Server
from uvicorn_worker import UvicornWorker

# Of WebSocket's close codes: "service restart", after which clients connect again.
SERVICE_RESTART = 1012


def leads_to(socket: str) -> bool:
    """Whether one of nginx's links leads to this socket."""
    folder, own = os.path.split(socket)
    for link in iglob(f"{folder}/upstream-*.sock"):
        with suppress(OSError):
            if os.readlink(link) == own:
                return True
    return False


class Visitors:
    """The app, as visitors meet it: out of service, an HTTP connection ends with its response, a WebSocket is closed."""

    def __init__(self, app, socket):
        self.app = app
        self.socket = socket
        self.in_service = False
        self.left = asyncio.Event()

    def look(self):
        """A new instance is not in service yet: it leaves only once it has been."""
        if leads_to(self.socket):
            self.in_service = True
            self.left.clear()
        elif self.in_service:
            self.leave()

    def leave(self):
        self.in_service = False
        self.left.set()

    async def __call__(self, scope, receive, send):
        serve = {"http": self.http, "websocket": self.websocket}.get(scope["type"], self.app)
        await serve(scope, receive, send)

    async def http(self, scope, receive, send):
        """nginx, and nobody else without a race, can leave a connection: it is asked to, as gunicorn.conf.py does."""

        async def respond(message):
            if message["type"] == "http.response.start" and not self.in_service:
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        await self.app(scope, receive, respond)

    async def websocket(self, scope, receive, send):
        """Closed between two messages, so that the one in hand is answered, if that takes no more than a second."""
        at_rest, closed, closing = asyncio.Event(), False, None

        async def close():
            nonlocal closed
            await self.left.wait()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(at_rest.wait(), 1)
            closed = True
            # The app, or the client, may have closed it meanwhile.
            with suppress(Exception):
                await send({"type": "websocket.close", "code": SERVICE_RESTART})

        async def listen():
            at_rest.set()
            message = await receive()
            at_rest.clear()
            return message

        async def say(message):
            nonlocal closing
            try:
                await send(message)
            except RuntimeError:
                # What the app says until it hears of the close would be its mistake, had it closed by itself.
                if not closed:
                    raise
                await asyncio.sleep(0)
            if message["type"] == "websocket.accept":
                closing = asyncio.create_task(close())

        try:
            await self.app(scope, listen, say)
        finally:
            if closing:
                closing.cancel()


class VisitorsServer(Server):
    """uvicorn, which looks every 0.1 s whether it is in service, and lets its visitors leave before it ends."""

    async def on_tick(self, counter):
        self.config.loaded_app.look()
        return await super().on_tick(counter)

    async def shutdown(self, sockets=None):
        """uvicorn closes idle connections, perhaps under a request; nginx does so by itself within 0.2 s."""
        for server in self.servers:
            server.close()
        self.config.loaded_app.leave()
        await asyncio.sleep(0.5)
        await super().shutdown(sockets)


class AsgiWorker(UvicornWorker):
    # Only nginx comes through the socket, which has no address that could be trusted instead.
    CONFIG_KWARGS = {**UvicornWorker.CONFIG_KWARGS, "forwarded_allow_ips": "*"}

    async def _serve(self):
        config = self.config
        # nginx cuts a WebSocket that is silent for `timeout`.
        config.ws_ping_interval = min(20, self.cfg.timeout / 2)
        # What is cancelled after that, and the app's lifespan, have the rest of the time until gunicorn kills the worker.
        config.timeout_graceful_shutdown = max(1, self.cfg.graceful_timeout - 2)
        config.app = self.wsgi
        config.load()
        config.loaded_app = Visitors(config.loaded_app, self.sockets[0].getsockname())
        server = VisitorsServer(config)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)
