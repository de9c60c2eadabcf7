/* A program that uses a device node in the ways that tests ask for. It exits 0 where all was as it
 * should be, else with the number of the line that was not. It knows nothing of the interposer. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <poll.h>
#include <pthread.h>
#include <scsi/scsi.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, strerror(errno)); \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

static const char *node;

static int open_node(int flags) {
    int fd = open(node, flags);
    CHECK(fd >= 0);
    return fd;
}

/* Every sector of the tests' discs begins with its number. */
static int is_sector(const unsigned char *bytes, unsigned sector) {
    unsigned found;
    memcpy(&found, bytes, sizeof found);
    return found == sector;
}

/* READ(10) by SG_IO into a vector or one buffer. */
static int sg_read(int fd, unsigned sector, unsigned count, void *memory, int parts, sg_io_hdr_t *h,
                   unsigned char *sense) {
    unsigned char cdb[10] = {0x28, 0, sector >> 24, sector >> 16, sector >> 8, sector, 0,
                             count >> 8, count, 0};
    memset(h, 0, sizeof *h);
    h->interface_id = 'S';
    h->cmd_len = sizeof cdb;
    h->cmdp = cdb;
    h->dxferp = memory;
    h->iovec_count = parts;
    h->dxfer_len = count * 2048;
    h->dxfer_direction = SG_DXFER_FROM_DEV;
    h->sbp = sense;
    h->mx_sb_len = 18;
    h->timeout = 30000;
    return ioctl(fd, SG_IO, h);
}

static void test_sg(void) {
    static unsigned char bytes[32 * 2048];
    unsigned char sense[18] = {0};
    sg_io_hdr_t h;
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    CHECK(sg_read(fd, 5, 32, bytes, 0, &h, sense) == 0 && h.status == 0 && h.resid == 0);
    CHECK(is_sector(bytes, 5) && is_sector(bytes + 31 * 2048, 36));
    sg_iovec_t parts[2] = {{bytes + 4096, 3000}, {bytes, 1096}};
    memset(bytes, 0, sizeof bytes);
    CHECK(sg_read(fd, 9, 2, parts, 2, &h, sense) == 0 && h.status == 0);
    CHECK(is_sector(bytes + 4096, 9) && is_sector(bytes + 4096 + 2048, 10));
    CHECK(sg_read(fd, 0xFFFFFF, 1, bytes, 0, &h, sense) == 0);
    CHECK(h.status == 2 && h.masked_status == 1 && h.driver_status == 8 && h.sb_len_wr == 18);
    CHECK((h.info & SG_INFO_OK_MASK) == SG_INFO_CHECK && h.resid == 2048);
    CHECK((sense[2] & 15) == 5 && sense[12] == 0x21);
    struct cdrom_generic_command packet = {.cmd = {0x28, 0, 0, 0, 0, 3, 0, 0, 1, 0},
                                           .buffer = bytes,
                                           .buflen = 2048,
                                           .data_direction = CGC_DATA_READ};
    CHECK(ioctl(fd, CDROM_SEND_PACKET, &packet) == 0 && packet.buflen == 0);
    CHECK(is_sector(bytes, 3));
    struct request_sense told = {0};
    packet.cmd[2] = 0xFF;
    packet.buflen = 2048;
    packet.sense = &told;
    CHECK(ioctl(fd, CDROM_SEND_PACKET, &packet) == -1 && errno == EIO);
    CHECK(told.sense_key == 5 && told.asc == 0x21);
    h.interface_id = 'T';
    CHECK(ioctl(fd, SG_IO, &h) == -1 && errno == EINVAL);
}

