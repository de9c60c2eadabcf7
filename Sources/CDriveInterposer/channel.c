/* The way to the drive: sockets, handles and each thread's channel. */

#include "interposer.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * One thread's channel to one drive. It must be doubted before each use: after a fork it is the
 * parent's, and programs that close every descriptor close this one too, whose number may then be
 * something else.
 */
struct channel {
    int descriptor;
    /* The process that made it; 0 where there is none. */
    pid_t process;
    ino_t inode;
    /* An exchange is under way: who comes in now is a signal handler. */
    int is_busy;
};

/* Those of nodes, and those of recorders of traces. */
enum { CHANNEL_COUNT = NODE_LIMIT + TRACE_LIMIT };

static __thread struct channel channels[CHANNEL_COUNT];
static pthread_key_t channels_key;
static pthread_once_t channels_once = PTHREAD_ONCE_INIT;

/* Whether a descriptor is still the socket that a channel was made with. */
static int is_descriptor_of(const struct channel *channel) {
    struct stat status;
    return NEXT(fstat)(channel->descriptor, &status) == 0 && S_ISSOCK(status.st_mode) &&
           status.st_ino == channel->inode;
}

static void drop(struct channel *channel) {
    if (channel->process && is_descriptor_of(channel))
        close(channel->descriptor);
    channel->process = 0;
}

static void close_channels(void *list) {
    struct channel *first = list;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        drop(&first[i]);
}

static void make_channels_key(void) {
    pthread_key_create(&channels_key, close_channels);
}

