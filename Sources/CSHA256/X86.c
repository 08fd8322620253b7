// The SHA extensions of x86: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, SHA256RNDS2,
// SHA256MSG1 and SHA256MSG2.
#if defined(__x86_64__)

#include "CSHA256.h"
#include "Constants.h"
#include <cpuid.h>
#include <immintrin.h>

__attribute__((target("sha,sse4.1"))) static void mix(uint32_t *state, const void *blocks, long count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i *input = blocks;
    // The instructions want the words as A B E F and C D G H.
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(badc, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, badc, 0xf0);
    for (; count > 0; count--, input += 4) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[4];
#pragma clang loop unroll(full)
        for (int quad = 0; quad < 16; quad++) {
            __m128i *now = &words[quad % 4];
            if (quad < 4) {
                *now = _mm_shuffle_epi8(_mm_loadu_si128(input + quad), big_endian);
            } else {
                const __m128i next = words[(quad + 1) % 4], last = words[(quad + 3) % 4];
                const __m128i seven_before = _mm_alignr_epi8(last, words[(quad + 2) % 4], 4);
                *now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*now, next), seven_before), last);
            }
            const __m128i constants = _mm_loadu_si128((const __m128i *)(round_constants + 4 * quad));
            const __m128i sums = _mm_add_epi32(*now, constants);
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sums);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sums, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

aura_sha256_function aura_sha256_of_processor(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3)) return NULL;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) ? mix : NULL;
}

#endif
