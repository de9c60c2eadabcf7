"""Makes files that claim far more than they are of use for, and measures what reading them takes.

hostile-sizes.py make KIND FILE
hostile-sizes.py measure COMMAND...     prints the exit code and the most memory, in MiB
"""

import resource
import struct
import subprocess
import sys
import zlib


def flac(file):
    """Blocks of comments that are all long texts, and one with a title."""
    def block(kind, body, last=False):
        file.write(bytes([kind | (0x80 if last else 0)]) + len(body).to_bytes(3, "big") + body)

    def comments(texts):
        return struct.pack("<II", 0, len(texts)) + b"".join(
            struct.pack("<I", len(text)) + text for text in texts)

    file.write(b"fLaC")
    block(0, struct.pack(">HH", 4096, 4096) + bytes(6)
          + ((44100 << 44) | (1 << 41) | (15 << 36) | (588 * 100)).to_bytes(8, "big") + bytes(16))
    block(4, comments([b"TITLE=Kept", b"ARTIST=" + b"x" * (1 << 20)] + [b"ALBUM=y"] * 5000))
    long = comments([b"TITLE=" + b"t" * 60000] * 68)
    for number in range(100):
        block(4, long, number == 99)


def ape(file):
    """A tag of many long items behind a file of MPEG audio."""
    frame = bytes([0xFF, 0xFB, 0x90, 0x00]) + bytes(413)
    file.write(frame * 200)
    items = bytearray()
    for number in range(300):
        text = b"x" * (1 << 20)
        items += struct.pack("<II", len(text), 0) + b"Title\0" + text
    items += struct.pack("<II", 2 << 20, 0) + b"Album\0" + b"y\0" * (1 << 20)
    file.write(items + b"APETAGEX" + struct.pack("<IIII", 2000, len(items) + 32, 301, 0) + bytes(8))


def chd(file, hunks):
    """A map in which all hunks but the first are the same as that one."""
    bits = ""
    # Codes of two bits for the symbols 4, 8, 9 and 15; none for the others.
    lengths = [2 if symbol in (4, 8, 9, 15) else 0 for symbol in range(16)]
    for length in lengths:
        bits += format(length, "04b")
    code = {4: "00", 8: "01", 9: "10", 15: "11"}
    bits += code[4] + code[9]
    left = hunks - 2
    bits += (code[8] + code[15] + code[15]) * (left // 274 + 1)
    bits += "0" * 16
    bits += "0" * (-len(bits) % 8)
    map = int(bits, 2).to_bytes(len(bits) // 8, "big")
    header = b"MComprHD" + struct.pack(">II", 124, 5) + b"zlib" + bytes(12)
    header += struct.pack(">QQQII", hunks * 4096, 124 + 4096, 0, 4096, 2048) + bytes(60)
    file.write(header + bytes(4096))
    file.write(struct.pack(">I", len(map)) + (124).to_bytes(6, "big") + bytes([0, 0, 8, 32, 32, 0]) + map)


def daa(file):
    """A packed table of more chunks than any disc has."""
    head = bytearray(76)
    head[0:3] = b"DAA"
    # 0x110, chunks of 16 KiB, and a table that is packed.
    struct.pack_into("<I", head, 16, 76)
    struct.pack_into("<I", head, 20, 0x110)
    struct.pack_into("<I", head, 24, 200)
    struct.pack_into("<I", head, 36, 1 | 0x4000)
    struct.pack_into("<Q", head, 40, (1 << 38) - 1)
    struct.pack_into("<I", head, 57, 100)
    head[61] = 1
    struct.pack_into("<I", head, 72, zlib.crc32(bytes(head[:72])))
    file.write(head + bytes(1000))


def make(kind, path):
    with open(path, "wb") as file:
        if kind == "flac":
            flac(file)
        elif kind == "ape":
            ape(file)
        elif kind == "chd-most":
            chd(file, 1 << 25)
        elif kind == "chd-many":
            chd(file, (1 << 23) + 1)
        elif kind == "daa":
            daa(file)
        else:
            sys.exit(f"no kind {kind}")


def measure(command):
    outcome = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(outcome.stdout.decode(errors="replace"))
    print(f"\n{outcome.returncode} {peak // 1024}")


if sys.argv[1] == "make":
    make(sys.argv[2], sys.argv[3])
else:
    measure(sys.argv[2:])
