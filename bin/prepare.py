"""Brings what `bin/run` serves up to date: tables, the demo community of a new database, collected static files.

Runs in `.venv`, in one process, and says nothing when there is nothing to do.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    django.setup()
    try:
        new = _migrate()
    except OperationalError as error:
        raise SystemExit(f"The database does not answer.\n{error}")
    _collect_static()
    if "--no-demo" not in sys.argv and not settings.PRODUCTION:
        _show_demo(new)


def _migrate() -> bool:
    """True when the database was empty before."""
    executor = MigrationExecutor(connection)
    new = not executor.loader.applied_migrations
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Making the tables …" if new else "Bringing the tables up to date …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    return new


def _collect_static() -> None:
    """Collected again only when a source file changed."""
    from django.contrib.staticfiles.finders import get_finders

    listed = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = os.stat(storage.path(path))
            listed.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    stamp = Path(settings.VAR_DIR) / "static.stamp"
    if Path(settings.STATIC_ROOT).is_dir() and stamp.exists() and stamp.read_text() == listed.hexdigest():
        return
    print("Collecting static files …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(listed.hexdigest())


def _show_demo(new: bool) -> None:
    """Load it once, into a new database, and say who can sign in. A load that was interrupted is taken up again."""
    from kocforum.home.demo.loader import is_loaded
    from kocforum.home.demo.people import SIGN_INS

    begun = Path(settings.VAR_DIR) / "demo.begun"
    if new:
        begun.touch()
    if begun.exists():
        print("Loading the demo community …", flush=True)
        try:
            call_command("demo")  # which closes with the sign-ins
        except CommandError as error:
            print(error, flush=True)
        begun.unlink()
    elif is_loaded():
        present = set(
            get_user_model().objects.filter(username__in=SIGN_INS, is_active=True).values_list("username", flat=True)
        )
        shown = [name for name in SIGN_INS if name in present]
        print("Sign-ins, name and password:", *(f"  {name:<12} demo-{name}" for name in shown), sep="\n", flush=True)


if __name__ == "__main__":
    main()