static void test_ioctls(void) {
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    int number = 0;
    CHECK(ioctl(fd, SG_GET_VERSION_NUM, &number) == 0 && number >= 30000);
    number = 7000;
    CHECK(ioctl(fd, SG_SET_TIMEOUT, &number) == 0 && ioctl(fd, SG_GET_TIMEOUT) == 7000);
    struct cdrom_tochdr header;
    CHECK(ioctl(fd, CDROMREADTOCHDR, &header) == 0);
    CHECK(header.cdth_trk0 == 1 && header.cdth_trk1 == 1);
    struct cdrom_tocentry entry = {.cdte_track = CDROM_LEADOUT, .cdte_format = CDROM_LBA};
    uint64_t size = 0;
    CHECK(ioctl(fd, BLKGETSIZE64, &size) == 0);
    CHECK(ioctl(fd, CDROMREADTOCENTRY, &entry) == 0);
    CHECK((uint64_t)entry.cdte_addr.lba * 2048 == size && entry.cdte_ctrl == 4);
    CHECK(entry.cdte_adr == 1 && entry.cdte_datamode == 1);
    CHECK(ioctl(fd, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_DISC_OK);
    CHECK(ioctl(fd, CDROM_DISC_STATUS, CDSL_CURRENT) == CDS_DATA_1);
    struct cdrom_multisession session = {.addr_format = CDROM_LBA};
    CHECK(ioctl(fd, CDROMMULTISESSION, &session) == 0);
    CHECK(session.addr.lba == 0 && session.xa_flag == 0);
    int capability = ioctl(fd, CDROM_GET_CAPABILITY, 0);
    CHECK(capability > 0 && capability & CDC_DVD && capability & CDC_LOCK);
    unsigned long sectors = 0;
    CHECK(ioctl(fd, BLKGETSIZE, &sectors) == 0 && sectors * 512 == size);
    CHECK(ioctl(fd, BLKSSZGET, &number) == 0 && number == 2048);
    CHECK(ioctl(fd, CDROM_LOCKDOOR, 1) == 0 && ioctl(fd, CDROMEJECT) == -1 && errno == EBUSY);
    CHECK(ioctl(fd, CDROM_LOCKDOOR, 0) == 0);
    int other = open_node(O_RDONLY | O_NONBLOCK);
    CHECK(ioctl(fd, CDROMEJECT) == -1 && errno == EBUSY);
    close(other);
    CHECK(ioctl(fd, CDROMEJECT) == 0);
    CHECK(ioctl(fd, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_TRAY_OPEN);
    CHECK(ioctl(fd, CDROMCLOSETRAY) == 0);
    CHECK(ioctl(fd, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_DISC_OK);
    CHECK(ioctl(fd, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 1);
    CHECK(ioctl(fd, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 0);
    CHECK(ioctl(fd, FIONREAD, &number) == -1 && errno == ENOTTY);
}

static void test_descriptors(void) {
    unsigned char bytes[4096];
    int fd = open_node(O_RDONLY);
    CHECK(fcntl(fd, F_GETFL) == O_RDONLY);
    CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_GETFL) == (O_RDONLY | O_NONBLOCK));
    CHECK(read(fd, bytes, 2048) == 2048 && is_sector(bytes, 0));
    int copy = dup(fd);
    CHECK(read(copy, bytes, 2048) == 2048 && is_sector(bytes, 1));
    pid_t child = fork();
    if (child == 0)
        _exit(read(copy, bytes, 2048) == 2048 && is_sector(bytes, 2) ? 0 : 1);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(read(fd, bytes, 2048) == 2048 && is_sector(bytes, 3));
    CHECK(pread(fd, bytes, 4096, 10 * 2048) == 4096 && is_sector(bytes + 2048, 11));
    CHECK(lseek(fd, 0, SEEK_CUR) == 4 * 2048);
    struct iovec vector[2] = {{bytes, 1024}, {bytes + 1024, 1024}};
    CHECK(readv(fd, vector, 2) == 2048 && is_sector(bytes, 4));
    off_t end = lseek(fd, 0, SEEK_END);
    CHECK(end > 0 && end % 2048 == 0);
    CHECK(read(fd, bytes, 2048) == 0 && lseek(fd, 1, SEEK_CUR) == -1 && errno == EINVAL);
    CHECK(pread(fd, bytes, 4096, end - 100) == 100);
    CHECK(write(fd, bytes, 2048) == -1 && errno == EBADF);
    struct pollfd entries[2] = {{.fd = fd, .events = POLLIN}, {.fd = 0, .events = 0}};
    CHECK(poll(entries, 2, 1000) == 1 && entries[0].revents == POLLIN);
    CHECK(sendfile(1, fd, NULL, 2048) == -1 && errno == EINVAL);
    CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL) == 0);
    struct stat about, open_about;
    CHECK(stat(node, &about) == 0 && fstat(fd, &open_about) == 0);
    CHECK(S_ISBLK(about.st_mode) && about.st_rdev == open_about.st_rdev);
    FILE *stream = fopen(node, "r");
    CHECK(stream && fseek(stream, 7 * 2048, SEEK_SET) == 0);
    CHECK(fread(bytes, 1, 2048, stream) == 2048 && is_sector(bytes, 7));
    int number = 0;
    CHECK(ioctl(fileno(stream), BLKSSZGET, &number) == 0 && number == 2048);
    fclose(stream);
}

/* Closing all descriptors takes the channel away too; other files may get its number. */
static void test_close_all(void) {
    unsigned char bytes[2048];
    int fd = open_node(O_RDONLY);
    CHECK(read(fd, bytes, 2048) == 2048);
    for (int i = 3; i < 1024; i++)
        if (i != fd)
            close(i);
    for (int i = 0; i < 1000; i++)
        open("/dev/null", O_RDWR);
    CHECK(read(fd, bytes, 2048) == -1 || is_sector(bytes, 1));
    for (int i = 3; i < 1024; i++)
        if (i != fd)
            close(i);
    CHECK(pread(fd, bytes, 2048, 2 * 2048) == 2048 && is_sector(bytes, 2));
}

/* What goes past libc's functions must fail. */
static void test_uncaught(void) {
    unsigned char bytes[2048] = {0};
    signal(SIGPIPE, SIG_IGN);
    int fd = open_node(O_RDONLY);
    CHECK(syscall(SYS_write, fd, bytes, sizeof bytes) == -1 && errno == EPIPE);
    CHECK(syscall(SYS_read, fd, bytes, sizeof bytes) == -1 && errno == EAGAIN);
    CHECK(syscall(SYS_ioctl, fd, CDROMEJECT, 0) == -1);
    CHECK(read(fd, bytes, sizeof bytes) == sizeof bytes && is_sector(bytes, 0));
}

static void *read_sectors(void *start) {
    unsigned char bytes[2048];
    unsigned first = (unsigned)(uintptr_t)start;
    int fd = open_node(O_RDONLY);
    for (unsigned i = 0; i < 400; i++)
        if (pread(fd, bytes, sizeof bytes, (first + i % 50) * 2048) != sizeof bytes ||
            !is_sector(bytes, first + i % 50))
            return (void *)1;
    close(fd);
    return NULL;
}

static void test_threads(void) {
    pthread_t threads[4];
    for (uintptr_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, read_sectors, (void *)(i * 50)) == 0);
    for (int i = 0; i < 4; i++) {
        void *result;
        CHECK(pthread_join(threads[i], &result) == 0 && result == NULL);
    }
}

