"""Raw CD sectors with known errors, and what may be made of them, from the words of ECMA-130 alone.

The EDC is the remainder of a division by the product of two polynomials (§14.3). P and Q solve two linear
equations a word, with the check matrix of Annex A. It shares no table and no constant with the library.

A line a sector: name, mode, address, outcome (needless, repaired, impossible), the sector that it is to
become, the sector as it is, and the C2 pointers or a dash; bytes in hexadecimal.
"""

import random

EDC_DIVISOR = 0
for a in (16, 15, 2, 0):
    for b in (16, 2, 1, 0):
        EDC_DIVISOR ^= 1 << a + b


def edc(data):
    """The message, least significant bit of each byte first, times x^32, modulo the divisor."""
    remainder = 0
    for byte in data:
        for bit in range(8):
            remainder ^= (byte >> bit & 1) << 31
            remainder <<= 1
            if remainder >> 32:
                remainder ^= EDC_DIVISOR
    bits = [remainder >> 31 - i & 1 for i in range(32)]
    return bytes(sum(bits[8 * i + j] << j for j in range(8)) for i in range(4))


# The field: polynomials over bits modulo x^8 + x^4 + x^3 + x^2 + 1; its primitive element is x.
def times(a, b):
    product = 0
    for bit in range(8):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0b1_0001_1101 << bit - 8
    return product


POWERS = [1]
for _ in range(254):
    POWERS.append(times(POWERS[-1], 2))
INVERSE = {POWERS[i]: POWERS[-i % 255] for i in range(255)}


def parity(word):
    """Two bytes that make the sums of the word and of the word times powers zero."""
    length = len(word) + 2
    plain = weighted = 0
    for place, byte in enumerate(word):
        plain ^= byte
        weighted ^= times(byte, POWERS[length - 1 - place])
    # a + b = plain, a·x + b = weighted
    a = times(plain ^ weighted, INVERSE[3])
    return a, a ^ plain


def p_word(column):
    """The places of a word of P in a plane of the words that are counted from the header on."""
    return [column + 43 * row for row in range(26)]


def q_word(diagonal):
    places = [(43 * diagonal + 44 * i) % 1118 for i in range(43)]
    return places + [1118 + diagonal, 1118 + 26 + diagonal]


def place(cell, plane):
    return 12 + 2 * cell + plane


def with_parity(sector, header_counts):
    sector = bytearray(sector)
    header = bytes(sector[12:16])
    if not header_counts:
        sector[12:16] = bytes(4)
    for words in ([p_word(n) for n in range(43)], [q_word(n) for n in range(26)]):
        for word in words:
            for plane in (0, 1):
                places = [place(cell, plane) for cell in word]
                sector[places[-2]], sector[places[-1]] = parity([sector[i] for i in places[:-2]])
    sector[12:16] = header
    return bytes(sector)


def bcd(number):
    return number // 10 * 16 + number % 10


