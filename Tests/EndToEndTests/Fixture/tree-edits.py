"""Makes the same random edits in two directories, and compares directories.

    tree-edits.py edit SEED COUNT PLAIN OTHER    edits, whose errors must be the same in both
    tree-edits.py write SEED COUNT PLAIN OTHER   reads, writes and truncations of one file, as fsx makes them
    tree-edits.py compare PLAIN OTHER            names, types, bytes, permissions, times, links, owners
    tree-edits.py shown PLAIN OTHER              the same, where OTHER is an image, which shows bytes that are
                                                 no UTF-8 as Latin-1
"""

import ctypes
import errno
import mmap
import os
import random
import stat
import sys

libc = ctypes.CDLL(None, use_errno=True)
NAMES = [b"a", b"b.txt", b"longer name with blanks", b"\xff\xfenot-utf-8", "größe".encode(), b"%41", b"x" * 255]


def entries(root):
    """The paths below a directory, from the top down, and which of them are directories."""
    found = [b""]
    folders = [b""]
    for place, names, files in os.walk(root):
        below = os.path.relpath(place, root)
        prefix = b"" if below == b"." else below + b"/"
        for name in sorted(names + files):
            path = prefix + name
            found.append(path)
            if stat.S_ISDIR(os.lstat(root + b"/" + path).st_mode):
                folders.append(path)
    return sorted(found), sorted(folders)


def swap(a, b):
    """renameat2 with RENAME_EXCHANGE."""
    if libc.syscall(316, -100, a, -100, b, 2) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def overwrite(path, place, data):
    with open(path, "r+b", buffering=0) as file:
        file.seek(place)
        file.write(data)


def create(path, data, flags, mode):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | flags, mode)
    os.write(file, data)
    os.fsync(file)
    os.close(file)


def choose(chance, plain):
    """An edit: what is called with the root of a directory, and the paths that it touches."""
    paths, folders = entries(plain)
    below = paths[1:] or [b"nothing"]
    old, other = chance.choice(below), chance.choice(below)
    folder = chance.choice(folders)
    new = (folder + b"/" if folder else b"") + chance.choice(NAMES) + str(chance.randrange(4)).encode() * chance.randrange(2)
    data = chance.randbytes(chance.choice([0, 1, 100, 5000, 70000]))
    place = chance.choice([0, 10, 4096, 200000])
    mode = chance.choice([0o644, 0o600, 0o755, 0o4755, 0o400])
    owner = chance.randrange(3)
    kind = chance.choice(
        "create create exclusive truncated write write append cut chmod chown times "
        "mkdir mkdir rmdir unlink unlink rename rename replace link symlink swap tree".split()
    )
    # A directory of an image can't be given a name that is not UTF-8, which the commit refuses; files can.
    for path, target in ((old, new), (old, other), (other, old)):
        if kind in ("rename", "replace", "swap") and path in folders and shown(os.path.basename(target)) != os.path.basename(target):
            kind = "times"
    at = lambda root, path: root + b"/" + path
    edits = {
        "create": lambda r: create(at(r, new), data, 0, mode),
        "exclusive": lambda r: create(at(r, new), data, os.O_EXCL, mode),
        "truncated": lambda r: create(at(r, old), data, os.O_TRUNC, mode),
        "write": lambda r: overwrite(at(r, old), place, data),
        "append": lambda r: create(at(r, old), data, os.O_APPEND, mode),
        "cut": lambda r: os.truncate(at(r, old), place),
        "chmod": lambda r: os.chmod(at(r, old), mode | 0o700 if old in folders else mode),
        "chown": lambda r: os.chown(at(r, old), owner, owner, follow_symlinks=False) if os.getuid() == 0 else None,
        "times": lambda r: None,
        "mkdir": lambda r: os.mkdir(at(r, new), 0o750),
        "rmdir": lambda r: os.rmdir(at(r, old)),
        "unlink": lambda r: os.unlink(at(r, old)),
        "rename": lambda r: os.rename(at(r, old), at(r, new)),
        "replace": lambda r: os.rename(at(r, old), at(r, other)),
        "link": lambda r: os.link(at(r, old), at(r, new), follow_symlinks=False),
        "symlink": lambda r: os.symlink(chance_target, at(r, new)),
        "swap": lambda r: swap(at(r, old), at(r, other)),
        "tree": lambda r: os.makedirs(at(r, new) + b"/deep/er"),
    }
    chance_target = chance.choice([b"../a", b"/nowhere/at/all", b"\xff"])
    return kind, edits[kind], [old, other, new, new + b"/deep", new + b"/deep/er"]


