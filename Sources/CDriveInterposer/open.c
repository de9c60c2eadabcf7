/* Opening a node. */

#include "interposer.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

/* What open becomes where the compiler checks that O_CREAT has its mode. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int directory, const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);

static int send_on_handle(int descriptor, const struct drive_request *request) {
    size_t sent = 0;
    while (sent < sizeof *request) {
        ssize_t part =
            send(descriptor, (const char *)request + sent, sizeof *request - sent, MSG_NOSIGNAL);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return -1;
        sent += (size_t)part;
    }
    return 0;
}

static int receive_on_handle(int descriptor, struct drive_reply *reply) {
    size_t received = 0;
    while (received < sizeof *reply) {
        ssize_t part = recv(descriptor, (char *)reply + received, sizeof *reply - received, 0);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return -1;
        received += (size_t)part;
    }
    return 0;
}

/* The errno of an open that can't be, whatever the drive says; 0 where it may be. */
static int impossible(int flags) {
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return EEXIST;
    return flags & O_DIRECTORY ? ENOTDIR : 0;
}

int drive_open(const struct node *node, int flags) {
    int saved = errno;
    int error = impossible(flags);
    if (error) {
        errno = error;
        return -1;
    }
    int descriptor = drive_connect(node, flags & O_CLOEXEC ? SOCK_CLOEXEC : 0, 1);
    if (descriptor < 0)
        return -1;
    struct stat status;
    uint64_t inode = NEXT(fstat)(descriptor, &status) == 0 ? status.st_ino : 0;
    struct drive_request request = {
        .magic = DRIVE_MAGIC, .operation = DRIVE_OPEN, .process = getpid()};
    request.number = (int64_t)(inode << 32 | (uint32_t)(flags & ~O_CLOEXEC));
    struct drive_reply reply;
    if (send_on_handle(descriptor, &request) < 0 || receive_on_handle(descriptor, &reply) < 0)
        error = ENODEV;
    else if (reply.result < 0)
        error = reply.error_number;
    if (error) {
        close(descriptor);
        errno = error;
        return -1;
    }
    /* A read that goes past this library must fail. It would wait for ever, or be told the end of
     * the disc when the drive has gone. */
    struct timeval shortest = {.tv_usec = 1};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &shortest, sizeof shortest);
    errno = saved;
    return descriptor;
}

#define HAS_MODE(flags) ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE)

/* The body of an open, with libc's own call for paths that are no nodes. */
#define OPEN(directory, call)                                     \
    do {                                                          \
        const struct node *node = node_of_path(directory, path);  \
        if (node)                                                 \
            return drive_open(node, flags);                       \
        int result = call;                                        \
        if (result < 0 && errno == ENOENT && !(flags & O_NOFOLLOW)) {  \
            node = node_behind_link(directory, path);             \
            if (node)                                             \
                return drive_open(node, flags);                   \
        }                                                         \
        return result;                                            \
    } while (0)

#define TAKE_MODE                  \
    mode_t mode = 0;               \
    if (HAS_MODE(flags)) {         \
        va_list rest;              \
        va_start(rest, flags);     \
        mode = va_arg(rest, mode_t); \
        va_end(rest);              \
    }

int open(const char *path, int flags, ...) {
    TAKE_MODE
    OPEN(AT_FDCWD, NEXT(open)(path, flags, mode));
}

int open64(const char *path, int flags, ...) {
    TAKE_MODE
    OPEN(AT_FDCWD, NEXT(open64)(path, flags, mode));
}

int openat(int directory, const char *path, int flags, ...) {
    TAKE_MODE
    OPEN(directory, NEXT(openat)(directory, path, flags, mode));
}

int openat64(int directory, const char *path, int flags, ...) {
    TAKE_MODE
    OPEN(directory, NEXT(openat64)(directory, path, flags, mode));
}

int __open_2(const char *path, int flags) {
    OPEN(AT_FDCWD, NEXT(__open_2)(path, flags));
}

int __open64_2(const char *path, int flags) {
    OPEN(AT_FDCWD, NEXT(__open64_2)(path, flags));
}

int __openat_2(int directory, const char *path, int flags) {
    OPEN(directory, NEXT(__openat_2)(directory, path, flags));
}

int __openat64_2(int directory, const char *path, int flags) {
    OPEN(directory, NEXT(__openat64_2)(directory, path, flags));
}

int creat(const char *path, mode_t mode) {
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    OPEN(AT_FDCWD, NEXT(creat)(path, mode));
}

int creat64(const char *path, mode_t mode) {
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    OPEN(AT_FDCWD, NEXT(creat64)(path, mode));
}
