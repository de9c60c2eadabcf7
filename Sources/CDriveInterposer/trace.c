/* Recording what programs send to drives. Nothing of it is altered: the call is carried out as it
 * was made, and then told to the recorder, which need not be there. */

#include "interposer.h"

#include <fcntl.h>
#include <linux/cdrom.h>
#include <scsi/sg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static struct node traced[TRACE_LIMIT];
static int traced_count;
static int is_read;

/* Reads the list once, as nodes.c reads its own. */
__attribute__((constructor)) static void read_traced(void) {
    if (is_read)
        return;
    is_read = 1;
    const char *list = getenv("SPINDLE_TRACE_NODES");
    while (list && *list && traced_count < TRACE_LIMIT) {
        size_t length = strcspn(list, ":");
        const char *equals = memchr(list, '=', length);
        struct node *node = &traced[traced_count];
        size_t path_length = equals ? (size_t)(equals - list) : 0;
        if (equals && path_length < sizeof node->path &&
            length - path_length - 1 < sizeof node->socket && list[0] == '/') {
            memcpy(node->path, list, path_length);
            memcpy(node->socket, equals + 1, length - path_length - 1);
            node->base = strrchr(node->path, '/') + 1;
            node->index = NODE_LIMIT + traced_count++;
        }
        list += length;
        list += *list == ':';
    }
}

const struct node *traced_node(int descriptor) {
    if (!is_read)
        read_traced();
    if (traced_count == 0)
        return NULL;
    const struct node *found = NULL;
    int saved = errno;
    struct handle handle;
    struct stat status, of_path;
    if (handle_of_descriptor(descriptor, &handle)) {
        for (int i = 0; i < traced_count && !found; i++)
            if (node_of_path(AT_FDCWD, traced[i].path) == handle.node)
                found = &traced[i];
    } else if (NEXT(fstat)(descriptor, &status) == 0 &&
               (S_ISBLK(status.st_mode) || S_ISCHR(status.st_mode))) {
        for (int i = 0; i < traced_count && !found; i++)
            if (NEXT(stat)(traced[i].path, &of_path) == 0 &&
                (of_path.st_mode & S_IFMT) == (status.st_mode & S_IFMT) &&
                of_path.st_rdev == status.st_rdev)
                found = &traced[i];
    }
    errno = saved;
    return found;
}

/* What a command was, in the shape of SG_IO. */
struct sent {
    const unsigned char *cdb;
    size_t cdb_length;
    int direction;
    size_t length;
};

/* The memory of a command's data, behind two free elements, as far as it goes. */
static int gather(struct iovec *vector, int room, void *memory, int parts, size_t length) {
    int count = 2;
    if (parts == 0) {
        vector[count++] = (struct iovec){memory, length};
        return count;
    }
    const struct sg_iovec *part = memory;
    for (int i = 0; i < parts && length > 0 && count < room; i++) {
        size_t size = part[i].iov_len < length ? part[i].iov_len : length;
        vector[count++] = (struct iovec){part[i].iov_base, size};
        length -= size;
    }
    return count;
}

static void tell(const struct node *node, const struct sent *sent, struct drive_outcome *outcome,
                 int64_t took, void *memory, int parts) {
    enum { ROOM = 2 + 64 };
    struct iovec out[ROOM], in[1];
    struct drive_request request = {
        .magic = DRIVE_MAGIC, .operation = DRIVE_TRACE, .number = took};
    struct drive_reply reply;
    memcpy(request.handle, node->base, strnlen(node->base, sizeof request.handle));
    request.direction = (uint8_t)sent->direction;
    request.timeout_ms = (uint32_t)sent->length;
    request.cdb_length =
        (uint8_t)(sent->cdb_length < sizeof request.cdb ? sent->cdb_length : sizeof request.cdb);
    memcpy(request.cdb, sent->cdb, request.cdb_length);
    size_t moved = sent->direction == DRIVE_DATA_NONE ? 0 : outcome->moved;
    if (moved > DRIVE_PAYLOAD_LIMIT - sizeof *outcome)
        moved = DRIVE_PAYLOAD_LIMIT - sizeof *outcome;
    out[1] = (struct iovec){outcome, sizeof *outcome};
    int count = moved > 0 && memory ? gather(out, ROOM, memory, parts, moved) : 2;
    size_t length = 0;
    for (int i = 1; i < count; i++)
        length += out[i].iov_len;
    request.length = (uint32_t)length;
    int saved = errno;
    drive_exchange(node, &request, out, count, &reply, in, 1);
    errno = saved;
}

