"""Labs from files to rows and back: idempotent, all or nothing, and never over an edit unasked."""

from pathlib import Path
from unittest.mock import patch

import pytest

from codelabs import content, loading, proofs
from codelabs.models import Lab, LabFile
from prepsite.lib.problems import Taken, Unreadable
from prepsite.lib.tally import Summary
from prepsite.lib.versioned import Status
from tests.codelabs.folders import FILES, TOML, make_folder, toml

pytestmark = pytest.mark.django_db


def load(root: Path, *, overwrite: bool = False) -> Summary:
    labs, problems = loading.read(root)
    assert problems == []
    return loading.store(labs, overwrite=overwrite)


def other(number: int = 902) -> str:
    return toml(id="11111111-2222-4333-8444-555555555555", number=number)


def test_a_folder_becomes_a_row_with_its_files_and_html(tmp_path: Path) -> None:
    make_folder(tmp_path)
    assert load(tmp_path) == Summary(created=("scaling",))
    lab = Lab.objects.get(slug="scaling")
    assert (lab.version, lab.edited_here, str(lab.uuid)) == (1, False, "6f8f8d0e-54a5-4a3c-9a47-0d5c3c9a1f11")
    assert lab.wrong[0]["says"] == "This behaves exactly like adding the factor."
    assert "<math" in lab.html["statement"]
    assert lab.file("solution.py") == FILES["solution.py"]
    assert lab.files.count() == 9


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    make_folder(tmp_path)
    load(tmp_path)
    before = Lab.objects.get()
    assert load(tmp_path) == Summary(unchanged=("scaling",))
    after = Lab.objects.get()
    assert (after.version, after.updated_at) == (before.version, before.updated_at)


@pytest.mark.parametrize("edited", [False, True])
def test_a_lab_is_rendered_again_when_the_renderer_has_changed(tmp_path: Path, edited: bool) -> None:
    make_folder(tmp_path)
    load(tmp_path)
    if edited:
        Lab.objects.update(title="Edited here")
        loading.mark_edited(Lab.objects.get())
    version, html = Lab.objects.values_list("version", "html").get()
    Lab.objects.update(html=html | {"statement": "<p>What an older renderer let through</p>"})
    assert load(tmp_path) == (Summary(kept=("scaling",)) if edited else Summary(updated=("scaling",)))
    assert Lab.objects.values_list("version", "html").get() == (version, html)


