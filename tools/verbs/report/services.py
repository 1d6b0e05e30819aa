"""PostgreSQL and Redis, where the site has them on this machine."""

import os
import re
import socket
import subprocess

from .system import text_of


def services(site):
    """Those that the site has on this machine."""
    ways = {"postgresql": database, "redis": redis}
    return {name: ways[name](site) for name in site.get("services", []) if name in ways}


def variables(site, service):
    """What the machine tells the app of one of its services."""
    path = "/etc/django-server/%s/services/%s" % (site["name"], service)
    return dict(re.findall(r"^(\w+)='(.*)'$", text_of(path), re.M))


def database(site):
    """The size of the site's own; null when it does not say."""
    ask = "SELECT pg_database_size(current_database()), current_setting('server_version')"
    command = ("psql", "--no-psqlrc", "--no-align", "--tuples-only", "--command", ask)
    answer = subprocess.run(
        command, env=dict(os.environ, PGCONNECT_TIMEOUT="5", **variables(site, "postgresql")), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, universal_newlines=True,
    ).stdout
    size, _, version = answer.strip().partition("|")
    return {"size": int(size), "version": version.split()[0]} if size else None


def redis(site):
    """The memory and the keys of the site's own; null when it does not say."""
    known = variables(site, "redis")
    try:
        address = (known["REDIS_HOST"], int(known["REDIS_PORT"]))
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(("AUTH %s\r\nINFO\r\nQUIT\r\n" % known["REDIS_PASSWORD"]).encode())
            text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        facts = dict(re.findall(r"^(\w+):(.*?)\r?$", text, re.M))
        keys = [int(number) for number in re.findall(r"^db\d+:keys=(\d+)", text, re.M)]
        memory = {"total": int(facts["maxmemory"]), "free": int(facts["maxmemory"]) - int(facts["used_memory"])}
        return {"memory": memory, "keys": sum(keys), "version": facts["redis_version"]}
    except (OSError, KeyError, ValueError):
        return None
