/*
 * Waits with a time limit, in a run whose drives' time is counted.
 *
 * Limits are by the program's clock, which libc's own waits do not know. Waits for other threads take
 * part in what sleep.c does; waits for what other processes do take the system's time, or a drive's.
 */

#include "interposer.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>

/* A piece of a wait: until when it lasts by the system's CLOCK_MONOTONIC, which is also how long. */
static struct timespec slice_end(int64_t deadline) {
    struct timespec real;
    NEXT(clock_gettime)(CLOCK_MONOTONIC, &real);
    int64_t left = deadline - clock_now(CLOCK_MONOTONIC);
    return time_of(nanoseconds_of(&real) + (left < LONGEST_SLICE ? left : LONGEST_SLICE));
}

/* Waits for a condition until a time. After a piece of that it returns as though it had been woken,
 * since only its caller can look whether it was while the mutex was held. */
static int wait_for_condition(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                              const struct timespec *time) {
    int64_t deadline = deadline_of(clock, nanoseconds_of(time));
    int result;
    struct waiter waiter = begin_waiting(deadline);
    pthread_cleanup_push(abandon_waiting, &waiter);
    struct timespec end = slice_end(deadline);
    result = NEXT(pthread_cond_clockwait)(condition, mutex, CLOCK_MONOTONIC, &end);
    if (result == ETIMEDOUT)
        skip_waiting(&waiter);
    pthread_cleanup_pop(0);
    int is_over = clock_now(CLOCK_MONOTONIC) >= deadline;
    end_waiting(&waiter, result != ETIMEDOUT || is_over);
    return result == ETIMEDOUT && !is_over ? 0 : result;
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
    if (!have_clock())
        return NEXT(pthread_cond_wait)(condition, mutex);
    int result;
    struct waiter waiter = begin_waiting(INT64_MAX);
    pthread_cleanup_push(abandon_waiting, &waiter);
    result = NEXT(pthread_cond_wait)(condition, mutex);
    pthread_cleanup_pop(0);
    end_waiting(&waiter, 1);
    return result;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                           const struct timespec *time) {
    if (!have_clock() || time->tv_nsec < 0 || time->tv_nsec >= 1000000000)
        return NEXT(pthread_cond_timedwait)(condition, mutex, time);
    /* pthread_condattr_setclock leaves its mark here (nptl/pthreadP.h,
     * __PTHREAD_COND_CLOCK_MONOTONIC_MASK). */
    clockid_t clock = condition->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
    return wait_for_condition(condition, mutex, clock, time);
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                           const struct timespec *time) {
    if (!have_clock() || time->tv_nsec < 0 || time->tv_nsec >= 1000000000)
        return NEXT(pthread_cond_clockwait)(condition, mutex, clock, time);
    return wait_for_condition(condition, mutex, clock, time);
}

int pthread_join(pthread_t thread, void **value) {
    if (!have_clock())
        return NEXT(pthread_join)(thread, value);
    int result;
    struct waiter waiter = begin_waiting(INT64_MAX);
    pthread_cleanup_push(abandon_waiting, &waiter);
    result = NEXT(pthread_join)(thread, value);
    pthread_cleanup_pop(0);
    end_waiting(&waiter, 1);
    return result;
}

int sem_wait(sem_t *semaphore) {
    if (!have_clock())
        return NEXT(sem_wait)(semaphore);
    int result;
    struct waiter waiter = begin_waiting(INT64_MAX);
    pthread_cleanup_push(abandon_waiting, &waiter);
    result = NEXT(sem_wait)(semaphore);
    pthread_cleanup_pop(0);
    end_waiting(&waiter, 1);
    return result;
}

/* Who waits for a signal has nothing to do before it comes. */
int sigwait(const sigset_t *signals, int *number) {
    if (!have_clock())
        return NEXT(sigwait)(signals, number);
    int result;
    struct waiter waiter = begin_waiting(INT64_MAX);
    pthread_cleanup_push(abandon_waiting, &waiter);
    result = NEXT(sigwait)(signals, number);
    pthread_cleanup_pop(0);
    end_waiting(&waiter, 1);
    return result;
}

