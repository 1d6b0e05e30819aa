# Placed by django-server. Change the stack's settings, not this file: the next deploy overwrites it.
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
