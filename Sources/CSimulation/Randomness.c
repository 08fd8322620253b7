#if defined(__linux__)
#include "Interposing.h"
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
static void fill(aura_simulation *s, void *buffer, size_t count) {
    unsigned char *bytes = buffer;
    while (count) {
        uint64_t z = s->random_state += 0x9E3779B97F4A7C15ull;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ z >> 27) * 0x94D049BB133111EBull;
        z ^= z >> 31;
        size_t taken = count < 8 ? count : 8;
        memcpy(bytes, &z, taken);
        bytes += taken;
        count -= taken;
    }
}

void swift_stdlib_random(void *buffer, size_t count);

void swift_stdlib_random(void *buffer, size_t count) {
    static _Atomic(__typeof__(&swift_stdlib_random)) next;
    if (aura_thread_simulation) {
        fill(aura_thread_simulation, buffer, count);
        return;
    }
    if (!next) next = NEXT(swift_stdlib_random);
    next(buffer, count);
}

ssize_t getrandom(void *buffer, size_t count, unsigned flags) {
    static _Atomic(__typeof__(&getrandom)) next;
    if (aura_thread_simulation) {
        fill(aura_thread_simulation, buffer, count);
        return count;
    }
    if (!next) next = NEXT(getrandom);
    return next(buffer, count, flags);
}

int getentropy(void *buffer, size_t count) {
    static _Atomic(__typeof__(&getentropy)) next;
    if (aura_thread_simulation) {
        fill(aura_thread_simulation, buffer, count);
        return 0;
    }
    if (!next) next = NEXT(getentropy);
    return next(buffer, count);
}

// The C library's own do not pass the functions above. Older ones do not have them.
uint32_t arc4random(void);
void arc4random_buf(void *buffer, size_t count);
uint32_t arc4random_uniform(uint32_t bound);

uint32_t arc4random(void) {
    static _Atomic(__typeof__(&arc4random)) next;
    if (aura_thread_simulation) {
        uint32_t value;
        fill(aura_thread_simulation, &value, sizeof value);
        return value;
    }
    if (!next) next = NEXT(arc4random);
    return next();
}

void arc4random_buf(void *buffer, size_t count) {
    static _Atomic(__typeof__(&arc4random_buf)) next;
    if (aura_thread_simulation) {
        fill(aura_thread_simulation, buffer, count);
        return;
    }
    if (!next) next = NEXT(arc4random_buf);
    next(buffer, count);
}

uint32_t arc4random_uniform(uint32_t bound) {
    static _Atomic(__typeof__(&arc4random_uniform)) next;
    if (aura_thread_simulation) return (uint64_t)arc4random() * bound >> 32;
    if (!next) next = NEXT(arc4random_uniform);
    return next(bound);
}

// The standard library asks the kernel without the C library's function.
long syscall(long number, ...) {
    static _Atomic(__typeof__(long (*)(long, ...))) next;
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == SYS_getrandom && aura_thread_simulation) {
        fill(aura_thread_simulation, (void *)a, b);
        return b;
    }
    if (!next) next = dlsym(RTLD_NEXT, "syscall");
    return next(number, a, b, c, d, e, f);
}

// Foundation's UUID reads the device: it gets a file of seeded bytes.
int open(const char *path, int flags, ...) {
    static _Atomic(__typeof__(int (*)(const char *, int, ...))) next;
    va_list list;
    va_start(list, flags);
    int mode = va_arg(list, int);
    va_end(list);
    if (aura_thread_simulation && (!strcmp(path, "/dev/urandom") || !strcmp(path, "/dev/random"))) {
        unsigned char bytes[4096];
        int file = memfd_create("random", MFD_CLOEXEC);
        if (file < 0) return -1;
        fill(aura_thread_simulation, bytes, sizeof bytes);
        if (write(file, bytes, sizeof bytes) == sizeof bytes && lseek(file, 0, SEEK_SET) == 0) return file;
        close(file);
        return -1;
    }
    if (!next) next = dlsym(RTLD_NEXT, "open");
    return next(path, flags, mode);
}

// The order of sets and dictionaries: the same in every process that can simulate.
struct hashing_parameters {
    uint64_t seed0, seed1;
    bool deterministic;
};

__attribute__((constructor)) static void make_hashing_deterministic(void) {
    struct hashing_parameters *parameters = dlsym(RTLD_DEFAULT, "_swift_stdlib_Hashing_parameters");
    if (!parameters) return;
    parameters->seed0 = parameters->seed1 = 0;
    parameters->deterministic = true;
}
#endif
