#if defined(__linux__)
#include "Interposing.h"
#include <sys/time.h>
#include <time.h>

// Not zero, so that what is computed from it can go back a little.
static const uint64_t monotonic_epoch = 1000000ull * 1000000000ull;

int clock_gettime(clockid_t clock, struct timespec *time) {
    static __typeof__(&clock_gettime) next;
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
    static int (*next)(struct timeval *, void *);
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
    static __typeof__(&time) next;
    aura_simulation *s = aura_thread_simulation;
    if (!s) {
        if (!next) next = NEXT(time);
        return next(result);
    }
    time_t now = (s->now + s->wall_epoch) / 1000000000ull;
    if (result) *result = now;
    return now;
}
#endif
