"""Makes images that are encrypted, split or hidden, of the kinds of make-packed.py and more, for the tests.

It is written from the formats' descriptions and shares nothing with the readers: make-guarded.py DIR
"""

import bz2
import ctypes
import hashlib
import hmac
import importlib.util
import lzma
import os
import random
import struct
import sys
import zlib

place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make-packed.py")
spec = importlib.util.spec_from_file_location("packed", place)
packed = importlib.util.module_from_spec(spec)
spec.loader.exec_module(packed)

PASSWORD = b"correct horse, battery staple"

# OpenSSL's ciphers, which Python does not offer.
crypto = ctypes.CDLL("libcrypto.so.3")
for name in ["EVP_CIPHER_CTX_new", "EVP_aes_128_ecb", "EVP_aes_192_ecb", "EVP_aes_256_ecb",
             "EVP_aes_128_cbc", "EVP_aes_256_cbc", "EVP_des_ede3_cbc"]:
    getattr(crypto, name).restype = ctypes.c_void_p
crypto.EVP_EncryptInit_ex.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_char_p] * 2
crypto.EVP_CIPHER_CTX_set_padding.argtypes = [ctypes.c_void_p, ctypes.c_int]
crypto.EVP_EncryptUpdate.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p,
                                     ctypes.c_char_p, ctypes.c_int]
crypto.EVP_CIPHER_CTX_free.argtypes = [ctypes.c_void_p]


def encrypt(cipher, key, data, vector=None):
    """Whole blocks; what is left stays as it is."""
    block = 8 if "des" in cipher else 16
    count = len(data) // block * block
    context = crypto.EVP_CIPHER_CTX_new()
    crypto.EVP_EncryptInit_ex(context, getattr(crypto, "EVP_" + cipher)(), None, key, vector)
    crypto.EVP_CIPHER_CTX_set_padding(context, 0)
    out, made = ctypes.create_string_buffer(count + 32), ctypes.c_int(0)
    crypto.EVP_EncryptUpdate(context, out, ctypes.byref(made), data, count)
    crypto.EVP_CIPHER_CTX_free(context)
    return out.raw[: made.value] + data[count:]


def padded(data, block):
    count = block - len(data) % block
    return data + bytes([count]) * count


# ISZ.


def xored(data):
    return bytes(byte ^ 0xFF ^ b"IsZ!"[i % 4] for i, byte in enumerate(data))


def isz(data, chunk=65536, width=3, sector=2048, header=64, table=True, cipher=0, key=b"",
        part=None, kinds="zlb", wrong=0):
    """The parts of an image: a list of one or more files."""
    chunks, number = [], 0
    for at in range(0, len(data), chunk):
        piece = data[at : at + chunk]
        if table and "z" in kinds and not any(piece):
            chunks.append((0, len(piece), b""))
            continue
        kind, body = 1, piece
        if table and (number % 2 or "b" not in kinds) and "l" in kinds:
            kind, body = 2, zlib.compress(piece)
        elif table and "b" in kinds:
            kind, body = 3, bytes(3) + bz2.compress(piece)[3:]
        if len(body) >= len(piece):
            kind, body = 1, piece
        number += 1
        if cipher:
            size = {2: 16, 3: 24, 4: 32}[cipher]
            body = encrypt("aes_%d_ecb" % (size * 8), key[:size].ljust(size, b"\0"), body)
        chunks.append((kind, len(body), body))
    stream = b"".join(body for _, _, body in chunks)
    pointers = b"".join(
        (kind << (8 * width - 2) | length).to_bytes(width, "little") for kind, length, _ in chunks
    )
    tables = 0
    if table:
        tables = len(pointers) + (24 * 8 if part else 0)
    first = header + tables

    def head(segment):
        pointer_place = (header + (24 * 8 if part else 0)) if table else 0
        begin = struct.pack(
            "<4sBBIHIBQIIBBIIIB", b"IsZ!", header, 1, 0x1234, sector, len(data) // sector, cipher,
            part or 0, len(chunks), chunk, width, segment, pointer_place,
            header if part and table else 0, first if segment == 0 else header, 0,
        )
        if header == 64:
            total = ~zlib.crc32(data) & 0xFFFFFFFF ^ wrong
            begin += struct.pack("<IIII", total, len(data), 0, ~zlib.crc32(stream) & 0xFFFFFFFF)
        return begin

    if not part:
        return [head(0) + (xored(pointers) if table else b"") + stream]
    # Which bytes of the stream each file has.
    cuts, at = [], 0
    while at < len(stream):
        room = part - (first if not cuts else header)
        cuts.append((at, min(len(stream), at + room)))
        at = cuts[-1][1]
    entries, files, left, index, start = b"", [], 0, 0, 0
    for segment, (low, high) in enumerate(cuts):
        begin = index
        place = (first if segment == 0 else header) + left
        while index < len(chunks) and (start < high or not chunks[index][2]):
            start += len(chunks[index][2])
            index += 1
        left = max(0, start - high)
        size = (first if segment == 0 else header) + high - low
        entries += struct.pack("<QIIII", size, index - begin, begin, place, left)
        files.append(stream[low:high])
    entries = xored(entries.ljust(24 * 8, b"\0"))
    if not table:
        return [head(i) + body for i, body in enumerate(files)]
    return [
        head(i) + ((entries + xored(pointers)) if i == 0 else b"") + body
        for i, body in enumerate(files)
    ]


