"""Makes packed images of every kind out of two plain ones, for the tests of the readers.

It is written from the formats' descriptions and shares nothing with the readers: make-packed.py DIR
"""

import base64
import bz2
import gzip
import lzma
import os
import random
import struct
import sys
import zlib

# Made with Apple's own library: a block with tables, and one of LZVN.
LZFSE_TABLES = base64.b64decode(
    "YnZ4MgBAAAAIAXAIAEUEEPN3Hnj+fghgrQAAAD8MQALPwYkAAACACKAezOyTpUcHMAQAgPsnoBxczJujg7kO5l4nJxfz4mLO"
    "PceYI2kEAAAA4AAAgAEAAAAAwD8AAAAAvAbPxbfxXLwKb8L38C68DS8CAAAAAAAAAAAAcDAOju7HOBgMODqAo8MjAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAATq/yN5boMRkiRUyvO+GBvmxVuk/idXc2r/x9uGIaZ7Iox5wGrMyH"
    "zrWmFIrPdTxRnymfA87kehRGO7qc2z/5VNY1OKEHXijFXTYiI7sM2b6e/IedWQnNA3LHG42I7AUL+kK+WxG6imWomCN/4tuG"
    "NmQ+/rCBiE8dAkMd98a7kgbRBgEAAAAAAAAAAAAAYIT4b6zf4DCrUYeau+TXHn6P6OafGb1IQFyJzPPQQ0MDUynXF9c9QHW6"
    "G5GUme/lEh+MvAfRnaGwO3nqHDgr+TwxsaUaxx6bfbr/C/gPxXI28Nf+rBLs2yvdACXUXpPhPagxr9TYeMNj0E2+gAo4+Nro"
    "3ugtKXKBJFdhWOQ83kWJWt/zBh8DCWyxBINLoSr9x4L8j06pHHffRdyGOl5w6lveO6ZtgRa4wPJZ1Pebg+Gfuw59SszBJTHv"
    "eIdSZ0Il813dymGXwWM/qhj4PArNJOPDE3ae7oJ9LAiXlmsdZUzkiNnBHY2TIVH4qxIV3YEXmIQoFn8eW/InJN6KqijH9OZS"
    "5u0De28tsoyfwqEZUYVYRI83T702dinmasyXtrkgbt4bzEwAnbMvfuT62mtvp9nLfozdK342ISXFqfZ4Nqbm9nsDDXV9EkCK"
    "TAQ8rPRcirL/CQDMx63YHHXZy6g1dKJoD2s/DP4Bj00pm7melTLpjXEAEIhmk1kDJfaT0AlVd07XgQdTCDZ/RgTpKs3Hu71c"
    "ZRNd+J0/HWGqg5TG235jp+yUkLr/Iam8HV0GWAJCztgvJupgntsT+Ac33pIBqoXCa9+6C/PzdHHpTw+whOeVSWGrwl/gVMeU"
    "nAx0lFQ3DoXlWZBhfEGULZXLQWEaazM0cp7rfsWk+LmvKyJP1Okmo818gT+TJI2kRwPwACyqIQoUVzhXVWrarbbuOwnWBwHU"
    "eXh3MzKjGZ7EFlAHmZbNH8Ds8+jP/Qx59UpfHWNXBKzyoBn8+r2BcInBY33DLrLGje7m5VM/qMDMgM1cnYGXKcg03QhWG/Sa"
    "oG9uk/c76MpAXtJd1BaaxP9cU4I7WckF5pLXFuJT1gmsKcyKP6V31Ou0/E15hWWGxk0X3XVTz0CWcVYIQMEWhq+qKT5JiR1Z"
    "H6sGkdiaPdCahUGXImLGEvyGdciBh1k4mAI5kKPa5BAoV9IO3fFa15VRfUqgsM/9ppGitaK9sxsymbN8du7qdh+a4cvL/iMh"
    "D9bLwSfvRoiCjyPzKTYLF6G/L+iqaK6yPNTwsV/2QkQjldJyZNlE6LkPHLjpLfNBIyX3S5eco2rODEUU/SCtaOiPkjTqwIsT"
    "xeoxkF8isHHlpzBEiU4qrUGyPJt6cmRBn+uPF/XAmxZ67HTmeVeIOef1fInBDiMCiNkyWUG9CRAD6fws5gHeOe+teoi3LnLC"
    "PfzZ8mxU8nl/8mKfvdjLYKd40hTTe39yKizR1BIF+A6NfT3AjqCVmRYqZAvDRfu8GJCBdN5rFWmD/ae/eppBMbUcxFDzEbRE"
    "PNPwmtqis1sMlHU7jYxxNug+LdYzOn3s76x9toWn/pZMlGu212qadf+nyUjL7QsjnwtIOdU0g9fIw4d8kM8qRYMkTMlrdJTV"
    "ZYk4FZoi1IOdfEP0OPoRtBaOY6eWH22IdyY/C8Vf+RUWr6FVtpd/0TbwkxIXW/PDrHi6pasLAV+MtncKxh2P6f+QWVAmnVAR"
    "NQqcqafDtzI5/tJYSqfQ8ZRbGKdDRK4ul0kfh9LeoMEVuAWn75GcM0ZicIwvHCwOVJVMYH6Sm1IhDKCQW+D7IwawJxsm+Ic7"
    "loDPWaAE9V1BfKbu9xafBpExPb8rexiUf6FGyUMx9z8EH25e16yEsAujRNHmfkJk4W1tEoFsD6f5GiEAVydA2FInUP1A2ZEw"
    "pouaKdnatxQ2QfefsVyitcO2P4mRztoMM4vv4FF5EN7GxTFdBbv+On6QKZQXPorpfVSDb15lUqhfrjWrrvqDhqel/XlPAVij"
    "Eu4SX9dvfvMO8cYSe7XrHkvicRyU0wkorJPbkLsufCNcC9HpDudjAt7ewDLq8hJjvwQPACizQBXsxQAhtZ5FDkmegZQi3yF7"
    "Vy8TZIiVfcGDj5PZadFrltIdwHepOCr8AbyzmBMJ/DQBzDnyei+RunC5tL2hzxwrN1Rh1ixyx4UTCD9YEvVJ7atPiBdtJj1w"
    "AYWQ/W5wghbxoUWf8nIfBJeMGrWawLgKSHfQr4r3zZOvFrWbh0A4ci55PrwS4WFY93t71hBk76xzng0mjVhC2D00ZYRANqTs"
    "2tbbxLQGyyRdjMd+DCfza7iFjjYdOje5EMunP5OBAzYX7uhuYTaLizm+xfjN2bhOXWLnaatvnM/kz+0ajVTlInUUcpTA3Pbq"
    "W4DL8155PfOOeerWBPtSC+UefVj1jX0G2G6ezRgZtAINZnZMIBXkUT1S6yDbXS6IGCJZmC+M7e+7ee8kKw98L+ckEB/XvAcR"
    "JsMV8HOEjtdTbP7foUQ5yNCnxT6gphAO9snpli8vnP1BOVVs8eCobqVf4OLBhdqvm9MizcI8qdggT7wia/sN8NylbSbpaKnB"
    "VE2XAhbLXVaI7luLvR6jh6fVEb9yE+lRiJiBdndqjR0EoRQqRrJBcBEDSWoLg3RT4e+9tfHZbmUUo+lrtWEeZhBG06pAzdSM"
    "wmWAQMzHl7i8xNUfiniSQr8o+4KLVm48o0rkHqOuWZJge2BTRQWFkI7bRD1NZ+VTaPFeCvcDv3nRPdDKSATK7ayGk46UOsd8"
    "bGQxF/D8ak6MZTgKg8iP5+vjigB7lsznAtLHcCplkfRraIc+KOrwBmqOcB43CMTMkktJTVAPfmQxYL8psSw/vt276UECYkJg"
    "s+LyT86OXXvSjc41+5ciGJTjbP6mHfO0573n669a+zNeLOohHigEW/qdsQja6GOwyx7hVxHHx5Vq1mtsWKriLp4mxKjTjSjq"
    "I6yUhN4ZMQZpwjg0ll0yeeIxCubZ/TGdYu76ZDKDulPtMbcPD1/Hwi/qLsyjqhFPgcgl9NZMk10p6yo91Cpp0RNfLx/G8QLA"
    "+TNTJHOxMrP7ORFDGCWTpT3Chda9kEyBwR/zC2oz5uXUfGJ2eCQ="
)
LZFSE_LZVN = base64.b64decode(
    "YnZ4bgAIAAD6AQAA4BlzZWN0b3IgMCBvZiB0cmFjayAxMCBiZWdpbnMgaGVyZSBhbmQgZW5kCiApmCoxMfRoKTf8mCtzIPKe"
    "Nzn0bjj0KCFodjj/KCCYQTMy8AAoIGiMNPNuMvUwg2giNvM4YvmYIDU18AA4z/qeNjT0mCwxMfMoH54zM/RoHjb5mGk0NvAL"
    "KCuYaDI2/zj3OCDxaEo5/TCzOUHyaUIx8zhr+2iWNPAFaP4182hLMvs5y/GYSjI1+ygmOZDyOHD1KCNpSDTzON/wBWh1NvQ6"
    "AfM4IvqYTjE2/igqakwy9Dgq8ighOq3+EEsoJWi9OfM7HvkwlzlN8WiWNfwxd2qhNPM5wjBIbjjymJQyM/ABbjXzaLkz8jBi"
    "bjHzaI0z+igobjP0OQD1KCSYkDg38AMwRzj78W42/Tgr+zi58TCSOW3ybjDwAji48jhy8zAhaCI3/yghnjYz9W41+2toMvQ5"
    "+Pc4aPpoJTbwADhs8jr/8yghPLPzbjH3KCU9evE7rfIpGzlm8jll8WgqMfwoKGsAN/NpbzP7OrXyOpfxp5AYbjbzaCsw8AZp"
    "GjHzOFbwBWisM/Qw1igeaa448zys+TFqmCg3N/8oHzhk8Tlk8TBlOD3yPVv8mGogdPM9F/AAICwoKjof8js/+igoOkb7KB1p"
    "oDLjY2sgBgAAAAAAAABidngk"
)


