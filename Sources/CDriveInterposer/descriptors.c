/* What a program does with an open node's descriptor, except for ioctl. */

#include "interposer.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

ssize_t __read_chk(int descriptor, void *buffer, size_t size, size_t length);
ssize_t __pread_chk(int descriptor, void *buffer, size_t size, off_t offset, size_t length);
ssize_t __pread64_chk(int descriptor, void *buffer, size_t size, off64_t offset, size_t length);
int __poll_chk(struct pollfd *entries, nfds_t count, int timeout, size_t length);
int __ppoll_chk(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask, size_t length);

/* Most bytes that one request moves: little enough for the caches of a processor. */
enum { TRANSFER_LIMIT = 512 * 1024 };

/* A vector's part, from a place on, at most so long, behind one free element. */
struct part {
    struct iovec elements[1 + 64];
    int count;
    size_t length;
};

static void take_part(struct part *part, const struct iovec *vector, int count, size_t skip) {
    part->count = 1;
    part->length = 0;
    for (int i = 0; i < count && part->count <= 64 && part->length < TRANSFER_LIMIT; i++) {
        size_t length = vector[i].iov_len;
        if (skip >= length) {
            skip -= length;
            continue;
        }
        length -= skip;
        if (length > TRANSFER_LIMIT - part->length)
            length = TRANSFER_LIMIT - part->length;
        part->elements[part->count++] =
            (struct iovec){(char *)vector[i].iov_base + skip, length};
        part->length += length;
        skip = 0;
    }
}

/* Moves a vector in parts. A part that is cut short ends the call, and so does an error, which
 * counts only where nothing has been moved. */
static ssize_t move(const struct handle *handle, uint32_t operation, const struct iovec *vector,
                    int count, int64_t offset) {
    if (count < 0 || count > IOV_MAX) {
        errno = EINVAL;
        return -1;
    }
    size_t moved = 0;
    int is_first = 1;
    for (;;) {
        struct part part;
        take_part(&part, vector, count, moved);
        if (part.length == 0 && !is_first)
            return (ssize_t)moved;
        is_first = 0;
        struct drive_request request = drive_request_for(handle, operation);
        request.number = offset < 0 ? -1 : offset + (int64_t)moved;
        request.length = (uint32_t)part.length;
        struct drive_reply reply;
        struct iovec header[1];
        int is_read = operation == DRIVE_READ;
        int saved = errno;
        int failed = drive_exchange(handle->node, &request, is_read ? header : part.elements,
                                    is_read ? 1 : part.count, &reply,
                                    is_read ? part.elements : header, is_read ? part.count : 1);
        if (!failed && reply.result < 0) {
            errno = reply.error_number;
            failed = 1;
        }
        if (failed && moved > 0) {
            errno = saved;
            return (ssize_t)moved;
        }
        if (failed)
            return -1;
        moved += (size_t)reply.result;
        if ((size_t)reply.result < part.length || part.length == 0)
            return (ssize_t)moved;
    }
}

ssize_t drive_read(const struct handle *handle, const struct iovec *vector, int count,
                   int64_t offset) {
    return move(handle, DRIVE_READ, vector, count, offset);
}

ssize_t drive_write(const struct handle *handle, const struct iovec *vector, int count,
                    int64_t offset) {
    return move(handle, DRIVE_WRITE, vector, count, offset);
}

int64_t drive_seek(const struct handle *handle, int64_t offset, int whence) {
    struct drive_request request = drive_request_for(handle, DRIVE_SEEK);
    struct drive_reply reply;
    request.number = offset;
    request.direction = (uint8_t)whence;
    return drive_ask(handle, &request, &reply, NULL, 0) < 0 ? -1 : reply.offset;
}

/* Reads or writes at an offset. To the drive a negative one means the handle's own: it ends here. */
static ssize_t move_at(ssize_t (*mover)(const struct handle *, const struct iovec *, int, int64_t),
                       const struct handle *handle, const struct iovec *vector, int count,
                       int64_t offset) {
    if (offset < 0) {
        errno = EINVAL;
        return -1;
    }
    return mover(handle, vector, count, offset);
}

