# shellcheck shell=bash
# PostgreSQL's settings for this machine, from `SITE INSTANCES WORKERS THREADS` lines on standard input. The apps and the
# database share the machine: the database is given half of it, and of that what pgtune (https://github.com/le0pard/pgtune,
# "web") and https://www.postgresql.org/docs/current/runtime-config-resource.html advise for a whole one.
tuned() {
  awk -v memory="$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" -v cores="$(nproc)" '
    function least(a, b) { return a < b ? a : b }
    function most(a, b) { return a > b ? a : b }
    function up(number) { return int(number) < number ? int(number) + 1 : int(number) }
    # Each thread holds a connection. As gunicorn.conf.py counts its workers; a deploy starts one instance more.
    NF == 4 {
      workers = $3 == "auto" ? most(1, least(up((cores + 1) / $2), int(memory / (128 * $2)))) : $3
      threads += ($2 + 1) * workers * $4
    }
    END {
      half = memory / 2
      # As many again for workers, timers and people, in steps of 50: a further site seldom means a restart.
      connections = most(100, 50 * up(2 * threads / 50))
      buffers = int(half / 4)
      print "# Placed by django-server. Computed on this machine: the next deploy overwrites it."
      print "listen_addresses = '\''localhost'\''"
      print "password_encryption = '\''scram-sha-256'\''"
      print "max_connections = " connections
      print "shared_buffers = " buffers "MB"
      print "effective_cache_size = " int(half * 3 / 4) "MB"
      print "maintenance_work_mem = " most(16, least(1024, int(half / 16))) "MB"
      # For each step of a query that sorts, of which there may be three; never below the default.
      print "work_mem = " most(4, int((half - buffers) / (3 * connections))) "MB"
      print "max_parallel_workers = " cores
      print "max_parallel_workers_per_gather = " least(4, int(cores / 2))
      # Disks without heads, as servers have them by now.
      print "random_page_cost = 1.1"
      print "effective_io_concurrency = 200"
    }'
}
