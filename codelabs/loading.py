"""Labs from files to rows and back. Loading never overwrites an edit made in the admin without being told to."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from codelabs import content
from codelabs.content import LabData, Wrong
from codelabs.models import Lab, LabFile
from prepsite.lib.problems import Problem

# The fields that a row and LabData hold under the same name and in the same form.
_PLAIN = ("number", "title", "summary", "topic", "level", "runtime", "entry", "minutes", "statement", "status", "slug")
_LISTS = ("concepts", "prerequisites", "questions", "banned", "hints")


@dataclass(frozen=True)
class Summary:
    """Slugs by what loading did with them; `kept` were edited in the admin and differ from their files."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def read(root: Path) -> tuple[list[LabData], list[Problem]]:
    """Every lab below `root` (a folder of lab folders), in the order of their numbers, and every problem found."""
    labs: list[LabData] = []
    problems: list[Problem] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []:
        lab, found = content.read(folder)
        problems += found
        if lab is not None:
            labs.append(lab)
    for key in ("number", "id"):
        taken: dict[Any, str] = {}
        for lab in labs:
            first = taken.setdefault(getattr(lab, key), lab.slug)
            if first != lab.slug:
                problems.append(Problem(str(root / lab.slug / "lab.toml"), 0, f"{key} is that of {first} as well"))
    return sorted(labs, key=lambda lab: (lab.number, lab.slug)), sorted(problems)


@transaction.atomic
def store(labs: Iterable[LabData], *, overwrite: bool = False) -> Summary:
    """Bring the rows in line with `labs`, all of them or none. Doing it again changes nothing."""
    done: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": [], "kept": []}
    rows = {str(row.uuid): row for row in Lab.objects.prefetch_related("files")}
    slugs = {row.slug: row for row in rows.values()}
    for lab in labs:
        row = rows.get(lab.id) or slugs.get(lab.slug)
        if row is None:
            _put(Lab(), lab, version=1)
            done["created"].append(lab.slug)
        elif (there := data_of(row)) == lab:
            if row.edited_here or row.file_digest != content.digest(lab):
                Lab.objects.filter(pk=row.pk).update(edited_here=False, file_digest=content.digest(lab))
            done["unchanged"].append(lab.slug)
        elif row.edited_here and not overwrite:
            done["kept"].append(there.slug)
        else:
            _put(row, lab, version=row.version + 1)
            done["updated"].append(lab.slug)
    return Summary(**{name: tuple(slugs) for name, slugs in done.items()})


def load_labs(root: Path, *, overwrite: bool = False) -> list[Problem]:
    """Read and store in one go; with any problem nothing is stored."""
    labs, problems = read(root)
    if not problems:
        store(labs, overwrite=overwrite)
    return problems


def dump(root: Path) -> list[Path]:
    """Write every lab back to its folder below `root`; the paths that changed. Rows and files agree afterwards."""
    written: list[Path] = []
    for row in Lab.objects.prefetch_related("files"):
        lab = data_of(row)
        written += content.write(lab, root / lab.slug)
        Lab.objects.filter(pk=row.pk).update(edited_here=False, file_digest=content.digest(lab))
    return written


def data_of(lab: Lab, files: Sequence[LabFile] | None = None) -> LabData:
    """A row as content; `files` instead of the stored ones, for a form that is not saved yet."""
    values: dict[str, Any] = {name: getattr(lab, name) for name in _PLAIN}
    values |= {name: tuple(getattr(lab, name)) for name in _LISTS}
    values["statement"] = content.normal(lab.statement)
    texts = {file.path: content.normal(file.text) for file in (lab.files.all() if files is None else files)}
    return LabData(
        id=str(lab.uuid),
        **values,
        limits=dict(lab.limits),
        wrong=tuple(Wrong(**{key: str(entry.get(key, "")) for key in Wrong.__annotations__}) for entry in lab.wrong),
        files=dict(sorted(texts.items())),
    )


@transaction.atomic
def mark_edited(lab: Lab, *, new: bool = False) -> None:
    """After an edit in the admin: a new version, rendered again, that loading leaves alone unless told otherwise."""
    lab.refresh_from_db()
    lab.version += 0 if new else 1
    lab.edited_here = True
    lab.html = content.html(data_of(lab))
    lab.save(update_fields=["version", "edited_here", "html", "updated_at"])


def _put(row: Lab, lab: LabData, version: int) -> None:
    for name in _PLAIN:
        setattr(row, name, getattr(lab, name))
    for name in _LISTS:
        setattr(row, name, list(getattr(lab, name)))
    row.uuid = uuid.UUID(lab.id)
    row.limits = dict(lab.limits)
    row.wrong = [asdict(wrong) for wrong in lab.wrong]
    row.html = content.html(lab)
    row.version = version
    row.edited_here = False
    row.file_digest = content.digest(lab)
    row.save()
    row.files.exclude(path__in=lab.files).delete()
    for path, text in lab.files.items():
        row.files.update_or_create(path=path, defaults={"text": text})
