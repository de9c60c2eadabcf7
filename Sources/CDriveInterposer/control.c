/* ioctl on a node. */

#include "interposer.h"

#include <linux/cdrom.h>
#include <linux/fs.h>
#include <scsi/scsi.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* Longest vector of an SG_IO: the kernel's own limit (UIO_MAXIOV). */
enum { VECTOR_LIMIT = 1024 };

/* What is behind a control call's argument, in bytes. */
struct control {
    unsigned long request;
    enum { NO_ARGUMENT, INTEGER, MEMORY } kind;
    /* What the call reads of the memory, and what it may fill. */
    size_t in, out;
};

#define READS(type) MEMORY, sizeof(type), 0
#define FILLS(type) MEMORY, 0, sizeof(type)
#define CHANGES(type) MEMORY, sizeof(type), sizeof(type)

static const struct control controls[] = {
    {SG_SET_TIMEOUT, READS(int)},
    {SG_GET_TIMEOUT, NO_ARGUMENT, 0, 0},
    {SG_GET_VERSION_NUM, FILLS(int)},
    {SG_EMULATED_HOST, FILLS(int)},
    {SG_SET_RESERVED_SIZE, READS(int)},
    {SG_GET_RESERVED_SIZE, FILLS(int)},
    {SG_GET_SCSI_ID, FILLS(struct sg_scsi_id)},
    {SCSI_IOCTL_GET_IDLUN, MEMORY, 0, 8},
    {SCSI_IOCTL_GET_BUS_NUMBER, FILLS(int)},
    {SCSI_IOCTL_DOORLOCK, NO_ARGUMENT, 0, 0},
    {SCSI_IOCTL_DOORUNLOCK, NO_ARGUMENT, 0, 0},
    {SCSI_IOCTL_TEST_UNIT_READY, NO_ARGUMENT, 0, 0},
    {CDROMPAUSE, NO_ARGUMENT, 0, 0},
    {CDROMRESUME, NO_ARGUMENT, 0, 0},
    {CDROMSTOP, NO_ARGUMENT, 0, 0},
    {CDROMSTART, NO_ARGUMENT, 0, 0},
    {CDROMPLAYMSF, READS(struct cdrom_msf)},
    {CDROMREADTOCHDR, FILLS(struct cdrom_tochdr)},
    {CDROMREADTOCENTRY, CHANGES(struct cdrom_tocentry)},
    {CDROMEJECT, NO_ARGUMENT, 0, 0},
    {CDROMCLOSETRAY, NO_ARGUMENT, 0, 0},
    {CDROMEJECT_SW, INTEGER, 0, 0},
    {CDROMSUBCHNL, CHANGES(struct cdrom_subchnl)},
    {CDROMMULTISESSION, CHANGES(struct cdrom_multisession)},
    {CDROM_GET_MCN, FILLS(struct cdrom_mcn)},
    {CDROMREADMODE1, MEMORY, sizeof(struct cdrom_msf), CD_FRAMESIZE},
    {CDROMREADMODE2, MEMORY, sizeof(struct cdrom_msf), CD_FRAMESIZE_RAW0},
    {CDROMREADRAW, MEMORY, sizeof(struct cdrom_msf), CD_FRAMESIZE_RAW},
    {CDROMREADCOOKED, MEMORY, sizeof(struct cdrom_msf), CD_FRAMESIZE},
    {CDROM_SET_OPTIONS, INTEGER, 0, 0},
    {CDROM_CLEAR_OPTIONS, INTEGER, 0, 0},
    {CDROM_SELECT_SPEED, INTEGER, 0, 0},
    {CDROM_SELECT_DISC, INTEGER, 0, 0},
    {CDROM_MEDIA_CHANGED, INTEGER, 0, 0},
    {CDROM_DRIVE_STATUS, INTEGER, 0, 0},
    {CDROM_DISC_STATUS, NO_ARGUMENT, 0, 0},
    {CDROM_CHANGER_NSLOTS, NO_ARGUMENT, 0, 0},
    {CDROM_LOCKDOOR, INTEGER, 0, 0},
    {CDROM_DEBUG, INTEGER, 0, 0},
    {CDROM_GET_CAPABILITY, NO_ARGUMENT, 0, 0},
    {CDROM_LAST_WRITTEN, FILLS(long)},
    {CDROM_NEXT_WRITABLE, FILLS(long)},
    {DVD_READ_STRUCT, CHANGES(dvd_struct)},
    {BLKROGET, FILLS(int)},
    {BLKGETSIZE, FILLS(long)},
    {BLKGETSIZE64, FILLS(uint64_t)},
    {BLKFLSBUF, NO_ARGUMENT, 0, 0},
    {BLKRASET, INTEGER, 0, 0},
    {BLKRAGET, FILLS(long)},
    {BLKFRASET, INTEGER, 0, 0},
    {BLKFRAGET, FILLS(long)},
    {BLKSECTGET, FILLS(unsigned short)},
    {BLKSSZGET, FILLS(int)},
    {BLKPBSZGET, FILLS(unsigned)},
    {BLKBSZGET, FILLS(int)},
    {BLKBSZSET, READS(int)},
    {BLKIOMIN, FILLS(unsigned)},
    {BLKIOOPT, FILLS(unsigned)},
    {BLKALIGNOFF, FILLS(int)},
    {BLKROTATIONAL, FILLS(unsigned short)},
};

