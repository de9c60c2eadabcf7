#!/usr/bin/env python3
"""A file system in memory whose errors come late, for tests.

    late-errors.py MODE DIRECTORY LOG

Writes go well. What comes then, MODE says:

    close    closing a file fails, and fsync does not
    sync     fsync fails
    unsynced what was not synced when a file got its name is lost; LOG says so
    names    fsync of a directory fails

LOG gets a line for each file that gets or loses a name.
"""

import errno
import os
import stat
import sys

try:
    import fusepy as fuse  # As Debian calls it.
except ImportError:
    import fuse

MODE, DIRECTORY, LOG = sys.argv[1:4]


class LateErrors(fuse.Operations):
    def __init__(self):
        self.files = {}
        self.synced = {}
        self.modes = {}
        self.log = open(LOG, "w", buffering=1)

    def known(self, path):
        if path not in self.files:
            raise fuse.FuseOSError(errno.ENOENT)

    def getattr(self, path, handle=None):
        if path == "/":
            return dict(st_mode=stat.S_IFDIR | 0o755, st_nlink=2)
        self.known(path)
        size = len(self.files[path])
        mode = stat.S_IFREG | self.modes.get(path, 0o644)
        return dict(st_mode=mode, st_nlink=1, st_size=size, st_blocks=(size + 511) // 512)

    def chmod(self, path, mode):
        self.modes[path] = mode & 0o777

    def utimens(self, path, times=None):
        pass

    def readdir(self, path, handle):
        return [".", ".."] + [name[1:] for name in self.files]

    def create(self, path, mode, info=None):
        self.files[path] = bytearray()
        return 1

    def open(self, path, flags):
        self.known(path)
        return 1

    def read(self, path, size, offset, handle):
        return bytes(self.files[path][offset : offset + size])

    def write(self, path, data, offset, handle):
        content = self.files[path]
        if len(content) < offset + len(data):
            content.extend(bytes(offset + len(data) - len(content)))
        content[offset : offset + len(data)] = data
        self.synced.pop(path, None)
        return len(data)

    def truncate(self, path, length, handle=None):
        content = self.files[path]
        del content[length:]
        content.extend(bytes(length - len(content)))
        self.synced.pop(path, None)

    def unlink(self, path):
        self.known(path)
        del self.files[path]
        self.log.write(f"unlink {path}\n")

    def rename(self, old, new):
        self.known(old)
        lost = "" if old in self.synced else " unsynced"
        self.log.write(f"rename {old} {new}{lost}\n")
        content = self.files.pop(old)
        self.files[new] = bytearray() if lost and MODE == "unsynced" else content
        self.synced[new] = self.synced.pop(old, None)
        self.modes[new] = self.modes.pop(old, 0o644)

    def flush(self, path, handle):
        if MODE == "close":
            raise fuse.FuseOSError(errno.EIO)

    def fsync(self, path, data_only, handle):
        if MODE == "sync":
            raise fuse.FuseOSError(errno.ENOSPC)
        self.synced[path] = True

    def fsyncdir(self, path, data_only, handle):
        if MODE == "names":
            raise fuse.FuseOSError(errno.EIO)
        self.log.write(f"fsyncdir {path}\n")

    def statfs(self, path):
        return dict(f_bsize=4096, f_frsize=4096, f_blocks=1 << 20, f_bavail=1 << 20, f_bfree=1 << 20)


fuse.FUSE(LateErrors(), DIRECTORY, foreground=True, nothreads=True, hard_remove=True)
