"""What the parts of the report have in common."""

import os
import subprocess


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True).stdout


def text_of(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def modified(path):
    try:
        return int(os.stat(path).st_mtime)
    except OSError:
        return None


def unit(name, *properties):
    """What systemd says of a unit, by names; times are in UTC."""
    text = output("env", "TZ=UTC", "LC_ALL=C", "systemctl", "show", "-p", ",".join(properties), name)
    facts = dict(line.split("=", 1) for line in text.splitlines())
    return [facts.get(name, "") for name in properties]


def programs(known=[]):
    """supervisor's, by name; none while it is away."""
    if not known:
        try:
            from supervisor.childutils import getRPCInterface

            rpc = getRPCInterface({"SUPERVISOR_SERVER_URL": "unix:///var/run/supervisor.sock"})
            known.append({info["name"]: info for info in rpc.supervisor.getAllProcessInfo()})
        except Exception:
            known.append({})
    return known[0]