# DAA.

MAPPINGS = [[0, 1, 2], [1, 2, 0], [0, 2, 1], [1, 0, 2]]


def swapped(data, mapping):
    """A stream of one deflate block, its kind written as another number."""
    if mapping == MAPPINGS[0]:
        return data
    assert data[0] & 1, "one block"
    kind = data[0] >> 1 & 3
    return bytes([data[0] & ~6 | mapping[kind] << 1]) + data[1:]


def deflate(data, mapping, level=9, strategy=0):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    return swapped(packer.compress(data) + packer.flush(), mapping)


def places(size, password):
    """Where the half bytes of so many bytes go: the slots of a board are taken one after the other."""
    count = 2 * size
    taken = [False] * count

    def walk(at, steps, low):
        while steps:
            at += 1
            if at >= count:
                at = low
            if not taken[at]:
                steps -= 1
        taken[at] = True
        return at

    first = password[0]
    if count <= 64:
        at, out = min(first >> 5, count - 1), []
        for _ in range(count):
            at = walk(at, 11, 0)
            out.append(at)
        return out
    at = (first >> 5) + 32
    taken[at] = True
    out = [at]
    at = first >> 5
    for i in range(1, count - 32):
        # The walk goes on from the low number, not from the slot that was taken.
        at = walk(at, password[i] if i < len(password) and password[i] else 11, 32)
        out.append(at)
    for _ in range(32):
        at = walk(at, first & 7 or 7, 0)
        out.append(at)
    if first & 24:
        taken, before, at, out = [False] * count, out, 0, []
        for _ in range(count):
            at = walk(at, first & 24, 0)
            out.append(before[at])
    return out


BOARDS = {}


