"""Labs from files to rows and back. Loading never overwrites an edit made in the admin without being told to.

A lab whose folder has gone is retired, never deleted: learners have its history.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from codelabs import content, proofs
from codelabs.content import HIGHEST_NUMBER, Equivalent, LabData, Wrong
from codelabs.models import Lab, LabFile
from prepsite.lib.problems import Problem, Taken, Unreadable
from prepsite.lib.tally import Summary, Tally
from prepsite.lib.versioned import Status

# The fields that a row and LabData hold under the same name and in the same form.
_PLAIN = ("number", "title", "summary", "topic", "level", "runtime", "entry", "minutes", "statement", "status", "slug")
_LISTS = ("concepts", "prerequisites", "questions", "banned", "hints")


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
    """Bring the rows in line with `labs`, all of them or none; the slugs. Doing it again changes nothing.

    What another renderer shows differently is stored anew, and its version stays. Raises Taken if an edited row has the
    slug or number of another lab; then nothing is stored.
    """
    done = Tally()
    rows = {row.uuid: row for row in Lab.objects.prefetch_related("files")}
    changed: list[tuple[Lab, LabData, int]] = []
    for lab in labs:
        row = rows.pop(uuid.UUID(lab.id), None)
        if row is None:
            changed.append((Lab(), lab, 1))
            done.created.append(lab.slug)
            continue
        there = data_of(row)
        if there == lab and row.html == content.html(lab):
            if row.edited_here or row.file_digest != content.digest(lab):
                Lab.objects.filter(pk=row.pk).update(edited_here=False, file_digest=content.digest(lab))
            if row.filed_proof != (proof := dict(proofs.fresh(lab))):
                Lab.objects.filter(pk=row.pk).update(filed_proof=proof)
            done.unchanged.append(lab.slug)
        elif there != lab and row.edited_here and not overwrite:
            _render(row, there)
            done.kept.append(row.slug)
        else:
            changed.append((row, lab, row.version + (there != lab)))
            done.updated.append(lab.slug)
    _retire(rows.values(), done)
    _make_way({uuid.UUID(lab.id): lab for _, lab, _ in changed})
    for row, lab, version in changed:
        _put(row, lab, version)
    return done.summary()


def _render(row: Lab, lab: LabData) -> None:
    """What is kept is shown as well, so it is rendered anew like the rest."""
    html = content.html(lab)
    if row.html != html:
        Lab.objects.filter(pk=row.pk).update(html=html)


def _make_way(wanted: Mapping[uuid.UUID, LabData]) -> None:
    """Free slugs and numbers, so that labs can swap them and new labs can take those of retired ones."""
    slugs, numbers = {lab.slug for lab in wanted.values()}, {lab.number for lab in wanted.values()}
    highest = Lab.objects.aggregate(highest=Max("number"))["highest"] or 0
    spare = count(max(highest, HIGHEST_NUMBER) + 1)
    for row in Lab.objects.filter(Q(slug__in=slugs) | Q(number__in=numbers)):
        lab = wanted.get(row.uuid)
        if lab is None and (row.edited_here or row.status != Status.RETIRED):
            what = f"slug “{row.slug}”" if row.slug in slugs else f"number {row.number}"
            raise Taken(f"The {what} belongs to another lab, “{row.title}”, that was edited here.")
        if row.slug in slugs and (lab is None or row.slug != lab.slug):
            row.slug = f"{row.slug[:70]}-{row.uuid.hex[:8]}"
        if row.number in numbers and (lab is None or row.number != lab.number):
            row.number = next(spare)
        row.save(update_fields=["slug", "number"])


def _retire(rows: Iterable[Lab], done: Tally) -> None:
    """Take labs out of everything that is offered. They keep their history, and come back when their folders do."""
    for row in rows:
        if row.edited_here:
            _render(row, data_of(row))
            done.kept.append(row.slug)
        elif row.status != Status.RETIRED or row.file_digest:
            done.retired += [row.slug] * (row.status != Status.RETIRED)
            row.status, row.file_digest = Status.RETIRED, ""
            row.save(update_fields=["status", "file_digest", "updated_at"])


def load_labs(root: Path, *, overwrite: bool = False) -> list[Problem]:
    """Read and store in one go; with any problem nothing is stored."""
    labs, problems = read(root)
    if not problems:
        store(labs, overwrite=overwrite)
    return problems


@dataclass(frozen=True)
class _Dumped:
    """A lab to write to `to`, and the folder that holds it now, if any."""

    row: Lab
    lab: LabData
    there: Path | None
    to: Path

    @property
    def moves(self) -> bool:
        return self.there is not None and self.there != self.to


def _to_dump(root: Path) -> list[_Dumped]:
    folders, problems = content.identities(root)
    found = []
    for row in Lab.objects.prefetch_related("files"):
        there = folders.get(str(row.uuid))
        gone = row.status == Status.RETIRED and not row.file_digest  # retired for want of a folder
        if row.edited_here or (there is None and not gone):
            found.append(_Dumped(row, data_of(row), there, root / row.slug))
    moving = {one.there for one in found if one.moves}
    taken = set(folders.values()) - moving
    for one in found:
        if one.to != one.there and one.to in taken:
            problems.append(Problem(str(one.to), 0, f"is another lab's folder, so {one.lab.title} cannot go there"))
    if problems:
        raise Unreadable(sorted(problems))
    return found


def check_dump(root: Path) -> None:
    """Raises Unreadable if `dump` would."""
    _to_dump(root)


@transaction.atomic
def dump(root: Path) -> list[Path]:
    """Write what was edited here back to its folder below `root`, and whatever has none there; the paths that changed.

    The folder of a lab that was not edited is left as it is, to the byte. A lab whose slug was edited takes its folder
    along. Raises Unreadable, and writes nothing, if a folder there cannot be read or is in the way.
    """
    found = _to_dump(root)
    changed = _move([one for one in found if one.moves], root)
    for one in found:
        # A folder that its author has worked on since it was loaded keeps the wrong solutions that are new there.
        before, _ = content.read(one.to) if one.there else (None, [])
        tidy = before is not None and content.digest(before) == one.row.file_digest
        changed |= set(content.write(one.lab, one.to, tidy=tidy))
        Lab.objects.filter(pk=one.row.pk).update(edited_here=False, file_digest=content.digest(one.lab))
    return sorted(changed)


def _move(moving: Sequence[_Dumped], root: Path) -> set[Path]:
    """Rename folders, also where two labs swap their slugs; the paths that came and went."""
    changed: set[Path] = set()
    for one in moving:
        assert one.there is not None
        for path in one.there.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                changed |= {path, one.to / path.relative_to(one.there)}
        one.there.rename(root / f".moving-{one.lab.id}")
    for one in moving:
        (root / f".moving-{one.lab.id}").rename(one.to)
    return changed


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
        equivalent=tuple(Equivalent(str(entry["mutant"]), str(entry["why"])) for entry in lab.equivalent),
        proof=lab.filed_proof,
        wrong=tuple(Wrong(**{key: str(entry.get(key, "")) for key in Wrong.__annotations__}) for entry in lab.wrong),
        files=dict(sorted(texts.items())),
    )


@transaction.atomic
def mark_edited(lab: Lab, *, new: bool = False) -> None:
    """After an edit in the admin: a new version, rendered again, that loading leaves alone unless told otherwise."""
    lab.refresh_from_db()
    lab.version += 0 if new else 1
    lab.edited_here = True
    data = data_of(lab)
    lab.html = content.html(data)
    lab.filed_proof = dict(proofs.fresh(data))
    lab.save(update_fields=["version", "edited_here", "html", "filed_proof", "updated_at"])


def _put(row: Lab, lab: LabData, version: int) -> None:
    for name in _PLAIN:
        setattr(row, name, getattr(lab, name))
    for name in _LISTS:
        setattr(row, name, list(getattr(lab, name)))
    row.uuid = uuid.UUID(lab.id)
    row.limits = dict(lab.limits)
    row.wrong = [asdict(wrong) for wrong in lab.wrong]
    row.equivalent = [asdict(entry) for entry in lab.equivalent]
    row.filed_proof = dict(proofs.fresh(lab))
    row.html = content.html(lab)
    row.version = version
    row.edited_here = False
    row.file_digest = content.digest(lab)
    row.save()
    row.files.exclude(path__in=lab.files).delete()
    for path, text in lab.files.items():
        row.files.update_or_create(path=path, defaults={"text": text})