static int signal_fd;
static volatile sig_atomic_t signals, failures;

static void read_in_handler(int number) {
    (void)number;
    unsigned char bytes[2048];
    int saved = errno;
    signals++;
    if (pread(signal_fd, bytes, sizeof bytes, 6 * 2048) != sizeof bytes || !is_sector(bytes, 6))
        failures++;
    errno = saved;
}

/* Signals in the middle of exchanges, whose handlers use the node themselves. */
static void test_signals(void) {
    unsigned char bytes[4096];
    signal_fd = open_node(O_RDONLY);
    struct sigaction action = {.sa_handler = read_in_handler};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval often = {{0, 500}, {0, 500}};
    setitimer(ITIMER_REAL, &often, NULL);
    for (unsigned i = 0; i < 5000; i++) {
        unsigned sector = i % 90;
        CHECK(pread(signal_fd, bytes, 4096, sector * 2048) == 4096 && is_sector(bytes, sector));
    }
    CHECK(signals > 0);
    CHECK(failures == 0);
}

/* Whether memory is given back by an allocator that looks at the clock, as many do. */
static int frees_by_clock;

#if !defined __SANITIZE_ADDRESS__ && !__has_feature(address_sanitizer)
void __libc_free(void *memory);

void free(void *memory) {
    if (frees_by_clock)
        clock_gettime(CLOCK_MONOTONIC, &(struct timespec){0});
    __libc_free(memory);
}
#endif

/* The first calls come while the linker frees the message of its last failure. */
static void test_allocator(void) {
    struct timespec now = {0};
    struct timeval day = {0};
    CHECK(dlsym(RTLD_DEFAULT, "no function") == NULL);
    frees_by_clock = 1;
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    CHECK(dlsym(RTLD_DEFAULT, "no function") == NULL);
    CHECK(gettimeofday(&day, NULL) == 0 && day.tv_sec - now.tv_sec <= 1);
    time_t second = time(NULL);
    CHECK(second - day.tv_sec >= -1 && second - day.tv_sec <= 1);
    struct timezone zone = {.tz_minuteswest = 1};
    CHECK(gettimeofday(&day, &zone) == 0 && zone.tz_minuteswest == 0);
    CHECK(dlsym(RTLD_DEFAULT, "no function") == NULL);
    int fd = open_node(O_RDONLY);
    CHECK(dlsym(RTLD_DEFAULT, "no function") == NULL && lseek(fd, 2048, SEEK_SET) == 2048);
    CHECK(dlerror() != NULL);
}

