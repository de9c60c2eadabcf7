/* What a program asks about a path or a descriptor without opening it: stat and kin, access. */

#include "interposer.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* glibc's functions behind stat before 2.33; their headers are gone. */
int __xstat(int version, const char *path, struct stat *status);
int __lxstat(int version, const char *path, struct stat *status);
int __fxstat(int version, int descriptor, struct stat *status);
int __fxstatat(int version, int directory, const char *path, struct stat *status, int flags);
int __xstat64(int version, const char *path, struct stat64 *status);
int __lxstat64(int version, const char *path, struct stat64 *status);
int __fxstat64(int version, int descriptor, struct stat64 *status);
int __fxstatat64(int version, int directory, const char *path, struct stat64 *status, int flags);
char *__realpath_chk(const char *path, char *resolved, size_t length);
ssize_t __readlink_chk(const char *path, char *buffer, size_t size, size_t length);
ssize_t __readlinkat_chk(int directory, const char *path, char *buffer, size_t size,
                         size_t length);

/* The inode numbers of the nodes: as high as no file system's small ones. */
enum { FIRST_INODE = 0x53500000, CDROM_GROUP = 24, PAGE_LENGTH = 4096 };

/* The mode that the drive's process gives the node. */
static int node_mode(const struct node *node, mode_t *mode) {
    struct handle nobody = {.node = node};
    struct drive_request request = drive_request_for(&nobody, DRIVE_STATUS);
    struct drive_reply reply;
    if (drive_ask(&nobody, &request, &reply, NULL, 0) < 0)
        return -1;
    *mode = (mode_t)reply.offset;
    return 0;
}

static int fill_stat(const struct node *node, struct stat *status) {
    mode_t mode;
    if (node_mode(node, &mode) < 0)
        return -1;
    memset(status, 0, sizeof *status);
    status->st_dev = makedev(0, 5);
    status->st_ino = FIRST_INODE + (ino_t)node->index;
    status->st_mode = mode;
    status->st_nlink = 1;
    status->st_gid = CDROM_GROUP;
    status->st_rdev = node->device;
    status->st_blksize = PAGE_LENGTH;
    return 0;
}

static int fill_stat64(const struct node *node, struct stat64 *status) {
    _Static_assert(sizeof(struct stat) == sizeof(struct stat64), "one layout on 64-bit systems");
    struct stat plain;
    if (fill_stat(node, &plain) < 0)
        return -1;
    memcpy(status, &plain, sizeof plain);
    return 0;
}

static int fill_statx(const struct node *node, struct statx *status) {
    struct stat plain;
    if (fill_stat(node, &plain) < 0)
        return -1;
    memset(status, 0, sizeof *status);
    status->stx_mask = STATX_BASIC_STATS;
    status->stx_blksize = PAGE_LENGTH;
    status->stx_nlink = 1;
    status->stx_gid = plain.st_gid;
    status->stx_mode = (uint16_t)plain.st_mode;
    status->stx_ino = plain.st_ino;
    status->stx_rdev_major = major(plain.st_rdev);
    status->stx_rdev_minor = minor(plain.st_rdev);
    status->stx_dev_minor = 5;
    return 0;
}

/* The node that a *at call means: by its path, or by the descriptor itself. */
static const struct node *node_of_call(int directory, const char *path, int flags) {
    if (path && path[0] == 0 && flags & AT_EMPTY_PATH) {
        struct handle handle;
        return handle_of_descriptor(directory, &handle) ? handle.node : NULL;
    }
    return node_of_path(directory, path);
}

static const struct node *node_of_open(int descriptor) {
    struct handle handle;
    return handle_of_descriptor(descriptor, &handle) ? handle.node : NULL;
}

/* After libc's answer to a path: follows a link to a node, where the answer was ENOENT. */
static const struct node *node_after(int result, int directory, const char *path) {
    return result < 0 && errno == ENOENT ? node_behind_link(directory, path) : NULL;
}

/* The body of a call that follows links, by path. */
#define STAT_BY_PATH(fill, directory, call)                                  \
    do {                                                                     \
        const struct node *node = node_of_path(directory, path);             \
        if (node)                                                            \
            return fill(node, status);                                       \
        int result = call;                                                   \
        node = node_after(result, directory, path);                          \
        return node ? fill(node, status) : result;                           \
    } while (0)

#define STAT_OF_LINK(fill, call)                                             \
    do {                                                                     \
        const struct node *node = node_of_path(AT_FDCWD, path);              \
        return node ? fill(node, status) : call;                             \
    } while (0)

#define STAT_OF_DESCRIPTOR(fill, call)                                       \
    do {                                                                     \
        const struct node *node = node_of_open(descriptor);                  \
        return node ? fill(node, status) : call;                             \
    } while (0)

#define STAT_AT(fill, call)                                                  \
    do {                                                                     \
        const struct node *node = node_of_call(directory, path, flags);      \
        if (node)                                                            \
            return fill(node, status);                                       \
        int result = call;                                                   \
        node = flags & AT_SYMLINK_NOFOLLOW ? NULL : node_after(result, directory, path); \
        return node ? fill(node, status) : result;                           \
    } while (0)

