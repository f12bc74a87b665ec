"""Static files for readers: the parts of `site.css` and `site.js` become one file each when collected.

While developing the parts are served as they lie: `@import url("x.css") layer(y);` and `import "./x.js";` are what browsers
understand by themselves. `collectstatic` writes the same content in one file, so that a page needs one request for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, ClassVar

import brotli
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = ("css/site.css", "js/site.js")
CSS_PART = re.compile(r'^@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>[\w-]+)\);\n', re.MULTILINE)
JS_PART = re.compile(r'^import "\./(?P<path>[^"]+)";\n', re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
JS_COMMENT = re.compile(r"^\s*//.*\n|^/\*\*?.*?\*/\n", re.MULTILINE | re.DOTALL)


def squeeze_css(css: str) -> str:
    """Without comments and without white space that means nothing."""
    css = CSS_COMMENT.sub("", css)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip() + "\n"


def squeeze_js(js: str) -> str:
    """Without comment lines and indentation; the code itself stays readable."""
    return re.sub(r"^[ \t]+|\n+(?=\n)", "", re.sub(r"^\s*//.*\n", "", js, flags=re.MULTILINE), flags=re.MULTILINE)


def join_css(main: str, read: Any) -> str:
    """`@import … layer(x)` replaced by the part inside `@layer x {}`."""
    joined = CSS_PART.sub(lambda part: f"@layer {part['layer']} {{\n{read(part['path'])}\n}}\n", main)
    return squeeze_css(joined)


def join_js(main: str, read: Any) -> str:
    """Each part in a block of its own: a module that imports and exports nothing needs no more."""
    return squeeze_js(JS_PART.sub(lambda part: f"{{\n{read(part['path'])}\n}}\n", main))


class QuickCompressor(Compressor):
    """Brotli one step before its slowest: a few per cent larger, and a first start waits seconds instead of a minute."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=9)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies as before, after the bundles were joined. What our own modules import is asked for by its hashed
    name, too; foreign ones are left as they came."""

    patterns: ClassVar = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def stored_name(self, name: str) -> str:
        """A file that nobody collected yet keeps its plain name instead of breaking the page."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name in BUNDLES:
                if name in paths:
                    self._join(name, paths)
                    # From here on the joined copy is the original that gets hashed and compressed.
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def _join(self, name: str, paths: dict[str, Any]) -> None:
        folder = PurePosixPath(name).parent

        def source(path: str) -> str:
            storage, place = paths[path]
            with storage.open(place) as file:
                return file.read().decode()

        join = join_css if name.endswith(".css") else join_js
        joined = join(source(name), lambda part: source(str(folder / part)))
        self.delete(name)
        self._save(name, ContentFile(joined.encode()))
