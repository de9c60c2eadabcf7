/* stdio on a node: libc's streams call read from within, past this library, so that a stream on a
 * node has functions of its own. */

#include "interposer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The descriptor of a stream, in the shape of a cookie. */
static int descriptor_of(void *cookie) {
    return (int)(intptr_t)cookie;
}

static ssize_t cookie_read(void *cookie, char *buffer, size_t size) {
    struct handle handle;
    if (!handle_of_descriptor(descriptor_of(cookie), &handle)) {
        errno = EBADF;
        return -1;
    }
    struct iovec vector = {buffer, size};
    return drive_read(&handle, &vector, 1, -1);
}

static ssize_t cookie_write(void *cookie, const char *buffer, size_t size) {
    struct handle handle;
    struct iovec vector = {(void *)buffer, size};
    ssize_t written = handle_of_descriptor(descriptor_of(cookie), &handle)
                          ? drive_write(&handle, &vector, 1, -1)
                          : -1;
    /* To a stream, 0 says that it failed; -1 would be taken for a count by older libcs. */
    return written < 0 ? 0 : written;
}

static int cookie_seek(void *cookie, off64_t *offset, int whence) {
    struct handle handle;
    if (!handle_of_descriptor(descriptor_of(cookie), &handle)) {
        errno = EBADF;
        return -1;
    }
    int64_t result = drive_seek(&handle, *offset, whence);
    if (result < 0)
        return -1;
    *offset = result;
    return 0;
}

static int cookie_close(void *cookie) {
    return close(descriptor_of(cookie));
}

/* The open flags of a stream's mode; -1 where the mode is none. */
static int flags_of_mode(const char *mode) {
    static const struct {
        char letter;
        int plain, plus;
    } modes[] = {
        {'r', O_RDONLY, O_RDWR},
        {'w', O_WRONLY | O_TRUNC, O_RDWR | O_TRUNC},
        {'a', O_WRONLY | O_APPEND, O_RDWR | O_APPEND},
    };
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (modes[i].letter == mode[0])
            return (strchr(mode, '+') ? modes[i].plus : modes[i].plain) |
                   (strchr(mode, 'e') ? O_CLOEXEC : 0);
    return -1;
}

static FILE *stream_of(int descriptor, const char *mode) {
    cookie_io_functions_t functions = {cookie_read, cookie_write, cookie_seek, cookie_close};
    FILE *stream = fopencookie((void *)(intptr_t)descriptor, mode, functions);
    if (stream) {
        /* fileno then gives the descriptor, for programs that mix streams with ioctl. glibc
         * leaves −2 there and uses the field for nothing else in a cookie's stream. */
        stream->_fileno = descriptor;
    }
    return stream;
}

static FILE *open_stream(const struct node *node, const char *mode) {
    int flags = flags_of_mode(mode);
    if (flags < 0) {
        errno = EINVAL;
        return NULL;
    }
    int descriptor = drive_open(node, flags);
    if (descriptor < 0)
        return NULL;
    FILE *stream = stream_of(descriptor, mode);
    if (!stream)
        close(descriptor);
    return stream;
}

#define FOPEN(call)                                              \
    do {                                                         \
        const struct node *node = node_of_path(AT_FDCWD, path);  \
        if (node)                                                \
            return open_stream(node, mode);                      \
        FILE *stream = call;                                     \
        if (!stream && errno == ENOENT) {                        \
            node = node_behind_link(AT_FDCWD, path);             \
            if (node)                                            \
                return open_stream(node, mode);                  \
        }                                                        \
        return stream;                                           \
    } while (0)

FILE *fopen(const char *path, const char *mode) {
    FOPEN(NEXT(fopen)(path, mode));
}

FILE *fopen64(const char *path, const char *mode) {
    FOPEN(NEXT(fopen64)(path, mode));
}

FILE *fdopen(int descriptor, const char *mode) {
    struct handle handle;
    if (handle_of_descriptor(descriptor, &handle))
        return stream_of(descriptor, mode);
    return NEXT(fdopen)(descriptor, mode);
}

/* Where a shell has made a node the standard input or output, the stream on it that libc has made
 * would go past this library: `sha256sum < /dev/sr0`. */
__attribute__((constructor)) static void replace_standard_streams(void) {
    struct handle handle;
    if (handle_of_descriptor(STDIN_FILENO, &handle)) {
        FILE *stream = stream_of(STDIN_FILENO, "r");
        if (stream)
            stdin = stream;
    }
    if (handle_of_descriptor(STDOUT_FILENO, &handle)) {
        FILE *stream = stream_of(STDOUT_FILENO, "w");
        if (stream)
            stdout = stream;
    }
}