static int64_t now(void) {
    struct timespec time;
    NEXT(clock_gettime)(CLOCK_MONOTONIC, &time);
    return nanoseconds_of(&time);
}

static int direction_of(int sg_direction) {
    switch (sg_direction) {
    case SG_DXFER_TO_DEV: return DRIVE_DATA_TO_DRIVE;
    case SG_DXFER_NONE: return DRIVE_DATA_NONE;
    default: return DRIVE_DATA_FROM_DRIVE;
    }
}

static void tell_sg_io(const struct node *node, const struct sg_io_hdr *header, int error,
                       int64_t took) {
    struct sent sent = {header->cmdp, header->cmd_len,
                        header->dxfer_len ? direction_of(header->dxfer_direction)
                                          : DRIVE_DATA_NONE,
                        header->dxfer_len};
    struct drive_outcome outcome = {.error_number = error};
    if (!error) {
        outcome.scsi_status = header->status;
        outcome.host_status = (uint8_t)header->host_status;
        outcome.sense_length =
            header->sb_len_wr < DRIVE_SENSE_LENGTH ? header->sb_len_wr : DRIVE_SENSE_LENGTH;
        if (header->sbp)
            memcpy(outcome.sense, header->sbp, outcome.sense_length);
        size_t rest = header->resid > 0 ? (size_t)header->resid : 0;
        outcome.moved = (uint32_t)(rest < header->dxfer_len ? header->dxfer_len - rest : 0);
    }
    tell(node, &sent, &outcome, took, header->dxferp, header->iovec_count);
}

/* The length that a command has by its group (SPC-4 §4.2.5.1). */
static size_t length_by_group(unsigned char operation) {
    static const size_t lengths[] = {6, 10, 10, 12, 16, 12, 12, 12};
    size_t length = lengths[operation >> 5];
    return length < CDROM_PACKET_SIZE ? length : CDROM_PACKET_SIZE;
}

static void tell_packet(const struct node *node, const struct cdrom_generic_command *packet,
                        size_t length, int error, int64_t took) {
    int direction = packet->data_direction == CGC_DATA_WRITE ? DRIVE_DATA_TO_DRIVE
                    : packet->data_direction == CGC_DATA_NONE || length == 0
                        ? DRIVE_DATA_NONE
                        : DRIVE_DATA_FROM_DRIVE;
    struct sent sent = {packet->cmd, length_by_group(packet->cmd[0]), direction, length};
    struct drive_outcome outcome = {.error_number = error};
    if (error == 0 && packet->buflen <= length)
        outcome.moved = (uint32_t)(length - packet->buflen);
    /* The drive's refusal comes as EIO, with the sense data beside it. */
    if (error == EIO && packet->sense && packet->sense->error_code) {
        outcome.error_number = 0;
        outcome.scsi_status = 0x02;
        outcome.sense_length = sizeof *packet->sense < 18 ? sizeof *packet->sense : 18;
        memcpy(outcome.sense, packet->sense, outcome.sense_length);
    }
    tell(node, &sent, &outcome, took, packet->buffer, 0);
}

int trace_control(const struct node *node, unsigned long request, void *argument,
                  int (*perform)(int, unsigned long, void *), int descriptor) {
    struct cdrom_generic_command *packet = argument;
    struct sg_io_hdr *header = argument;
    unsigned long kind = argument ? request & 0xFFFFFFFF : 0;
    size_t length = kind == CDROM_SEND_PACKET ? packet->buflen : 0;
    int64_t began = now();
    int result = perform(descriptor, request, argument);
    int64_t took = now() - began;
    int error = result < 0 ? errno : 0;
    if (kind == SG_IO && header->interface_id == 'S' && header->cmdp)
        tell_sg_io(node, header, error, took);
    else if (kind == CDROM_SEND_PACKET)
        tell_packet(node, packet, length, error, took);
    if (error)
        errno = error;
    return result;
}
