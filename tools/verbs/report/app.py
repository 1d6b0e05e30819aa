"""What the app itself uses: its databases, as Django sees them, and its Redis."""

import json
import os
import re
import socket
import ssl
import subprocess
from urllib.parse import parse_qs, unquote, urlsplit


def in_app(site, *command):
    """The output of a command with the app's environment, as its user; empty when it fails, or takes too long."""
    user = ("setpriv", "--reuid", site["name"], "--regid", site["name"], "--init-groups")
    try:
        return subprocess.run(
            (*user, site["exec"], site["name"], *command), env=dict(os.environ, PGCONNECT_TIMEOUT="5"), timeout=20,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def databases(site, program):
    """What the program says of them; null when the app does not load, or there is none yet."""
    try:
        return json.loads(in_app(site, "python", "-c", program).splitlines()[-1])
    except (IndexError, ValueError):
        return None


def redis(site):
    """The memory and the keys of the Redis at REDIS_URL, if there is one; without them when it does not answer."""
    variables = dict(line.partition("=")[::2] for line in in_app(site, "env", "-0").split("\0"))
    host = ""
    try:
        url = urlsplit(variables.get("REDIS_URL", ""))
        if url.scheme not in ("redis", "rediss"):
            return None
        host = url.hostname or ""
        facts = redis_facts(url)
        keys = [int(number) for number in re.findall(r"^db\d+:keys=(\d+)", facts, re.M)]
        known = dict(re.findall(r"^(\w+):(.*?)\r?$", facts, re.M))
        memory = {"used": int(known["used_memory"]), "total": int(known["maxmemory"])}
        return {"host": host, "memory": memory, "keys": sum(keys), "version": known["redis_version"]}
    except (OSError, KeyError, ValueError):
        return {"host": host, "memory": None}


def redis_facts(url):
    login = [unquote(word) for word in (url.username, url.password) if word]
    words = [*([["AUTH", *login]] if login else []), ["INFO"], ["QUIT"]]
    with socket.create_connection((url.hostname, url.port or 6379), timeout=5) as plain:
        with secured(plain, url) if url.scheme == "rediss" else plain as connection:
            connection.sendall(b"".join(redis_request(command) for command in words))
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")


def redis_request(words):
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


def secured(connection, url):
    context = ssl.create_default_context()
    if parse_qs(url.query).get("ssl_cert_reqs", [""])[0].lower() in ("none", "cert_none"):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(connection, server_hostname=url.hostname)
