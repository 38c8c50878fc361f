"""A QR code (ISO/IEC 18004) of a short address: byte mode, correction level M, versions 1 to 9, drawn as SVG.

Enough for a link on paper, without a dependency: nothing here reads codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

# By version: check codewords a block, blocks by the length of their data, centres of the alignment patterns.
_VERSIONS: dict[int, tuple[int, list[int], list[int]]] = {
    1: (10, [16], []),
    2: (16, [28], [6, 18]),
    3: (26, [44], [6, 22]),
    4: (18, [32] * 2, [6, 26]),
    5: (24, [43] * 2, [6, 30]),
    6: (16, [27] * 4, [6, 34]),
    7: (18, [31] * 4, [6, 22, 38]),
    8: (22, [38] * 2 + [39] * 2, [6, 24, 42]),
    9: (22, [36] * 3 + [37] * 2, [6, 26, 46]),
}
_MASKS: list[Callable[[int, int], bool]] = [
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _column: row % 2 == 0,
    lambda _row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
]
_LOOKS_LIKE_A_FINDER = ((1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1))
QUIET = 4

Matrix = list[list[bool]]


class TooLong(Exception):
    """This address does not fit in a code that a phone reads at arm's length."""


def drawing(text: str) -> str:
    """The code as an SVG, with its quiet zone."""
    matrix = encode(text)
    side = len(matrix) + 2 * QUIET
    squares = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, cells in enumerate(matrix)
        for column, is_dark in enumerate(cells)
        if is_dark
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{squares}"/></svg>'


def encode(text: str) -> Matrix:
    """The modules of the code, True where dark. Raises TooLong."""
    content = text.encode()
    version = next((each for each, (_, blocks, _) in _VERSIONS.items() if len(content) + 2 <= sum(blocks)), None)
    if version is None:
        raise TooLong(text)
    blank, is_function = _function_patterns(version)
    _place(blank, is_function, _codewords(content, version))
    candidates = [_masked(blank, is_function, mask, version) for mask in range(len(_MASKS))]
    return min(candidates, key=_penalty)


