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

#include "drive_protocol.h"

#pragma GCC visibility push(hidden)

/* libc's own function of that name. */
#define NEXT(name)                                                      \
    (__extension__({                                                    \
        static __typeof__(&name) next_function;                         \
        if (!next_function)                                             \
            next_function = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
        next_function;                                                  \
    }))

/* A device node that this library makes appear. */
struct node {
    /* Its path, such as "/dev/sr0", and its last component. */
    char path[108];
    const char *base;
    /* The drive's listening socket. */
    char socket[108];
    /* Its place in the list. */
    int index;
    /* Its device number. */
    dev_t device;
};

enum { NODE_LIMIT = 16 };

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

#pragma GCC visibility pop

#endif
