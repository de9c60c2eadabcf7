#ifndef SPINDLE_DRIVE_PROTOCOL_H
#define SPINDLE_DRIVE_PROTOCOL_H

/*
 * What a device node of a virtual drive and the drive's process say to each other.
 *
 * A program that opens the node holds a stream socket, the *handle*, connected to the drive's
 * listening socket. It carries one drive_request of operation DRIVE_OPEN and its drive_reply, and
 * then nothing: it lives as long as the program's descriptor and all its duplicates live, and the
 * drive process takes its end as the close of the node. The handle is known by the name that the
 * kernel gave its client end (an autobound abstract address: five hexadecimal digits).
 *
 * Work goes over *channels*: further connections to the same listening socket, one for each thread
 * of the program that works. A channel says DRIVE_CHANNEL first, and then carries any number of
 * requests, each followed by its reply; the next request waits for the reply. Each request names
 * the handle that it is for. So a handle may be duplicated, inherited and passed on, and two users
 * of it never read each other's replies.
 *
 * All numbers are in the machine's byte order: both ends are on one machine. The sizes and places
 * of the fields are fixed, and asserted at the end of this file: the drive's side reads them as
 * bytes.
 */

#include <stddef.h>
#include <stdint.h>

enum {
    /* First four bytes of every request: "SPDR" read as a little-endian number. */
    DRIVE_MAGIC = 0x52445053,
    DRIVE_HANDLE_NAME_LENGTH = 8,
    DRIVE_CDB_LENGTH = 16,
    DRIVE_SENSE_LENGTH = 64,
    /* Largest payload of one request or reply, in bytes. */
    DRIVE_PAYLOAD_LIMIT = 4 * 1024 * 1024,
};

enum {
    /* number: the open flags; in the upper 32 bits the inode number of the handle's socket, by
     * which /proc shows it. result: 0, or errno says why not. Sent on the handle itself. */
    DRIVE_OPEN = 1,
    /* This connection is a channel. No reply. */
    DRIVE_CHANNEL = 2,
    /* A SCSI command: cdb, direction, timeout_ms; payload: data for the drive;
     * length: bytes of that payload, or the room for data from the drive.
     * result: bytes that the drive took, or the length of the payload. */
    DRIVE_COMMAND = 3,
    /* A block read: number: offset in bytes, or -1 for the handle's own offset, which then
     * advances; length: bytes wanted. result: bytes read; payload: those bytes. */
    DRIVE_READ = 4,
    /* A block write, as growisofs does it: number and length as for DRIVE_READ; payload: data. */
    DRIVE_WRITE = 5,
    /* number: offset; direction: SEEK_SET, SEEK_CUR, SEEK_END. offset: the new offset. */
    DRIVE_SEEK = 6,
    /* A control call: number: the ioctl request; payload: the argument's bytes, in full.
     * result: what ioctl returns; payload: the argument's bytes, as changed. An integer argument
     * is passed as eight bytes. */
    DRIVE_CONTROL = 7,
    /* The status flags of fcntl. number: the new ones, or -1 to ask. offset: the flags. */
    DRIVE_FLAGS = 8,
    /* What stat says of the node; no handle is named. offset: st_mode. */
    DRIVE_STATUS = 9,
    /* What is still on its way to the medium is to be written: fsync. */
    DRIVE_SYNC = 10,
    /* A lock that is only advice. number: LOCK_SH, LOCK_EX or LOCK_UN of flock; in the upper 32
     * bits the process, for a record lock of fcntl, or 0 for flock's, which is the handle's.
     * It is never waited for: EWOULDBLOCK says that another holds it. */
    DRIVE_LOCK = 11,
    /* Whether a socket is a handle of this drive; no handle is named. number: the socket's inode
     * number. result: 0, or EBADF says that it is none. */
    DRIVE_KNOWS = 12,
    /* What a program sent to a drive that is not in software, and what came of it, for a trace: cdb,
     * direction; handle: the last component of the node's path; number: the nanoseconds that it
     * took; timeout_ms: the room for data, or their length; payload: a drive_outcome and the data
     * that were moved. */
    DRIVE_TRACE = 13,
    /* A hand at the drive, not a program. number: 0 takes the disc out, 1 puts in the disc of the
     * file that the payload names, or pushes the tray in where there is none. result: 0, or -1 and
     * a sentence as payload. */
    DRIVE_HAND = 14,
};

/* Values of direction in a DRIVE_COMMAND. */
enum { DRIVE_DATA_NONE = 0, DRIVE_DATA_FROM_DRIVE = 1, DRIVE_DATA_TO_DRIVE = 2 };

struct drive_request {
    uint32_t magic;
    uint32_t operation;
    char handle[DRIVE_HANDLE_NAME_LENGTH];
    int64_t number;
    uint32_t length;
    uint32_t timeout_ms;
    uint8_t direction;
    uint8_t cdb_length;
    uint8_t reserved[2];
    /* The process that asks, by its own number for itself. */
    int32_t process;
    uint8_t cdb[DRIVE_CDB_LENGTH];
};

struct drive_reply {
    /* What the call returns; -1 with error_number set where it fails. */
    int32_t result;
    int32_t error_number;
    /* Bytes of payload that follow. */
    uint32_t length;
    /* The command's duration. */
    uint32_t duration_ms;
    int64_t offset;
    uint8_t scsi_status;
    uint8_t sense_length;
    /* The DID_ number of Linux' SCSI hosts: 0 where the command reached the drive. */
    uint8_t host_status;
    uint8_t reserved[5];
    uint8_t sense[DRIVE_SENSE_LENGTH];
};

/* What came of a command, in a DRIVE_TRACE. */
struct drive_outcome {
    /* The call's errno; 0 where the command reached the drive. */
    int32_t error_number;
    /* The bytes that were moved. */
    uint32_t moved;
    uint8_t scsi_status;
    uint8_t host_status;
    uint8_t sense_length;
    uint8_t reserved[5];
    uint8_t sense[DRIVE_SENSE_LENGTH];
};

/*
 * The time of a run whose drives' work is counted: a file that every process of the run maps. A
 * program's clocks show the system's time and `offset`, which only ever grows; it is read and
 * changed atomically.
 */
struct drive_clock {
    /* Nanoseconds that the drives, and sleeps that were not slept, have taken. */
    int64_t offset;
    /* The only process that uses the drives: 0 for none, -1 for several. */
    int64_t user;
};

_Static_assert(sizeof(struct drive_outcome) == 80, "the outcome's size");
_Static_assert(offsetof(struct drive_outcome, sense) == 16, "the outcome's layout");
_Static_assert(sizeof(struct drive_clock) == 16, "the clock's layout");
_Static_assert(sizeof(struct drive_request) == 56, "the request's size");
_Static_assert(offsetof(struct drive_request, process) == 36, "the request's layout");
_Static_assert(offsetof(struct drive_request, number) == 16, "the request's layout");
_Static_assert(offsetof(struct drive_request, direction) == 32, "the request's layout");
_Static_assert(offsetof(struct drive_request, cdb) == 40, "the request's layout");
_Static_assert(sizeof(struct drive_reply) == 96, "the reply's size");
_Static_assert(offsetof(struct drive_reply, offset) == 16, "the reply's layout");
_Static_assert(offsetof(struct drive_reply, scsi_status) == 24, "the reply's layout");
_Static_assert(offsetof(struct drive_reply, sense) == 32, "the reply's layout");

#endif
