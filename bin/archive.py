"""The archive of `bin/backup` and `bin/restore`: one tar file. Runs in `.venv`.

manifest.json       format, engine, when, and the secret key's presence
database.sqlite3    or database.dump (pg_dump, custom format)
secret-key          of an embedded site; in production the secret comes from the environment and is not in here
uploads/…           files as members sent them and what was made of them
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")

from django.conf import settings

FORMAT = 1
DATABASE = settings.DATABASES["default"]
ENGINE = DATABASE["ENGINE"].rpartition(".")[2]
UPLOADS = Path(settings.MEDIA_ROOT)
SECRET = Path(settings.VAR_DIR) / "secret-key"


def save(file: Path) -> None:
    """The database first: a file that a row names was there before the row."""
    if file.exists():
        raise SystemExit(f"{file} is already there; a backup is never written over another.")
    part = file.with_name(f".{file.name}.part")
    with contextlib.ExitStack() as cleaning, tempfile.TemporaryDirectory(prefix="kocforum-backup-") as folder:
        cleaning.callback(part.unlink, missing_ok=True)
        database = Path(folder) / ("database.sqlite3" if ENGINE == "sqlite3" else "database.dump")
        _save_sqlite(database) if ENGINE == "sqlite3" else _save_postgres(database)
        manifest = {"format": FORMAT, "engine": ENGINE, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        (Path(folder) / "manifest.json").write_text(json.dumps(manifest))
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with tarfile.open(part, "w:gz" if file.suffix in {".gz", ".tgz"} else "w") as archive:
            archive.add(Path(folder) / "manifest.json", "manifest.json")
            archive.add(database, database.name)
            if SECRET.exists() and not settings.PRODUCTION:
                archive.add(SECRET, "secret-key")
            if UPLOADS.is_dir():
                archive.add(UPLOADS, "uploads")
        part.rename(file)
    print(f"Saved {file} ({file.stat().st_size / 1e6:.1f} MB).")


def load(file: Path, replace: bool) -> None:
    """Everything is unpacked and looked at before anything is replaced."""
    with tempfile.TemporaryDirectory(prefix="kocforum-restore-") as folder:
        try:
            with tarfile.open(file) as archive:
                for member in archive:
                    _unpack(archive, member, Path(folder))
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise SystemExit(f"{file} cannot be read: {str(error).splitlines()[0]} Nothing was changed.")
        try:
            manifest = json.loads((Path(folder) / "manifest.json").read_text())
        except (OSError, ValueError):
            raise SystemExit(f"{file} was not written by bin/backup.")
        if manifest["format"] != FORMAT or manifest["engine"] != ENGINE:
            kind = f"{manifest['engine']}, format {manifest['format']}"
            raise SystemExit(f"{file} holds a backup of {kind}; this site uses {ENGINE}, format {FORMAT}.")
        if not replace and _holds_tables():
            raise SystemExit("The database is not empty. To replace what is in it: bin/restore --replace FILE")
        if ENGINE == "sqlite3":
            _load_sqlite(Path(folder) / "database.sqlite3")
        else:
            _load_postgres(Path(folder) / "database.dump")
        _load_files(Path(folder))
    print(f"Restored {file}, made at {manifest['made_at']}.")


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Plain files and folders below the folder, nothing else."""
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
        raise SystemExit(f"{member.name} has no place in a backup.")
    if member.isdir():
        (folder / name).mkdir(parents=True, exist_ok=True)
        return
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    with archive.extractfile(member) as content, open(folder / name, "wb") as out:  # type: ignore[union-attr]
        shutil.copyfileobj(content, out)


def _save_sqlite(target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(DATABASE["NAME"])) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _load_sqlite(source: Path) -> None:
    """Through SQLite itself, which takes its locks and leaves no journal of the old content behind."""
    with contextlib.closing(sqlite3.connect(source)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise SystemExit("The database in the backup is damaged; nothing was changed.")
        with contextlib.closing(sqlite3.connect(DATABASE["NAME"], timeout=20)) as target:
            copy.backup(target)


def _postgres_environment() -> dict[str, str]:
    """The password goes by the environment, where other users of the machine do not see it."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {**os.environ, **{name: str(DATABASE[key]) for name, key in names.items() if DATABASE.get(key)}}


def _save_postgres(target: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def _load_postgres(source: Path) -> None:
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run(["pg_restore", *options, f"--dbname={DATABASE['NAME']}", str(source)])


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, env=_postgres_environment())
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is not installed (on Debian: apt-get install postgresql-client).")
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed; the reason stands above.")


def _holds_tables() -> bool:
    import django
    from django.db import connection

    django.setup()
    return bool(connection.introspection.table_names())


def _load_files(folder: Path) -> None:
    """Uploads are replaced as a whole, by two renames; what was there goes when the new ones stand."""
    UPLOADS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=UPLOADS.parent) as beside:
        arrived = Path(beside) / "new"
        if (folder / "uploads").is_dir():
            shutil.copytree(folder / "uploads", arrived)
        else:
            arrived.mkdir()
        if UPLOADS.exists():
            UPLOADS.rename(Path(beside) / "old")
        arrived.rename(UPLOADS)
    if (folder / "secret-key").exists() and not settings.PRODUCTION:
        SECRET.touch(mode=0o600)
        SECRET.write_bytes((folder / "secret-key").read_bytes())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["save", file]:
            save(Path(file))
        case ["load", file, *options]:
            load(Path(file), replace="--replace" in options)