#define WITH_HANDLE(ours, theirs)                    \
    do {                                             \
        struct handle handle;                        \
        if (handle_of_descriptor(descriptor, &handle)) \
            return ours;                             \
        return theirs;                               \
    } while (0)

#define READ_CALL(theirs)                            \
    do {                                             \
        struct iovec vector = {buffer, size};        \
        WITH_HANDLE(drive_read(&handle, &vector, 1, -1), theirs); \
    } while (0)

#define PREAD_CALL(theirs)                           \
    do {                                             \
        struct iovec vector = {buffer, size};        \
        WITH_HANDLE(move_at(drive_read, &handle, &vector, 1, offset), theirs); \
    } while (0)

#define PWRITE_CALL(theirs)                          \
    do {                                             \
        struct iovec vector = {(void *)buffer, size}; \
        WITH_HANDLE(move_at(drive_write, &handle, &vector, 1, offset), theirs); \
    } while (0)

ssize_t read(int descriptor, void *buffer, size_t size) {
    READ_CALL(NEXT(read)(descriptor, buffer, size));
}

ssize_t __read_chk(int descriptor, void *buffer, size_t size, size_t length) {
    if (size > length)
        return NEXT(__read_chk)(descriptor, buffer, size, length);
    return read(descriptor, buffer, size);
}

ssize_t pread(int descriptor, void *buffer, size_t size, off_t offset) {
    PREAD_CALL(NEXT(pread)(descriptor, buffer, size, offset));
}

ssize_t pread64(int descriptor, void *buffer, size_t size, off64_t offset) {
    PREAD_CALL(NEXT(pread64)(descriptor, buffer, size, offset));
}

ssize_t __pread_chk(int descriptor, void *buffer, size_t size, off_t offset, size_t length) {
    if (size > length)
        return NEXT(__pread_chk)(descriptor, buffer, size, offset, length);
    return pread(descriptor, buffer, size, offset);
}

ssize_t __pread64_chk(int descriptor, void *buffer, size_t size, off64_t offset, size_t length) {
    if (size > length)
        return NEXT(__pread64_chk)(descriptor, buffer, size, offset, length);
    return pread64(descriptor, buffer, size, offset);
}

ssize_t readv(int descriptor, const struct iovec *vector, int count) {
    WITH_HANDLE(drive_read(&handle, vector, count, -1), NEXT(readv)(descriptor, vector, count));
}

ssize_t preadv(int descriptor, const struct iovec *vector, int count, off_t offset) {
    WITH_HANDLE(move_at(drive_read, &handle, vector, count, offset),
                NEXT(preadv)(descriptor, vector, count, offset));
}

ssize_t preadv64(int descriptor, const struct iovec *vector, int count, off64_t offset) {
    WITH_HANDLE(move_at(drive_read, &handle, vector, count, offset),
                NEXT(preadv64)(descriptor, vector, count, offset));
}

ssize_t write(int descriptor, const void *buffer, size_t size) {
    struct iovec vector = {(void *)buffer, size};
    WITH_HANDLE(drive_write(&handle, &vector, 1, -1), NEXT(write)(descriptor, buffer, size));
}

ssize_t pwrite(int descriptor, const void *buffer, size_t size, off_t offset) {
    PWRITE_CALL(NEXT(pwrite)(descriptor, buffer, size, offset));
}

ssize_t pwrite64(int descriptor, const void *buffer, size_t size, off64_t offset) {
    PWRITE_CALL(NEXT(pwrite64)(descriptor, buffer, size, offset));
}

ssize_t writev(int descriptor, const struct iovec *vector, int count) {
    WITH_HANDLE(drive_write(&handle, vector, count, -1), NEXT(writev)(descriptor, vector, count));
}

ssize_t pwritev(int descriptor, const struct iovec *vector, int count, off_t offset) {
    WITH_HANDLE(move_at(drive_write, &handle, vector, count, offset),
                NEXT(pwritev)(descriptor, vector, count, offset));
}

ssize_t pwritev64(int descriptor, const struct iovec *vector, int count, off64_t offset) {
    WITH_HANDLE(move_at(drive_write, &handle, vector, count, offset),
                NEXT(pwritev64)(descriptor, vector, count, offset));
}

