"""The check of a host names every wall, and fails when one that must stand does not."""

import json
import subprocess
import sys

import pytest

from codelabs.sandbox import Pool, Unavailable, bubblewrap, check, runtimes, syscalls


def test_the_walls_of_this_host_hold():
    report = check.report()
    assert report.ready
    assert [wall.name for wall in report.walls] == [
        *("Linux", "Python", "Landlock", "seccomp", "resource limits", "bubblewrap")
    ]
    assert all(wall.holds for wall in report.walls if wall.required)
    assert set(report.runtimes) == {"numpy", "torch"}


def test_a_missing_wall_is_told_with_its_risk_and_remedy(monkeypatch):
    def missing(**_):
        raise Unavailable("The sandbox needs libseccomp, which is not installed on this host.")

    monkeypatch.setattr(syscalls, "program", missing)
    report = check.report()
    assert not report.ready
    text = report.as_text()
    assert "MISSING  seccomp: The sandbox needs libseccomp" in text
    assert "remedy: Install libseccomp2" in text
    assert text.endswith("Labs cannot run here.")


def test_a_python_that_this_user_may_not_start_is_named_and_no_wall_is_blamed_for_it(monkeypatch, tmp_path):
    closed = tmp_path / "python"
    closed.write_text("#!/bin/sh\n")
    closed.chmod(0o600)  # which not even root may run
    monkeypatch.setattr(runtimes, "interpreter", lambda: str(closed))
    report = check.report()
    assert not report.ready
    assert {wall.name: wall.holds for wall in report.walls if wall.required} == {"Linux": True, "Python": False}
    assert f"MISSING  Python: {closed} cannot be started by this user" in report.as_text()
    assert "where the site's user may read and run them" in report.as_text()
    with pytest.raises(Unavailable, match="may not start the Python"), Pool(outer=False).box("numpy", check.LIMITS):
        pass


def test_without_bubblewrap_labs_still_run(monkeypatch):
    def missing():
        raise Unavailable("bubblewrap is not installed.")

    monkeypatch.setattr(bubblewrap, "user_namespace", missing)
    report = check.report()
    assert report.ready
    assert "MISSING  bubblewrap" in report.as_text()


def test_the_command_speaks_json_to_monitoring():
    done = subprocess.run(
        [sys.executable, "-m", "codelabs.sandbox", "check", "--json"], capture_output=True, text=True, check=False
    )
    told = json.loads(done.stdout)
    assert done.returncode == (0 if told["ready"] else 1)
    assert {"name", "holds", "required", "detail", "risk", "remedy"} == set(told["walls"][0])
