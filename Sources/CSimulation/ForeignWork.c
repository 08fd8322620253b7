#if defined(__linux__)
#include "Interposing.h"
#include <pthread.h>

// Work that the program hands to threads outside the simulation, counted so that a wait for it is not called a deadlock.

#define COUNT_FOREIGN_WORK() \
    do { \
        if (aura_thread_simulation) aura_thread_simulation->foreign_work++; \
    } while (0)

// The sanitizers bring one that they must see called.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    static _Atomic(__typeof__(&pthread_create)) next;
    if (!next) next = NEXT(pthread_create);
    COUNT_FOREIGN_WORK();
    return next(thread, attributes, body, argument);
}
#endif

void dispatch_async(void *queue, void *block);
void dispatch_async_f(void *queue, void *context, void (*body)(void *));
void dispatch_after(uint64_t moment, void *queue, void *block);
void dispatch_after_f(uint64_t moment, void *queue, void *context, void (*body)(void *));

void dispatch_async(void *queue, void *block) {
    static _Atomic(__typeof__(&dispatch_async)) next;
    if (!next) next = NEXT(dispatch_async);
    COUNT_FOREIGN_WORK();
    next(queue, block);
}

void dispatch_async_f(void *queue, void *context, void (*body)(void *)) {
    static _Atomic(__typeof__(&dispatch_async_f)) next;
    if (!next) next = NEXT(dispatch_async_f);
    COUNT_FOREIGN_WORK();
    next(queue, context, body);
}

void dispatch_after(uint64_t moment, void *queue, void *block) {
    static _Atomic(__typeof__(&dispatch_after)) next;
    if (!next) next = NEXT(dispatch_after);
    COUNT_FOREIGN_WORK();
    next(moment, queue, block);
}

void dispatch_after_f(uint64_t moment, void *queue, void *context, void (*body)(void *)) {
    static _Atomic(__typeof__(&dispatch_after_f)) next;
    if (!next) next = NEXT(dispatch_after_f);
    COUNT_FOREIGN_WORK();
    next(moment, queue, context, body);
}
#endif
