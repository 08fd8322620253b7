// The SHA2 extension of ARMv8: Arm Architecture Reference Manual for A-profile, SHA256H, SHA256H2, SHA256SU0 and SHA256SU1.
#if defined(__aarch64__)

#include "CSHA256.h"
#include "Constants.h"
#include <arm_neon.h>
#include <stddef.h>
#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

__attribute__((target("sha2"))) static void mix(uint32_t *state, const void *blocks, long count) {
    const uint8_t *input = blocks;
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    for (; count > 0; count--, input += 64) {
        const uint32x4_t abcd_before = abcd, efgh_before = efgh;
        uint32x4_t words[4];
#pragma clang loop unroll(full)
        for (int quad = 0; quad < 16; quad++) {
            uint32x4_t *now = &words[quad % 4];
            if (quad < 4) {
                *now = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(input + 16 * quad)));
            } else {
                const uint32x4_t next = words[(quad + 1) % 4], last = words[(quad + 3) % 4];
                *now = vsha256su1q_u32(vsha256su0q_u32(*now, next), words[(quad + 2) % 4], last);
            }
            const uint32x4_t sums = vaddq_u32(*now, vld1q_u32(round_constants + 4 * quad));
            const uint32x4_t abcd_now = abcd;
            abcd = vsha256hq_u32(abcd, efgh, sums);
            efgh = vsha256h2q_u32(efgh, abcd_now, sums);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

aura_sha256_function aura_sha256_of_processor(void) {
#if defined(__APPLE__)
    return mix;
#elif defined(__linux__)
    return getauxval(AT_HWCAP) & HWCAP_SHA2 ? mix : NULL;
#else
    return NULL;
#endif
}

#endif