def scrambled(data, password):
    out = b""
    for at in range(0, len(data), 128):
        piece = data[at : at + 128]
        which = (len(piece), password)
        if which not in BOARDS:
            BOARDS[which] = places(*which)
        halves = [piece[t // 2] >> (t % 2 * 4) & 15 for t in BOARDS[which]]
        out += bytes(halves[2 * i] | halves[2 * i + 1] << 4 for i in range(len(piece)))
    return out


def daa(data, version=0x100, gbi=False, unit=4, flags=0, order=0, lengths=17, kind_bits=1,
        choose="d", jumps=False, password=b"", cuts=(), naming=99):
    """The parts of an image."""
    chunk = unit << 14
    new = version == 0x110
    mapping = MAPPINGS[order ^ gbi] if new else MAPPINGS[0]
    sizes, stream = [], b""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    if jumps:
        filters.insert(0, {"id": lzma.FILTER_X86})
    for index, at in enumerate(range(0, len(data), chunk)):
        piece = data[at : at + chunk]
        if choose[index % len(choose)] == "l" and new:
            kind, body = 0, lzma.compress(piece, lzma.FORMAT_RAW, filters=filters)
        elif len(piece) < chunk:
            kind, body = 1, deflate(piece, mapping, 0)
        else:
            kind, body = 1, deflate(piece, mapping, 9, zlib.Z_FIXED if index % 3 == 0 else 0)
        if new and len(body) >= chunk:
            kind, body = 1, piece
        if new:
            body = body.ljust(6, b"\0")
        sizes.append((kind, len(body)))
        stream += scrambled(body, password) if password else body
    bits, position, table = 0, 0, b""
    if new:
        mask = b"\x0a\x35\x2d\x3f\x08\x33\x09\x15"
        for index, (kind, length) in enumerate(sizes):
            length -= 5
            if flags & 0x20000:
                turn = ((index & 255) ^ mask[index % 8]) * 0x01010101
                length ^= turn & (1 << lengths) - 1
                kind ^= turn & (1 << kind_bits) - 1
            bits |= length << position | kind << position + lengths
            position += lengths + kind_bits
        table = bits.to_bytes((position + 7) // 8, "little")
    else:
        for _, length in sizes:
            table += bytes([length >> 16, length & 255, length >> 8 & 255])
    descriptors = b""
    if cuts:
        descriptors += struct.pack("<IIIIQ", 1, 24, 1, 1, 0)
        names = bytes(5 * naming)
        descriptors += struct.pack("<IIII", 2, 16 + len(names), len(cuts) + 1, 1) + names
    if password:
        key = random.Random(3).randbytes(128)
        descriptors += struct.pack("<IIII", 3, 144, 0, zlib.crc32(key)) + scrambled(key, password)
    descriptors += struct.pack("<II", 4, 16) + b"comment\0"

    def with_table(stored, shown):
        start = 76 + len(descriptors)
        head = (b"GBI" if gbi else b"DAA").ljust(16, b"\0")
        size = chunk if not new else unit | flags | order << 23 | (0x100000 if "l" in choose else 0)
        head += struct.pack("<IIIIII", start, version, start + stored, 1, 0, size)
        head += struct.pack("<QQ", len(data), start + stored + len(stream))
        extra = bytearray(16)
        if new:
            extra[1:5] = struct.pack("<I", shown)
            extra[5] = (lengths - 10) << 3 | kind_bits
            extra[6] = jumps
            extra[7:12] = bytes([93]) + struct.pack("<I", 1 << 20)
        head += extra
        return head + struct.pack("<I", zlib.crc32(head))

    def hide(table, head):
        if flags & 0x8000000:
            sectors, out = len(data) // 2048, bytearray()
            for i, byte in enumerate(table):
                out.append((byte + sectors + i * (sectors >> 8)) & 255)
            table = bytes(out)
        if gbi:
            table = bytes(((byte ^ (len(table) >> 2 & 255)) + head[72]) & 255 for byte in table)
        return table

    if flags & 0x4000:
        # How it looks hidden depends on the header's sum, and the header on its packed size.
        shown = 0
        for _ in range(20):
            head = with_table(shown, shown)
            body = deflate(hide(table, head), mapping)
            if len(body) == shown:
                break
            shown = len(body)
        assert len(body) == shown
    else:
        head = with_table(len(table), 0)
        body = hide(table, head)
    files, low = [], 0
    for cut in list(cuts) + [len(stream)]:
        files.append(stream[low:cut])
        low = cut
    volume = (b"GBI VOL" if gbi else b"DAA VOL").ljust(16, b"\0") + struct.pack("<I", 64) + bytes(16)
    volume += struct.pack("<I", zlib.crc32(volume)) + struct.pack("<IIQQ", 1, 24, 0, 0)
    return [head + descriptors + body + files[0]] + [volume + rest for rest in files[1:]]


# Apple's encrypted, split and sparse images.


def blocks(data, size, key, sums, cipher):
    out = b""
    for number, at in enumerate(range(0, len(data), size)):
        vector = hmac.new(sums, struct.pack(">I", number), hashlib.sha1).digest()[:16]
        piece = data[at : at + size]
        piece += bytes(-len(piece) % 16)
        out += encrypt(cipher, key, piece, vector)
    return out


def encrcdsa(data, bits, password, block=4096, wrap="des", where=4096, rounds=1000):
    dice = random.Random(bits)
    key, sums, salt = dice.randbytes(bits // 8), dice.randbytes(20), dice.randbytes(20)
    size = 24 if wrap == "des" else 32
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, rounds, size)
    vector = dice.randbytes(8)
    if wrap == "des":
        blob = encrypt("des_ede3_cbc", derived, padded(key + sums + b"CKIE\0", 8), vector)
    else:
        blob = encrypt("aes_256_cbc", derived, padded(key + sums + b"CKIE\0", 16), vector + bytes(8))
    wrapped = struct.pack(">IIII32sI32sIIIII", 103, 0, rounds, 20, salt, 8, vector, size * 8,
                          17 if wrap == "des" else 0x80000001, 7, 6, len(blob)) + blob
    start = 8192
    head = struct.pack(">8sIIIIIII16sIQQ", b"encrcdsa", 2, 16, 5, 0x80000001, bits, 91, 160,
                       bytes(16), block, len(data), start)
    head += struct.pack(">IIQQIQQ", 2, 2, 5000, 10, 1, where, len(wrapped))
    head = head.ljust(where, b"\0") + wrapped
    return head.ljust(start, b"\0") + blocks(data, block, key, sums, "aes_%d_cbc" % bits)


def cdsaencr(data, password, rounds=1000):
    dice = random.Random(1)
    key, sums, salt = dice.randbytes(16), dice.randbytes(20), dice.randbytes(20)
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, rounds, 24)

    def wrap(secret):
        vector = dice.randbytes(8)
        inner = encrypt("des_ede3_cbc", derived, padded(bytes(4) + secret, 8), vector)
        turned = (vector + inner)[::-1]
        return encrypt("des_ede3_cbc", derived, padded(turned, 8), bytes.fromhex("4adda22c79e82105"))

    first, second = wrap(key), wrap(sums)
    assert (len(first), len(second)) == (40, 48)
    tail = struct.pack(">48xII48s32xI296sI300sI", rounds, 20, salt, len(first), first, len(second),
                       second, 0)
    return blocks(data, 4096, key, sums, "aes_128_cbc") + tail.ljust(1268, b"\0") + b"cdsaencr"


def segments(image, count):
    """Cuts a whole image: each part has its own trailer."""
    trailer = bytearray(image[-512:])
    size = struct.unpack(">Q", trailer[32:40])[0]
    data, rest = image[:size], image[size:-512]
    files, at = [], 0
    for number in range(count):
        end = size * (number + 1) // count
        body = data[at:end]
        extra = rest if number == 0 else b""
        trailer[16:24] = struct.pack(">Q", at)
        trailer[24:40] = struct.pack(">QQ", 0, len(body))
        trailer[56:64] = struct.pack(">II", number + 1, count)
        trailer[64:80] = b"the same in all."
        trailer[216:232] = struct.pack(">QQ", len(body) if extra else 0, len(extra))
        files.append(body + extra + bytes(trailer))
        at = end
    return files


def sparse(data, band, first=1008):
    """Bands in a mixed order without those of zeros; those behind the first ones have another node."""
    count = -(-len(data) // band)
    used = [i for i in range(count) if any(data[i * band : (i + 1) * band])]
    random.Random(4).shuffle(used)
    sectors = len(data) // 512
    places = 4096 + first * band
    more = used[first:]
    head = struct.pack(">4sIIIIQQ28x", b"sprs", 3, band // 512, 1, sectors, places if more else 0,
                       sectors if more else 0)
    head += b"".join(struct.pack(">I", i + 1) for i in used[:first])
    out = head.ljust(4096, b"\0")
    out += b"".join(data[i * band : (i + 1) * band].ljust(band, b"\0") for i in used[:first])
    if more:
        out = out.ljust(places, b"\0")
        node = struct.pack(">4sIIQ36x", b"sprs", 0, 1, 0)
        node += b"".join(struct.pack(">I", i + 1) for i in more)
        out += node.ljust(4096, b"\0")
        out += b"".join(data[i * band : (i + 1) * band].ljust(band, b"\0") for i in more)
    return out


def main(folder):
    image = packed.plain()

    def put(name, content):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)

    def put_all(names, contents):
        assert len(names) <= len(contents), len(contents)
        for i, content in enumerate(contents):
            put(names[i] if i < len(names) else names[-1] + str(i), content)

    for width in [2, 3, 4, 5, 8]:
        put("same-%d.isz" % width, isz(image, 8192 if width == 2 else 65536, width)[0])
    put("same-old.isz", isz(image, header=48)[0])
    put("same-zlib.isz", isz(image, kinds="zl")[0])
    put("same-none.isz", isz(image, table=False)[0])
    put("wrong.isz", isz(image, wrong=1)[0])
    for cipher in [2, 3, 4]:
        put("locked-%d.isz" % cipher, isz(image, cipher=cipher, key=PASSWORD)[0])
    put("password.isz", isz(image, cipher=2, key=PASSWORD)[0].replace(
        struct.pack("<IB", len(image) // 2048, 2), struct.pack("<IB", len(image) // 2048, 1), 1))
    parts = isz(image, part=90000)
    put_all(["split-1.isz", *("split-1.i%02d" % i for i in range(1, len(parts)))], parts)
    put_all(["split-2.part%02d.isz" % (i + 1) for i in range(len(parts))], parts)
    put_all(["split-3.part%03d.isz" % (i + 1) for i in range(len(parts))], parts)
    parts = isz(image, part=300000, table=False)
    put_all(["split-4.isz", *("split-4.i%02d" % i for i in range(1, len(parts)))], parts)
    # 3 GiB, of which the beginning and the end are something.
    count = (3 << 30) // 65536
    pieces = {0: image[:65536], count - 1: image[200000 : 200000 + 65536]}
    bodies = {i: zlib.compress(piece) for i, piece in pieces.items()}
    pointers = b"".join(
        ((2 << 22 | len(bodies[i])) if i in bodies else 65536).to_bytes(3, "little")
        for i in range(count)
    )
    head = struct.pack("<4sBBIHIBQIIBBIIIB", b"IsZ!", 48, 1, 1, 2048, 3 << 19, 0, 0, count, 65536, 3,
                       0, 48, 0, 48 + len(pointers), 0)
    put("huge.isz", head + xored(pointers) + bodies[0] + bodies[count - 1])

    put("same-1.daa", daa(image)[0])
    put("same-1.gbi", daa(image, gbi=True)[0])
    new = {"version": 0x110}
    put("same-lzma.daa", daa(image, **new, choose="l")[0])
    put("same-both.daa", daa(image, **new, choose="ld", unit=1, lengths=15)[0])
    put("same-jumps.daa", daa(image, **new, choose="l", jumps=True)[0])
    # Bytes that look like calls everywhere.
    dice = random.Random(8)
    code = bytes(dice.choice(b"\xe8\xe8\xe9\0\0\xff\xff\x01\x80") for _ in range(150000 // 2048 * 2048))
    code = image[:86016] + code + image[86016 + len(code) :]
    put("jumps.iso", code)
    put("jumps.daa", daa(code, **new, choose="l", jumps=True)[0])
    for order in range(4):
        put("same-order-%d.daa" % order, daa(image, **new, unit=1, order=order)[0])
    put("same-2.gbi", daa(image, **new, gbi=True, unit=1)[0])
    put("same-packed.daa", daa(image, **new, unit=1, flags=0x4000)[0])
    put("same-packed.gbi", daa(image, **new, unit=1, flags=0x4000, gbi=True)[0])
    put("same-bits.daa", daa(image, **new, unit=1, flags=0x20000, choose="ld", kind_bits=2)[0])
    put("same-hidden.daa", daa(image, **new, unit=1, flags=0x8000000)[0])
    put("same-all.daa", daa(image, **new, unit=1, flags=0x8024000, order=3, choose="dl")[0])
    put("locked-1.daa", daa(image, password=PASSWORD)[0])
    put("locked-2.daa", daa(image, **new, unit=1, choose="ld", password=b"\x99x\0\xfe!")[0])
    cuts = (50000, 50010, 120000)
    put_all(["split-1.part%02d.daa" % i for i in range(1, 5)], daa(image, cuts=cuts))
    put_all(["split-2.part%03d.daa" % i for i in range(1, 5)], daa(image, cuts=cuts, naming=512))
    put_all(["split-3.daa", "split-3.d00", "split-3.d01", "split-3.d02"],
            daa(image, **new, cuts=cuts, naming=101))

    whole = packed.dmg(image, 0x80000005, zlib.compress)
    put("locked-128.dmg", encrcdsa(whole, 128, PASSWORD))
    put("locked-256.dmg", encrcdsa(whole, 256, PASSWORD, block=512, where=680))
    put("locked-aes.dmg", encrcdsa(image, 256, PASSWORD, wrap="aes"))
    put("locked-old.dmg", cdsaencr(image[:-512 * 3] + bytes(512 * 3), PASSWORD))
    put("slow.dmg", encrcdsa(whole, 128, PASSWORD).replace(
        struct.pack(">III", 103, 0, 1000), struct.pack(">III", 103, 0, 0x7FFFFFFF)))
    put_all(["split-5.dmg", "split-5.002.dmgpart", "split-5.003.dmgpart"], segments(whole, 3))
    put("same.sparseimage", sparse(image, 16384))
    bundle = os.path.join(folder, "bundle.sparsebundle")
    os.makedirs(os.path.join(bundle, "bands"))
    band = 16384
    for i in range(-(-len(image) // band)):
        piece = image[i * band : (i + 1) * band].rstrip(b"\0")
        if piece:
            put("bundle.sparsebundle/bands/%x" % i, piece)
    put("bundle.sparsebundle/token", b"")
    put("bundle.sparsebundle/Info.plist", (
        '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>'
        "<key>band-size</key><integer>%d</integer><key>bundle-backingstore-version</key>"
        "<integer>1</integer><key>diskimage-bundle-type</key>"
        "<string>com.apple.diskimage.sparsebundle</string><key>size</key><integer>%d</integer>"
        "</dict></plist>" % (band, len(image))).encode())
    put("same-nodes.sparseimage", sparse(image, 512, first=300))


if __name__ == "__main__":
    main(sys.argv[1])