def header(address, mode):
    frames = address + 150
    sync = b"\x00" + b"\xff" * 10 + b"\x00"
    return sync + bytes([bcd(frames // 4500), bcd(frames // 75 % 60), bcd(frames % 75), mode])


def mode1(address, data):
    front = header(address, 1) + data
    return with_parity(front + edc(front) + bytes(8) + bytes(276), True)


def form1(address, data):
    body = bytes([3, 1, 8, 0]) * 2 + data
    return with_parity(header(address, 2) + body + edc(body) + bytes(276), False)


def form2(address, data):
    body = bytes([3, 1, 0x20, 0]) * 2 + data
    return header(address, 2) + body + edc(body)


rng = random.Random(130)


def show(name, mode, address, outcome, right, damaged, c2=()):
    pointers = bytearray(294)
    for i in c2:
        pointers[i // 8] |= 1 << 7 - i % 8
    print(
        name, mode, address, outcome, right.hex(), bytes(damaged).hex(),
        pointers.hex() if c2 else "-")


def flip(sector, places):
    damaged = bytearray(sector)
    for i in places:
        damaged[i] ^= rng.randrange(1, 256)
    return damaged


def of_parity(name, mode, address, make, first):
    """Of sectors with P and Q; bytes before the first are not covered."""
    def fresh():
        return make(address, rng.randbytes(2048))

    covered = range(first, 2352)
    # Behind the EDC no byte of it is damaged: the data are right.
    for i in list(range(first, 2076 if mode != "mode1" else 2068, 37)) + [first, 2064]:
        right = fresh()
        show(f"{name}-one-at-{i}", mode, address, "repaired", right, flip(right, [i]))
    for count in (2, 3, 4):
        for turn in range(12):
            right, plane = fresh(), turn % 2
            cells = rng.sample(range(2, 1170), count - 1) + [rng.randrange(20, 900)]
            damaged = flip(right, {place(cell, plane) for cell in cells})
            show(f"{name}-{count}-in-a-plane-{turn}", mode, address, "repaired", right, damaged)
    # Where two columns cross two diagonals, no word has a single wrong byte.
    for turn in range(12):
        right = fresh()
        columns, diagonals = rng.sample(range(2, 43), 2), rng.sample(range(26), 2)
        cells = [q_word(d)[c] for c in columns for d in diagonals]
        if all(cell >= 1032 for cell in cells):
            continue
        damaged = flip(right, [place(cell, turn % 2) for cell in cells])
        show(f"{name}-rectangle-{turn}", mode, address, "repaired", right, damaged)
    # Three wrong bytes in a column that P finds right.
    right = fresh()
    damaged, word = bytearray(right), p_word(7)
    extra = parity([1 if i == 5 else 0 for i in range(24)])
    for cell, value in ((word[5], 1), (word[24], extra[0]), (word[25], extra[1])):
        damaged[place(cell, 0)] ^= value
    show(f"{name}-hidden-from-p", mode, address, "repaired", right, damaged)
    # The same with one of the eight zeros of mode 1, which the EDC doesn't cover, and a wrong byte
    # of data.
    if mode == "mode1":
        right = fresh()
        damaged, word = flip(right, [place(p_word(5)[3], 0)]), p_word(39)
        extra = parity([0] * 23 + [0x77])
        for cell, value in ((word[23], 0x77), (word[24], extra[0]), (word[25], extra[1])):
            damaged[place(cell, 0)] ^= value
        show(f"{name}-hidden-among-zeros", mode, address, "repaired", right, damaged)
    # A run of bytes has one in each word of P.
    for start in (first, 600, 1982):
        right = fresh()
        show(f"{name}-run-of-86-at-{start}", mode, address, "repaired", right,
             flip(right, range(start, start + 86)))
    # With C2, two in each word.
    for start in (first, 333, 1800):
        right, places = fresh(), range(start, start + 172)
        show(f"{name}-run-of-172-at-{start}", mode, address, "repaired", right,
             flip(right, places), places)
    # C2 that suspects more than is wrong, and C2 that suspects what is right.
    right = fresh()
    show(f"{name}-c2-half-right", mode, address, "repaired", right,
         flip(right, range(500, 672, 2)), range(500, 672))
    right = fresh()
    show(f"{name}-c2-wrong", mode, address, "repaired", right,
         flip(right, [90, 91, 92]), range(1000, 1172))
    right = fresh()
    damaged = flip(right, [0, 5, 11] + ([14] if first == 12 else []))
    show(f"{name}-sync", mode, address, "repaired", right, damaged)
    right = fresh()
    damaged = flip(flip(right, [3]), [200, 1500])
    show(f"{name}-sync-and-data", mode, address, "repaired", right, damaged)

    right = fresh()
    show(f"{name}-right", mode, address, "needless", right, right)
    damaged = flip(right, [2100, 2300])
    show(f"{name}-wrong-parity", mode, address, "needless", damaged, damaged)
    damaged = flip(right, range(first, 2352))
    show(f"{name}-noise", mode, address, "impossible", damaged, damaged)
    damaged = flip(right, rng.sample(covered, 700))
    show(f"{name}-700-wrong", mode, address, "impossible", damaged, damaged)
    show(f"{name}-nothing", mode, address, "impossible", bytes(2352), bytes(2352))
    # A wrong EDC that parity was made over, as on discs that are protected against copying.
    damaged = bytearray(right)
    damaged[2064 if mode == "mode1" else 2072] ^= 0x40
    damaged = with_parity(damaged, mode == "mode1")
    show(f"{name}-wrong-edc-right-parity", mode, address, "impossible", damaged, damaged)


of_parity("mode1", "mode1", 4711, mode1, 12)
of_parity("form1", "mode2-mixed", 123456, form1, 16)

right = form2(99, rng.randbytes(2324))
show("form2-right", "mode2-mixed", 99, "needless", right, right)
show("form2-sync", "mode2-mixed", 99, "repaired", right, flip(right, [1, 2]))
damaged = flip(right, [1000])
show("form2-wrong", "mode2-mixed", 99, "impossible", damaged, damaged)
unchecked = right[:2348] + bytes(4)
show("form2-without-edc", "mode2-mixed", 99, "needless", unchecked, unchecked)
plain = header(100, 2) + rng.randbytes(2336)
show("mode2-right", "mode2", 100, "needless", plain, plain)
plain = header(101, 2) + bytes(2336)
show("mode2-of-zeros", "mode2", 101, "needless", plain, plain)
plain = header(102, 0) + bytes(2336)
show("mode0-right", "mode1", 102, "needless", plain, plain)