def attempt(body, root):
    try:
        body(root)
        return 0
    except OSError as error:
        # Linux leaves open which of the two it is.
        return errno.ENOTEMPTY if error.errno == errno.EEXIST else error.errno


def settle(root, touched, time):
    """Gives all that was touched, and the directories above, a time that is no accident."""
    for path in sorted({p for t in touched for p in (t, os.path.dirname(t))}, reverse=True):
        try:
            os.utime(root + b"/" + path, (time, time), follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError, OSError):
            pass


def edit(seed, count, plain, other):
    chance = random.Random(seed)
    for number in range(count):
        kind, body, touched = choose(chance, plain)
        results = [attempt(body, root) for root in (plain, other)]
        # Where two things are wrong, such as a name that is too long for something that is not there, either
        # may be said.
        agree = results[0] == results[1] or errno.ENAMETOOLONG in results and 0 not in results
        assert agree, (number, kind, touched, results)
        for root in (plain, other):
            settle(root, touched, 1_000_000_000 + seed * 100_000 + number)


def write(seed, count, plain, other):
    chance = random.Random(seed)
    files = [os.open(path, os.O_RDWR | os.O_CREAT, 0o644) for path in (plain, other)]
    for number in range(count):
        place, length = chance.randrange(300_000), chance.randrange(1, 70_000)
        kind = chance.choice(["write", "write", "write", "read", "read", "cut", "map", "sync"])
        data = chance.randbytes(length)
        results = []
        for file in files:
            if kind == "write":
                results.append(os.pwrite(file, data, place))
            elif kind == "read":
                results.append(os.pread(file, length, place))
            elif kind == "cut":
                results.append(os.ftruncate(file, place))
            elif kind == "sync":
                results.append(os.fsync(file))
            elif os.fstat(file).st_size > place:
                size = os.fstat(file).st_size
                with mmap.mmap(file, size) as memory:
                    end = min(size, place + length)
                    memory[place:end] = data[: end - place]
                    results.append(memory[place // 2 : place // 2 + 100])
            results.append(os.fstat(file).st_size)
        half = len(results) // 2
        assert results[:half] == results[half:], (number, kind, place, length)
    for file in files:
        os.close(file)
    assert open(plain, "rb").read() == open(other, "rb").read()


def facts(root):
    known = {}
    paths, _ = entries(root)
    for path in paths:
        full = root + b"/" + path
        status = os.lstat(full)
        content = b""
        if stat.S_ISREG(status.st_mode):
            with open(full, "rb") as file:
                content = file.read()
        elif stat.S_ISLNK(status.st_mode):
            content = os.readlink(full)
        links = 0 if stat.S_ISDIR(status.st_mode) else status.st_nlink
        known[path] = (status.st_mode, status.st_uid, status.st_gid, int(status.st_mtime), links, status.st_size if content else 0, content)
    return known


def shown(name):
    try:
        name.decode()
        return name
    except UnicodeDecodeError:
        return name.decode("latin-1").encode()


def compare(plain, other, is_image=False):
    a, b = facts(plain), facts(other)
    if is_image:
        a = {b"/".join(map(shown, path.split(b"/"))): (*known[:6], shown(known[6]) if stat.S_ISLNK(known[0]) else known[6]) for path, known in a.items()}
        # The size of a link is that of its target, and only files with bytes show that they have several names.
        for known in (a, b):
            for path, fact in known.items():
                if not stat.S_ISREG(fact[0]) or not fact[6]:
                    known[path] = (*fact[:4], 0, 0, fact[6])
    for path in sorted(set(a) | set(b)):
        if a.get(path) != b.get(path):
            short = [known.get(path) and known[path][:6] + (known[path][6][:40],) for known in (a, b)]
            sys.exit(f"{path}: {short[0]} in the one, {short[1]} in the other")
    print(len(a), "entries are equal")


def main():
    os.umask(0o022)
    action, *rest = sys.argv[1:]
    if action in ("compare", "shown"):
        compare(*map(os.fsencode, rest), is_image=action == "shown")
    else:
        seed, count, plain, other = rest
        {"edit": edit, "write": write}[action](int(seed), int(count), os.fsencode(plain), os.fsencode(other))


main()
