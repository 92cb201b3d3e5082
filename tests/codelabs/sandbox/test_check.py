"""The check of a host names every wall, and fails when one that must stand does not."""

import json
import subprocess
import sys

from codelabs.sandbox import Unavailable, bubblewrap, check, syscalls


def test_the_walls_of_this_host_hold():
    report = check.report()
    assert report.ready
    assert [wall.name for wall in report.walls] == ["Linux", "Landlock", "seccomp", "resource limits", "bubblewrap"]
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
