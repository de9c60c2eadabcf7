/*
 * Sleeping, in a run whose drives' time is counted.
 *
 * A sleep ends when the program's clock shows its end, however that comes about: the system's time
 * goes on, a drive works, or the clock is set on because nothing else can happen before. The last is
 * done where this process alone uses the drives, and each of its threads waits here, or for another
 * one that does. Then the earliest end is the next thing to happen, and nobody need wait for it.
 */

#include "interposer.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { SLOT_COUNT = 1024, FIRST_SLICE = 200 * 1000 };

/* When the waiting threads wait to; 0 for a free place. */
static int64_t slots[SLOT_COUNT];
/* The process whose threads these are: not that of a parent. */
static pid_t slots_process;
/* How often a thread has gone on. */
static unsigned changes;
/* This thread waits already, and a signal's handler does too. */
static __thread int is_waiting;

int64_t deadline_of(clockid_t clock, int64_t time) {
    int64_t left = time - clock_now(clock);
    return clock_now(CLOCK_MONOTONIC) + left;
}

struct waiter begin_waiting(int64_t deadline) {
    struct waiter waiter = {.slot = -1, .seen = __atomic_load_n(&changes, __ATOMIC_ACQUIRE)};
    if (slots_process != getpid()) {
        memset(slots, 0, sizeof slots);
        slots_process = getpid();
        is_waiting = 0;
    }
    if (is_waiting)
        return waiter;
    for (int i = 0; i < SLOT_COUNT && waiter.slot < 0; i++) {
        int64_t none = 0;
        if (__atomic_compare_exchange_n(&slots[i], &none, deadline > 0 ? deadline : 1, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            waiter.slot = i;
    }
    is_waiting = waiter.slot >= 0;
    return waiter;
}

void end_waiting(const struct waiter *waiter, int goes_on) {
    if (goes_on)
        __atomic_add_fetch(&changes, 1, __ATOMIC_ACQ_REL);
    if (waiter->slot < 0)
        return;
    is_waiting = 0;
    __atomic_store_n(&slots[waiter->slot], 0, __ATOMIC_RELEASE);
}

void abandon_waiting(void *waiter) {
    end_waiting(waiter, 1);
}

/* The threads of this process; 0 where that can't be found out. */
static int thread_count(void) {
    struct stat status;
    int saved = errno;
    int result = NEXT(stat)("/proc/self/task", &status);
    errno = saved;
    return result == 0 && status.st_nlink > 2 ? (int)status.st_nlink - 2 : 0;
}

/* The earliest time that a thread waits to, where all of them wait; else INT64_MAX. */
static int64_t earliest(int threads) {
    int64_t first = INT64_MAX;
    for (int i = 0; i < SLOT_COUNT && threads > 0; i++) {
        int64_t deadline = __atomic_load_n(&slots[i], __ATOMIC_ACQUIRE);
        if (deadline == 0)
            continue;
        threads--;
        if (deadline < first)
            first = deadline;
    }
    return threads > 0 ? INT64_MAX : first;
}

/* Whether the process has asked to be woken by a signal. */
static int has_alarm(void) {
    struct itimerval alarm;
    return getitimer(ITIMER_REAL, &alarm) != 0 || alarm.it_value.tv_sec || alarm.it_value.tv_usec;
}

void skip_waiting(struct waiter *waiter) {
    int threads = is_only_user() && waiter->slot >= 0 ? thread_count() : 0;
    if (threads == 0)
        return;
    int64_t first = earliest(threads);
    unsigned now = __atomic_load_n(&changes, __ATOMIC_ACQUIRE);
    /* A thread that was woken a moment ago may not have come so far as to say so: only what has stood
     * still since the last look counts. A lone thread has no other to wait for. */
    if (first != INT64_MAX && (threads == 1 || now == waiter->seen)) {
        clock_advance(first);
        sched_yield();
    }
    waiter->seen = now;
}

/* Signals come only within ppoll, so that none is missed between two pieces of a sleep. */
int wait_until(int64_t deadline) {
    static const struct timespec at_once = {0};
    int result = 0;
    int64_t slice = FIRST_SLICE;
    sigset_t all, mask;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mask);
    struct waiter waiter = begin_waiting(deadline);
    /* A lone thread skips at once; others look twice. */
    waiter.seen--;
    pthread_cleanup_push(abandon_waiting, &waiter);
    while (result == 0) {
        /* An alarm that is not set any more has come by now, or was never set. */
        int is_set = has_alarm();
        if (NEXT(ppoll)(NULL, 0, &at_once, &mask) < 0) {
            result = errno;
            break;
        }
        if (!is_set)
            skip_waiting(&waiter);
        int64_t left = deadline - clock_now(CLOCK_MONOTONIC);
        if (left <= 0)
            break;
        struct timespec pause = time_of(left < slice ? left : slice);
        if (NEXT(ppoll)(NULL, 0, &pause, &mask) < 0)
            result = errno;
        if (slice < LONGEST_SLICE)
            slice *= 2;
    }
    pthread_cleanup_pop(0);
    end_waiting(&waiter, 1);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return result;
}

/* Sleeps for a time; what is left of it where a signal came. Returns an errno. */
static int sleep_for(int64_t nanoseconds, int64_t *left) {
    int saved = errno;
    int64_t deadline = clock_now(CLOCK_MONOTONIC) + nanoseconds;
    int error = wait_until(deadline);
    int64_t rest = deadline - clock_now(CLOCK_MONOTONIC);
    *left = rest > 0 ? rest : 0;
    errno = saved;
    return error;
}

static int is_time(const struct timespec *time) {
    return time && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

int nanosleep(const struct timespec *time, struct timespec *rest) {
    if (!have_clock() || !is_time(time))
        return NEXT(nanosleep)(time, rest);
    int64_t left;
    int error = sleep_for(nanoseconds_of(time), &left);
    if (!error)
        return 0;
    if (rest)
        *rest = time_of(left);
    errno = error;
    return -1;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                    struct timespec *rest) {
    if (!have_clock() || !is_time(time) || clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID ||
        clock == CLOCK_THREAD_CPUTIME_ID)
        return NEXT(clock_nanosleep)(clock, flags, time, rest);
    if (flags & TIMER_ABSTIME) {
        int saved = errno;
        int error = wait_until(deadline_of(clock, nanoseconds_of(time)));
        errno = saved;
        return error;
    }
    int64_t left;
    int error = sleep_for(nanoseconds_of(time), &left);
    if (error && rest)
        *rest = time_of(left);
    return error;
}

int usleep(useconds_t microseconds) {
    if (!have_clock())
        return NEXT(usleep)(microseconds);
    struct timespec time = time_of((int64_t)microseconds * 1000);
    return nanosleep(&time, NULL);
}

unsigned sleep(unsigned seconds) {
    if (!have_clock())
        return NEXT(sleep)(seconds);
    int64_t left;
    sleep_for((int64_t)seconds * 1000000000, &left);
    return (unsigned)((left + 999999999) / 1000000000);
}