static void test_exclusive(void) {
    int fd = open_node(O_RDONLY | O_NONBLOCK | O_EXCL);
    CHECK(open(node, O_RDONLY | O_NONBLOCK | O_EXCL) == -1 && errno == EBUSY);
    int plain = open_node(O_RDONLY | O_NONBLOCK);
    pid_t child = fork();
    if (child == 0)
        _exit(open(node, O_RDONLY | O_EXCL) == -1 && errno == EBUSY ? 0 : 1);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    close(fd);
    fd = open(node, O_RDONLY | O_EXCL);
    CHECK(fd >= 0);
    CHECK(flock(fd, LOCK_EX) == 0 && flock(plain, LOCK_EX | LOCK_NB) == -1 &&
          errno == EWOULDBLOCK);
    CHECK(flock(fd, LOCK_UN) == 0 && flock(plain, LOCK_EX | LOCK_NB) == 0);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(fd, F_SETLK, &lock) == 0 && fcntl(plain, F_SETLK, &lock) == 0);
    child = fork();
    if (child == 0)
        _exit(fcntl(plain, F_SETLK, &lock) == -1 && errno == EAGAIN ? 0 : 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void test_writing(void) {
    static unsigned char bytes[300 * 1024];
    static unsigned char back[sizeof bytes];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7 >> 3);
    int fd = open_node(O_RDWR);
    CHECK(pread(fd, back, sizeof back, 2048 * 3) == sizeof back);
    CHECK(pwrite(fd, bytes, sizeof bytes, 2048 * 3) == sizeof bytes && fsync(fd) == 0);
    CHECK(pread(fd, back, sizeof back, 2048 * 3) == sizeof back);
    CHECK(memcmp(bytes, back, sizeof bytes) == 0);
    CHECK(pwrite(fd, "word", 4, 2048 * 3 + 1000) == 4);
    CHECK(pread(fd, back, 8, 2048 * 3 + 998) == 8);
    CHECK(memcmp(back, bytes + 998, 2) == 0 && memcmp(back + 2, "word", 4) == 0);
    off_t end = lseek(fd, 0, SEEK_END);
    CHECK(write(fd, bytes, 2048) == -1 && errno == ENOSPC);
    CHECK(pwrite(fd, bytes, 4096, end - 2048) == 2048);
}

/* Where /proc says that a process's descriptor leads. */
static const char *link_of(pid_t process, int fd, size_t room) {
    static char path[64], target[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)process, fd);
    ssize_t length = readlink(path, target, room < sizeof target ? room : sizeof target - 1);
    CHECK(length > 0);
    target[length] = 0;
    return target;
}

/* A test that fails leaves nobody behind. */
static void end_with_parent(void) {
    CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
}

/* A process's open node shows in /proc to others, its other sockets as what they are. */
static void test_links(void) {
    int ends[2], ready[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        end_with_parent();
        int fd = open_node(O_RDONLY | O_NONBLOCK | O_EXCL);
        CHECK(write(ready[1], &fd, sizeof fd) == sizeof fd);
        pause();
    }
    int fd;
    CHECK(read(ready[0], &fd, sizeof fd) == sizeof fd);
    CHECK(strcmp(link_of(child, fd, 64), node) == 0);
    /* Too small a buffer gets the beginning, of the socket's name as of the node's. */
    CHECK(strcmp(link_of(child, fd, 4), "/dev") == 0);
    CHECK(strncmp(link_of(child, ends[0], 64), "socket:[", 8) == 0);
    CHECK(strcmp(link_of(child, ends[0], 5), "socke") == 0);
    CHECK(strncmp(link_of(child, ready[0], 64), "pipe:[", 6) == 0);
    char path[64], name[16], target[64] = {0};
    snprintf(path, sizeof path, "/proc/%d/fd", (int)child);
    snprintf(name, sizeof name, "%d", fd);
    int directory = open(path, O_RDONLY | O_DIRECTORY);
    CHECK(directory >= 0);
    CHECK(readlinkat(directory, name, target, sizeof target) > 0 && strcmp(target, node) == 0);
    struct stat about, of_link, of_socket;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)child, fd);
    CHECK(stat(node, &about) == 0 && stat(path, &of_link) == 0);
    CHECK(about.st_rdev == of_link.st_rdev && about.st_ino == of_link.st_ino);
    CHECK(lstat(path, &of_link) == 0 && S_ISLNK(of_link.st_mode));
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)child, ends[0]);
    CHECK(stat(path, &of_socket) == 0 && S_ISSOCK(of_socket.st_mode));
    kill(child, SIGKILL);
    int status;
    CHECK(waitpid(child, &status, 0) == child);
}

