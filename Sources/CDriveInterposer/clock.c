/* The clocks of programs in a run whose drives' time is counted: they show the system's time and
 * what the drives' work would have taken. */

#include "interposer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <unistd.h>

static struct drive_clock *shared;
static int is_read;

/* Finds the run's clock, once. A program may call in before this library's constructor has run; it
 * has one thread then. */
__attribute__((constructor)) static void read_clock(void) {
    if (is_read)
        return;
    is_read = 1;
    const char *path = getenv("SPINDLE_DRIVE_CLOCK");
    if (!path || !*path)
        return;
    int saved = errno;
    int descriptor = NEXT(open)(path, O_RDWR | O_CLOEXEC);
    if (descriptor >= 0) {
        void *memory =
            mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        close(descriptor);
        if (memory != MAP_FAILED)
            shared = memory;
    }
    errno = saved;
}

int have_clock(void) {
    if (!is_read)
        read_clock();
    return shared != NULL;
}

int64_t nanoseconds_of(const struct timespec *time) {
    /* Programs say “for ever” with numbers that do not fit. */
    if (time->tv_sec > INT64_MAX / 2 / 1000000000)
        return INT64_MAX / 2;
    return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

struct timespec time_of(int64_t nanoseconds) {
    if (nanoseconds < 0)
        nanoseconds = 0;
    return (struct timespec){.tv_sec = nanoseconds / 1000000000,
                             .tv_nsec = nanoseconds % 1000000000};
}

int64_t clock_offset(clockid_t clock) {
    /* Negative numbers are other processes' and devices' clocks. */
    if (!have_clock() || clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID ||
        clock == CLOCK_THREAD_CPUTIME_ID)
        return 0;
    return __atomic_load_n(&shared->offset, __ATOMIC_ACQUIRE);
}

int64_t clock_now(clockid_t clock) {
    struct timespec time;
    NEXT(clock_gettime)(clock, &time);
    return nanoseconds_of(&time) + clock_offset(clock);
}

void clock_advance(int64_t time) {
    struct timespec real;
    NEXT(clock_gettime)(CLOCK_MONOTONIC, &real);
    int64_t wanted = time - nanoseconds_of(&real);
    int64_t offset = __atomic_load_n(&shared->offset, __ATOMIC_ACQUIRE);
    while (offset < wanted && !__atomic_compare_exchange_n(&shared->offset, &offset, wanted, 0,
                                                           __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        ;
}

int is_only_user(void) {
    return __atomic_load_n(&shared->user, __ATOMIC_ACQUIRE) == getpid();
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = NEXT(clock_gettime)(clock, time);
    int64_t offset = result == 0 ? clock_offset(clock) : 0;
    if (offset)
        *time = time_of(nanoseconds_of(time) + offset);
    return result;
}

/* libc chooses its own of these two while it is loaded, for which only dlsym can be asked. */

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    /* Its header says that it is never NULL, and Linux lets it be. */
    struct timeval *volatile place = time;
    if (zone && syscall(SYS_gettimeofday, NULL, zone) < 0)
        return -1;
    struct timespec now;
    if (place && clock_gettime(CLOCK_REALTIME, &now) == 0)
        *place = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *place) {
    struct timespec now;
    /* As libc's; or whole seconds of the sum, which other clocks show too. */
    clock_gettime(have_clock() ? CLOCK_REALTIME : CLOCK_REALTIME_COARSE, &now);
    if (place)
        *place = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *time, int base) {
    int result = NEXT(timespec_get)(time, base);
    if (result == TIME_UTC && have_clock())
        *time = time_of(nanoseconds_of(time) + clock_offset(CLOCK_REALTIME));
    return result;
}

clock_t times(struct tms *buffer) {
    clock_t ticks = NEXT(times)(buffer);
    if (ticks == (clock_t)-1 || !have_clock())
        return ticks;
    return ticks + clock_offset(CLOCK_MONOTONIC) / (1000000000 / sysconf(_SC_CLK_TCK));
}

/* The time of day at which a timer is to fire, by the system's clock. Where the drives' time goes on
 * meanwhile, it fires late. */
static struct itimerspec by_system(clockid_t clock, const struct itimerspec *value) {
    struct itimerspec changed = *value;
    if (value->it_value.tv_sec || value->it_value.tv_nsec) {
        int64_t time = nanoseconds_of(&value->it_value) - clock_offset(clock);
        /* 0 would disarm it. */
        changed.it_value = time_of(time > 0 ? time : 1);
    }
    return changed;
}

int timerfd_settime(int descriptor, int flags, const struct itimerspec *value,
                    struct itimerspec *old) {
    if (!(flags & TFD_TIMER_ABSTIME) || !value || !have_clock())
        return NEXT(timerfd_settime)(descriptor, flags, value, old);
    /* Every clock is ahead by as much. */
    struct itimerspec changed = by_system(CLOCK_REALTIME, value);
    return NEXT(timerfd_settime)(descriptor, flags, &changed, old);
}
