"""Copies the app's databases, consistent, and puts the copies back. Runs as the site's user, in the release's project
folder and virtual environment.

databases vendors                 what kinds of databases there are, one a line
databases dump FOLDER [present]   copies of all, or all that there are, with manifest.json; and live-files: what is not to be
                                  copied as it is
databases check FOLDER            whether the copies are whole, and fit the app's databases
databases restore FOLDER SHARED   puts them back; SQLite files of /srv/SITE/shared go into SHARED, which will replace it
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, os.getcwd())

import django
from django.conf import settings
from django.db import connections

SHARED = Path(os.environ["HOME"])


class Sqlite:
    vendor, suffix = "sqlite", "sqlite3"

    def __init__(self, connection):
        self.name = str(connection.settings_dict["NAME"])
        self.path = Path(self.name).resolve()
        self.identity = (self.vendor, str(self.path))

    def version(self):
        return sqlite3.sqlite_version

    def dump(self, copy: Path) -> None:
        """By the backup API: a page that is being written is waited for, and what lies in a -wal file is in the copy."""
        if not self.path.is_file():
            raise OSError(f"there is no file {self.path}")
        with closing(sqlite3.connect(str(self.path), timeout=60)) as live, closing(sqlite3.connect(str(copy))) as target:
            live.backup(target)
        self.check(copy)

    def check(self, copy: Path) -> None:
        with closing(sqlite3.connect(str(copy))) as database:
            [said] = database.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise OSError(f"it is damaged: {said}")

    def restore(self, copy: Path, shared: Path) -> None:
        try:
            target = shared / self.path.relative_to(SHARED.resolve())
        except ValueError:
            target = self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(target.name + ".restored")
        shutil.copyfile(str(copy), str(fresh))
        fresh.chmod(self.path.stat().st_mode & 0o777 if self.path.is_file() else 0o640)
        # The old ones' would be taken for the new file's.
        for end in ("-wal", "-shm", "-journal"):
            Path(str(target) + end).unlink(missing_ok=True)
        fresh.replace(target)

    def is_there(self):
        return self.path.is_file()

    def live_files(self):
        return [str(self.path) + end for end in ("", "-wal", "-shm", "-journal")]


class Postgresql:
    vendor, suffix = "postgresql", "pgdump"

    def __init__(self, connection):
        self.connection = connection
        # What Django's own dbshell would run: the password and the like are in the environment.
        args, environment = connection.client_class.settings_to_cmd_args_env(connection.settings_dict, [])
        self.access, self.environment = args[1:], {**os.environ, **(environment or {})}
        self.identity = (self.vendor, *self.access)

    def version(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return cursor.fetchone()[0]

    def run(self, *command, **options):
        done = subprocess.run(
            command, env=self.environment, stderr=subprocess.PIPE, universal_newlines=True, **options
        )
        if done.returncode != 0:
            raise OSError(f"{command[0]}: {done.stderr.strip()[-1500:]}")
        return done.stdout

    def dump(self, copy: Path) -> None:
        """Not compressed: restic finds what has not changed since the last time, and compresses by itself."""
        self.run("pg_dump", "--no-password", "--format=custom", "--compress=0", f"--file={copy}", *self.access)

    def check(self, copy: Path) -> None:
        self.contents(copy)

    def contents(self, copy: Path):
        listed = self.run("pg_restore", "--list", str(copy), stdout=subprocess.PIPE).splitlines()
        # An extension that is there already belongs to the server's administrator, with its comment.
        return [line for line in listed if not re.match(r"\d+; \d+ \d+ COMMENT - EXTENSION ", line)]

    def restore(self, copy: Path, _: Path) -> None:
        """In one transaction: until it is done, and if it fails, the database is the old one."""
        chosen, script = Path(str(copy) + ".list"), Path(str(copy) + ".sql")
        chosen.write_text("\n".join(self.contents(copy)) + "\n")
        self.run("pg_restore", "--no-owner", "--no-privileges", f"--use-list={chosen}", f"--file={script}", str(copy))
        drop = copy.with_name("drop.sql")
        # Somebody who looks at a table meanwhile is not waited for without end.
        drop.write_text(
            "SET lock_timeout = '60s';\nDROP OWNED BY CURRENT_USER CASCADE;\nCREATE SCHEMA IF NOT EXISTS public;\n"
        )
        # A whole file: of a script that came through a pipe, psql would commit what arrived.
        psql = ("psql", "--no-password", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        self.run(*psql, f"--file={drop}", f"--file={script}", *self.access, stdout=subprocess.DEVNULL)

    def is_there(self):
        return True

    def live_files(self):
        return []


def databases():
    """The app's, by alias, each once: a replica is no database of its own."""
    found = {}
    for alias in connections:
        engine, name = (settings.DATABASES[alias].get(key) or "" for key in ("ENGINE", "NAME"))
        if engine in ("", "django.db.backends.dummy") or ":memory:" in str(name):
            continue
        vendor = connections[alias].vendor
        kind = {kind.vendor: kind for kind in (Sqlite, Postgresql)}.get(vendor)
        if kind is None:
            sys.exit(f"database {alias} is one of {vendor}: only SQLite and PostgreSQL are backed up")
        database = kind(connections[alias])
        if database.identity not in [other.identity for other in found.values()]:
            found[alias] = database
    return found


