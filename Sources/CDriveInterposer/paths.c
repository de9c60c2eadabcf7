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

/* The mode that the drive's process gives the node; one that permits nothing where this user may not
 * ask it. */
static int node_mode(const struct node *node, mode_t *mode) {
    struct handle nobody = {.node = node};
    struct drive_request request = drive_request_for(&nobody, DRIVE_STATUS);
    struct drive_reply reply;
    int saved = errno;
    if (drive_ask(&nobody, &request, &reply, NULL, 0) == 0) {
        *mode = (mode_t)reply.offset;
        return 0;
    }
    if (errno != EACCES)
        return -1;
    errno = saved;
    *mode = S_IFBLK;
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

/* After libc's answer about what a path leads to: a socket found through a link of /proc/PID/fd may
 * be some process's open node. */
static const struct node *node_after_stat(int result, mode_t mode, uint64_t inode, int directory,
                                          const char *path) {
    if (result != 0)
        return node_after(result, directory, path);
    return S_ISSOCK(mode) && strncmp(path, "/proc/", 6) == 0 ? node_of_inode((uint32_t)inode)
                                                             : NULL;
}

/* The body of a call that follows links, by path. */
#define STAT_BY_PATH(fill, directory, call)                                  \
    do {                                                                     \
        const struct node *node = node_of_path(directory, path);             \
        if (node)                                                            \
            return fill(node, status);                                       \
        int result = call;                                                   \
        node = node_after_stat(result, status->st_mode, status->st_ino, directory, path); \
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

#define STAT_AT(fill, mode, inode, call)                                     \
    do {                                                                     \
        const struct node *node = node_of_call(directory, path, flags);      \
        if (node)                                                            \
            return fill(node, status);                                       \
        int result = call;                                                   \
        if (!(flags & AT_SYMLINK_NOFOLLOW))                                  \
            node = node_after_stat(result, status->mode, status->inode, directory, path); \
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
    STAT_AT(fill_stat, st_mode, st_ino, NEXT(fstatat)(directory, path, status, flags));
}

int fstatat64(int directory, const char *path, struct stat64 *status, int flags) {
    STAT_AT(fill_stat64, st_mode, st_ino, NEXT(fstatat64)(directory, path, status, flags));
}

int __fxstatat(int version, int directory, const char *path, struct stat *status, int flags) {
    STAT_AT(fill_stat, st_mode, st_ino, NEXT(__fxstatat)(version, directory, path, status, flags));
}

int __fxstatat64(int version, int directory, const char *path, struct stat64 *status, int flags) {
    STAT_AT(fill_stat64, st_mode, st_ino,
            NEXT(__fxstatat64)(version, directory, path, status, flags));
}

int statx(int directory, const char *path, int flags, unsigned mask, struct statx *status) {
    STAT_AT(fill_statx, stx_mode, stx_ino, NEXT(statx)(directory, path, flags, mask, status));
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

static ssize_t copy_node_path(const struct node *node, char *buffer, size_t size) {
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
    return copy_node_path(node, buffer, size);
}

/* Where a link leads that is no node's path: one of /proc/PID/fd may be a socket which is some
 * process's open node, and then shows the node, as fuser and lsof look for it. */
static ssize_t read_other_link(int directory, const char *path, char *buffer, size_t size) {
    static const char start[] = "socket:[";
    size_t start_length = sizeof start - 1;
    if (!have_nodes())
        return NEXT(readlinkat)(directory, path, buffer, size);
    /* What is behind the answer stays as it was: programs count on zeros that they put there. */
    char before[32];
    size_t saved_length = size < sizeof before ? size : sizeof before;
    memcpy(before, buffer, saved_length);
    ssize_t result = NEXT(readlinkat)(directory, path, buffer, size);
    if (result <= 0 || buffer[0] != start[0])
        return result;
    /* The caller's buffer may have been too small for all of it. */
    char link[sizeof before];
    int saved = errno;
    ssize_t length = NEXT(readlinkat)(directory, path, link, sizeof link - 1);
    errno = saved;
    if (length <= (ssize_t)start_length || memcmp(link, start, start_length) != 0)
        return result;
    link[length] = 0;
    const struct node *node = node_of_inode((uint32_t)strtoul(link + start_length, NULL, 10));
    if (!node)
        return result;
    memcpy(buffer, before, saved_length);
    return copy_node_path(node, buffer, size);
}

ssize_t readlink(const char *path, char *buffer, size_t size) {
    const struct node *node = node_of_path(AT_FDCWD, path);
    return node ? read_node_link(node, path, buffer, size)
                : read_other_link(AT_FDCWD, path, buffer, size);
}

ssize_t readlinkat(int directory, const char *path, char *buffer, size_t size) {
    const struct node *node = node_of_path(directory, path);
    return node ? read_node_link(node, path, buffer, size)
                : read_other_link(directory, path, buffer, size);
}

ssize_t __readlink_chk(const char *path, char *buffer, size_t size, size_t length) {
    return size <= length ? readlink(path, buffer, size)
                          : NEXT(__readlink_chk)(path, buffer, size, length);
}

ssize_t __readlinkat_chk(int directory, const char *path, char *buffer, size_t size,
                         size_t length) {
    return size <= length ? readlinkat(directory, path, buffer, size)
                          : NEXT(__readlinkat_chk)(directory, path, buffer, size, length);
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