def test_a_change_of_any_file_is_a_new_version_of_the_same_row(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    pk = Lab.objects.get().pk
    (folder / "oracle.py").write_text("def scale(x, factor):\n    return x * factor\n")
    assert load(tmp_path) == Summary(updated=("scaling",))
    lab = Lab.objects.get()
    assert (lab.pk, lab.version) == (pk, 2)
    assert "x * factor" in lab.file("oracle.py")


def test_a_wrong_solution_that_is_gone_leaves_the_rows(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    (folder / "wrong/adds.py").unlink()
    head, first, *others = TOML.split("[[wrong]]")
    assert "adds.py" in first
    text = "[[wrong]]".join([head.replace("minutes = 5", 'minutes = 5\nstatus = "draft"'), *others])
    (folder / "lab.toml").write_text(text)
    load(tmp_path)
    assert not LabFile.objects.filter(path="wrong/adds.py").exists()


def test_an_edit_made_here_is_kept_until_overwriting_is_asked_for(tmp_path: Path) -> None:
    make_folder(tmp_path)
    load(tmp_path)
    Lab.objects.update(title="Edited here")
    loading.mark_edited(Lab.objects.get())
    assert load(tmp_path) == Summary(kept=("scaling",))
    assert Lab.objects.get().title == "Edited here"
    assert load(tmp_path, overwrite=True) == Summary(updated=("scaling",))
    lab = Lab.objects.get()
    assert (lab.title, lab.edited_here, lab.version) == ("Scaling", False, 3)


def test_an_edit_that_is_dumped_is_in_step_again(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    Lab.objects.update(title="Edited here")
    LabFile.objects.filter(path="solution.py").update(text="def scale(x, factor):\r\n    return x * factor")
    loading.mark_edited(Lab.objects.get())
    assert set(loading.dump(tmp_path)) == {folder / "lab.toml", folder / "solution.py"}
    assert (folder / "lab.toml").read_text() == TOML.replace('"Scaling"', '"Edited here"')
    assert (folder / "solution.py").read_text() == "def scale(x, factor):\n    return x * factor\n"
    assert not Lab.objects.get().edited_here
    assert load(tmp_path) == Summary(unchanged=("scaling",))
    assert loading.dump(tmp_path) == []


def test_dumping_leaves_the_folders_of_labs_without_an_edit_alone(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    make_folder(tmp_path, "zooming", lab_toml=other())
    load(tmp_path)
    (folder / "solution.py").write_text("def scale(x, factor):\n    return x * factor  # not loaded yet\n")
    (folder / "wrong/new.py").write_text("def scale(x, factor):\n    return x\n")
    Lab.objects.filter(slug="zooming").update(title="Edited here")
    loading.mark_edited(Lab.objects.get(slug="zooming"))
    assert loading.dump(tmp_path) == [tmp_path / "zooming/lab.toml"]
    assert "not loaded yet" in (folder / "solution.py").read_text()
    assert (folder / "wrong/new.py").exists()
    assert load_problems(tmp_path) == ["has no [[wrong]] entry in lab.toml"]


def load_problems(root: Path) -> list[str]:
    return [problem.message for problem in loading.read(root)[1]]


def test_a_wrong_solution_that_was_not_loaded_yet_outlives_the_dump_of_an_edit(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    (folder / "wrong/new.py").write_text("def scale(x, factor):\n    return x\n")
    Lab.objects.update(title="Edited here")
    loading.mark_edited(Lab.objects.get())
    assert loading.dump(tmp_path) == [folder / "lab.toml"]
    assert (folder / "wrong/new.py").exists()


def test_a_wrong_solution_that_was_removed_here_leaves_its_folder(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    lab = Lab.objects.get()
    lab.files.get(path="wrong/adds.py").delete()
    Lab.objects.update(wrong=lab.wrong[1:], status="draft")
    loading.mark_edited(lab)
    assert set(loading.dump(tmp_path)) == {folder / "lab.toml", folder / "wrong/adds.py"}
    assert load(tmp_path) == Summary(unchanged=("scaling",))


def test_a_lab_without_a_folder_gets_one(tmp_path: Path) -> None:
    make_folder(tmp_path)
    load(tmp_path)
    assert len(loading.dump(tmp_path / "elsewhere")) == 11
    assert load(tmp_path / "elsewhere") == Summary(unchanged=("scaling",))


def test_labs_that_swapped_their_slugs_here_take_their_folders_along(tmp_path: Path) -> None:
    make_folder(tmp_path)
    make_folder(tmp_path, "zooming", lab_toml=other())
    load(tmp_path)
    for old, new in (("scaling", "~"), ("zooming", "scaling"), ("~", "zooming")):
        Lab.objects.filter(slug=old).update(slug=new)
    for lab in Lab.objects.all():
        loading.mark_edited(lab)
    loading.dump(tmp_path)
    assert "number = 901" in (tmp_path / "zooming/lab.toml").read_text()
    assert "number = 902" in (tmp_path / "scaling/lab.toml").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scaling", "zooming"]
    assert load(tmp_path).unchanged == ("zooming", "scaling")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("lab.toml", b"id = ", "is not TOML"),
        ("lab.toml", b"number = 902\n", "'id' is missing"),
        ("solution.py", b"\xff", "is not UTF-8"),
    ],
)
def test_a_folder_that_cannot_be_read_stops_the_dump_before_anything_is_written(
    tmp_path: Path, file: str, text: bytes, said: str
) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    Lab.objects.update(title="Edited here")
    loading.mark_edited(Lab.objects.get())
    broken = make_folder(tmp_path, "broken", lab_toml=other()) / file
    broken.write_bytes(text)
    with pytest.raises(Unreadable, match=said):
        loading.dump(tmp_path)
    assert (folder / "lab.toml").read_text() == TOML
    assert Lab.objects.get().edited_here


def test_an_edited_slug_does_not_take_the_folder_of_another_lab(tmp_path: Path) -> None:
    make_folder(tmp_path)
    load(tmp_path)
    Lab.objects.update(slug="zooming")
    loading.mark_edited(Lab.objects.get())
    new = make_folder(tmp_path, "zooming", lab_toml=other())
    with pytest.raises(Unreadable, match="is another lab's folder"):
        loading.dump(tmp_path)
    assert "number = 902" in (new / "lab.toml").read_text()


def test_a_folder_may_be_renamed_and_stays_the_same_lab(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    pk = Lab.objects.get().pk
    folder.rename(tmp_path / "scale-it")
    assert load(tmp_path).updated == ("scale-it",)
    assert Lab.objects.get().pk == pk


def test_a_lab_whose_folder_has_gone_is_retired_and_comes_back_with_it(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "labs")
    load(tmp_path / "labs")
    folder.rename(tmp_path / "away")
    assert load(tmp_path / "labs") == Summary(retired=("scaling",))
    assert not Lab.objects.published().exists()
    assert load(tmp_path / "labs") == Summary()
    assert loading.dump(tmp_path / "labs") == []
    (tmp_path / "away").rename(folder)
    assert load(tmp_path / "labs") == Summary(updated=("scaling",))
    assert Lab.objects.published().get().slug == "scaling"


def test_a_lab_that_was_made_here_is_not_retired_for_want_of_a_folder(tmp_path: Path) -> None:
    make_folder(tmp_path / "once")
    load(tmp_path / "once")
    loading.mark_edited(Lab.objects.get(), new=True)
    assert load(tmp_path / "none") == Summary(kept=("scaling",))
    assert Lab.objects.get().status == Status.PUBLISHED


def test_labs_may_swap_their_numbers_and_their_slugs(tmp_path: Path) -> None:
    make_folder(tmp_path)
    zooming = make_folder(tmp_path, "zooming", lab_toml=other())
    load(tmp_path)
    before = {str(lab.uuid): lab.pk for lab in Lab.objects.all()}
    (tmp_path / "scaling/lab.toml").write_text(toml(number=902))
    (zooming / "lab.toml").write_text(other(901))
    assert load(tmp_path) == Summary(updated=("zooming", "scaling"))
    assert list(Lab.objects.values_list("slug", "number")) == [("zooming", 901), ("scaling", 902)]
    (tmp_path / "scaling").rename(tmp_path / "away")
    zooming.rename(tmp_path / "scaling")
    (tmp_path / "away").rename(zooming)
    assert load(tmp_path) == Summary(updated=("scaling", "zooming"))
    assert list(Lab.objects.values_list("slug", "number")) == [("scaling", 901), ("zooming", 902)]
    assert {str(lab.uuid): lab.pk for lab in Lab.objects.all()} == before


def test_a_new_lab_with_an_old_slug_and_number_leaves_the_old_row_and_its_history(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    load(tmp_path)
    old = Lab.objects.get()
    (folder / "lab.toml").write_text(other(901))
    assert load(tmp_path) == Summary(created=("scaling",), retired=("scaling",))
    new = Lab.objects.get(slug="scaling")
    assert (new.number, new.version, new.status) == (901, 1, Status.PUBLISHED)
    assert new.pk != old.pk
    old.refresh_from_db()
    assert (old.slug, old.number, old.status) == ("scaling-6f8f8d0e", 1000, Status.RETIRED)


@pytest.mark.parametrize(("slug", "number", "said"), [("scaling", 902, "slug “scaling”"), ("zoom", 901, "number 901")])
def test_what_an_edited_lab_holds_is_not_taken_from_it(tmp_path: Path, slug: str, number: int, said: str) -> None:
    make_folder(tmp_path / "before")
    load(tmp_path / "before")
    loading.mark_edited(Lab.objects.get())
    make_folder(tmp_path / "after", slug, lab_toml=other(number))
    with pytest.raises(Taken, match=f"The {said} belongs to another lab, “Scaling”, that was edited here"):
        load(tmp_path / "after")
    assert Lab.objects.get().number == 901


def test_two_labs_with_one_number_or_one_id_are_a_problem(tmp_path: Path) -> None:
    make_folder(tmp_path)
    make_folder(tmp_path, "zooming")
    _, problems = loading.read(tmp_path)
    assert [problem.message for problem in problems] == [
        "id is that of scaling as well",
        "number is that of scaling as well",
    ]


def test_with_any_problem_nothing_is_stored(tmp_path: Path) -> None:
    make_folder(tmp_path)
    make_folder(tmp_path, "zooming", lab_toml=other(), solution_py="def (")
    problems = loading.load_labs(tmp_path)
    assert len(problems) == 1
    assert not Lab.objects.exists()


def test_storing_is_all_or_nothing(tmp_path: Path) -> None:
    make_folder(tmp_path)
    make_folder(tmp_path, "zooming", lab_toml=other())
    labs, _ = loading.read(tmp_path)
    with (
        patch.object(content, "digest", side_effect=["fine", OSError("no more")]),
        pytest.raises(OSError, match="no more"),
    ):
        loading.store(labs)
    assert not Lab.objects.exists()


def test_a_missing_folder_of_labs_is_no_labs(tmp_path: Path) -> None:
    assert loading.read(tmp_path / "none") == ([], [])


def test_a_proof_is_loaded_with_its_lab_and_only_while_it_is_of_these_files(tmp_path: Path) -> None:
    root = tmp_path / "labs"
    folder = make_folder(root)
    lab, _ = content.read(folder)
    assert lab is not None
    figures = {"cases": 4, "hidden": 3, "mistakes": 4, "mutants": 41, "killed": 40, "explained": 0, "cpu_seconds": 0.1}
    (folder / "proof.json").write_text(proofs.text(figures | {"digest": proofs.digest(lab)}))
    loading.load_labs(root)
    row = Lab.objects.get()
    assert row.score == "97.5 %"
    assert row.version == 1
    loading.load_labs(root)
    assert Lab.objects.get().version == 1
    loading.mark_edited(row)
    assert Lab.objects.get().score == "97.5 %"  # what was edited is not what was proven
    row.files.filter(path="cases.py").update(text=FILES["cases.py"] + "# edited\n")
    loading.mark_edited(row)
    assert Lab.objects.get().score == ""


def test_a_score_is_never_rounded_up_to_all() -> None:
    assert proofs.per_cent({"mutants": 4_000, "killed": 3_999, "explained": 0}) == "99.9 %"
    assert proofs.per_cent({"mutants": 40, "killed": 38, "explained": 2}) == "100 %"


def test_what_is_explained_as_equivalent_goes_into_the_row_and_back(tmp_path: Path) -> None:
    root = tmp_path / "labs"
    said = toml() + '\n[[equivalent]]\nmutant = "scale: return x * factor"\nwhy = "A product commutes."\n'
    folder = make_folder(root, lab_toml=said)
    loading.load_labs(root)
    row = Lab.objects.get()
    assert row.equivalent == [{"mutant": "scale: return x * factor", "why": "A product commutes."}]
    row.equivalent = [*row.equivalent, {"mutant": "scale: without x", "why": "It is not there."}]
    row.save()
    loading.mark_edited(row)
    loading.dump(root)
    again, problems = content.read(folder)
    assert problems == []
    assert again is not None
    assert [entry.mutant for entry in again.equivalent] == ["scale: return x * factor", "scale: without x"]
