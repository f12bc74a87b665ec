from __future__ import annotations

import subprocess
import sys

import kocforum.stats


def test_importing_it_waits_for_neither_numpy_nor_a_framework():
    code = "import sys, kocforum.stats, kocforum.stats.lens; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"scipy", "numpy", "django", "rest_framework", "statsmodels"}.isdisjoint(loaded)


def test_a_lens_with_controls_needs_no_numpy():
    code = (
        "import sys; from kocforum.stats import Case; from kocforum.stats.lens import lens;"
        "lens([Case(i, i % 3 == 0, {'light': {'dark' if i % 2 else 'bright'}}) for i in range(30)]);"
        "print('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_every_promised_name_is_there_and_told():
    promised = {"wilson", "two_by_two", "importance", "mantel_haenszel", "benjamini_hochberg", "nps"}
    promised |= {"information_component", "emergence_tail", "before_after"}
    for name in promised:
        assert name in kocforum.stats.__all__
        assert len(getattr(kocforum.stats, name).__doc__) > 80