/* Buffers as large as the system allows: a reply then goes out in one piece. */
static void enlarge_buffers(int descriptor) {
    int size = DRIVE_PAYLOAD_LIMIT;
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

int drive_connect(const struct node *node, int flags, int with_name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM | flags, 0);
    if (descriptor < 0)
        return -1;
    int result = with_name ? bind(descriptor, (struct sockaddr *)&address, sizeof(sa_family_t)) : 0;
    if (result == 0) {
        memcpy(address.sun_path, node->socket, sizeof node->socket);
        do
            result = connect(descriptor, (struct sockaddr *)&address, sizeof address);
        while (result < 0 && errno == EINTR);
    }
    if (result < 0) {
        /* A drive's socket that belongs to another user is a node without rights for this one. */
        int error = errno == EACCES || errno == EPERM ? EACCES : ENODEV;
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

/* Moves a descriptor out of the way of programs that count on low numbers. */
static int move_high(int descriptor) {
    static const int floors[] = {900, 200};
    for (size_t i = 0; i < sizeof floors / sizeof floors[0]; i++) {
        int high = NEXT(fcntl)(descriptor, F_DUPFD_CLOEXEC, floors[i]);
        if (high >= 0) {
            close(descriptor);
            return high;
        }
    }
    return descriptor;
}

/* Skips the first bytes of a vector. */
static void advance(struct iovec **vector, int *count, size_t bytes) {
    while (*count > 0 && bytes >= (*vector)->iov_len) {
        bytes -= (*vector)->iov_len;
        ++*vector;
        --*count;
    }
    if (*count > 0) {
        (*vector)->iov_base = (char *)(*vector)->iov_base + bytes;
        (*vector)->iov_len -= bytes;
    }
}

static int send_all(int descriptor, struct iovec *vector, int count) {
    while (count > 0) {
        struct msghdr message = {.msg_iov = vector, .msg_iovlen = (size_t)count};
        ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return -1;
        advance(&vector, &count, (size_t)sent);
    }
    return 0;
}

static size_t room_of(const struct iovec *vector, int count) {
    size_t room = 0;
    for (int i = 0; i < count; i++)
        room += vector[i].iov_len;
    return room;
}

/* Takes a reply, whose header goes to the vector's first element, and its payload. */
static int receive_reply(int descriptor, struct drive_reply *reply, struct iovec *vector,
                         int count) {
    vector[0] = (struct iovec){reply, sizeof *reply};
    size_t room = room_of(vector, count);
    size_t received = 0;
    size_t wanted = sizeof *reply;
    while (received < wanted) {
        struct msghdr message = {.msg_iov = vector, .msg_iovlen = (size_t)count};
        ssize_t part = recvmsg(descriptor, &message, 0);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return -1;
        int had_header = received >= sizeof *reply;
        received += (size_t)part;
        advance(&vector, &count, (size_t)part);
        if (!had_header && received >= sizeof *reply) {
            wanted = sizeof *reply + reply->length;
            if (wanted > room || received > wanted)
                return -1;
        }
    }
    return 0;
}

static int open_channel(const struct node *node) {
    int descriptor = drive_connect(node, SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    descriptor = move_high(descriptor);
    enlarge_buffers(descriptor);
    struct drive_request hello = {.magic = DRIVE_MAGIC, .operation = DRIVE_CHANNEL};
    struct iovec vector = {&hello, sizeof hello};
    if (send_all(descriptor, &vector, 1) < 0) {
        /* A drive's socket that belongs to another user is a node without rights for this one. */
        int error = errno == EACCES || errno == EPERM ? EACCES : ENODEV;
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

/* Makes this thread's channel usable. */
static int prepare(const struct node *node, struct channel *channel) {
    if (channel->process && channel->process == getpid() && is_descriptor_of(channel))
        return 0;
    drop(channel);
    int descriptor = open_channel(node);
    if (descriptor < 0)
        return -1;
    struct stat status;
    if (NEXT(fstat)(descriptor, &status) < 0) {
        close(descriptor);
        return -1;
    }
    channel->descriptor = descriptor;
    channel->inode = status.st_ino;
    channel->is_busy = 0;
    pthread_once(&channels_once, make_channels_key);
    pthread_setspecific(channels_key, channels);
    channel->process = getpid();
    return 0;
}

int drive_exchange(const struct node *node, struct drive_request *request, struct iovec *out,
                   int out_count, struct drive_reply *reply, struct iovec *in, int in_count) {
    int saved = errno;
    struct channel *own = &channels[node->index];
    struct channel passing = {.descriptor = -1};
    struct channel *channel = own;
    if (own->is_busy && own->process == getpid()) {
        /* A signal handler came between: it has a channel of its own for one exchange. */
        channel = &passing;
    }
    if (prepare(node, channel) < 0)
        return -1;
    if (channel == &passing)
        pthread_setspecific(channels_key, channels);
    channel->is_busy = 1;
    out[0] = (struct iovec){request, sizeof *request};
    int result = send_all(channel->descriptor, out, out_count);
    if (result >= 0)
        result = receive_reply(channel->descriptor, reply, in, in_count);
    channel->is_busy = 0;
    if (result < 0 || channel == &passing)
        drop(channel);
    errno = result < 0 ? ENODEV : saved;
    return result;
}

int handle_of_descriptor(int descriptor, struct handle *handle) {
    if (descriptor < 0 || !have_nodes())
        return 0;
    int saved = errno;
    struct sockaddr_un address = {.sun_family = AF_UNSPEC};
    socklen_t length = sizeof address;
    int found = 0;
    if (getpeername(descriptor, (struct sockaddr *)&address, &length) == 0 &&
        address.sun_family == AF_UNIX && length > offsetof(struct sockaddr_un, sun_path)) {
        if (length < sizeof address)
            ((char *)&address)[length] = 0;
        handle->node = node_of_socket(address.sun_path);
        length = sizeof address;
        if (handle->node && getsockname(descriptor, (struct sockaddr *)&address, &length) == 0 &&
            length > offsetof(struct sockaddr_un, sun_path) + 1 && address.sun_path[0] == 0) {
            size_t name_length = length - offsetof(struct sockaddr_un, sun_path) - 1;
            if (name_length <= sizeof handle->name) {
                memset(handle->name, 0, sizeof handle->name);
                memcpy(handle->name, address.sun_path + 1, name_length);
                found = 1;
            }
        }
    }
    errno = saved;
    return found;
}

const struct node *node_of_inode(uint32_t inode) {
    const struct node *found = NULL;
    int saved = errno;
    int count = have_nodes();
    for (int i = 0; i < count && !found; i++) {
        struct handle nobody = {.node = node_at(i)};
        struct drive_request request = drive_request_for(&nobody, DRIVE_KNOWS);
        struct drive_reply reply;
        request.number = inode;
        if (drive_ask(&nobody, &request, &reply, NULL, 0) == 0)
            found = nobody.node;
    }
    errno = saved;
    return found;
}

struct drive_request drive_request_for(const struct handle *handle, uint32_t operation) {
    struct drive_request request = {
        .magic = DRIVE_MAGIC, .operation = operation, .process = getpid()};
    memcpy(request.handle, handle->name, sizeof request.handle);
    return request;
}

int64_t drive_ask(const struct handle *handle, struct drive_request *request,
                  struct drive_reply *reply, void *room, size_t room_length) {
    struct iovec out[1];
    struct iovec in[2] = {{0}, {room, room_length}};
    if (drive_exchange(handle->node, request, out, 1, reply, in, room ? 2 : 1) < 0)
        return -1;
    if (reply->result < 0)
        errno = reply->error_number;
    return reply->result;
}
