"""The few fields of Anki's protobuf messages that are needed, read strictly. Raises ValueError for anything else."""

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5


def message(data: bytes) -> dict[int, list[int | bytes]]:
    """The values of a message by their field's number: numbers, and bytes for texts and messages within it."""
    found: dict[int, list[int | bytes]] = {}
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        value: int | bytes
        if key & 7 == _VARINT:
            value, place = _varint(data, place)
        else:
            length, place = _varint(data, place) if key & 7 == _BYTES else (_FIXED[key & 7], place)
            value, place = data[place : place + length], place + length
            if len(value) != length:
                raise ValueError("a message is cut off")
        found.setdefault(key >> 3, []).append(value)
    return found


_FIXED = {_EIGHT: 8, _FOUR: 4}


def text(parts: dict[int, list[int | bytes]], field: int) -> str:
    value = parts.get(field, [b""])[-1]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def number(parts: dict[int, list[int | bytes]], field: int) -> int:
    value = parts.get(field, [0])[-1]
    return value if isinstance(value, int) else 0


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            raise ValueError("a message is cut off")
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError("a number is too long")
