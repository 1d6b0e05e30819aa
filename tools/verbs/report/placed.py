"""What was placed on the machine, as it is now: `find_KIND` for each kind of it, with the fields that are compared."""

import difflib
import grp
import hashlib
import os
import pwd
import re
import stat

from .system import output, programs, unit


def find(wanted, diff):
    try:
        return globals()["find_" + wanted["kind"]](wanted, diff)
    except (OSError, KeyError):
        return None


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
    return found_unit(wanted["name"] + ".service")


def find_timer(wanted, _):
    return found_unit(wanted["name"] + ".timer")


def found_unit(name):
    load, state, boot = unit(name, "LoadState", "ActiveState", "UnitFileState")
    return {"state": state, "boot": boot} if load == "loaded" else None


def find_programs(wanted, _):
    mine = [name for name in programs() if re.match(re.escape(wanted["name"]) + r"-\d+$", name)]
    running = [name for name in mine if programs()[name]["statename"] in ("RUNNING", "STARTING")]
    return {"running": len(running)} if mine else None