def migrations():
    """The last one of each app that the default database has."""
    from django.db.migrations.recorder import MigrationRecorder

    return dict(sorted(MigrationRecorder(connections["default"]).applied_migrations()))


def dump(folder: Path, present: "Path | None" = None) -> None:
    release = os.path.realpath(SHARED.parent / "current")
    manifest = {"release": os.path.basename(release), "databases": {}, "migrations": {}}
    live = []
    for alias, database in databases().items():
        if present and not database.is_there():
            continue
        copy = folder / f"{alias}.{database.suffix}"
        named(alias, database.dump, copy)
        size, version = copy.stat().st_size, database.version()
        manifest["databases"][alias] = {"vendor": database.vendor, "version": version, "file": copy.name, "size": size}
        # Patterns, as restic reads them.
        live += [re.sub(r"([\\*?\[])", r"\\\1", path) for path in database.live_files()]
        print(f"database {alias}: {database.vendor} {version}, {size / 1e6:.1f} MB")
    if "default" in manifest["databases"]:
        manifest["migrations"] = migrations()
    (folder / "live-files").write_text("".join(f"{path}\n" for path in live))
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def check(folder: Path) -> None:
    copies = json.loads((folder / "manifest.json").read_text())["databases"]
    theirs = {alias: copy["vendor"] for alias, copy in copies.items()}
    ours = {alias: database.vendor for alias, database in databases().items()}
    if theirs != ours:
        sys.exit(f"the snapshot has the databases {listed(theirs)}, the app has {listed(ours)}: deploy one that has the same")
    for alias, database in databases().items():
        named(alias, database.check, folder / copies[alias]["file"])


def listed(vendors) -> str:
    return ", ".join(f"{alias} ({vendor})" for alias, vendor in sorted(vendors.items())) or "none"


def restore(folder: Path, shared: Path) -> None:
    copies = json.loads((folder / "manifest.json").read_text())["databases"]
    # Files last: what can fail on its way comes first.
    for alias, database in sorted(databases().items(), key=lambda item: item[1].vendor):
        named(alias, database.restore, folder / copies[alias]["file"], shared)
        print(f"database {alias} is restored")


def named(alias, work, *args) -> None:
    try:
        work(*args)
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"database {alias}: {error}")


def main() -> None:
    django.setup()
    verb, folders = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    if verb == "vendors":
        print(*(database.vendor for database in databases().values()), sep="\n")
    else:
        {"dump": dump, "check": check, "restore": restore}[verb](*folders)


main()
