#ifndef AURA_CSYNCCOUNTER_H
#define AURA_CSYNCCOUNTER_H

#include <stdint.h>

/// How many times this process has asked the kernel to sync a file.
uint64_t aura_sync_count(void);

/// Lets the next `count` syncs fail with EIO.
void aura_sync_fail(uint64_t count);

#endif
