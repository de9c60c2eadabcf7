#ifndef SPINDLE_INTERPOSER_H
#define SPINDLE_INTERPOSER_H

/* What the files of the interposer share. Nothing of it is visible outside the library. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
/* The checked variants are functions of their own here, and must not replace the plain ones. */
#undef _FORTIFY_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#include "drive_protocol.h"

#pragma GCC visibility push(hidden)

/* next.c */

/* The function of that name in what is loaded behind this library, as a rule in libc. */
void *next_function(const char *name);

/* libc's own function of that name. */
#define NEXT(name)                                                                  \
    (__extension__({                                                                \
        static __typeof__(&name) found_function;                                    \
        __typeof__(&name) next = __atomic_load_n(&found_function, __ATOMIC_RELAXED); \
        if (!next) {                                                                \
            next = (__typeof__(&name))next_function(#name);                         \
            __atomic_store_n(&found_function, next, __ATOMIC_RELAXED);              \
        }                                                                           \
        next;                                                                       \
    }))

/* A device node that this library makes appear. */
struct node {
    /* Its path, such as "/dev/sr0", and its last component. */
    char path[108];
    const char *base;
    /* The drive's listening socket. */
    char socket[108];
    /* The number of its channels: its place in the list, for nodes that this library makes. */
    int index;
    /* Its device number. */
    dev_t device;
};

enum { NODE_LIMIT = 16, TRACE_LIMIT = 16 };

/* An open node: which, and the name of its handle. */
struct handle {
    const struct node *node;
    char name[DRIVE_HANDLE_NAME_LENGTH];
};

/* nodes.c */

/* The node that a path leads to, or NULL. A relative path starts at a directory's descriptor. */
const struct node *node_of_path(int directory, const char *path);
/* The node that a symbolic link leads to: for when libc has just failed with ENOENT. */
const struct node *node_behind_link(int directory, const char *path);
/* The node whose socket lies at this path, or NULL. */
const struct node *node_of_socket(const char *path);
/* How many nodes there are, and one of them. */
int have_nodes(void);
const struct node *node_at(int index);

/* channel.c */

/* Connects to a node's drive. Returns the socket, or -1 with errno set to ENODEV, EACCES or
 * EMFILE. */
int drive_connect(const struct node *node, int flags, int with_name);
/* Finds out whether a descriptor is an open node. Leaves errno alone. */
int handle_of_descriptor(int descriptor, struct handle *handle);
/*
 * Sends a request with its payload and takes the reply with its payload, on this thread's channel.
 * The first element of each vector is the exchange's own; the callers' data start at the second.
 * Returns 0 where the exchange took place, whatever the drive said, or -1 with errno set.
 */
int drive_exchange(const struct node *node, struct drive_request *request, struct iovec *out,
                   int out_count, struct drive_reply *reply, struct iovec *in, int in_count);
/* An exchange with no payload and at most one buffer for the reply's. Returns its result, or -1
 * with errno set. */
int64_t drive_ask(const struct handle *handle, struct drive_request *request,
                  struct drive_reply *reply, void *room, size_t room_length);
/* A request that names a handle. */
struct drive_request drive_request_for(const struct handle *handle, uint32_t operation);

/* Finds out which node's handle a socket is, of whatever process, by its inode number. Leaves errno
 * alone. */
const struct node *node_of_inode(uint32_t inode);

/* open.c */

/* Opens a node as open does. */
int drive_open(const struct node *node, int flags);

/* descriptors.c */

/* Reads blocks, at an offset or, for -1, at the handle's own. */
ssize_t drive_read(const struct handle *handle, const struct iovec *vector, int count,
                   int64_t offset);
ssize_t drive_write(const struct handle *handle, const struct iovec *vector, int count,
                    int64_t offset);
int64_t drive_seek(const struct handle *handle, int64_t offset, int whence);

/* control.c */

/* Carries out an ioctl. */
int drive_control(const struct handle *handle, unsigned long request, void *argument);

/* trace.c */

/* Whether a descriptor is a drive whose commands are to be recorded; which. */
const struct node *traced_node(int descriptor);
/* Carries an ioctl out by `perform`, and records it where it is a command. */
int trace_control(const struct node *node, unsigned long request, void *argument,
                  int (*perform)(int, unsigned long, void *), int descriptor);

/* clock.c */

/* Whether the run counts its drives' time: then the calls of clock.c, sleep.c and wait.c differ from
 * libc's. */
int have_clock(void);
/* What a clock shows, in nanoseconds: the system's time and the drives'. */
int64_t clock_now(clockid_t clock);
/* What the drives' time adds to a clock, in nanoseconds; 0 for clocks of processors' time. */
int64_t clock_offset(clockid_t clock);
/* Lets CLOCK_MONOTONIC show at least this time from now on. */
void clock_advance(int64_t time);
/* Whether this process alone uses the drives of the run. */
int is_only_user(void);
/* Nanoseconds of a time, and back. */
int64_t nanoseconds_of(const struct timespec *time);
struct timespec time_of(int64_t nanoseconds);

/* sleep.c */

/* Of a thread that waits: what was going on in the process when it last looked. */
struct waiter {
    int slot;
    unsigned seen;
};

/* The longest that a thread waits at a time before it looks at the clock again, in nanoseconds. */
enum { LONGEST_SLICE = 5 * 1000 * 1000 };

/* The time by CLOCK_MONOTONIC at which a clock will show this. */
int64_t deadline_of(clockid_t clock, int64_t time);
/* A thread begins to wait until a time by CLOCK_MONOTONIC, or INT64_MAX for another thread's deed. */
struct waiter begin_waiting(int64_t deadline);
/* It waits no longer; whether it has something to do. */
void end_waiting(const struct waiter *waiter, int goes_on);
/* Does the same where the thread is cancelled. */
void abandon_waiting(void *waiter);
/* Lets the clock go to the next deadline where nothing else can happen before. */
void skip_waiting(struct waiter *waiter);
/* Waits until a time by CLOCK_MONOTONIC. Returns 0 or EINTR. */
int wait_until(int64_t deadline);

/* wait.c */

struct pollfd;

/* Waits for descriptors that are no nodes, as ppoll does. */
int wait_for_entries(struct pollfd *entries, unsigned long count, const struct timespec *timeout,
                     const __sigset_t *mask);

#pragma GCC visibility pop

#endif
