#if defined(__linux__)
#include "Interposing.h"
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// Not zero, so that what is computed from it can go back a little.
static const uint64_t monotonic_epoch = 1000000ull * 1000000000ull;

int clock_gettime(clockid_t clock, struct timespec *time) {
    static _Atomic(__typeof__(&clock_gettime)) next;
    aura_simulation *s = aura_thread_simulation;
    // The processor time of a thread or process stays the real one.
    bool is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    bool is_monotonic = clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
                        clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
    if (!s || !(is_wall || is_monotonic)) {
        if (!next) next = NEXT(clock_gettime);
        return next(clock, time);
    }
    uint64_t now = s->now + (is_wall ? s->wall_epoch : monotonic_epoch);
    time->tv_sec = now / 1000000000ull;
    time->tv_nsec = now % 1000000000ull;
    return 0;
}

int gettimeofday(struct timeval *time, void *zone) {
    static _Atomic(__typeof__(int (*)(struct timeval *, void *))) next;
    aura_simulation *s = aura_thread_simulation;
    if (!s) {
        if (!next) next = dlsym(RTLD_NEXT, "gettimeofday");
        return next(time, zone);
    }
    uint64_t now = s->now + s->wall_epoch;
    time->tv_sec = now / 1000000000ull;
    time->tv_usec = now % 1000000000ull / 1000;
    return 0;
}

time_t time(time_t *result) {
    static _Atomic(__typeof__(&time)) next;
    aura_simulation *s = aura_thread_simulation;
    if (!s) {
        if (!next) next = NEXT(time);
        return next(result);
    }
    time_t now = (s->now + s->wall_epoch) / 1000000000ull;
    if (result) *result = now;
    return now;
}

// MARK: Blocking sleeps

// The thread that sleeps is the only one: the time goes by at once.
static void pass(aura_simulation *s, const struct timespec *duration) {
    if (duration->tv_sec >= 0) s->now += (uint64_t)duration->tv_sec * 1000000000ull + (uint64_t)duration->tv_nsec;
}

int nanosleep(const struct timespec *duration, struct timespec *rest) {
    static _Atomic(__typeof__(&nanosleep)) next;
    if (!aura_thread_simulation) {
        if (!next) next = NEXT(nanosleep);
        return next(duration, rest);
    }
    pass(aura_thread_simulation, duration);
    if (rest) *rest = (struct timespec){0, 0};
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest) {
    static _Atomic(__typeof__(&clock_nanosleep)) next;
    aura_simulation *s = aura_thread_simulation;
    if (!s) {
        if (!next) next = NEXT(clock_nanosleep);
        return next(clock, flags, time, rest);
    }
    if (flags & TIMER_ABSTIME) {
        uint64_t moment = (uint64_t)time->tv_sec * 1000000000ull + (uint64_t)time->tv_nsec;
        uint64_t epoch = clock == CLOCK_REALTIME ? s->wall_epoch : monotonic_epoch;
        if (moment > s->now + epoch) s->now = moment - epoch;
    } else {
        pass(s, time);
        if (rest) *rest = (struct timespec){0, 0};
    }
    return 0;
}

int usleep(useconds_t microseconds) {
    return nanosleep(&(struct timespec){microseconds / 1000000, microseconds % 1000000 * 1000}, NULL);
}

unsigned sleep(unsigned seconds) {
    struct timespec rest = {seconds, 0};
    return nanosleep(&rest, &rest) == 0 ? 0 : (unsigned)rest.tv_sec;
}
#endif