int stat(const char *path, struct stat *status) {
    STAT_BY_PATH(fill_stat, AT_FDCWD, NEXT(stat)(path, status));
}

int stat64(const char *path, struct stat64 *status) {
    STAT_BY_PATH(fill_stat64, AT_FDCWD, NEXT(stat64)(path, status));
}

int __xstat(int version, const char *path, struct stat *status) {
    STAT_BY_PATH(fill_stat, AT_FDCWD, NEXT(__xstat)(version, path, status));
}

int __xstat64(int version, const char *path, struct stat64 *status) {
    STAT_BY_PATH(fill_stat64, AT_FDCWD, NEXT(__xstat64)(version, path, status));
}

int lstat(const char *path, struct stat *status) {
    STAT_OF_LINK(fill_stat, NEXT(lstat)(path, status));
}

int lstat64(const char *path, struct stat64 *status) {
    STAT_OF_LINK(fill_stat64, NEXT(lstat64)(path, status));
}

int __lxstat(int version, const char *path, struct stat *status) {
    STAT_OF_LINK(fill_stat, NEXT(__lxstat)(version, path, status));
}

int __lxstat64(int version, const char *path, struct stat64 *status) {
    STAT_OF_LINK(fill_stat64, NEXT(__lxstat64)(version, path, status));
}

int fstat(int descriptor, struct stat *status) {
    STAT_OF_DESCRIPTOR(fill_stat, NEXT(fstat)(descriptor, status));
}

int fstat64(int descriptor, struct stat64 *status) {
    STAT_OF_DESCRIPTOR(fill_stat64, NEXT(fstat64)(descriptor, status));
}

int __fxstat(int version, int descriptor, struct stat *status) {
    STAT_OF_DESCRIPTOR(fill_stat, NEXT(__fxstat)(version, descriptor, status));
}

int __fxstat64(int version, int descriptor, struct stat64 *status) {
    STAT_OF_DESCRIPTOR(fill_stat64, NEXT(__fxstat64)(version, descriptor, status));
}

int fstatat(int directory, const char *path, struct stat *status, int flags) {
    STAT_AT(fill_stat, NEXT(fstatat)(directory, path, status, flags));
}

int fstatat64(int directory, const char *path, struct stat64 *status, int flags) {
    STAT_AT(fill_stat64, NEXT(fstatat64)(directory, path, status, flags));
}

int __fxstatat(int version, int directory, const char *path, struct stat *status, int flags) {
    STAT_AT(fill_stat, NEXT(__fxstatat)(version, directory, path, status, flags));
}

int __fxstatat64(int version, int directory, const char *path, struct stat64 *status, int flags) {
    STAT_AT(fill_stat64, NEXT(__fxstatat64)(version, directory, path, status, flags));
}

int statx(int directory, const char *path, int flags, unsigned mask, struct statx *status) {
    STAT_AT(fill_statx, NEXT(statx)(directory, path, flags, mask, status));
}

/* Whether this user may use the node, from its mode alone: the superuser may not pass either, for
 * a node that is closed to all stands for a drive that the user has no right to. */
static int access_node(const struct node *node, int wanted) {
    mode_t mode;
    if (node_mode(node, &mode) < 0)
        return -1;
    int granted = (mode & 0444 ? R_OK : 0) | (mode & 0222 ? W_OK : 0);
    if (wanted & ~granted & (R_OK | W_OK | X_OK)) {
        errno = EACCES;
        return -1;
    }
    return 0;
}

#define ACCESS(directory, call)                                   \
    do {                                                          \
        const struct node *node = node_of_path(directory, path);  \
        if (node)                                                 \
            return access_node(node, mode);                       \
        int result = call;                                        \
        node = node_after(result, directory, path);               \
        return node ? access_node(node, mode) : result;           \
    } while (0)

int access(const char *path, int mode) {
    ACCESS(AT_FDCWD, NEXT(access)(path, mode));
}

int eaccess(const char *path, int mode) {
    ACCESS(AT_FDCWD, NEXT(eaccess)(path, mode));
}

int euidaccess(const char *path, int mode) {
    ACCESS(AT_FDCWD, NEXT(euidaccess)(path, mode));
}

int faccessat(int directory, const char *path, int mode, int flags) {
    ACCESS(directory, NEXT(faccessat)(directory, path, mode, flags));
}

/* A node is its own real path, and one that links lead to is theirs. */
static char *resolve(const char *path, char *resolved) {
    const struct node *node = node_of_path(AT_FDCWD, path);
    if (!node)
        node = node_behind_link(AT_FDCWD, path);
    if (!node)
        return NULL;
    return resolved ? strcpy(resolved, node->path) : strdup(node->path);
}

char *realpath(const char *path, char *resolved) {
    char *result = resolve(path, resolved);
    return result ? result : NEXT(realpath)(path, resolved);
}