def _codewords(content: bytes, version: int) -> bytes:
    """Data and check codewords, interleaved by block."""
    check_length, blocks, _ = _VERSIONS[version]
    capacity = sum(blocks)
    bits = f"0100{len(content):08b}" + "".join(f"{byte:08b}" for byte in content)
    bits += "0" * min(4, capacity * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
    data += bytes((0xEC, 0x11)[place % 2] for place in range(capacity - len(data)))
    parts, start = [], 0
    for length in blocks:
        parts.append(data[start : start + length])
        start += length
    checks = [_check_codewords(part, check_length) for part in parts]
    return bytes([*_interleaved(parts), *_interleaved(checks)])


def _interleaved(parts: Sequence[bytes]) -> Iterator[int]:
    for place in range(max(map(len, parts))):
        yield from (part[place] for part in parts if place < len(part))


def _check_codewords(data: bytes, length: int) -> bytes:
    """The remainder of Reed and Solomon over GF(256)."""
    generator = [1]
    root = 1
    for _ in range(length):
        generator = [
            _product(coefficient, root) ^ following
            for coefficient, following in zip([0, *generator], [*generator, 0], strict=True)
        ]
        root = _product(root, 2)
    remainder = [0] * length
    for byte in data:
        factor = byte ^ remainder[0]
        remainder = [
            kept ^ _product(coefficient, factor) for kept, coefficient in zip([*remainder[1:], 0], generator[1:], strict=True)
        ]
    return bytes(remainder)


def _product(one: int, other: int) -> int:
    found = 0
    while other:
        if other & 1:
            found ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return found


def _function_patterns(version: int) -> tuple[Matrix, Matrix]:
    """The fixed modules, and where they are; the places of format and version are kept."""
    side = 17 + 4 * version
    dark = [[False] * side for _ in range(side)]
    known = [[False] * side for _ in range(side)]

    def put(row: int, column: int, is_dark: bool) -> None:
        if 0 <= row < side and 0 <= column < side:
            dark[row][column], known[row][column] = is_dark, True

    for place in range(side):
        put(6, place, place % 2 == 0)
        put(place, 6, place % 2 == 0)
    for row, column in ((3, 3), (3, side - 4), (side - 4, 3)):
        for down in range(-4, 5):
            for across in range(-4, 5):
                put(row + down, column + across, max(abs(down), abs(across)) not in (2, 4))
    centres = _VERSIONS[version][2]
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    for row in centres:
        for column in centres:
            if (row, column) not in corners:
                for down in range(-2, 3):
                    for across in range(-2, 3):
                        put(row + down, column + across, max(abs(down), abs(across)) != 1)
    for row, column in (place for places in _format_places(side) for place in places):
        put(row, column, False)
    put(side - 8, 8, True)
    if version >= 7:
        for place, is_dark in enumerate(reversed(_with_check(version, 0x1F25, 12))):
            put(place // 3, side - 11 + place % 3, is_dark)
            put(side - 11 + place % 3, place // 3, is_dark)
    return dark, known


def _place(matrix: Matrix, is_function: Matrix, codewords: bytes) -> None:
    """Two columns at a time from the right, up then down, around the fixed modules."""
    side = len(matrix)
    bits = (byte >> shift & 1 == 1 for byte in codewords for shift in range(7, -1, -1))
    for turn, right in enumerate(column for column in range(side - 1, 0, -2)):
        pair = right if right > 6 else right - 1
        rows = range(side - 1, -1, -1) if turn % 2 == 0 else range(side)
        for row in rows:
            for column in (pair, pair - 1):
                if not is_function[row][column]:
                    matrix[row][column] = next(bits, False)


def _masked(matrix: Matrix, is_function: Matrix, mask: int, version: int) -> Matrix:
    side = 17 + 4 * version
    found = [
        [matrix[row][column] ^ (not is_function[row][column] and _MASKS[mask](row, column)) for column in range(side)]
        for row in range(side)
    ]
    # Level M is 00; the whole is exclusive-ored so that it is never blank.
    bits = [is_dark ^ (0x5412 >> 14 - place & 1 == 1) for place, is_dark in enumerate(_with_check(mask, 0x537, 10, 5))]
    for places in _format_places(side):
        for (row, column), is_dark in zip(places, bits, strict=True):
            found[row][column] = is_dark
    return found


def _format_places(side: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the level and the mask are written, twice, the highest bit first."""
    around = [(8, place) for place in (0, 1, 2, 3, 4, 5, 7, 8)] + [(place, 8) for place in (7, 5, 4, 3, 2, 1, 0)]
    apart = [(side - 1 - place, 8) for place in range(7)] + [(8, side - 8 + place) for place in range(8)]
    return around, apart


def _with_check(value: int, generator: int, length: int, size: int = 6) -> list[bool]:
    """A value and the remainder of its division by a polynomial, the highest bit first."""
    remainder = value << length
    while remainder.bit_length() > length:
        remainder ^= generator << remainder.bit_length() - length - 1
    whole = value << length | remainder
    return [whole >> shift & 1 == 1 for shift in range(size + length - 1, -1, -1)]


def _penalty(matrix: Matrix) -> int:
    """How hard the code is to read: long runs, blocks, what looks like a corner, imbalance."""
    side, points = len(matrix), 0
    for line in [*matrix, *map(list, zip(*matrix, strict=True))]:
        for _, run in groupby(line):
            length = sum(1 for _ in run)
            points += length - 2 if length >= 5 else 0
        points += 40 * sum(tuple(line[place : place + 11]) in _LOOKS_LIKE_A_FINDER for place in range(side - 10))
    for row in range(side - 1):
        for column in range(side - 1):
            square = {matrix[row + down][column + across] for down in (0, 1) for across in (0, 1)}
            points += 3 if len(square) == 1 else 0
    dark = sum(map(sum, matrix))
    return points + 10 * int(abs(dark * 100 / side**2 - 50) / 5)
