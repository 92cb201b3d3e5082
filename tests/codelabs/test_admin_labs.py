"""Carol edits a lab in the admin: the same checks as for files, and loading leaves her edit alone."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from codelabs import loading
from codelabs.models import Lab
from codelabs.sandbox import Box, Limits, Pool, Unavailable
from prepsite.accounts.models import User
from tests.codelabs.folders import make_folder
from tests.codelabs.rows import make_lab

CHANGELIST = "admin:codelabs_lab_changelist"


@pytest.fixture
def lab(db: None, tmp_path: Path) -> Lab:
    make_folder(tmp_path)
    assert loading.load_labs(tmp_path) == []
    return Lab.objects.get()


def page(lab: Lab) -> str:
    return reverse("admin:codelabs_lab_change", args=[lab.pk])


def form_of(client: Client, lab: Lab) -> dict[str, Any]:
    """What a browser would send back without an edit."""
    context = client.get(page(lab)).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None:
                data[field.html_name] = value.replace("\n", "\r\n") if isinstance(value, str) else value
    return data


def file_field(data: dict[str, Any], path: str) -> str:
    return next(name for name, value in data.items() if value == path).replace("-path", "-text")


def test_carol_finds_labs_by_topic_and_text(as_carol: Client, lab: Lab) -> None:
    assert "Scaling" in as_carol.get(reverse(CHANGELIST), {"q": "np.multiply", "level": "basic"}).content.decode()
    assert "Scaling" not in as_carol.get(reverse(CHANGELIST), {"q": "nothing like it"}).content.decode()


def test_saving_without_an_edit_is_no_new_version(as_carol: Client, lab: Lab) -> None:
    assert as_carol.post(page(lab), form_of(as_carol, lab)).status_code == 302
    lab.refresh_from_db()
    assert (lab.version, lab.edited_here) == (1, False)


def test_an_edit_is_a_new_version_rendered_again_and_kept_by_loading(
    as_carol: Client, lab: Lab, tmp_path: Path
) -> None:
    data = form_of(as_carol, lab)
    data["statement"] = "Now with $y^3$."
    assert as_carol.post(page(lab), data).status_code == 302
    lab.refresh_from_db()
    assert (lab.version, lab.edited_here) == (2, True)
    assert "<msup>" in lab.html["statement"]
    labs, _ = loading.read(tmp_path)
    assert loading.store(labs).kept == ("scaling",)


def test_an_edit_of_a_file_alone_is_a_new_version(as_carol: Client, lab: Lab) -> None:
    data = form_of(as_carol, lab)
    data[file_field(data, "solution.py")] = "def scale(x, factor):\r\n    return x * factor\r\n"
    as_carol.post(page(lab), data)
    lab.refresh_from_db()
    assert lab.version == 2
    assert loading.data_of(lab).files["solution.py"] == "def scale(x, factor):\n    return x * factor\n"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("statement", "$\\nosuchthing{x}$", "formula"),
        ("entry", "zoom", "does not define"),
        ("hints", '["only one"]', "must be 3 texts"),
        ("limits", '{"cpu_seconds": 9000}', "cpu_seconds must be a whole number"),
        ("wrong", '[{"file": "wrong/none.py"}]', "[[wrong]] needs"),
        ("wrong", '["adds"]', "This is a list of objects with"),
        ("banned", '"torch"', "This is a list of texts"),
        ("limits", "[5]", "This is an object"),
    ],
)
def test_what_a_file_may_not_say_the_admin_refuses_as_well(
    as_carol: Client, lab: Lab, field: str, value: str, said: str
) -> None:
    response = as_carol.post(page(lab), form_of(as_carol, lab) | {field: value})
    assert response.status_code == 200
    assert said in response.content.decode()
    lab.refresh_from_db()
    assert lab.version == 1


def test_a_file_with_a_syntax_error_is_refused_with_its_line(as_carol: Client, lab: Lab) -> None:
    data = form_of(as_carol, lab)
    data[file_field(data, "oracle.py")] = "import numpy\ndef scale(:\n"
    assert "scaling/oracle.py:2: does not parse" in as_carol.post(page(lab), data).content.decode()


def test_proving_a_lab_stores_its_proof_and_says_that_it_holds(as_carol: Client, lab: Lab) -> None:
    data = {"action": "prove_labs", "_selected_action": [lab.pk]}
    response = as_carol.post(reverse(CHANGELIST), data, follow=True)
    assert "Scaling: all 8 checks hold." in response.content.decode()
    lab.refresh_from_db()
    assert (lab.proof["holds"], lab.proof["version"]) == (True, 1)
    assert (lab.proof["refused"], lab.proof["mistakes"]) == (4, 4)
    assert "4 of 4 known mistakes" in as_carol.get(page(lab)).content.decode()


def test_a_lab_that_does_not_hold_is_told_with_the_file(as_carol: Client, lab: Lab) -> None:
    lab.files.filter(path="alternative.py").update(text="def scale(x, factor):\n    return x\n")
    data = {"action": "prove_labs", "_selected_action": [lab.pk]}
    assert "alternative.py: case" in as_carol.post(reverse(CHANGELIST), data, follow=True).content.decode()
    lab.refresh_from_db()
    assert lab.proof["holds"] is False


def test_labs_are_proven_one_at_a_time(as_carol: Client, lab: Lab) -> None:
    other = make_lab("zooming")
    data = {"action": "prove_labs", "_selected_action": [lab.pk, other.pk]}
    with patch("codelabs.admin.prove") as prove:
        response = as_carol.post(reverse(CHANGELIST), data, follow=True)
    assert "Nothing was proven: choose one lab at a time." in response.content.decode()
    prove.assert_not_called()


def test_a_host_that_cannot_run_labs_says_why(as_carol: Client, lab: Lab) -> None:
    data = {"action": "prove_labs", "_selected_action": [lab.pk]}
    with patch.object(Pool, "box", side_effect=Unavailable("The sandbox needs Linux.")):
        response = as_carol.post(reverse(CHANGELIST), data, follow=True)
    assert "Scaling: not proven, for this host cannot run it. The sandbox needs Linux." in response.content.decode()
    lab.refresh_from_db()
    assert lab.proof == {}


def test_a_sandbox_that_fails_while_proving_is_no_verdict_on_the_lab(as_carol: Client, lab: Lab) -> None:
    data = {"action": "prove_labs", "_selected_action": [lab.pk]}
    boxes, opened = Pool.box, []

    def box(pool: Pool, runtime: str, limits: Limits) -> AbstractContextManager[Box]:
        opened.append(runtime)
        if len(opened) > 2:  # the paper and the known mistakes
            raise Unavailable("There is no room for another box.")
        return boxes(pool, runtime, limits)

    with patch.object(Pool, "box", box):
        response = as_carol.post(reverse(CHANGELIST), data, follow=True)
    assert "There is no room for another box." in response.content.decode()
    lab.refresh_from_db()
    assert lab.proof == {}


def test_alice_is_sent_away_from_the_admin(as_alice: Client, lab: Lab, alice: User) -> None:
    assert as_alice.get(page(lab)).status_code == 302
    assert as_alice.post(page(lab), {}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("topic", "nope", "There is no topic “nope”."),
        ("concepts", '["nope"]', "There is no concept “nope”."),
        ("questions", '["nope"]', "There is no question “nope”."),
        ("prerequisites", '["nope"]', "There is no lab “nope”."),
    ],
)
def test_a_reference_to_nothing_is_refused_beside_its_field(
    as_carol: Client, lab: Lab, field: str, value: str, said: str
) -> None:
    response = as_carol.post(page(lab), form_of(as_carol, lab) | {field: value})
    assert response.context["adminform"].form.errors[field] == [said]


def test_a_file_outside_the_labs_folder_is_refused(as_carol: Client, lab: Lab) -> None:
    data = form_of(as_carol, lab)
    path = next(name for name, value in data.items() if value == "solution.py")
    response = as_carol.post(page(lab), data | {path: "../../evil.py"})
    assert response.status_code == 200
    assert "no place in a lab" in response.content.decode()
    assert lab.files.filter(path="solution.py").exists()
