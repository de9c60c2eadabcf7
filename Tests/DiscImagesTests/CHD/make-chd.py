"""Makes CHD images of every kind, for the tests of the reader: make-chd.py DIR

It is written from what the format says and shares nothing with the reader or the writer. Beside each
image lie its sectors, 2352 bytes each, sound with its low byte first, as NAME.raw; NAME.sub is the
subchannel. Codecs that Python lacks are used in their plainest form: blocks that are not packed.
"""

import hashlib
import lzma
import os
import random
import struct
import sys
import zlib

FRAME = 2448


def crc16(data, polynomial=0x1021, start=0xFFFF):
    value = start
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value & 0x8000 else 0)) & 0xFFFF
    return value


def crc8(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ (0x07 if value & 0x80 else 0)) & 0xFF
    return value


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def lzma1(data):
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    return lzma.compress(data, format=lzma.FORMAT_RAW, filters=filters)


def zstd(data):
    """A frame of blocks that are not packed (RFC 8878 3.1.1)."""
    out = struct.pack("<IBI", 0xFD2FB528, 0xA0, len(data))
    for at in range(0, len(data), 65536):
        block = data[at : at + 65536]
        last = at + 65536 >= len(data)
        out += struct.pack("<I", len(block) << 3 | last)[:3] + block
    return out