int sigwaitinfo(const sigset_t *signals, siginfo_t *about) {
    if (!have_clock())
        return NEXT(sigwaitinfo)(signals, about);
    int result;
    struct waiter waiter = begin_waiting(INT64_MAX);
    pthread_cleanup_push(abandon_waiting, &waiter);
    result = NEXT(sigwaitinfo)(signals, about);
    pthread_cleanup_pop(0);
    end_waiting(&waiter, 1);
    return result;
}

/* A wait that may be taken up again after a piece of it: `piece` waits until `end`, by the system's
 * CLOCK_MONOTONIC, and `is_short` says that its time ran out. */
#define WAIT_IN_PIECES(clock, time, piece, is_short)                       \
    do {                                                                   \
        int64_t deadline = deadline_of(clock, nanoseconds_of(time));       \
        int result;                                                        \
        struct waiter waiter = begin_waiting(deadline);                    \
        pthread_cleanup_push(abandon_waiting, &waiter);                    \
        for (;;) {                                                         \
            struct timespec end = slice_end(deadline);                     \
            result = piece;                                                \
            if (!(is_short))                                               \
                break;                                                     \
            skip_waiting(&waiter);                                         \
            if (clock_now(CLOCK_MONOTONIC) >= deadline)                    \
                break;                                                     \
        }                                                                  \
        pthread_cleanup_pop(0);                                            \
        end_waiting(&waiter, 1);                                           \
        return result;                                                     \
    } while (0)

int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *time) {
    if (!have_clock() || time->tv_nsec < 0 || time->tv_nsec >= 1000000000)
        return NEXT(sem_clockwait)(semaphore, clock, time);
    WAIT_IN_PIECES(clock, time, NEXT(sem_clockwait)(semaphore, CLOCK_MONOTONIC, &end),
                   result < 0 && errno == ETIMEDOUT);
}

int sem_timedwait(sem_t *semaphore, const struct timespec *time) {
    if (!have_clock())
        return NEXT(sem_timedwait)(semaphore, time);
    return sem_clockwait(semaphore, CLOCK_REALTIME, time);
}

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *time) {
    if (!have_clock() || time->tv_nsec < 0 || time->tv_nsec >= 1000000000)
        return NEXT(pthread_mutex_clocklock)(mutex, clock, time);
    WAIT_IN_PIECES(clock, time, NEXT(pthread_mutex_clocklock)(mutex, CLOCK_MONOTONIC, &end),
                   result == ETIMEDOUT);
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *time) {
    if (!have_clock())
        return NEXT(pthread_mutex_timedlock)(mutex, time);
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, time);
}

int pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock,
                         const struct timespec *time) {
    if (!have_clock() || !time)
        return NEXT(pthread_clockjoin_np)(thread, value, clock, time);
    WAIT_IN_PIECES(clock, time, NEXT(pthread_clockjoin_np)(thread, value, CLOCK_MONOTONIC, &end),
                   result == ETIMEDOUT);
}

int pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *time) {
    if (!have_clock() || !time)
        return NEXT(pthread_timedjoin_np)(thread, value, time);
    return pthread_clockjoin_np(thread, value, CLOCK_REALTIME, time);
}

/* The length of a piece of a wait for descriptors. */
static struct timespec piece_until(int64_t deadline) {
    int64_t left = deadline - clock_now(CLOCK_MONOTONIC);
    return time_of(left < LONGEST_SLICE ? left : LONGEST_SLICE);
}

static int names_nothing(const struct pollfd *entries, nfds_t count) {
    for (nfds_t i = 0; i < count; i++)
        if (entries[i].fd >= 0)
            return 0;
    return 1;
}

/* poll and kin, for entries that are no nodes. */
int wait_for_entries(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
                     const sigset_t *mask) {
    if (!have_clock() || !timeout || (timeout->tv_sec == 0 && timeout->tv_nsec == 0))
        return NEXT(ppoll)(entries, count, timeout, mask);
    int64_t deadline = clock_now(CLOCK_MONOTONIC) + nanoseconds_of(timeout);
    if (!mask && names_nothing(entries, count)) {
        for (nfds_t i = 0; i < count; i++)
            entries[i].revents = 0;
        int error = wait_until(deadline);
        if (error)
            errno = error;
        return error ? -1 : 0;
    }
    for (;;) {
        struct timespec piece = piece_until(deadline);
        int result = NEXT(ppoll)(entries, count, &piece, mask);
        if (result != 0 || clock_now(CLOCK_MONOTONIC) >= deadline)
            return result;
    }
}

