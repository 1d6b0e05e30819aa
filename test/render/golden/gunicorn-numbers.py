# Placed by django-server. Change the stack's settings, not this file: the next deploy overwrites it.
import errno
import fcntl
import importlib.machinery
import os
import socket
import types

workers = 3
threads = 8
timeout = 120
graceful_timeout = 150
keepalive = 75
max_requests = 1001
max_requests_jitter = 101
worker_tmp_dir = "/run/wepynaire"
# Only the socket: its folder admits nginx's group and nobody else. Files get supervisor's umask.
umask = 0
control_socket_disable = True
proc_name = "wepynaire"
errorlog = "-"

# What the release speaks, site-exec reads in its record.
if os.environ.get("DJANGO_SERVER_INTERFACE") == "asgi":
    _asgi = types.ModuleType("asgi_worker")
    importlib.machinery.SourceFileLoader("asgi_worker", "/opt/django-server/asgi-worker@0a1b2c3d").exec_module(_asgi)
    worker_class = _asgi.AsgiWorker
else:
    worker_class = "gthread"

    def post_worker_init(worker):
        """A unix socket tells no address: the visitor's is the one that nginx tells. uvicorn sees to it by itself."""
        app = worker.wsgi

        def with_address(environ, start_response):
            environ["REMOTE_ADDR"] = environ.get("HTTP_X_REAL_IP", "")
            return app(environ, start_response)

        worker.wsgi = with_address


# nginx reaches the instances by links, each of which leads to the socket of one that is in service.
_links = [f"/run/wepynaire/upstream-{place}.sock" for place in range(2)]


def _target(link):
    try:
        return os.readlink(link)
    except OSError:
        return None


def _leads_nowhere(link):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.setblocking(False)
        return connection.connect_ex(link) in (errno.ENOENT, errno.ECONNREFUSED)


def when_ready(server):
    """After a boot there is no link; after a restart of supervisor some lead to a program that does not run any more."""
    folder, own = os.path.split(server.LISTENERS[0].getsockname())
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        idle = [link for link in _links if _leads_nowhere(link)]
        if idle and own not in map(_target, _links):
            mine = own.replace("gunicorn", "upstream")
            link = next((link for link in idle if link.endswith("/" + mine)), idle[0])
            staged = link + ".boot"
            if os.path.lexists(staged):
                os.unlink(staged)
            os.symlink(own, staged)
            os.rename(staged, link)
    finally:
        os.close(lock)


def pre_request(worker, req):
    """Out of service, an instance asks nginx to use the connection no more; nobody else can without a race."""
    if os.path.basename(worker.sockets[0].getsockname()) not in map(_target, _links):
        req.headers.append(("CONNECTION", "close"))
