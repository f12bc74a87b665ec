"""Makes `.venv` on a machine that has Python 3.11 and nothing else: no pip, no ensurepip, no compiler, no git.

One way on every machine, so that it is the same way that was tried: an environment without pip; then uv, which is on the
machine, or was fetched before, or is fetched now by the pip that lies in `bin/vendor/` (its own hash and uv's are checked);
and where uv cannot be had, that pip itself. pip finds the package index as it always does (PIP_INDEX_URL, pip.conf);
what it found is passed on to uv, and what is set for uv (UV_DEFAULT_INDEX) is passed on to pip.

A stamp in `.venv` says which requirements it holds. While they stay the same, the next start goes straight on.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = ROOT / "requirements.txt"
TESTING = ROOT / "tests" / "requirements.txt"

VENDOR = ROOT / "bin" / "vendor"
PIP = VENDOR / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
UV = VENV / "uv"


def ready(requirements: Path = RUNTIME) -> Path:
    """The environment's Python, with these requirements installed."""
    if sys.version_info < (3, 11):  # noqa: UP036  older ones read this far
        raise SystemExit(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    with _one_at_a_time():
        if not _sound():
            print("Making .venv …", flush=True)
            venv.EnvBuilder(symlinks=True, clear=VENV.exists()).create(VENV)
        stamp = VENV / f"{requirements.parent.name if requirements != RUNTIME else 'run'}.stamp"
        wanted = _fingerprint(requirements)
        if not stamp.exists() or stamp.read_text() != wanted:
            print(f"Installing {requirements.relative_to(ROOT)} …", flush=True)
            _install(requirements)
            stamp.write_text(wanted)
    return PYTHON


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a program that runs in `.venv`: nothing of another Python leaks in, and bytecode is kept, without which each start
    takes three times as long."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, "VIRTUAL_ENV": str(VENV), **more}


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two first starts at once: the second waits for the first. The lock lies on the folder `bin/` itself."""
    handle = os.open(ROOT / "bin", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sound() -> bool:
    """The environment is there and its Python, which may have been removed from the machine, still starts."""
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", question], env=child_environment()).returncode == 0


def _fingerprint(requirements: Path) -> str:
    """Changes when a requirement or the interpreter does."""
    files = dict.fromkeys([RUNTIME, requirements, VENV / "pyvenv.cfg"])
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _install(requirements: Path) -> None:
    uv = _uv()
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--only-binary", ":all:", "-r", requirements]
        if subprocess.run(command, env=child_environment(**_settings_for_uv())).returncode == 0:
            return
        print("uv could not install them; trying pip …", flush=True)
    if _pip("install", "--quiet", "--only-binary", ":all:", "-r", str(requirements)).returncode != 0:
        raise SystemExit("The requirements could not be installed; the reason stands above.")


def _uv() -> str | None:
    """A uv that works: the machine's, the one fetched before, or one fetched now with its hash checked."""
    fetched = str(UV / "bin" / "uv")
    for found in (shutil.which("uv"), fetched):
        if found and _answers(found):
            return found
    print("Fetching uv …", flush=True)
    wish = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(VENDOR / "uv.txt")]
    done = _pip("install", "--quiet", "--target", str(UV), "--upgrade", *wish)
    return fetched if done.returncode == 0 and _answers(fetched) else None


def _answers(uv: str) -> bool:
    try:
        return subprocess.run([uv, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _pip(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    if hashlib.sha256(PIP.read_bytes()).hexdigest() != PIP_SHA256:
        raise SystemExit(f"{PIP.relative_to(ROOT)} is not the file that belongs here.")
    command = [str(PYTHON), str(PIP / "pip"), "--no-input", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, env=child_environment(**_settings_for_pip()), text=True, **options)  # type: ignore[call-overload]


def _settings_for_pip() -> dict[str, str]:
    """An index that was set for uv alone holds for pip too. `user = true` makes no sense in an environment."""
    settings = {"PIP_USER": "0"}
    for pip_name, uv_names in {
        "PIP_INDEX_URL": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
        "PIP_EXTRA_INDEX_URL": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    }.items():
        said = next((os.environ[name] for name in uv_names if os.environ.get(name)), None)
        if said and not os.environ.get(pip_name):
            settings[pip_name] = said
    return settings


def _settings_for_uv() -> dict[str, str]:
    """What pip reads from its environment and its files, in uv's names. uv's own variables win."""
    said: dict[str, str] = {}
    listed = _pip("config", "list", capture_output=True).stdout or ""
    lines = [line.partition("=") for line in listed.splitlines() if "=" in line]
    for section in ("global.", "install.", ":env:."):
        for key, _, value in lines:
            if key.startswith(section):
                said[key.removeprefix(section)] = str(ast.literal_eval(value))
    translated = {
        "UV_DEFAULT_INDEX": said.get("index-url"),
        "UV_INDEX": " ".join(said.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(said.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(said.get("trusted-host", "").split()),
        "UV_NO_INDEX": "1" if said.get("no-index", "").lower() in {"1", "true", "yes", "on"} else None,
        "UV_HTTP_TIMEOUT": said.get("timeout") or said.get("default-timeout"),
        "SSL_CERT_FILE": said.get("cert"),
        "ALL_PROXY": said.get("proxy"),
        # As pip does: the best version over all indexes, not the first index that knows the name.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if said.get("extra-index-url") else None,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "copy" if os.stat(VENV).st_dev != _device_of_cache() else None,
    }
    if any(os.environ.get(name) for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")):
        translated["UV_DEFAULT_INDEX"] = None
    return {name: value for name, value in translated.items() if value and not os.environ.get(name)}


def _device_of_cache() -> int | None:
    """uv links files out of its cache where it can, and warns when the cache is on another disk."""
    place = Path(os.environ.get("UV_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home())
    return os.stat(place).st_dev if place.exists() else None