/* Holds the node until killed. */
static void test_hold(void) {
    end_with_parent();
    open_node(O_RDONLY | O_NONBLOCK | O_EXCL);
    puts("held");
    fflush(stdout);
    pause();
}

/* The errno of an open, for shell scripts. */
static void test_open(const char *flags) {
    int number = O_RDONLY;
    if (strchr(flags, 'w'))
        number = O_RDWR;
    if (strchr(flags, 'n'))
        number |= O_NONBLOCK;
    if (strchr(flags, 'x'))
        number |= O_EXCL;
    puts(open(node, number) < 0 ? strerrorname_np(errno) : "open");
}

/* Stays until the drive has gone, and tells what a read then says. */
static void test_orphan(void) {
    unsigned char bytes[2048];
    int fd = open_node(O_RDONLY);
    puts("ready");
    fflush(stdout);
    for (int i = 0; i < 2000; i++) {
        ssize_t count = pread(fd, bytes, sizeof bytes, 0);
        CHECK(count != 0);
        if (count < 0) {
            CHECK(errno == ENODEV || errno == EIO);
            CHECK(open(node, O_RDONLY) == -1 && errno == ENODEV);
            CHECK(pread(fd, bytes, sizeof bytes, 0) == -1);
            return;
        }
        usleep(5000);
    }
    exit(2);
}

/* Seconds by a clock of the program's. */
static double seconds(clockid_t clock) {
    struct timespec now;
    CHECK(clock_gettime(clock, &now) == 0);
    return now.tv_sec + now.tv_nsec / 1e9;
}

/* Seconds by the system's clock: nothing comes between a program and a bare system call. */
static double system_seconds(void) {
    struct timespec now;
    CHECK(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static double by_timeofday(void) {
    struct timeval now;
    CHECK(gettimeofday(&now, NULL) == 0);
    return now.tv_sec + now.tv_usec / 1e6;
}

/* Sector 100 takes 2.5 s of the drive's time, which every clock shows, and every process. */
static void test_clock(void) {
    static const clockid_t clocks[] = {CLOCK_REALTIME,  CLOCK_MONOTONIC,        CLOCK_MONOTONIC_RAW,
                                       CLOCK_BOOTTIME,  CLOCK_MONOTONIC_COARSE, CLOCK_REALTIME_COARSE};
    enum { COUNT = sizeof clocks / sizeof clocks[0] };
    static unsigned char bytes[2048];
    unsigned char sense[18];
    sg_io_hdr_t h;
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    CHECK(sg_read(fd, 99, 1, bytes, 0, &h, sense) == 0);
    double began[COUNT], system = system_seconds(), day = by_timeofday();
    double processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
    time_t second = time(NULL);
    clock_t ticks = times(&(struct tms){0});
    for (int i = 0; i < COUNT; i++)
        began[i] = seconds(clocks[i]);
    CHECK(sg_read(fd, 100, 1, bytes, 0, &h, sense) == 0 && h.status == 0 && is_sector(bytes, 100));
    CHECK(h.duration >= 2500 && h.duration < 4000);
    for (int i = 0; i < COUNT; i++) {
        double taken = seconds(clocks[i]) - began[i];
        CHECK(taken >= 2.49 && taken < 4);
    }
    CHECK(by_timeofday() - day >= 2.5 && by_timeofday() - day < 4);
    CHECK(time(NULL) - second >= 2 && time(NULL) - second <= 4);
    CHECK(times(&(struct tms){0}) - ticks >= 2.49 * sysconf(_SC_CLK_TCK));
    CHECK(seconds(CLOCK_PROCESS_CPUTIME_ID) - processor < 1);
    CHECK(system_seconds() - system < 1);
    /* A child, and a program that the child becomes, see the same time. */
    pid_t child = fork();
    if (child == 0) {
        char text[32];
        CHECK(seconds(CLOCK_MONOTONIC) - began[1] >= 2.5);
        snprintf(text, sizeof text, "%f", began[1]);
        execl("/proc/self/exe", "peer", "later", node, text, NULL);
        _exit(1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

/* Sleeps of a program that alone uses the drive are not slept. */
static void test_sleeps(void) {
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    double system = system_seconds(), began = seconds(CLOCK_MONOTONIC);
    CHECK(sleep(100) == 0 && usleep(900000) == 0);
    struct timespec time = {.tv_sec = 50}, rest;
    CHECK(nanosleep(&time, &rest) == 0);
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &rest) == 0);
    CHECK(seconds(CLOCK_MONOTONIC) - began >= 200.9);
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += 50;
    CHECK(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL) == 0);
    CHECK(poll(NULL, 0, 50000) == 0);
    CHECK(select(0, NULL, NULL, NULL, &(struct timeval){.tv_sec = 50}) == 0);
    double taken = seconds(CLOCK_MONOTONIC) - began;
    CHECK(taken >= 350.8 && taken < 353 && system_seconds() - system < 2);
    /* What comes from elsewhere is waited for. */
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 50000000}, NULL);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    struct pollfd entry = {.fd = ends[0], .events = POLLIN};
    CHECK(poll(&entry, 1, 10000) == 1 && entry.revents == POLLIN);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    began = seconds(CLOCK_MONOTONIC);
    CHECK(read(ends[0], &(char){0}, 1) == 1 && poll(&entry, 1, 30) == 0);
    CHECK(seconds(CLOCK_MONOTONIC) - began >= 0.03 && seconds(CLOCK_MONOTONIC) - began < 2);
    /* An alarm that the program has set is not slept past. */
    signal(SIGALRM, read_in_handler);
    signal_fd = fd;
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = 50000}}, NULL);
    CHECK(sleep(100) >= 98 && signals == 1);
    /* Without the drive, time is the system's again. */
    close(fd);
    double took = 0;
    system = system_seconds();
    /* The drive's process hears of the end a little later. */
    while (took < 0.03 && system_seconds() - system < 10) {
        double before = system_seconds();
        usleep(30000);
        took = system_seconds() - before;
    }
    CHECK(took >= 0.03);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int is_done;
