# Placed by django-server. Change the stack's settings, not this file: the next deploy overwrites it.
import os

worker_class = "gthread"
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


# nginx reaches an instance by a link, upstream-N.sock, which leads to another instance while this one restarts.
def _link(sockets):
    own = sockets[0].getsockname()
    folder, name = os.path.split(own)
    return os.path.join(folder, name.replace("gunicorn", "upstream")), own


def when_ready(server):
    """After a boot there is no link yet."""
    link, own = _link(server.LISTENERS)
    if not os.path.lexists(link):
        os.symlink(os.path.basename(own), link)


def pre_request(worker, req):
    """Out of service, an instance asks nginx to use the connection no more; nobody else can without a race."""
    link, own = _link(worker.sockets)
    if os.path.realpath(link) != own:
        req.headers.append(("CONNECTION", "close"))
