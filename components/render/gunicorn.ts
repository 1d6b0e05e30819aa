import { header } from "./header";

/** How gunicorn runs one site. Times are seconds. */
export interface GunicornSettings {
  /** gunicorn servers behind the site's upstream, each with its own socket. */
  instances: number;
  /** Worker processes of one instance, or "auto": from the machine's cores and memory. */
  workers: number | "auto";
  /** Threads of one worker. */
  threads: number;
  /** A worker that is silent for so long is killed and replaced. */
  timeout: number;
  /** How long a stopping worker may finish its requests. */
  gracefulTimeout: number;
  /** A worker is replaced after so many requests, give or take a tenth; 0 never. */
  maxRequests: number;
}

/** nginx drops idle upstream connections first (60 s), so that none is closed under a request. */
const keepAlive = 75;

const autoWorkers = (instances: number): string =>
  `# One worker more than there are cores, shared out over ${instances} instance(s), as far as memory allows
# (128 MiB each); the threads of each do the waiting.
_cores = len(os.sched_getaffinity(0))
_memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
workers = max(1, min(-(-(_cores + 1) // ${instances}), _memory // (128 * ${instances})))
`;

/** `gunicorn.conf.py` of a site; the socket is given on the command line of each instance. */
export function renderGunicorn(site: string, settings: GunicornSettings): string {
  const auto = settings.workers === "auto";
  const jitter = Math.ceil(settings.maxRequests / 10);
  return `${header("#")}${auto ? "import os\n\n" : ""}worker_class = "gthread"
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
`;
}
