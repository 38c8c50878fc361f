"""A code on paper leads to the very address that was asked for: read back here by the rules of the standard alone."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import qr

# Level M: check codewords a block and lengths of the data of the blocks, by side (ISO/IEC 18004, table 9).
BLOCKS = {
    21: (10, [16]), 25: (16, [28]), 29: (26, [44]), 33: (18, [32, 32]), 37: (24, [43, 43]), 41: (16, [27] * 4),
    45: (18, [31] * 4), 49: (22, [38, 38, 39, 39]), 53: (22, [36, 36, 36, 37, 37]),
}  # fmt: skip
ALIGNED = {21: [], 25: [18], 29: [22], 33: [26], 37: [30], 41: [34], 45: [6, 22, 38], 49: [6, 24, 42], 53: [6, 26, 46]}
# The fifteen bits of level M with each mask, and the eighteen of versions 7 to 9, as the standard prints them.
FORMATS = [0x5412, 0x5125, 0x5E7C, 0x5B4B, 0x45F9, 0x40CE, 0x4F97, 0x4AA0]
VERSIONS = {45: 0x07C94, 49: 0x085BC, 53: 0x09A99}
MASKS = [
    lambda i, j: (i + j) % 2, lambda i, j: i % 2, lambda i, j: j % 3, lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2, lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2, lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
]  # fmt: skip
EXPONENTS = [1]
for _ in range(254):
    EXPONENTS.append(EXPONENTS[-1] * 2 ^ (0x11D if EXPONENTS[-1] > 127 else 0))


def product(one, other):
    return EXPONENTS[(EXPONENTS.index(one) + EXPONENTS.index(other)) % 255] if one and other else 0


def is_fixed(row, column, side):
    in_corner = (row < 9 and (column < 9 or column >= side - 8)) or (row >= side - 8 and column < 9)
    in_version = side >= 45 and ((row < 6 and side - 11 <= column < side - 8) or (column < 6 and side - 11 <= row < side - 8))
    centres = [
        (down, across)
        for down in ALIGNED[side]
        for across in ALIGNED[side]
        if (down, across) not in ((6, 6), (6, side - 7), (side - 7, 6))
    ]
    in_alignment = any(abs(row - down) <= 2 and abs(column - across) <= 2 for down, across in centres)
    return in_corner or in_version or in_alignment or 6 in (row, column)


def read(matrix):
    """The text of a code, by another way than it was made: formats by table, checks by syndromes."""
    side = len(matrix)
    places = [
        (8, 0),
        (8, 1),
        (8, 2),
        (8, 3),
        (8, 4),
        (8, 5),
        (8, 7),
        (8, 8),
        (7, 8),
        (5, 8),
        (4, 8),
        (3, 8),
        (2, 8),
        (1, 8),
        (0, 8),
    ]
    written = int("".join(str(int(matrix[row][column])) for row, column in places), 2)
    again = [matrix[side - 1 - place][8] for place in range(7)] + [matrix[8][side - 8 + place] for place in range(8)]
    assert written == int("".join(str(int(bit)) for bit in again), 2)
    mask = MASKS[FORMATS.index(written)]
    if side in VERSIONS:
        bits = "".join(str(int(matrix[place // 3][side - 11 + place % 3])) for place in range(17, -1, -1))
        assert int(bits, 2) == VERSIONS[side]
        assert all(matrix[place // 3][side - 11 + place % 3] == matrix[side - 11 + place % 3][place // 3] for place in range(18))
    bits, column, is_up = [], side - 1, True
    while column > 0:
        column -= column == 6
        for row in reversed(range(side)) if is_up else range(side):
            for each in (column, column - 1):
                if not is_fixed(row, each, side):
                    bits.append(matrix[row][each] ^ (mask(row, each) == 0))
        column, is_up = column - 2, not is_up
    words = [int("".join(str(int(bit)) for bit in bits[place : place + 8]), 2) for place in range(0, len(bits) // 8 * 8, 8)]
    checks, lengths = BLOCKS[side]
    blocks = [[] for _ in lengths]
    stream = iter(words)
    for limits in (lengths, None):
        for place in range(max(lengths) if limits else checks):
            for block, length in zip(blocks, lengths, strict=True):
                if limits is None or place < length:
                    block.append(next(stream))
    for block in blocks:
        for power in range(checks):
            syndrome = 0
            for word in block:
                syndrome = product(syndrome, EXPONENTS[power]) ^ word
            assert syndrome == 0
    data = [word for block, length in zip(blocks, lengths, strict=True) for word in block[:length]]
    whole = "".join(f"{word:08b}" for word in data)
    assert whole[:4] == "0100"
    length = int(whole[4:12], 2)
    return bytes(int(whole[12 + 8 * place : 20 + 8 * place], 2) for place in range(length)).decode()


@pytest.mark.parametrize("length", [1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 122, 123, 152, 153, 180])
def test_each_version_is_read_back_at_its_limits(length):
    text = ("https://permis.example.fr/visites/123456/grille/joindre/" * 4)[:length]
    assert read(qr.encode(text)) == text


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=80))
def test_whatever_the_address_it_is_read_back(text):
    assert read(qr.encode(text)) == text


def test_the_same_address_gives_the_code_that_readers_were_tried_on():
    matrix = qr.encode("https://permis.example.fr/visites/12/grille/joindre/")
    drawn = "\n".join("".join("#" if cell else "." for cell in row) for row in matrix)
    assert hashlib.sha256(drawn.encode()).hexdigest() == "a7e30cdcd2b67f44c408980291563ae014924c8bec73356d3c42eba03fcd413a"


def test_an_address_that_is_too_long_is_refused():
    with pytest.raises(qr.TooLong):
        qr.encode("a" * 181)


def test_it_is_drawn_with_its_quiet_zone():
    drawing = qr.drawing("https://permis.example.fr/")
    [side] = re.findall(r'viewBox="0 0 (\d+) \1"', drawing)
    assert int(side) == 25 + 2 * 4
    assert drawing.count("M") == sum(map(sum, qr.encode("https://permis.example.fr/")))
