#ifndef AURA_COPENSSL_SHA256_H
#define AURA_COPENSSL_SHA256_H

#include <openssl/sha.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// OpenSSL 3 prefers EVP for new code, whose objects cost more than the few blocks of a journal entry's header do.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// Mixes whole blocks of 64 bytes into the eight words of a state.
static inline void aura_sha256_blocks(uint32_t *state, const void *blocks, ptrdiff_t count) {
    SHA256_CTX context;
    memset(&context, 0, sizeof context);
    memcpy(context.h, state, sizeof context.h);
    SHA256_Update(&context, blocks, (size_t)count * SHA256_CBLOCK);
    memcpy(state, context.h, sizeof context.h);
}

#pragma GCC diagnostic pop

#endif