def flac(data, big, length):
    """Frames whose samples are not packed (RFC 9639 9)."""
    out = b""
    samples = struct.unpack((">" if big else "<") + "%dh" % (len(data) // 2), data)
    for number, at in enumerate(range(0, len(samples), 2 * length)):
        block = samples[at : at + 2 * length]
        count = len(block) // 2
        # 16 bits of block size, 44.1 kHz, two channels, 16 bits.
        header = bytes([0xFF, 0xF8, 0x79, 0x18, number]) + struct.pack(">H", count - 1)
        frame = header + bytes([crc8(header)])
        for channel in range(2):
            frame += b"\x02" + struct.pack(">%dh" % count, *block[channel::2])
        out += frame + struct.pack(">H", crc16(frame, 0x8005, 0))
    return out


def huff(data):
    """A Huffman code whose codes all have 8 bits, and so are the bytes themselves."""
    bits = "001" + "111" + "000" + "001" + "111"  # of the small code: 0 and 9 have one bit each
    bits += "1" + "0" + "111" + format(255 - 9, "08b")
    bits += "".join(format(byte, "08b") for byte in data)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def halves(hunk):
    frames = [hunk[at : at + FRAME] for at in range(0, len(hunk), FRAME)]
    return b"".join(f[:2352] for f in frames), b"".join(f[2352:] for f in frames), len(frames)


def of_cd(base, side):
    def pack(hunk):
        main, sub, frames = halves(hunk)
        marks = bytearray((frames + 7) // 8)
        main = bytearray(main)
        for i in range(frames):
            sector = bytes(main[i * 2352 : (i + 1) * 2352])
            if sector in REGULAR:
                marks[i // 8] |= 1 << i % 8
                main[i * 2352 : i * 2352 + 12] = bytes(12)
                main[i * 2352 + 2076 : (i + 1) * 2352] = bytes(276)
        packed = base(bytes(main))
        return bytes(marks) + len(packed).to_bytes(2 if len(hunk) < 65536 else 3, "big") + packed + side(sub)

    return pack


def cd_flac(hunk):
    main, sub, _ = halves(hunk)
    return flac(main, True, 2352) + deflate(sub)


PACK = {
    "zlib": deflate,
    "lzma": lzma1,
    "zstd": zstd,
    "huff": huff,
    "flac": lambda hunk: b"B" + flac(hunk, True, 2048),
    "flac-little": lambda hunk: b"L" + flac(hunk, False, 2048),
    "cdzl": of_cd(deflate, deflate),
    "cdlz": of_cd(lzma1, deflate),
    "cdzs": of_cd(zstd, zstd),
    "cdfl": cd_flac,
    # Damaged: a wrong byte of subchannel, subchannel that is none, and sectors from elsewhere.
    "cdzl-side": of_cd(deflate, lambda sub: deflate(bytes([sub[0] ^ 1]) + sub[1:])),
    "cdzl-cut": of_cd(deflate, lambda sub: b"\xff"),
    "cdzl-moved": lambda hunk: PACK["cdzl"](MOVED[0]),
}
MOVED = []


class Bits:
    def __init__(self):
        self.text = ""

    def add(self, value, count):
        if count:
            self.text += format(value, "0%db" % count)

    def bytes(self):
        text = self.text + "0" * (-len(self.text) % 8)
        return int(text or "0", 2).to_bytes(len(text) // 8, "big")


def packed_map(entries, hunk, unit):
    """Entries are (type as it is written, length, place, checksum); runs are made of some of them."""
    bits = Bits()
    # All 16 types have 4 bits: a run of 3 + 13.
    for value in (1, 4, 13):
        bits.add(value, 4)
    at = 0
    last = 0
    while at < len(entries):
        kind = entries[at][0]
        run = 1
        while at + run < len(entries) and entries[at + run][0] == kind:
            run += 1
        if kind == last and run >= 19:
            run = min(run, 274)
            for value in (8, (run - 19) >> 4, (run - 19) & 15):
                bits.add(value, 4)
        elif kind == last and run >= 3:
            run = min(run, 18)
            bits.add(7, 4)
            bits.add(run - 3, 4)
        else:
            run = 1
            bits.add(kind, 4)
        last = kind
        at += run
    raw = b""
    first = next((e[2] for e in entries if e[0] <= 4), 0)
    for kind, length, place, check in entries:
        if kind < 4:
            bits.add(length, 24)
            bits.add(check, 16)
        elif kind == 4:
            bits.add(check, 16)
        elif kind in (5, 6):
            bits.add(place, 20)
        base = 5 if kind in (9, 10) else 6 if kind in (11, 12, 13) else kind
        raw += bytes([base]) + length.to_bytes(3, "big") + place.to_bytes(6, "big")
        raw += struct.pack(">H", check)
    body = bits.bytes()
    head = struct.pack(">I", len(body)) + first.to_bytes(6, "big") + struct.pack(">H", crc16(raw))
    return head + bytes([24, 20, 20, 0]) + body


def write(path, data, hunk, unit, codecs, pieces, parent=None, same=True):
    """Writes an image; of the codecs each hunk takes the next one."""
    out = bytearray(124)
    metadata = 0
    if pieces:
        metadata = len(out)
        for i, (tag, text) in enumerate(pieces):
            start = len(out) + 16 + len(text)
            out += tag + struct.pack(">I", 1 << 24 | len(text))
            out += struct.pack(">Q", start if i + 1 < len(pieces) else 0) + text
    hunks = [data[at : at + hunk].ljust(hunk, b"\0") for at in range(0, len(data), hunk)]
    names = [codec.split("-")[0].encode() for codec in codecs]
    if codecs:
        entries = []
        seen = {}
        last = 0
        units = 0
        for number, content in enumerate(hunks):
            here = number * (hunk // unit)
            place = parent[1].find(content) if parent else -1
            if same and content in seen:
                other = seen[content]
                kind = 9 if other == last else 10 if other == last + 1 else 5
                entries.append((kind, 0, other, 0))
                last = other
                continue
            if parent and place >= 0 and place % unit == 0:
                if parent[1][here * unit :].startswith(content):
                    place = here * unit
                place //= unit
                kind = 11 if place == here else 12 if place == units else 6
                if place == units + hunk // unit and place != here:
                    kind = 13
                entries.append((kind, 0, place, 0))
                units = place
                continue
            seen[content] = number
            check = crc16(content)
            kind = number % (len(codecs) + 1)
            body = PACK[codecs[kind]](content) if kind < len(codecs) else content
            entries.append((kind if kind < len(codecs) else 4, len(body), len(out), check))
            out += body
        place = len(out)
        out += packed_map(entries, hunk, unit)
    else:
        place = len(out)
        start = -(-(len(out) + 4 * len(hunks)) // hunk)
        body = b""
        for content in hunks:
            if any(content):
                out += struct.pack(">I", start + len(body) // hunk)
                body += content
            else:
                out += bytes(4)
        out += bytes(start * hunk - len(out)) + body
    raw = hashlib.sha1(data).digest()
    sums = sorted(tag + hashlib.sha1(text).digest() for tag, text in pieces)
    total = hashlib.sha1(raw + b"".join(sums)).digest()
    tags = b"".join(names).ljust(16, b"\0")
    out[:124] = struct.pack(">8sII", b"MComprHD", 124, 5) + tags + struct.pack(
        ">QQQII", len(data), place, metadata, hunk, unit
    ) + raw + total + (parent[0] if parent else bytes(20))
    with open(path, "wb") as file:
        file.write(out)
    return total


# Sectors of data: all that follows from their data is made by a table of the field and long division.

def edc(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xD8018001 if value & 1 else 0)
    return struct.pack("<I", value)


def times(a, b):
    result = 0
    while b:
        if b & 1:
            result ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return result


DOUBLE = [times(x, 2) for x in range(256)]
TRIPLE = [times(x, 3) for x in range(256)]


def parity(message):
    high = low = 0
    for byte in message:
        top = byte ^ high
        high, low = low ^ TRIPLE[top], DOUBLE[top]
    return high, low


def finish(sector, blank):
    sector = bytearray(sector)
    kept = bytes(sector[12:16])
    if blank:
        sector[12:16] = bytes(4)
    for plane in range(2):
        for column in range(43):
            places = [12 + 2 * (43 * i + column) + plane for i in range(26)]
            a, b = parity([sector[p] for p in places[:24]])
            sector[places[24]], sector[places[25]] = a, b
        for diagonal in range(26):
            places = [12 + 2 * ((44 * i + 43 * diagonal) % 1118) + plane for i in range(43)]
            a, b = parity([sector[p] for p in places])
            sector[12 + 2 * (1118 + diagonal) + plane] = a
            sector[12 + 2 * (1144 + diagonal) + plane] = b
    if blank:
        sector[12:16] = kept
    return bytes(sector)


def head(address, mode):
    frames = address + 150
    digits = [frames // 4500, frames // 75 % 60, frames % 75]
    return bytes([0] + [255] * 10 + [0] + [d // 10 * 16 + d % 10 for d in digits] + [mode])


REGULAR = set()


def mode1(address, data):
    sector = head(address, 1) + data
    sector = finish(sector + edc(sector) + bytes(284), False)
    REGULAR.add(sector)
    return sector


def form1(address, data):
    body = bytes([0, 0, 8, 0]) * 2 + data
    sector = finish(head(address, 2) + body + edc(body) + bytes(276), True)
    REGULAR.add(sector)
    return sector


def main(folder):
    dice = random.Random(4)
    words = bytes(dice.randrange(256) for _ in range(400))

    def user(i):
        start = i * 7 % 300
        return (words[start : start + 100] * 21)[:2048]

    data = [mode1(i, user(i) if i % 5 else bytes(2048)) for i in range(75)]
    data[20] = data[20][:2100] + bytes([data[20][2100] ^ 1]) + data[20][2101:]
    xa = [form1(75 + i, user(i + 3)) for i in range(30)]
    sound = [bytes(dice.randrange(256) for _ in range(2352)) for _ in range(42)]
    sound[8:18] = [bytes(2352)] * 10
    side = [bytes((i * 5 + k * 3) & 255 for k in range(96)) for i in range(147)]

    def swap(sector):
        return bytes(sector[i ^ 1] for i in range(2352))

    def frames(tracks, with_side):
        out, sub, number = b"", b"", 0
        for sectors, is_sound in tracks:
            for sector in sectors:
                out += (swap(sector) if is_sound else sector)
                out += side[number] if with_side else bytes(96)
                sub += side[number]
                number += 1
            out += bytes(FRAME) * (-len(sectors) % 4)
        return out, sub

    tracks = [(data, False), (xa, False), (sound, True)]
    types = ["MODE1_RAW", "MODE2_RAW", "AUDIO"]

    def text(tag, with_side=False):
        result = []
        for i, (sectors, _) in enumerate(tracks):
            line = "TRACK:%d TYPE:%s SUBTYPE:%s FRAMES:%d" % (
                i + 1, types[i], "RW_RAW" if with_side else "NONE", len(sectors)
            )
            if tag == b"CHT2":
                # The last track has a pregap, which is stored.
                line += " PREGAP:%d PGTYPE:%s PGSUB:NONE POSTGAP:0" % (
                    (6, "VAUDIO") if i == 2 else (0, "MODE1")
                )
            result.append((tag, line.encode() + b"\0"))
        return result

    raw = b"".join(sector for sectors, _ in tracks for sector in sectors)

    def save(name, data, *rest, **more):
        return write(os.path.join(folder, name + ".chd"), data, *rest, **more)

    def keep(name, content, ending=".raw"):
        with open(os.path.join(folder, name + ending), "wb") as file:
            file.write(content)

    plain, sub = frames(tracks, False)
    both, _ = frames(tracks, True)
    for name, codecs, hunk in (
        ("cd-zlib", ["cdzl"], 19584), ("cd-lzma", ["cdlz"], 19584), ("cd-zstd", ["cdzs"], 19584),
        ("cd-flac", ["cdfl"], 19584), ("cd-all", ["cdlz", "cdzl", "cdfl", "cdzs"], 19584),
        ("cd-plain-codecs", ["zlib", "lzma", "huff", "flac"], 19584), ("cd-none", [], 19584),
        ("cd-small", ["cdzl", "cdfl"], 2448), ("cd-large", ["cdzl", "cdlz"], 32 * 2448),
    ):
        save(name, plain, hunk, FRAME, codecs, text(b"CHT2"))
        keep(name, raw)
    save("cd-side", both, 19584, FRAME, ["cdzl", "cdlz", "cdfl", "cdzs"], text(b"CHT2", True))
    keep("cd-side", raw)
    keep("cd-side", sub, ".sub")
    save("bad-side", both, 19584, FRAME, ["cdzl-side", "cdzl-cut"], text(b"CHT2", True))
    keep("bad-side", raw)
    keep("bad-side", sub, ".sub")
    MOVED.append(plain[:19584])
    # With a sample of its own, for what “cd-child” needs is known by its sum.
    other = plain[:-2000] + bytes([plain[-2000] ^ 1]) + plain[-1999:]
    save("bad-place", other, 19584, FRAME, ["cdzl-moved"], text(b"CHT2"))
    save("cd-old", plain, 19584, FRAME, ["cdzl"], text(b"CHTR"))
    keep("cd-old", raw)
    for name, order in (("cd-oldest", ">"), ("cd-oldest-little", "<")):
        body = struct.pack(order + "I", 3)
        for i, kind in enumerate((1, 6, 7)):
            count = len(tracks[i][0])
            body += struct.pack(order + "6I", kind, 2, 2352, 0, count, -count % 4)
        save(name, plain, 19584, FRAME, ["cdzl"], [(b"CHCD", body.ljust(4 + 24 * 99, b"\0"))])
        keep(name, raw)
    total = save("cd-parent", plain, 19584, FRAME, ["cdzl"], text(b"CHT2"))
    keep("cd-parent", raw)
    changed = bytearray(plain)
    # A hunk that is new, one from elsewhere in the parent, and those that follow that one.
    changed[3 * 19584 + 100] ^= 255
    changed[6 * 19584 : 9 * 19584] = plain[FRAME : FRAME + 3 * 19584]
    wanted = bytearray(raw)
    wanted[24 * 2352 + 100] ^= 255
    wanted[48 * 2352 : 72 * 2352] = raw[2352 : 2352 + 24 * 2352]
    save("cd-child", bytes(changed), 19584, FRAME, ["cdzl"], text(b"CHT2"), parent=(total, plain))
    keep("cd-child", bytes(wanted))
    iso = b"".join(user(i) if i % 3 else bytes(2048) for i in range(400))
    iso = iso[: 16 * 2048] + b"\x01CD001\x01" + iso[16 * 2048 + 7 :]
    for name, codecs, pieces in (
        ("dvd-all", ["lzma", "zlib", "huff", "flac"], [(b"DVD ", b"\0")]),
        ("dvd-little", ["flac-little", "zstd"], [(b"DVD ", b"\0")]), ("dvd-none", [], []),
    ):
        save(name, iso, 4096, 2048, codecs, pieces)
        keep(name, iso, ".iso")


main(sys.argv[1])
