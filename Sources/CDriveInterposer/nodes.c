/* The list of nodes, and which paths lead to them. */

#include "interposer.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The major number of SCSI CD-ROM drives (linux/major.h). */
enum { SCSI_CDROM_MAJOR_NUMBER = 11 };

static struct node nodes[NODE_LIMIT];
static int node_count;
static int nodes_are_read;

/* The number at the end of a name, or -1. */
static int trailing_number(const char *name) {
    const char *digits = name + strlen(name);
    while (digits > name && isdigit((unsigned char)digits[-1]))
        digits--;
    return *digits ? atoi(digits) : -1;
}

static void add_node(const char *entry, size_t length) {
    const char *equals = memchr(entry, '=', length);
    if (!equals || node_count == NODE_LIMIT)
        return;
    struct node *node = &nodes[node_count];
    size_t path_length = (size_t)(equals - entry);
    size_t socket_length = length - path_length - 1;
    if (path_length == 0 || path_length >= sizeof node->path || socket_length == 0 ||
        socket_length >= sizeof node->socket || entry[0] != '/')
        return;
    memcpy(node->path, entry, path_length);
    memcpy(node->socket, equals + 1, socket_length);
    node->base = strrchr(node->path, '/') + 1;
    int number = trailing_number(node->base);
    node->index = node_count;
    node->device =
        makedev(SCSI_CDROM_MAJOR_NUMBER, (unsigned)(number >= 0 ? number : node_count));
    node_count++;
}

/* Reads the list once. A program may call in before the library's constructor has run; it has one
 * thread then. */
__attribute__((constructor)) static void read_nodes(void) {
    if (nodes_are_read)
        return;
    nodes_are_read = 1;
    const char *list = getenv("SPINDLE_DRIVE_NODES");
    while (list && *list) {
        size_t length = strcspn(list, ":");
        add_node(list, length);
        list += length;
        list += *list == ':';
    }
}

int have_nodes(void) {
    if (!nodes_are_read)
        read_nodes();
    return node_count > 0;
}

const struct node *node_at(int index) {
    return index < node_count ? &nodes[index] : NULL;
}

const struct node *node_of_socket(const char *path) {
    for (int i = 0; i < node_count; i++)
        if (strcmp(nodes[i].socket, path) == 0)
            return &nodes[i];
    return NULL;
}

/* Appends a path to another, without empty components and dots. Returns 0 where it is too long. */
static int append_normalised(char *path, size_t capacity, const char *more) {
    size_t length = strlen(path);
    while (*more) {
        size_t part = strcspn(more, "/");
        if (part == 2 && more[0] == '.' && more[1] == '.') {
            while (length > 0 && path[--length] != '/')
                ;
            path[length] = 0;
        } else if (part > 0 && !(part == 1 && more[0] == '.')) {
            if (length + part + 2 > capacity)
                return 0;
            path[length++] = '/';
            memcpy(path + length, more, part);
            length += part;
            path[length] = 0;
        }
        more += part;
        more += *more == '/';
    }
    return 1;
}

/* The path of the directory that relative paths start at. */
static int directory_path(int directory, char *path, size_t capacity) {
    if (directory == AT_FDCWD)
        return getcwd(path, capacity) != NULL;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t length = NEXT(readlink)(link, path, capacity - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return 1;
}

static int whole_path(int directory, const char *path, char *whole, size_t capacity) {
    whole[0] = 0;
    if (path[0] != '/') {
        char start[PATH_MAX];
        if (!directory_path(directory, start, sizeof start) ||
            !append_normalised(whole, capacity, start))
            return 0;
    }
    return append_normalised(whole, capacity, path);
}

/* The node that is open as the descriptor a path names, such as /proc/self/fd/3. */
static const struct node *node_of_descriptor_path(const char *path) {
    static const char *const folders[] = {"/proc/self/fd/", "/dev/fd/"};
    int descriptor = strcmp(path, "/dev/stdin") == 0 ? 0 : -1;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t length = strlen(folders[i]);
        if (strncmp(path, folders[i], length) == 0 && isdigit((unsigned char)path[length]))
            descriptor = atoi(path + length);
    }
    struct handle handle;
    return descriptor >= 0 && handle_of_descriptor(descriptor, &handle) ? handle.node : NULL;
}

const struct node *node_of_path(int directory, const char *path) {
    if (!have_nodes() || !path)
        return NULL;
    if (strncmp(path, "/proc/self/fd/", 14) == 0 || strncmp(path, "/dev/", 5) == 0) {
        const struct node *node = node_of_descriptor_path(path);
        if (node)
            return node;
    }
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    for (int i = 0; i < node_count; i++) {
        if (strcmp(nodes[i].base, base) != 0)
            continue;
        if (strcmp(nodes[i].path, path) == 0)
            return &nodes[i];
        int saved = errno;
        char whole[PATH_MAX];
        int found = whole_path(directory, path, whole, sizeof whole) &&
                    strcmp(nodes[i].path, whole) == 0;
        errno = saved;
        if (found)
            return &nodes[i];
    }
    return NULL;
}

const struct node *node_behind_link(int directory, const char *path) {
    if (!have_nodes() || !path)
        return NULL;
    int saved = errno;
    const struct node *node = NULL;
    char link[PATH_MAX];
    char target[PATH_MAX];
    /* A link to a link to a node is as deep as distributions go: /dev/cdrom and kin. */
    if (whole_path(directory, path, link, sizeof link)) {
        for (int depth = 0; depth < 4 && !node; depth++) {
            ssize_t length = NEXT(readlink)(link, target, sizeof target - 1);
            if (length <= 0)
                break;
            target[length] = 0;
            if (target[0] == '/')
                link[0] = 0;
            else if (strrchr(link, '/'))
                *strrchr(link, '/') = 0;
            if (!append_normalised(link, sizeof link, target))
                break;
            node = node_of_path(AT_FDCWD, link);
        }
    }
    errno = saved;
    return node;
}
