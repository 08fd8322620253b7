// Takes the place of the C library's fsync and fdatasync in a test's worker process, counts the calls and lets some
// fail. Linux only: elsewhere the counter stays at zero and the tests that need it do not compile.
#define _GNU_SOURCE
#include "CSyncCounter.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic uint64_t syncs;
static _Atomic uint64_t failures;

uint64_t aura_sync_count(void) { return atomic_load(&syncs); }

void aura_sync_fail(uint64_t count) { atomic_store(&failures, count); }

static int counted(long number, int descriptor) {
    uint64_t left = atomic_load(&failures);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&failures, &left, left - 1)) {
            errno = EIO;
            return -1;
        }
    }
    int result = (int)syscall(number, descriptor);
    if (result == 0) atomic_fetch_add(&syncs, 1);
    return result;
}

int fsync(int descriptor) { return counted(SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return counted(SYS_fdatasync, descriptor); }