char *__realpath_chk(const char *path, char *resolved, size_t length) {
    char *result = length >= PATH_MAX ? resolve(path, resolved) : NULL;
    return result ? result : NEXT(__realpath_chk)(path, resolved, length);
}

char *canonicalize_file_name(const char *path) {
    char *result = resolve(path, NULL);
    return result ? result : NEXT(canonicalize_file_name)(path);
}

static ssize_t give_path(const struct node *node, char *buffer, size_t size) {
    size_t length = strlen(node->path);
    if (length > size)
        length = size;
    memcpy(buffer, node->path, length);
    return (ssize_t)length;
}

/* What readlink says of a node: it is no link; but /proc/self/fd/N is one, to the node. */
static ssize_t read_node_link(const struct node *node, const char *path, char *buffer,
                              size_t size) {
    if (strncmp(path, "/proc/", 6) != 0) {
        errno = EINVAL;
        return -1;
    }
    return give_path(node, buffer, size);
}

/* The node that is open under a handle's name, whichever process opened it. */
static const struct node *node_of_name(const char *name) {
    for (int i = 0; node_at(i); i++) {
        struct handle handle = {.node = node_at(i)};
        memcpy(handle.name, name, strlen(name));
        if (drive_seek(&handle, 0, SEEK_CUR) >= 0)
            return handle.node;
    }
    return NULL;
}

/* The node that a socket is, which may be another process's. The system tells the socket's name by
 * its inode (proc(5), /proc/net/unix), and the drive knows its handles by these names. */
static const struct node *node_of_inode(unsigned long inode) {
    FILE *list = NEXT(fopen)("/proc/net/unix", "re");
    if (!list)
        return NULL;
    const struct node *node = NULL;
    char line[256];
    while (!node && fgets(line, sizeof line, list)) {
        unsigned long found;
        /* A name that the system gave is five digits (unix(7)); “@” stands for its zero byte. */
        char name[DRIVE_HANDLE_NAME_LENGTH + 1];
        if (sscanf(line, "%*s %*s %*s %*s %*s %*s %lu @%8s", &found, name) == 2 && found == inode)
            node = node_of_name(name);
    }
    fclose(list);
    return node;
}

/* After libc's answer: shows who has a node open, as in /proc/PID/fd/N, where the link leads to a
 * socket. Who asks which process holds a drive (fuser, lsof) asks so. */
static ssize_t name_socket(char *buffer, size_t size, ssize_t length) {
    static const char prefix[] = "socket:[";
    char target[40];
    if (length <= (ssize_t)sizeof prefix || length >= (ssize_t)sizeof target || !have_nodes() ||
        memcmp(buffer, prefix, sizeof prefix - 1) != 0)
        return length;
    int saved = errno;
    memcpy(target, buffer, (size_t)length);
    target[length] = 0;
    const struct node *node = node_of_inode(strtoul(target + sizeof prefix - 1, NULL, 10));
    errno = saved;
    return node ? give_path(node, buffer, size) : length;
}

ssize_t readlink(const char *path, char *buffer, size_t size) {
    const struct node *node = node_of_path(AT_FDCWD, path);
    return node ? read_node_link(node, path, buffer, size)
                : name_socket(buffer, size, NEXT(readlink)(path, buffer, size));
}

ssize_t readlinkat(int directory, const char *path, char *buffer, size_t size) {
    const struct node *node = node_of_path(directory, path);
    return node ? read_node_link(node, path, buffer, size)
                : name_socket(buffer, size, NEXT(readlinkat)(directory, path, buffer, size));
}

ssize_t __readlink_chk(const char *path, char *buffer, size_t size, size_t length) {
    const struct node *node = size <= length ? node_of_path(AT_FDCWD, path) : NULL;
    return node ? read_node_link(node, path, buffer, size)
                : name_socket(buffer, size, NEXT(__readlink_chk)(path, buffer, size, length));
}

ssize_t __readlinkat_chk(int directory, const char *path, char *buffer, size_t size,
                         size_t length) {
    const struct node *node = size <= length ? node_of_path(directory, path) : NULL;
    return node ? read_node_link(node, path, buffer, size)
                : name_socket(buffer, size,
                              NEXT(__readlinkat_chk)(directory, path, buffer, size, length));
}

/* A node has no extended attributes: ls asks for them. */
ssize_t getxattr(const char *path, const char *name, void *value, size_t size) {
    if (!node_of_path(AT_FDCWD, path))
        return NEXT(getxattr)(path, name, value, size);
    errno = ENODATA;
    return -1;
}

ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size) {
    if (!node_of_path(AT_FDCWD, path))
        return NEXT(lgetxattr)(path, name, value, size);
    errno = ENODATA;
    return -1;
}

ssize_t listxattr(const char *path, char *list, size_t size) {
    return node_of_path(AT_FDCWD, path) ? 0 : NEXT(listxattr)(path, list, size);
}

ssize_t llistxattr(const char *path, char *list, size_t size) {
    return node_of_path(AT_FDCWD, path) ? 0 : NEXT(llistxattr)(path, list, size);
}