static int fail(int error) {
    errno = error;
    return -1;
}

/* The largest argument of the table. */
union argument {
    int64_t number;
    unsigned char bytes[CD_FRAMESIZE_RAW];
    dvd_struct dvd;
};

static int control_by_table(const struct handle *handle, const struct control *control,
                            void *argument) {
    union argument copy;
    struct drive_request request = drive_request_for(handle, DRIVE_CONTROL);
    struct drive_reply reply;
    size_t length = 0;
    memset(&copy, 0, sizeof copy);
    if (control->kind == INTEGER) {
        copy.number = (int64_t)(intptr_t)argument;
        length = sizeof copy.number;
    } else if (control->kind == MEMORY) {
        if (!argument)
            return fail(EFAULT);
        memcpy(&copy, argument, control->in);
        length = control->in > control->out ? control->in : control->out;
    }
    request.number = (int64_t)(control->request & 0xFFFFFFFF);
    request.length = (uint32_t)length;
    struct iovec out[2] = {{0}, {&copy, length}};
    struct iovec in[2] = {{0}, {&copy, length}};
    if (drive_exchange(handle->node, &request, out, 2, &reply, in, 2) < 0)
        return -1;
    if (reply.result < 0)
        return fail(reply.error_number);
    if (control->kind == MEMORY && reply.length < control->out)
        return fail(EIO);
    if (control->out > 0)
        memcpy(argument, &copy, control->out);
    return reply.result;
}

/* CDROMREADAUDIO, whose frames go to memory that its argument points to. */
static int read_audio(const struct handle *handle, struct cdrom_read_audio *audio) {
    if (!audio || !audio->buf)
        return fail(EFAULT);
    if (audio->nframes <= 0 || audio->nframes > CD_FRAMES)
        return fail(EINVAL);
    size_t room = (size_t)audio->nframes * CD_FRAMESIZE_RAW;
    struct drive_request request = drive_request_for(handle, DRIVE_CONTROL);
    struct drive_reply reply;
    request.number = CDROMREADAUDIO;
    request.length = sizeof *audio;
    struct iovec out[2] = {{0}, {audio, sizeof *audio}};
    struct iovec in[2] = {{0}, {audio->buf, room}};
    if (drive_exchange(handle->node, &request, out, 2, &reply, in, 2) < 0)
        return -1;
    if (reply.result < 0)
        return fail(reply.error_number);
    return reply.length < room ? fail(EIO) : reply.result;
}

/* The result of a command that has reached the drive, or -1 with errno. */
static int command(const struct handle *handle, const unsigned char *cdb, size_t cdb_length,
                   int direction, unsigned timeout, struct iovec *data, int data_count,
                   size_t length, struct drive_reply *reply) {
    struct drive_request request = drive_request_for(handle, DRIVE_COMMAND);
    if (cdb_length == 0 || cdb_length > sizeof request.cdb)
        return fail(EINVAL);
    if (length > DRIVE_PAYLOAD_LIMIT)
        return fail(EIO);
    request.direction = (uint8_t)direction;
    request.timeout_ms = timeout;
    request.cdb_length = (uint8_t)cdb_length;
    request.length = direction == DRIVE_DATA_NONE ? 0 : (uint32_t)length;
    memcpy(request.cdb, cdb, cdb_length);
    struct iovec none[1];
    int sends = direction == DRIVE_DATA_TO_DRIVE;
    int receives = direction == DRIVE_DATA_FROM_DRIVE;
    if (drive_exchange(handle->node, &request, sends ? data : none, sends ? data_count : 1, reply,
                       receives ? data : none, receives ? data_count : 1) < 0)
        return -1;
    return reply->result < 0 ? fail(reply->error_number) : reply->result;
}

/* Gathers the memory of an SG_IO behind one free element. Returns the number of elements, or -1. */
static int gather(const struct sg_io_hdr *header, struct iovec *vector) {
    if (header->iovec_count == 0) {
        vector[1] = (struct iovec){header->dxferp, header->dxfer_len};
        return 2;
    }
    const struct sg_iovec *parts = header->dxferp;
    size_t left = header->dxfer_len;
    int count = 1;
    for (int i = 0; i < header->iovec_count && left > 0; i++) {
        size_t length = parts[i].iov_len < left ? parts[i].iov_len : left;
        vector[count++] = (struct iovec){parts[i].iov_base, length};
        left -= length;
    }
    return left > 0 ? -1 : count;
}

