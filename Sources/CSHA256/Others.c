#if !defined(__x86_64__) && !defined(__aarch64__)

#include "CSHA256.h"
#include <stddef.h>

aura_sha256_function aura_sha256_of_processor(void) { return NULL; }

#endif