def text(count):
    number, out = 7, b""
    while len(out) < count:
        number = (number * 1103515245 + 12345) & 0x7FFFFFFF
        rest = b"here and ends there"[: number >> 16 & 15]
        out += b"sector %d of track %d begins %s\n" % (number % 97, number >> 9 & 31, rest)
    return out[:count]


def plain():
    """An image with descriptors, text, noise, and a lot of zeros."""
    dice = random.Random(5)
    volume = bytearray(2048)
    volume[0:7] = b"\1CD001\1"
    volume[40:72] = b"PACKED".ljust(32)
    volume[80:88] = struct.pack("<I", 420) + struct.pack(">I", 420)
    volume[128:132] = struct.pack("<H", 2048) + struct.pack(">H", 2048)
    end = b"\xffCD001\1".ljust(2048, b"\0")
    image = bytes(32768) + bytes(volume) + end + bytes(12 * 2048)
    # Chunks that Apple's library has packed: at 60 and 64 KiB.
    image += text(2048) + bytes(2048) + text(16384)
    image += dice.randbytes(150000 // 2048 * 2048) + bytes(200 * 2048)
    image += (b"the same again and again, " * 8000)[: 90 * 2048]
    image += dice.randbytes(420 * 2048 - len(image))
    return image


# Blocks.


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def lz4(data):
    """A block of LZ4: matches are found by their first four bytes."""
    out, seen, at, start = b"", {}, 0, 0

    def length(count):
        rest = b""
        if count >= 15:
            count -= 15
            while count >= 255:
                rest += b"\xff"
                count -= 255
            rest += bytes([count])
        return rest

    while at < len(data) - 12:
        key = data[at : at + 4]
        before = seen.get(key)
        seen[key] = at
        if before is None or at - before > 65535:
            at += 1
            continue
        count = 4
        while at + count < len(data) - 5 and data[before + count] == data[at + count]:
            count += 1
        literals = data[start:at]
        token = min(15, len(literals)) << 4 | min(15, count - 4)
        out += bytes([token]) + length(len(literals)) + literals
        out += struct.pack("<H", at - before) + length(count - 4)
        at += count
        start = at
    literals = data[start:]
    return out + bytes([min(15, len(literals)) << 4]) + length(len(literals)) + literals


def adc(data):
    out, literals, last, at = b"", b"", {}, 0

    def flushed():
        rest, packed = literals, b""
        while rest:
            packed += bytes([0x80 | len(rest[:128]) - 1]) + rest[:128]
            rest = rest[128:]
        return packed

    while at < len(data):
        key = data[at : at + 4]
        before = last.get(key)
        if before is None or len(key) < 4 or at - before > 65536:
            literals += data[at : at + 1]
            last[key] = at
            at += 1
            continue
        count = 4
        while count < 67 and at + count < len(data) and data[before + count] == data[at + count]:
            count += 1
        out += flushed()
        literals = b""
        distance = at - before - 1
        if count <= 18 and distance < 1024:
            out += bytes([(count - 3) << 2 | distance >> 8, distance & 255])
        else:
            out += bytes([0x40 | count - 4, distance >> 8, distance & 255])
        at += count
    return out + flushed()


def lzfse(data):
    return {text(16384): LZFSE_TABLES, text(2048): LZFSE_LZVN}.get(data, data)


# Containers.


def cso(data, block=2048, shift=0, version=1, mark=b"CISO", pack=deflate, partly=True):
    count = -(-len(data) // block)
    body, entries, step = b"", [], 1 << shift
    start = 24 + 4 * (count + 1)
    fill = lambda: b"\x58" * (-(start + len(body)) % step)
    body += fill()
    for i in range(count):
        piece = data[i * block : (i + 1) * block]
        use_lz4 = version == 2 and i % 3 == 1
        packed = lz4(piece) if use_lz4 else pack(piece)
        keep = len(packed) + step >= len(piece) or (partly and i % 7 == 3)
        entry = start + len(body) >> shift
        if version < 2 and keep or version == 2 and use_lz4:
            entry |= 1 << 31
        entries.append(entry)
        body += piece if keep else packed
        body += fill()
    entries.append(start + len(body) >> shift)
    head = mark + struct.pack("<IQIBBH", 0, len(data), block, version, shift, 0)
    return head + struct.pack("<%dI" % len(entries), *entries) + body


def dax(data, version):
    count = -(-len(data) // 8192)
    runs = [(2, 2), (7, 1)] if version else []
    start = 32 + 6 * count + 8 * len(runs)
    body, places, sizes = b"", [], []
    for i in range(count):
        piece = data[i * 8192 : (i + 1) * 8192].ljust(8192, b"\0")
        packed = zlib.compress(piece)
        if any(first <= i < first + length for first, length in runs):
            packed = piece
        places.append(start + len(body))
        sizes.append(len(packed))
        body += packed
    head = b"DAX\0" + struct.pack("<III16x", len(data), version, len(runs))
    head += struct.pack("<%dI%dH" % (count, count), *places, *sizes)
    return head + b"".join(struct.pack("<II", *run) for run in runs) + body


def dmg(data, kind, pack, chunk=16384, parts=2, before=0, fork=False, wrong=False):
    sectors = len(data) // 512
    cuts = [sectors * i // parts // 128 * 128 for i in range(parts)] + [sectors]
    body, tables, sums = b"\xaa" * before, [], b""
    for part in range(parts):
        content = data[cuts[part] * 512 : cuts[part + 1] * 512]
        runs, crc, at = [(0x7FFFFFFE, 0, 0, 0, 0)], 0, 0
        while at < len(content):
            piece = content[at : at + chunk]
            if piece[:2048] == text(2048):
                piece = piece[:2048]
            where, count = at // 512, len(piece) // 512
            if any(piece):
                packed, number = pack(piece), kind
                if len(packed) >= len(piece):
                    packed, number = piece, 1
                runs.append((number, where, count, len(body) - before, len(packed)))
                body += packed
                crc = zlib.crc32(piece, crc)
            else:
                unused = len(runs) % 2
                runs.append((2 if unused else 0, where, count, 0, 0))
                crc = crc if unused else zlib.crc32(piece, crc)
            at += len(piece)
        runs.append((0xFFFFFFFF, len(content) // 512, 0, 0, 0))
        crc ^= wrong
        table = b"mish" + struct.pack(
            ">IQQQII24xII", 1, cuts[part], len(content) // 512, 0, 520, part, 2, 32
        )
        table += struct.pack(">I124xI", crc, len(runs))
        tables.append(table + b"".join(struct.pack(">IIQQQQ", r[0], 0, *r[1:]) for r in runs))
        sums += struct.pack(">I", crc)
    length, place = len(body) - before, len(body)
    if fork:
        contents, references = b"", b""
        for i, table in enumerate(tables):
            references += struct.pack(">HHI4x", i, 0xFFFF, len(contents))
            contents += struct.pack(">I", len(table)) + table
        types = struct.pack(">H4sHH", 0, b"blkx", len(tables) - 1, 10) + references
        index = bytes(24) + struct.pack(">HH", 28, 28 + len(types)) + types
        extra = struct.pack(">IIII240x", 256, 256 + len(contents), len(contents), len(index))
        extra += contents + index
    else:
        entries = ""
        for i, table in enumerate(tables):
            lines = base64.encodebytes(table).decode().replace("\n", "\n\t\t")
            entries += f"<dict><key>Attributes</key><string>0x0050</string><key>Data</key><data>{lines}"
            entries += f"</data><key>ID</key><string>{i}</string><key>Name</key>"
            entries += f"<string>a &amp; b &lt;{i}&gt;</string></dict>\n"
        extra = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST'
            ' 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<!-- > -->\n'
            '<plist version="1.0">\n<dict><key>resource-fork</key><dict><key>blkx</key><array>'
            + entries
            + "</array><key>plst</key><array/><key>n</key><integer>1</integer></dict></dict></plist>"
        ).encode()
    list_place = (0, 0) if fork else (place, len(extra))
    fork_place = (place, len(extra)) if fork else (0, 0)
    trailer = b"koly" + struct.pack(">III5QII16x", 4, 512, 1, 0, before, length, *fork_place, 1, 1)
    trailer += struct.pack(">III124x", 2, 32, zlib.crc32(body[before:]))
    trailer += struct.pack(">QQ120x", *list_place)
    trailer += struct.pack(">III124xIQ12x", 2, 32, zlib.crc32(sums), 1, sectors)
    return body + extra + trailer


def zstd(data):
    """A frame of blocks that are plain or one byte over and over."""
    out = struct.pack("<IBI", 0xFD2FB528, 0xA0, len(data))
    for at in range(0, len(data), 65536):
        piece = data[at : at + 65536]
        last = at + 65536 >= len(data)
        if len(set(piece)) == 1:
            out += struct.pack("<I", len(piece) << 3 | 1 << 1 | last)[:3] + piece[:1]
        else:
            out += struct.pack("<I", len(piece) << 3 | last)[:3] + piece
    return out


# Raw sectors.


def edc(data):
    total = 0
    for byte in data:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0xD8018001 if total & 1 else 0)
    return struct.pack("<I", total)


def times(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


POWERS = [1]
for _ in range(44):
    POWERS.append(times(POWERS[-1], 2))
INVERSE = {times(a, b): (a, b) for a in [3] for b in range(256)}


def parity(column):
    """Two bytes that make the word's value 0 at 1 and at 2 (ECMA-130 Annex A)."""
    length = len(column) + 2
    plain_sum = powered = 0
    for i, byte in enumerate(column):
        plain_sum ^= byte
        powered ^= times(byte, POWERS[length - 1 - i])
    # a + b = plain_sum and 2a + b = powered, so 3a = plain_sum + powered.
    first = INVERSE[plain_sum ^ powered][1]
    return first, first ^ plain_sum


def protect(sector, with_header):
    work = bytearray(sector)
    if not with_header:
        work[12:16] = bytes(4)
    for i in range(86):
        a, b = parity([work[12 + i + 86 * row] for row in range(24)])
        work[2076 + i], work[2162 + i] = a, b
    for i in range(52):
        diagonal, side = i // 2, i % 2
        places = [(diagonal * 43 + 44 * j) % 1118 * 2 + side for j in range(43)]
        a, b = parity([work[12 + place] for place in places])
        work[2248 + i], work[2300 + i] = a, b
    sector[2076:] = work[2076:]
    return bytes(sector)


def header(address, mode):
    address += 150
    numbers = [address // 4500, address // 75 % 60, address % 75]
    return b"\0" + b"\xff" * 10 + b"\0" + bytes(n // 10 << 4 | n % 10 for n in numbers) + bytes([mode])


def mode1(address, data):
    sector = header(address, 1) + data
    sector = bytearray((sector + edc(sector)).ljust(2352, b"\0"))
    return protect(sector, True)


def form1(address, data, submode=8):
    sub = bytes([0, 0, submode, 0])
    body = sub + sub + data
    return protect(bytearray((header(address, 2) + body + edc(body)).ljust(2352, b"\0")), False)


def form2(address, data, with_edc=True):
    sub = bytes([0, 1, 0x20, 0])
    body = sub + sub + data
    return header(address, 2) + body + (edc(body) if with_edc else bytes(4))


def record(kind, count):
    number = count - 1
    out = [kind | (number & 31) << 2]
    number >>= 5
    while number:
        out[-1] |= 0x80
        out.append(number & 127)
        number >>= 7
    return bytes(out)


def ecm(pieces, trailing=b""):
    """Pieces: a kind and sectors, or bytes, of that kind."""
    out, whole = b"ECM\0", b""
    for kind, content in pieces:
        if kind == 0:
            out += record(0, len(content)) + content
            whole += content
            continue
        out += record(kind, len(content))
        for sector in content:
            if kind == 1:
                out += sector[12:15] + sector[16:2064]
                whole += sector
            else:
                out += sector[20 : 2072 if kind == 2 else 2348]
                whole += sector[16:]
    return out + record(0, 1 << 32) + edc(whole) + trailing, whole


def main(folder):
    image = plain()

    def put(name, content):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)

    put("plain.iso", image)
    odd = image[:-700]
    put("odd.iso", odd)
    put("same-1.cso", cso(image))
    put("same-shift.cso", cso(image, shift=5))
    put("same-large.cso", cso(image, block=16384, shift=2))
    put("same-2.cso", cso(image, version=2))
    put("same-2-large.cso", cso(image, version=2, block=8192, shift=3, partly=False))
    put("same.zso", cso(image, mark=b"ZISO", pack=lz4))
    put("same-shift.zso", cso(image, mark=b"ZISO", pack=lz4, shift=4, block=4096))
    put("odd.cso", cso(odd, partly=False))
    put("odd.zso", cso(odd, mark=b"ZISO", pack=lz4))
    put("same-0.dax", dax(image, 0))
    put("same-1.dax", dax(image, 1))
    kinds = {
        "adc": (0x80000004, adc),
        "zlib": (0x80000005, zlib.compress),
        "bzip2": (0x80000006, bz2.compress),
        "lzfse": (0x80000007, lzfse),
        "xz": (0x80000008, lzma.compress),
        "none": (1, lambda data: data),
    }
    for name, (number, pack) in kinds.items():
        put(f"same-{name}.dmg", dmg(image, number, pack))
    put("same-fork.dmg", dmg(image, *kinds["zlib"], fork=True))
    put("same-before.dmg", dmg(image, *kinds["zlib"], before=1000, parts=1, chunk=262144))
    put("wrong.dmg", dmg(image, *kinds["zlib"], wrong=True))
    put("same.iso.gz", gzip.compress(image))
    put("same-two.iso.gz", gzip.compress(image[:100000]) + gzip.compress(image[100000:]))
    put("same.iso.bz2", bz2.compress(image))
    put("same-two.iso.bz2", bz2.compress(image[:100000]) + bz2.compress(image[100000:]))
    put("same.iso.xz", lzma.compress(image))
    halves = [lzma.compress(half) for half in (image[:100000], image[100000:])]
    put("same-padded.iso.xz", halves[0] + bytes(8) + halves[1] + bytes(4))
    put("wrong-padded.iso.xz", halves[0] + bytes(6) + halves[1])
    put("same-padded.iso.gz", gzip.compress(image) + bytes(1000))
    put("tail.iso.xz", lzma.compress(image) + bytes(3))
    put("tail.iso.gz", gzip.compress(image) + bytes(7) + b"tail")
    put("tail.iso.bz2", bz2.compress(image) + bytes(4))
    put("tail.iso.zst", zstd(image) + bytes(8))
    put("same.iso.zst", zstd(image))
    # As pzstd has it: before each frame one that is skipped.
    skipped = struct.pack("<III", 0x184D2A50, 4, 1000)
    put(
        "same-skipped.iso.zst",
        skipped + zstd(image[:100000]) + skipped + skipped + zstd(image[100000:]),
    )
    put("same-twice.cso.gz", gzip.compress(cso(image)))
    deep = cso(image)
    for _ in range(6):
        deep = gzip.compress(deep)
    put("deep.gz", deep)
    put("bomb.bz2", bz2.compress(bytes(300 << 20)))
    dice = random.Random(6)
    data = [image[32768 : 32768 + 4096][:2048]] + [dice.randbytes(2048) for _ in range(3)]
    start = [bytes(2048)] * 16

    ones = [mode1(i, content) for i, content in enumerate(start + data)]
    bad = bytearray(ones[-1])
    bad[100] ^= 1
    content, whole = ecm([(1, ones), (0, bytes(bad))], trailing=b"more")
    put("mode1.ecm", content)
    put("mode1.bin", whole)
    pieces = []
    for i, content in enumerate(start + data):
        sector = form1(i, content)
        pieces += [(0, sector[:16]), (2, [sector])]
    two = form2(20, dice.randbytes(2324))
    three = form2(21, dice.randbytes(2324), with_edc=False)
    pieces += [(0, two[:16]), (3, [two]), (0, three)]
    content, whole = ecm(pieces)
    put("mode2.ecm", content)
    put("mode2.bin", whole)
    put("wrong.ecm", content[:-1] + bytes([content[-1] ^ 1]))


if __name__ == "__main__":
    main(sys.argv[1])
