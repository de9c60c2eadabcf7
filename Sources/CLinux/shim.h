#ifndef SPINDLE_LINUX_SHIM_H
#define SPINDLE_LINUX_SHIM_H

#include <fcntl.h>
#include <iconv.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <scsi/sg.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ioctl and open are variadic, so that Swift can't call them. */
static inline int spindle_ioctl_pointer(int fd, unsigned long request, void *argument) {
    return ioctl(fd, request, argument);
}

static inline int spindle_ioctl_int(int fd, unsigned long request, long argument) {
    return ioctl(fd, request, argument);
}

/* pipe2 is declared only for _GNU_SOURCE. Both ends are closed on exec. */
static inline int spindle_pipe(int ends[2]) {
    return (int)syscall(SYS_pipe2, ends, O_CLOEXEC);
}

static inline int spindle_open_at(int directory, const char *path, int flags, mode_t mode) {
    return openat(directory, path, flags, mode);
}

/* The C library declares mkostemp only for _GNU_SOURCE. */
extern int mkostemp(char *name, int flags);

static inline int spindle_make_temporary_file(char *name) {
    return mkostemp(name, O_CLOEXEC);
}

static inline int spindle_open(const char *path, int flags, mode_t mode) {
    return open(path, flags, mode);
}

/* The C library declares fallocate only for _GNU_SOURCE, which would split the Glibc module. */
static inline int spindle_punch_hole(int fd, long offset, long length) {
    /* FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE */
    return (int)syscall(SYS_fallocate, fd, 0x02 | 0x01, offset, length);
}

/* Declared only for _GNU_SOURCE, too. */
static inline int spindle_start_writing(int fd, long offset, long length) {
    /* SYNC_FILE_RANGE_WRITE */
    return (int)syscall(SYS_sync_file_range, fd, offset, length, 0x02);
}

static inline int spindle_reserve(int fd, long offset, long length) {
    /* FALLOC_FL_KEEP_SIZE */
    return (int)syscall(SYS_fallocate, fd, 0x01, offset, length);
}

/* The C library declares copy_file_range only for _GNU_SOURCE. Neither file's own place moves. */
static inline long spindle_copy_file_range(int from, long start, int to, long place, long length) {
    return syscall(SYS_copy_file_range, from, &start, to, &place, length, 0U);
}

/* The C library declares renameat2 only for _GNU_SOURCE. */
static inline int spindle_rename_no_replace(const char *from, const char *to) {
    /* RENAME_NOREPLACE */
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1U);
}

static inline int spindle_rename_at_no_replace(int directory, const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, directory, from, directory, to, 1U);
}

static inline int spindle_rename_exchange(const char *from, const char *to) {
    /* RENAME_EXCHANGE */
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 2U);
}

/* The C library declares syncfs only for _GNU_SOURCE. */
static inline int spindle_sync_file_system(int fd) {
    return (int)syscall(SYS_syncfs, fd);
}

/* The Glibc module has no sys/xattr.h. */
static inline int spindle_set_attribute(int fd, const char *name, const void *value, size_t size) {
    return (int)syscall(SYS_fsetxattr, fd, name, value, size, 0);
}

static inline long spindle_attribute_names(const char *path, int follows, void *names,
                                           size_t size) {
    return syscall(follows ? SYS_listxattr : SYS_llistxattr, path, names, size);
}

static inline long spindle_attribute(const char *path, const char *name, int follows, void *value,
                                     size_t size) {
    return syscall(follows ? SYS_getxattr : SYS_lgetxattr, path, name, value, size);
}

static inline long spindle_attribute_size(int fd, const char *name) {
    return syscall(SYS_fgetxattr, fd, name, (void *)0, (size_t)0);
}

static inline int spindle_remove_attribute(int fd, const char *name) {
    return (int)syscall(SYS_fremovexattr, fd, name);
}

/* The C library declares accept4 only for _GNU_SOURCE. */
static inline int spindle_accept(int fd) {
    return (int)syscall(SYS_accept4, fd, (void *)0, (void *)0, SOCK_CLOEXEC);
}

/* The Glibc module has no sys/mount.h. UMOUNT_NOFOLLOW, and with it MNT_DETACH. */
static inline int spindle_unmount(const char *path, int lazily) {
    return umount2(path, 8 | (lazily ? 2 : 0));
}

/* The C library declares close_range only for _GNU_SOURCE. */
static inline int spindle_close_from(unsigned first) {
    return (int)syscall(SYS_close_range, first, ~0U, 0U);
}

/* prctl is variadic. Whoever starts it has to look afterwards whether the parent still lives. */
static inline int spindle_die_with_parent(void) {
    return prctl(PR_SET_PDEATHSIG, 9 /* SIGKILL */, 0, 0, 0);
}

static inline int spindle_gain_no_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* The resources have an enumeration for a type in C and a number in Swift. */
static inline int spindle_limit(int resource, unsigned long limit) {
    struct rlimit both = {limit, limit};
    return setrlimit(resource, &both);
}

static const int spindle_limit_memory = RLIMIT_AS;
static const int spindle_limit_time = RLIMIT_CPU;
static const int spindle_limit_file = RLIMIT_FSIZE;
static const int spindle_limit_core = RLIMIT_CORE;
static const int spindle_limit_descriptors = RLIMIT_NOFILE;

/* The C library declares pthread_setname_np only for _GNU_SOURCE; PR_SET_NAME (15) does it. */
static inline int spindle_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* The C library declares it only for _GNU_SOURCE. */
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions,
                                                const char *path);

/* The C library declares POSIX_SPAWN_SETSID only for _GNU_SOURCE. */
static const int spindle_spawn_own_session = 0x80;

static inline int spindle_prctl(int option, unsigned long argument) {
    return prctl(option, argument, 0, 0, 0);
}

/* Casts between macros' types that Swift does not import. */
static const unsigned long spindle_SG_IO = SG_IO;
static const unsigned long spindle_BLKGETSIZE64 = BLKGETSIZE64;
static const unsigned long spindle_BLKSECTGET = BLKSECTGET;
static const unsigned long spindle_BLKFLSBUF = BLKFLSBUF;
static const unsigned long spindle_BLKSSZGET = BLKSSZGET;
static const unsigned long spindle_BLKGETSIZE = BLKGETSIZE;

#endif