off_t lseek(int descriptor, off_t offset, int whence) {
    WITH_HANDLE(drive_seek(&handle, offset, whence), NEXT(lseek)(descriptor, offset, whence));
}

off64_t lseek64(int descriptor, off64_t offset, int whence) {
    WITH_HANDLE(drive_seek(&handle, offset, whence), NEXT(lseek64)(descriptor, offset, whence));
}

/* A request that has one number and no more. */
static int simple(const struct handle *handle, uint32_t operation, int64_t number,
                  int64_t *answer) {
    struct drive_request request = drive_request_for(handle, operation);
    struct drive_reply reply;
    request.number = number;
    if (drive_ask(handle, &request, &reply, NULL, 0) < 0)
        return -1;
    if (answer)
        *answer = reply.offset;
    return 0;
}

int fsync(int descriptor) {
    WITH_HANDLE(simple(&handle, DRIVE_SYNC, 0, NULL), NEXT(fsync)(descriptor));
}

int fdatasync(int descriptor) {
    WITH_HANDLE(simple(&handle, DRIVE_SYNC, 0, NULL), NEXT(fdatasync)(descriptor));
}

/* A lock on a node. The drive's process never waits, so that the waiting is done here. */
static int lock_node(const struct handle *handle, int operation, pid_t process) {
    static const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    int64_t number = (int64_t)process << 32 | (operation & ~LOCK_NB);
    for (;;) {
        if (simple(handle, DRIVE_LOCK, number, NULL) == 0)
            return 0;
        if (errno != EWOULDBLOCK || operation & LOCK_NB)
            return -1;
        if (NEXT(nanosleep)(&pause, NULL) < 0)
            return -1;
    }
}

int flock(int descriptor, int operation) {
    WITH_HANDLE(lock_node(&handle, operation, 0), NEXT(flock)(descriptor, operation));
}

/* A record lock, as libburn takes one on the whole of a drive: the range is not looked at. */
static int lock_records(const struct handle *handle, const struct flock *lock, int waits) {
    static const int operations[] = {
        [F_RDLCK] = LOCK_SH, [F_WRLCK] = LOCK_EX, [F_UNLCK] = LOCK_UN};
    if (!lock || lock->l_type < F_RDLCK || lock->l_type > F_UNLCK) {
        errno = EINVAL;
        return -1;
    }
    return lock_node(handle, operations[lock->l_type] | (waits ? 0 : LOCK_NB), getpid());
}

static int control_descriptor(const struct handle *handle, int command, void *argument) {
    int64_t flags;
    switch (command) {
    case F_GETFL:
        return simple(handle, DRIVE_FLAGS, -1, &flags) < 0 ? -1 : (int)flags;
    case F_SETFL:
        return simple(handle, DRIVE_FLAGS, (int)(intptr_t)argument, NULL);
    case F_SETLK:
    case F_SETLKW:
        return lock_records(handle, argument, command == F_SETLKW);
    default:
        /* Leases and the like, which the socket would grant to everyone. */
        errno = EINVAL;
        return -1;
    }
}

/* Whether a command of fcntl is about the descriptor and not about what it leads to. */
static int is_about_descriptor(int command) {
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC || command == F_GETFD ||
           command == F_SETFD || command == F_GETOWN || command == F_SETOWN;
}

#define FCNTL(theirs)                                     \
    do {                                                  \
        va_list rest;                                     \
        va_start(rest, command);                          \
        void *argument = va_arg(rest, void *);            \
        va_end(rest);                                     \
        struct handle handle;                             \
        if (!is_about_descriptor(command) && handle_of_descriptor(descriptor, &handle)) \
            return control_descriptor(&handle, command, argument); \
        return theirs(descriptor, command, argument);     \
    } while (0)

int fcntl(int descriptor, int command, ...) {
    FCNTL(NEXT(fcntl));
}

int fcntl64(int descriptor, int command, ...) {
    FCNTL(NEXT(fcntl64));
}

/* Answers for the open nodes among the entries: a block device is always ready. Their descriptors
 * are hidden in the copy. Returns how many there are. */