static double woke_at;

static void *sleep_long(void *unused) {
    sleep(1000);
    woke_at = seconds(CLOCK_MONOTONIC);
    return unused;
}

static void *read_slowly(void *unused) {
    static unsigned char bytes[2048];
    unsigned char sense[18];
    sg_io_hdr_t h;
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    for (int i = 0; i < 3; i++) {
        CHECK(sg_read(fd, 100, 1, bytes, 0, &h, sense) == 0);
        syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    CHECK(pthread_mutex_lock(&mutex) == 0);
    is_done = 1;
    CHECK(pthread_cond_signal(&condition) == 0 && pthread_mutex_unlock(&mutex) == 0);
    close(fd);
    return unused;
}

/* A thread that sleeps waits for one that works, and no longer than it said. */
static void test_thread_sleeps(void) {
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    double began = seconds(CLOCK_MONOTONIC), system = system_seconds();
    pthread_t worker, sleeper;
    CHECK(pthread_create(&worker, NULL, read_slowly, NULL) == 0);
    /* The worker's reads take 7.5 s and more: a second that runs out is its doing. */
    for (int i = 0; i < 5; i++)
        sleep(1);
    CHECK(seconds(CLOCK_MONOTONIC) - began < 5 + 12);
    CHECK(pthread_mutex_lock(&mutex) == 0);
    while (!is_done) {
        struct timespec limit;
        clock_gettime(CLOCK_REALTIME, &limit);
        limit.tv_sec += 500;
        int result = pthread_cond_timedwait(&condition, &mutex, &limit);
        CHECK(result == 0);
    }
    CHECK(pthread_mutex_unlock(&mutex) == 0 && pthread_join(worker, NULL) == 0);
    CHECK(seconds(CLOCK_MONOTONIC) - began < 20);
    /* Both wait: the earlier end comes first. */
    began = seconds(CLOCK_MONOTONIC);
    CHECK(pthread_create(&sleeper, NULL, sleep_long, NULL) == 0);
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 100;
    CHECK(pthread_mutex_lock(&mutex) == 0);
    int result = 0;
    while (result == 0)
        result = pthread_cond_timedwait(&condition, &mutex, &limit);
    double waited = seconds(CLOCK_MONOTONIC) - began;
    CHECK(result == ETIMEDOUT && waited >= 99.9 && waited < 110);
    CHECK(pthread_mutex_unlock(&mutex) == 0 && pthread_join(sleeper, NULL) == 0);
    CHECK(woke_at - began >= 1000 && woke_at - began < 1010);
    sem_t semaphore;
    CHECK(sem_init(&semaphore, 0, 0) == 0);
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 100;
    CHECK(sem_timedwait(&semaphore, &limit) == -1 && errno == ETIMEDOUT);
    CHECK(system_seconds() - system < 5);
    close(fd);
}

/* The command that $SWAP names changes the disc in the middle of this program. */
static void test_swap(void) {
    static unsigned char bytes[2048];
    unsigned char sense[18], first[2048];
    sg_io_hdr_t h;
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    CHECK(sg_read(fd, 7, 1, first, 0, &h, sense) == 0 && h.status == 0 && is_sector(first, 7));
    CHECK(ioctl(fd, CDROM_MEDIA_CHANGED, CDSL_CURRENT) >= 0);
    CHECK(ioctl(fd, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 0);
    CHECK(system(getenv("SWAP")) == 0);
    /* A unit attention, and a drive that is becoming ready, as with every new disc. */
    CHECK(sg_read(fd, 7, 1, bytes, 0, &h, sense) == 0 && h.status == 2);
    CHECK((sense[2] & 15) == 6 && sense[12] == 0x28);
    int waits = 0;
    while (sg_read(fd, 7, 1, bytes, 0, &h, sense) == 0 && h.status == 2) {
        CHECK((sense[2] & 15) == 2 && sense[12] == 0x04 && waits < 100);
        waits++;
    }
    CHECK(h.status == 0 && waits > 0 && bytes[100] == 'x' && memcmp(bytes, first, 2048) != 0);
    CHECK(ioctl(fd, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 1);
}

/* A node that takes no commands says so, whoever looks on. */
static void test_refused(void) {
    static unsigned char bytes[2048];
    unsigned char sense[18];
    sg_io_hdr_t h;
    int fd = open_node(O_RDWR);
    CHECK(sg_read(fd, 7, 1, bytes, 0, &h, sense) == -1 && errno == ENOTTY);
    struct cdrom_generic_command packet = {.cmd = {0x12, 0, 0, 0, 36}, .buffer = bytes,
                                           .buflen = 36, .data_direction = CGC_DATA_READ};
    CHECK(ioctl(fd, CDROM_SEND_PACKET, &packet) == -1 && errno == ENOTTY);
    CHECK(ioctl(fd, CDROM_SEND_PACKET, NULL) == -1 && ioctl(fd, SG_IO, NULL) == -1);
}

/* Moves so many commands of 64 KiB through SG_IO, as fast as they go, and tells MiB/s. */
static void test_transfer(int writes, unsigned count) {
    enum { SECTORS = 32 };
    static unsigned char bytes[SECTORS * 2048];
    unsigned char sense[18];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    int fd = open_node(O_RDWR | O_NONBLOCK);
    unsigned char ready[6] = {0}, flush[10] = {0x35};
    sg_io_hdr_t h = {.interface_id = 'S', .cmd_len = sizeof ready, .cmdp = ready, .sbp = sense,
                     .mx_sb_len = sizeof sense, .dxfer_direction = SG_DXFER_NONE, .timeout = 30000};
    for (int i = 0; i < 10; i++)
        CHECK(ioctl(fd, SG_IO, &h) == 0);
    CHECK(h.status == 0);
    double began = seconds(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < count; i++) {
        unsigned sector = i * SECTORS;
        unsigned char cdb[10] = {writes ? 0x2A : 0x28, 0, sector >> 24, sector >> 16, sector >> 8,
                                 sector, 0, 0, SECTORS, 0};
        h.cmd_len = sizeof cdb;
        h.cmdp = cdb;
        h.dxferp = bytes;
        h.dxfer_len = sizeof bytes;
        h.dxfer_direction = writes ? SG_DXFER_TO_DEV : SG_DXFER_FROM_DEV;
        if (writes)
            memcpy(bytes, &i, sizeof i);
        CHECK(ioctl(fd, SG_IO, &h) == 0 && h.status == 0 && h.resid == 0);
        CHECK(memcmp(bytes, &i, sizeof i) == 0);
    }
    double taken = seconds(CLOCK_MONOTONIC) - began;
    if (writes) {
        h.cmdp = flush;
        h.dxfer_len = 0;
        h.dxfer_direction = SG_DXFER_NONE;
        CHECK(ioctl(fd, SG_IO, &h) == 0 && h.status == 0);
    }
    printf("%.0f\n", count / 16.0 / taken);
}

enum { BURST = 16 };

/* A command that moves sectors, each of which begins with its number. */
static int move_sectors(int fd, int operation, unsigned sector, unsigned char *bytes) {
    unsigned char sense[18], cdb[10] = {operation, 0, sector >> 24, sector >> 16, sector >> 8,
                                        sector, 0, 0, BURST, 0};
    sg_io_hdr_t h = {.interface_id = 'S', .cmd_len = sizeof cdb, .cmdp = cdb, .sbp = sense,
                     .mx_sb_len = sizeof sense, .dxfer_direction = SG_DXFER_NONE,
                     .timeout = 30000};
    if (operation != 0x35) {
        h.dxferp = bytes;
        h.dxfer_len = BURST * 2048;
        h.dxfer_direction = operation == 0x2A ? SG_DXFER_TO_DEV : SG_DXFER_FROM_DEV;
    } else {
        memset(cdb + 2, 0, 8);
    }
    return ioctl(fd, SG_IO, &h) == 0 && h.status == 0;
}

static void wait_until_ready(int fd) {
    for (int i = 0; i < 100 && ioctl(fd, SCSI_IOCTL_TEST_UNIT_READY) != 0; i++)
        usleep(1000);
}

/* Writes from the disc's beginning until the drive is gone, and tells after each flush how many
 * sectors the drive has acknowledged. */
static void test_burn(void) {
    static unsigned char bytes[BURST * 2048];
    int fd = open_node(O_RDWR | O_NONBLOCK);
    wait_until_ready(fd);
    for (unsigned sector = 0; sector < 2000000; sector += BURST) {
        for (unsigned i = 0; i < BURST; i++) {
            unsigned number = sector + i;
            memset(bytes + i * 2048, (int)(number * 31), 2048);
            memcpy(bytes + i * 2048, &number, sizeof number);
        }
        if (!move_sectors(fd, 0x2A, sector, bytes))
            return;
        if (sector / BURST % 5 == 4) {
            if (!move_sectors(fd, 0x35, 0, NULL))
                return;
            printf("%u\n", sector + BURST);
            fflush(stdout);
        }
    }
}

/* Whether so many sectors are as test_burn wrote them. */
static void test_burned(unsigned count) {
    static unsigned char bytes[BURST * 2048];
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    wait_until_ready(fd);
    for (unsigned sector = 0; sector < count; sector += BURST) {
        CHECK(move_sectors(fd, 0x28, sector, bytes));
        for (unsigned i = 0; i < BURST; i++) {
            const unsigned char *found = bytes + i * 2048;
            CHECK(is_sector(found, sector + i));
            CHECK(found[4] == (unsigned char)((sector + i) * 31) && found[4] == found[2047]);
        }
    }
}

/* Where no time is counted, clocks and sleeps are the system's. */
static void test_plain_clock(void) {
    int fd = open_node(O_RDONLY | O_NONBLOCK);
    double system = system_seconds();
    CHECK(seconds(CLOCK_MONOTONIC) >= system && seconds(CLOCK_MONOTONIC) - system < 1);
    usleep(30000);
    CHECK(system_seconds() - system >= 0.03);
    close(fd);
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"sg", test_sg},           {"ioctls", test_ioctls},       {"descriptors", test_descriptors},
        {"close-all", test_close_all}, {"uncaught", test_uncaught}, {"threads", test_threads},
        {"signals", test_signals}, {"exclusive", test_exclusive}, {"writing", test_writing},
        {"orphan", test_orphan},   {"links", test_links},         {"hold", test_hold},
        {"allocator", test_allocator},
        {"clock", test_clock},     {"sleeps", test_sleeps},
        {"thread-sleeps", test_thread_sleeps}, {"plain-clock", test_plain_clock},
        {"swap", test_swap},       {"refused", test_refused},
        {"burn", test_burn},
    };
    CHECK(count >= 3);
    node = arguments[2];
    if (strcmp(arguments[1], "open") == 0 && count > 3) {
        test_open(arguments[3]);
        return 0;
    }
    if ((strcmp(arguments[1], "read") == 0 || strcmp(arguments[1], "write") == 0) && count > 3) {
        test_transfer(arguments[1][0] == 'w', (unsigned)atoi(arguments[3]));
        return 0;
    }
    if (strcmp(arguments[1], "burned") == 0 && count > 3) {
        test_burned((unsigned)atoi(arguments[3]));
        return 0;
    }
    if (strcmp(arguments[1], "later") == 0 && count > 3)
        return seconds(CLOCK_MONOTONIC) - atof(arguments[3]) >= 2.5 ? 0 : 1;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        if (strcmp(tests[i].name, arguments[1]) == 0) {
            tests[i].run();
            return 0;
        }
    return 64;
}
