"""What the model answer itself needs, measured as a learner's code is, so that the two can be compared."""

from collections import OrderedDict
from threading import Lock

from codelabs.content import LabData
from codelabs.examining import Examinee
from codelabs.paper import Paper
from codelabs.sandbox import Unavailable

_KEPT = 256
_measured: OrderedDict[tuple[str, str, bool], float] = OrderedDict()
_lock = Lock()


def memory_mb(lab: LabData, paper: Paper) -> float | None:
    """The peak memory of solution.py above its zygote's on this paper, in MB. None where no box can be had.

    Measured once in each process for a solution and reused, since it hardly depends on the numbers drawn: by all cases
    or by the visible ones alone.
    """
    key = (lab.slug, lab.files["solution.py"], all(question.visible for question in paper.questions))
    with _lock:
        if key in _measured:
            return _measured[key]
    try:
        with Examinee(lab, lab.files["solution.py"], scripted=paper.scripted) as model:
            for question in paper.questions:
                model.ask(question)
    except Unavailable:
        return None
    with _lock:
        _measured[key] = model.memory_mb
        while len(_measured) > _KEPT:
            _measured.popitem(last=False)
    return model.memory_mb