static int answer_nodes(struct pollfd *entries, nfds_t count, struct pollfd *copy) {
    int found = 0;
    for (nfds_t i = 0; i < count; i++) {
        struct handle handle;
        copy[i] = entries[i];
        if (!handle_of_descriptor(entries[i].fd, &handle))
            continue;
        entries[i].revents =
            entries[i].events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
        copy[i].fd = -1;
        found++;
    }
    return found;
}

static int has_nodes(const struct pollfd *entries, nfds_t count) {
    struct handle handle;
    for (nfds_t i = 0; have_nodes() && i < count; i++)
        if (handle_of_descriptor(entries[i].fd, &handle))
            return 1;
    return 0;
}

/* A poll with open nodes among the entries. */
static int poll_nodes(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
                      const sigset_t *mask) {
    struct pollfd *copy = calloc(count, sizeof *copy);
    if (!copy) {
        errno = ENOMEM;
        return -1;
    }
    answer_nodes(entries, count, copy);
    int ready = 0;
    for (nfds_t i = 0; i < count; i++)
        ready += copy[i].fd < 0 && entries[i].fd >= 0 && entries[i].revents != 0;
    static const struct timespec at_once = {0};
    int result = NEXT(ppoll)(copy, count, ready ? &at_once : timeout, mask);
    for (nfds_t i = 0; result >= 0 && i < count; i++)
        if (copy[i].fd >= 0 || entries[i].fd < 0)
            entries[i].revents = copy[i].revents;
    int saved = errno;
    free(copy);
    errno = saved;
    return result < 0 ? result : result + ready;
}

static int poll_any(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
                    const sigset_t *mask) {
    return has_nodes(entries, count) ? poll_nodes(entries, count, timeout, mask)
                                     : wait_for_entries(entries, count, timeout, mask);
}

int poll(struct pollfd *entries, nfds_t count, int timeout) {
    struct timespec time = {.tv_sec = timeout / 1000,
                            .tv_nsec = (long)(timeout % 1000) * 1000 * 1000};
    return poll_any(entries, count, timeout < 0 ? NULL : &time, NULL);
}

int __poll_chk(struct pollfd *entries, nfds_t count, int timeout, size_t length) {
    return count <= length / sizeof *entries ? poll(entries, count, timeout)
                                             : NEXT(__poll_chk)(entries, count, timeout, length);
}

int ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
          const sigset_t *mask) {
    return poll_any(entries, count, timeout, mask);
}

int __ppoll_chk(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
                const sigset_t *mask, size_t length) {
    return count <= length / sizeof *entries
               ? poll_any(entries, count, timeout, mask)
               : NEXT(__ppoll_chk)(entries, count, timeout, mask, length);
}

/* Advice about a node is taken, and not followed. It gives an error number, not errno. */
int posix_fadvise(int descriptor, off_t offset, off_t length, int advice) {
    WITH_HANDLE(0, NEXT(posix_fadvise)(descriptor, offset, length, advice));
}

int posix_fadvise64(int descriptor, off64_t offset, off64_t length, int advice) {
    WITH_HANDLE(0, NEXT(posix_fadvise64)(descriptor, offset, length, advice));
}

/* Copies within the kernel, which has no node to copy from: the caller then reads and writes. */
static int is_either_node(int one, int other) {
    struct handle handle;
    if (!handle_of_descriptor(one, &handle) && !handle_of_descriptor(other, &handle))
        return 0;
    errno = EINVAL;
    return 1;
}

ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
    return is_either_node(out, in) ? -1 : NEXT(sendfile)(out, in, offset, count);
}

ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) {
    return is_either_node(out, in) ? -1 : NEXT(sendfile64)(out, in, offset, count);
}

ssize_t splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t length,
               unsigned flags) {
    return is_either_node(in, out) ? -1
                                   : NEXT(splice)(in, in_offset, out, out_offset, length, flags);
}

ssize_t copy_file_range(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t length,
                        unsigned flags) {
    return is_either_node(in, out)
               ? -1
               : NEXT(copy_file_range)(in, in_offset, out, out_offset, length, flags);
}
