"""Zip archives of strangers: how much memory only listing one would take, before it is listed."""

from typing import IO

LARGEST_LIST_BYTES = (
    8_000_000  # of the central directory: some hundred bytes and a few hundred of memory for each entry
)
_END, _END_BYTES, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_LARGE_FORM, _LARGE_FORM_BYTES = b"PK\x06\x07", 20


def lists_too_much(file: IO[bytes]) -> bool:
    """Whether the archive says that its list of entries is longer than it may be, or says it in the form for archives
    of more than 4 GB. Python's zipfile takes every entry into memory on opening. The file stands at its start again.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT - _LARGE_FORM_BYTES))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or place + _END_BYTES > len(tail):
        return False  # no archive: opening it says so
    large = tail[max(0, place - _LARGE_FORM_BYTES) : place].startswith(_LARGE_FORM)
    return large or int.from_bytes(tail[place + 12 : place + 16], "little") > LARGEST_LIST_BYTES