/* Whether sets of descriptors are empty. */
static int is_empty(int count, const fd_set *set) {
    for (int i = 0; set && i < count; i++)
        if (FD_ISSET(i, set))
            return 0;
    return 1;
}

static void restore(fd_set *set, const fd_set *copy) {
    if (set)
        *set = *copy;
}

static int wait_for_sets(int count, fd_set *in, fd_set *out, fd_set *other, int64_t nanoseconds,
                         const sigset_t *mask) {
    int64_t deadline = clock_now(CLOCK_MONOTONIC) + nanoseconds;
    if (!mask && is_empty(count, in) && is_empty(count, out) && is_empty(count, other)) {
        int error = wait_until(deadline);
        if (error)
            errno = error;
        return error ? -1 : 0;
    }
    fd_set wanted_in, wanted_out, wanted_other;
    if (in)
        wanted_in = *in;
    if (out)
        wanted_out = *out;
    if (other)
        wanted_other = *other;
    for (;;) {
        struct timespec piece = piece_until(deadline);
        int result = NEXT(pselect)(count, in, out, other, &piece, mask);
        if (result != 0 || clock_now(CLOCK_MONOTONIC) >= deadline)
            return result;
        restore(in, &wanted_in);
        restore(out, &wanted_out);
        restore(other, &wanted_other);
    }
}

int select(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
           struct timeval *restrict timeout) {
    /* Sets that are longer than libc's can't be copied. */
    if (!have_clock() || !timeout || (timeout->tv_sec == 0 && timeout->tv_usec == 0) ||
        timeout->tv_sec < 0 || timeout->tv_usec < 0 || count > FD_SETSIZE)
        return NEXT(select)(count, in, out, other, timeout);
    struct timespec time = {.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000,
                            .tv_nsec = timeout->tv_usec % 1000000 * 1000};
    int64_t nanoseconds = nanoseconds_of(&time);
    int64_t deadline = clock_now(CLOCK_MONOTONIC) + nanoseconds;
    int result = wait_for_sets(count, in, out, other, nanoseconds, NULL);
    /* Linux tells what is left. */
    int64_t left = deadline - clock_now(CLOCK_MONOTONIC);
    timeout->tv_sec = left > 0 ? left / 1000000000 : 0;
    timeout->tv_usec = left > 0 ? left % 1000000000 / 1000 : 0;
    return result;
}

int pselect(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
            const struct timespec *restrict timeout, const sigset_t *restrict mask) {
    if (!have_clock() || !timeout || (timeout->tv_sec == 0 && timeout->tv_nsec == 0) ||
        timeout->tv_sec < 0 || count > FD_SETSIZE)
        return NEXT(pselect)(count, in, out, other, timeout, mask);
    return wait_for_sets(count, in, out, other, nanoseconds_of(timeout), mask);
}

int epoll_pwait(int descriptor, struct epoll_event *events, int limit, int timeout,
                const sigset_t *mask) {
    if (!have_clock() || timeout <= 0)
        return NEXT(epoll_pwait)(descriptor, events, limit, timeout, mask);
    int64_t deadline = clock_now(CLOCK_MONOTONIC) + (int64_t)timeout * 1000000;
    for (;;) {
        int64_t left = deadline - clock_now(CLOCK_MONOTONIC);
        int piece = (int)((left < LONGEST_SLICE ? left : LONGEST_SLICE) / 1000000);
        int result = NEXT(epoll_pwait)(descriptor, events, limit, piece > 0 ? piece : 1, mask);
        if (result != 0 || clock_now(CLOCK_MONOTONIC) >= deadline)
            return result;
    }
}

int epoll_wait(int descriptor, struct epoll_event *events, int limit, int timeout) {
    return have_clock() ? epoll_pwait(descriptor, events, limit, timeout, NULL)
                        : NEXT(epoll_wait)(descriptor, events, limit, timeout);
}
