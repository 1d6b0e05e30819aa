"""Says how a machine and its site are, as JSON. Reads what to look at from standard input, as JSON:
{"site": {…}, "placed": [{"kind": …, …}, …], "diff": true or false}. Changes nothing.
"""

import difflib
import fcntl
import glob
import grp
import hashlib
import http.client
import json
import os
import pwd
import re
import stat
import socket
import subprocess
import sys


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True).stdout


def text_of(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def name_of(lookup, number):
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)


def status_of(path):
    status = os.lstat(path)
    owner = "%s:%s" % (name_of(pwd.getpwuid, status.st_uid), name_of(grp.getgrgid, status.st_gid))
    return status.st_mode, {"mode": "%04o" % stat.S_IMODE(status.st_mode), "owner": owner}


def find_file(wanted, diff):
    mode, found = status_of(wanted["path"])
    if not stat.S_ISREG(mode):
        return {"sha256": "no plain file"}
    content = b""
    for path in [wanted[key] for key in ("salt", "path") if key in wanted]:
        with open(path, "rb") as file:
            content += file.read()
    found["sha256"] = hashlib.sha256(content).hexdigest()[: len(wanted.get("sha256", ""))]
    if diff and "text" in wanted and found["sha256"] != wanted["sha256"]:
        sides = [text.splitlines() for text in (content.decode(errors="replace"), wanted["text"])]
        found["diff"] = list(difflib.unified_diff(*sides, "on the machine", "as placed", n=2, lineterm=""))
    return found


def find_folder(wanted, _):
    mode, found = status_of(wanted["path"])
    return found if stat.S_ISDIR(mode) else {"mode": "no folder"}


def find_link(wanted, _):
    return {"target": os.readlink(wanted["path"]) if os.path.islink(wanted["path"]) else "no link"}


def find_code(wanted, _):
    os.lstat(wanted["path"]), os.lstat(wanted["since"])
    newer = ("-cnewer", wanted["since"], "!", "-name", "__pycache__", "!", "-name", "*.pyc")
    changed = output("find", wanted["path"], *newer, "-printf", "%P\\n").splitlines()
    return {"changed": sorted(path or "." for path in changed)[:10]}


def find_package(wanted, _):
    for name in wanted["name"].split("|"):
        if output("dpkg-query", "-W", "-f", "${db:Status-Status}", name) == "installed":
            return {"state": "installed"}
    return None


def find_user(wanted, _):
    user = pwd.getpwnam(wanted["name"])
    return {"home": user.pw_dir, "shell": user.pw_shell}


def find_service(wanted, _):
    text = output("systemctl", "show", "-p", "LoadState,ActiveState,UnitFileState", wanted["name"] + ("" if "." in wanted["name"] else ".service"))
    facts = dict(line.split("=", 1) for line in text.splitlines())
    if facts.get("LoadState") != "loaded":
        return None
    return {"state": facts.get("ActiveState"), "boot": facts.get("UnitFileState")}


def find_programs(wanted, _):
    mine = [name for name in programs() if name.startswith(wanted["name"] + "-")]
    running = [name for name in mine if programs()[name]["statename"] in ("RUNNING", "STARTING")]
    return {"running": len(running)} if mine else None


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


def find(wanted, diff):
    try:
        return globals()["find_" + wanted["kind"]](wanted, diff)
    except (OSError, KeyError):
        return None


def memory(process):
    """Bytes of a process and its children."""
    families = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        fields = text_of(path).rpartition(")")[2].split()
        if fields:
            families.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
    family = [process]
    for member in family:
        family.extend(families.get(member, []))
    parts = (re.search(r"^VmRSS:\s+(\d+)", text_of("/proc/%d/status" % member), re.M) for member in family)
    return sum(int(part.group(1)) for part in parts if part) * 1024


def instances(site):
    prefix = site["name"] + "-gunicorn-"
    mine = [program for name, program in programs().items() if name.startswith(prefix)]
    # The free one, in which the next deploy starts.
    mine = [program for program in mine if program["statename"] != "STOPPED"]
    return [
        {
            "name": program["name"][len(site["name"]) + 1 :],
            "state": program["statename"].lower(),
            "seconds": program["now"] - program["start"] if program["pid"] else 0,
            "memory": memory(program["pid"]) if program["pid"] else 0,
        }
        for program in sorted(mine, key=lambda program: int(program["name"][len(prefix) :]))
    ]


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


def services(site):
    """Those that the site has on this machine."""
    ways = {"postgresql": database, "redis": redis}
    return {name: ways[name](site) for name in site.get("services", []) if name in ways}


def modified(path):
    try:
        return int(os.stat(path).st_mtime)
    except OSError:
        return None


def releases(site):
    home = "/srv/%s" % site["name"]
    active = os.path.realpath(home + "/current")
    folders = [path[: -len("/.complete")] for path in glob.glob(home + "/releases/*/.complete")]
    return [
        {
            "id": os.path.basename(folder),
            "built": modified(folder + "/.complete"),
            "lastActive": modified(folder + "/.active"),
            "active": os.path.realpath(folder) == active,
            "origin": "".join(re.findall(r"^origin (.*)", text_of(folder + "/record"), re.M)),
        }
        for folder in folders
    ]


def answer(health):
    """The status that a visitor gets from nginx, or why there is none."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 80, timeout=5)
        connection.request("GET", health["path"], headers={"Host": health["host"]})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__


def machine(site):
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', text_of("/etc/os-release"), re.M)
    sizes = dict(re.findall(r"^(\w+): +(\d+) kB", text_of("/proc/meminfo"), re.M))
    started = int(text_of("/proc/1/stat").rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    home = "/srv/%s" % site["name"]
    disk = os.statvfs(home if os.path.isdir(home) else "/")
    return {
        "system": system.group(1) if system else "unknown",
        "seconds": int(float(text_of("/proc/uptime").split()[0]) - started),
        "load": os.getloadavg()[0],
        "cores": len(os.sched_getaffinity(0)),
        "memory": {"total": int(sizes["MemTotal"]) * 1024, "free": int(sizes["MemAvailable"]) * 1024},
        "disk": {"total": disk.f_blocks * disk.f_frsize, "free": disk.f_bavail * disk.f_frsize},
    }


def backup(site):
    """How the last backup ended, as it noted itself, and whether one, or a restore, is at work or was cut off."""
    folder = "/var/lib/django-server/backup/%s/" % site["name"]
    note = dict(line.split(" ", 1) for line in text_of(folder + "last").splitlines() if " " in line)
    number = lambda key: int(note[key]) if key in note else None
    places = [place for place in ("disk", "s3") if place in note]
    return {
        "time": number("time"),
        "seconds": number("seconds"),
        "result": note.get("result"),
        "reason": note.get("reason"),
        "good": number("good"),
        "snapshots": [
            {"place": place, "id": note[place].split()[0], "size": int(note[place].split()[1])} for place in places
        ],
        "running": is_locked("/run/lock/django-server/backup-%s.lock" % site["name"]),
        "begun": os.path.exists(folder + "begun"),
        "restoring": os.path.exists(folder + "stopped"),
    }


def is_locked(path):
    try:
        with open(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def main():
    asked = json.load(sys.stdin)
    site = asked["site"]
    report = {
        "machine": machine(site),
        "answer": answer(site["health"]),
        "deployed": modified("/etc/django-server/%s/healthy/release" % site["name"]),
        "releases": releases(site),
        "instances": instances(site),
        "backup": backup(site),
        "services": services(site),
        "found": [find(wanted, asked["diff"]) for wanted in asked["placed"]],
    }
    print(json.dumps(report))


main()
