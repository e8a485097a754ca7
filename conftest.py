"""The house rule on skipped tests: on CI there are none.

CI runs where everything is installed, so a skip there hides a check that no longer runs. One reason holds:
the recorded pages in ``../shared`` are not part of this repository, and a fork's CI has none.
"""

import os
from collections.abc import Generator

import pytest

ALLOWED_REASON = "../shared"
_TRUE = ("1", "true", "yes")


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as skipped, too.
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if ALLOWED_REASON not in reason:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: no test may be skipped on CI. {reason}"


if os.environ.get("CI", "").lower() in _TRUE:

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail a test that was skipped while it ran or before."""
        report = yield
        _forbid_skip(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Fail a module that was skipped as a whole."""
        report = yield
        _forbid_skip(report)
        return report
