import { header } from "./header";

/** How gunicorn runs one site. Times are seconds. */
export interface GunicornSettings {
  /** gunicorn servers behind the site's upstream, each with its own socket. */
  instances: number;
  /** Worker processes of one instance, or "auto": from the machine's cores and memory. */
  workers: number | "auto";
  /** Threads of one worker that speaks WSGI. */
  threads: number;
  /** A worker that is silent for so long is killed and replaced. */
  timeout: number;
  /** How long a stopping worker may finish its requests. */
  gracefulTimeout: number;
  /** A worker is replaced after so many requests, give or take a tenth; 0 never. */
  maxRequests: number;
}

/** nginx drops idle upstream connections first (0.2 s), so that none is closed under a request. */
const keepAlive = 75;

const autoWorkers = (instances: number): string =>
  `# One worker more than there are cores, shared out over ${instances} instance(s), as far as memory allows
# (128 MiB each); the threads of each do the waiting.
_cores = len(os.sched_getaffinity(0))
_memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
workers = max(1, min(-(-(_cores + 1) // ${instances}), _memory // (128 * ${instances})))
`;

/** What lets instances be replaced without a lost request: see host/lib/upstream.sh. */
const hooks = (site: string, instances: number): string => `
# nginx reaches the instances by links, each of which leads to the socket of one that is in service.
_links = [f"/run/${site}/upstream-{place}.sock" for place in range(${instances})]


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
`;

/** A release keeps its interface, whatever the settings say by the time that it is gone back to. */
const workerClass = (asgiWorker: string): string => `
# What the release speaks, site-exec reads in its record.
if os.environ.get("DJANGO_SERVER_INTERFACE") == "asgi":
    _asgi = types.ModuleType("asgi_worker")
    importlib.machinery.SourceFileLoader("asgi_worker", "${asgiWorker}").exec_module(_asgi)
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

`;

/**
 * `gunicorn.conf.py` of a site; the socket and the application are given on the command line of each instance.
 * @param asgiWorker the host script with the worker of releases that speak ASGI
 */
export function renderGunicorn(site: string, settings: GunicornSettings, asgiWorker: string): string {
  const auto = settings.workers === "auto";
  const jitter = Math.ceil(settings.maxRequests / 10);
  return `${header("#")}import errno
import fcntl
import importlib.machinery
import os
import socket
import types

${auto ? autoWorkers(settings.instances) : `workers = ${settings.workers}\n`}threads = ${settings.threads}
timeout = ${settings.timeout}
graceful_timeout = ${settings.gracefulTimeout}
keepalive = ${keepAlive}
max_requests = ${settings.maxRequests}
max_requests_jitter = ${jitter}
worker_tmp_dir = "/run/${site}"
# Only the socket: its folder admits nginx's group and nobody else. Files get supervisor's umask.
umask = 0
control_socket_disable = True
proc_name = "${site}"
errorlog = "-"
${workerClass(asgiWorker)}${hooks(site, settings.instances)}`;
}
