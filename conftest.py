"""The house rule on skipped tests: on CI there are none.

CI runs where everything is installed, the shared data too, so a skip there hides a check that no longer runs.
"""

import os
from collections.abc import Generator

import pytest

_TRUE = ("1", "true", "yes")


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as skipped, too.
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
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
