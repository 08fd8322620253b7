#ifndef AURA_CSHA256_H
#define AURA_CSHA256_H

#include <stdint.h>

// Mixes `count` blocks of 64 bytes into the eight words of a state, as FIPS 180-4 says in section 6.2.2.
typedef void (*aura_sha256_function)(uint32_t *_Nonnull state, const void *_Nonnull blocks, long count);

// The function that uses this processor's instructions for SHA-256; NULL where it has none.
aura_sha256_function _Nullable aura_sha256_of_processor(void);

#endif