static void tell_result(struct sg_io_hdr *header, const struct drive_reply *reply,
                        size_t transferred) {
    size_t sense = reply->sense_length;
    if (sense > sizeof reply->sense)
        sense = sizeof reply->sense;
    if (sense > header->mx_sb_len)
        sense = header->mx_sb_len;
    header->status = reply->scsi_status;
    header->masked_status = (reply->scsi_status >> 1) & 0x1F;
    header->msg_status = 0;
    header->host_status = reply->host_status;
    /* DRIVER_SENSE goes with CHECK CONDITION (drivers/scsi/scsi_ioctl.c). */
    header->driver_status = reply->scsi_status == 0x02 ? 0x08 : 0;
    header->info =
        header->masked_status || header->host_status || header->driver_status ? SG_INFO_CHECK : 0;
    header->duration = reply->duration_ms;
    header->resid = transferred < header->dxfer_len ? (int)(header->dxfer_len - transferred) : 0;
    header->sb_len_wr = 0;
    if (header->sbp && sense > 0) {
        memcpy(header->sbp, reply->sense, sense);
        header->sb_len_wr = (unsigned char)sense;
    }
}

static int direction_of(int sg_direction) {
    switch (sg_direction) {
    case SG_DXFER_NONE: return DRIVE_DATA_NONE;
    case SG_DXFER_TO_DEV: return DRIVE_DATA_TO_DRIVE;
    case SG_DXFER_FROM_DEV:
    case SG_DXFER_TO_FROM_DEV: return DRIVE_DATA_FROM_DRIVE;
    default: return -1;
    }
}

static int sg_io(const struct handle *handle, struct sg_io_hdr *header) {
    if (!header)
        return fail(EFAULT);
    if (header->interface_id != 'S' || !header->cmdp || header->iovec_count > VECTOR_LIMIT)
        return fail(EINVAL);
    int direction = header->dxfer_len ? direction_of(header->dxfer_direction) : DRIVE_DATA_NONE;
    if (direction < 0)
        return fail(EINVAL);
    if (direction != DRIVE_DATA_NONE && !header->dxferp)
        return fail(EFAULT);
    struct iovec few[8];
    struct iovec *vector = few;
    if (header->iovec_count >= 7) {
        vector = malloc((size_t)(header->iovec_count + 1) * sizeof *vector);
        if (!vector)
            return fail(ENOMEM);
    }
    struct drive_reply reply;
    int count = direction == DRIVE_DATA_NONE ? 1 : gather(header, vector);
    int result = count < 0 ? fail(EINVAL)
                           : command(handle, header->cmdp, header->cmd_len, direction,
                                     header->timeout, vector, count, header->dxfer_len, &reply);
    if (vector != few) {
        int saved = errno;
        free(vector);
        errno = saved;
    }
    if (result < 0)
        return -1;
    tell_result(header, &reply, (size_t)result);
    return 0;
}

/* CDROM_SEND_PACKET is SG_IO in other clothes, whose only news is EIO
 * (drivers/scsi/scsi_ioctl.c, scsi_cdrom_send_packet). */
static int send_packet(const struct handle *handle, struct cdrom_generic_command *packet) {
    if (!packet)
        return fail(EFAULT);
    static const int directions[] = {
        [CGC_DATA_UNKNOWN] = SG_DXFER_FROM_DEV,
        [CGC_DATA_WRITE] = SG_DXFER_TO_DEV,
        [CGC_DATA_READ] = SG_DXFER_FROM_DEV,
        [CGC_DATA_NONE] = SG_DXFER_NONE,
    };
    if (packet->data_direction > CGC_DATA_NONE)
        return fail(EINVAL);
    struct sg_io_hdr header = {
        .interface_id = 'S',
        .dxfer_direction = directions[packet->data_direction],
        .cmd_len = sizeof packet->cmd,
        .cmdp = packet->cmd,
        .mx_sb_len = packet->sense ? sizeof *packet->sense : 0,
        .sbp = (unsigned char *)packet->sense,
        .dxfer_len = packet->buflen,
        .dxferp = packet->buffer,
        /* Given in jiffies, of which Debian's kernels have 250 in a second. */
        .timeout = packet->timeout > 0 ? (unsigned)packet->timeout * 4 : 0,
    };
    int result = sg_io(handle, &header);
    if (result == 0 && (header.status || header.host_status))
        result = fail(EIO);
    packet->stat = result < 0 ? -errno : 0;
    packet->buflen = (unsigned)header.resid;
    return result;
}

int drive_control(const struct handle *handle, unsigned long request, void *argument) {
    switch (request & 0xFFFFFFFF) {
    case SG_IO: return sg_io(handle, argument);
    case CDROM_SEND_PACKET: return send_packet(handle, argument);
    case CDROMREADAUDIO: return read_audio(handle, argument);
    }
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++)
        if ((controls[i].request & 0xFFFFFFFF) == (request & 0xFFFFFFFF))
            return control_by_table(handle, &controls[i], argument);
    return fail(ENOTTY);
}

static int perform(int descriptor, unsigned long request, void *argument) {
    struct handle handle;
    if (handle_of_descriptor(descriptor, &handle))
        return drive_control(&handle, request, argument);
    return NEXT(ioctl)(descriptor, request, argument);
}

int ioctl(int descriptor, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    const struct node *traced = traced_node(descriptor);
    return traced ? trace_control(traced, request, argument, perform, descriptor)
                  : perform(descriptor, request, argument);
}
