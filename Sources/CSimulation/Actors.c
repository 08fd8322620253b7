#if defined(__linux__)
#include "Interposing.h"
#include <stdlib.h>

typedef struct aura_actor_slot {
    void *actor;
    aura_executor executor;
} slot;

static size_t start_of(const aura_simulation *s, const void *actor) {
    return (((uintptr_t)actor >> 4) * 0x9E3779B97F4A7C15u >> 20) & (s->actor_capacity - 1);
}

static void insert(aura_simulation *s, slot value) {
    size_t i = start_of(s, value.actor);
    while (s->actors[i].actor) i = (i + 1) & (s->actor_capacity - 1);
    s->actors[i] = value;
}

static void grow(aura_simulation *s) {
    slot *old = s->actors;
    size_t count = s->actor_capacity;
    s->actor_capacity = count ? count * 2 : 64;
    s->actors = calloc(s->actor_capacity, sizeof(slot));
    if (!s->actors) abort();
    for (size_t i = 0; i < count; i++)
        if (old[i].actor) insert(s, old[i]);
    free(old);
}

aura_executor aura_executor_of_actor(aura_simulation *s, void *actor) {
    if (s->actor_capacity) {
        for (size_t i = start_of(s, actor); s->actors[i].actor; i = (i + 1) & (s->actor_capacity - 1))
            if (s->actors[i].actor == actor) return s->actors[i].executor;
    }
    if (s->actor_count * 2 >= s->actor_capacity) grow(s);
    slot made = {actor, aura_callbacks.make_executor(s, actor)};
    insert(s, made);
    s->actor_count++;
    return made.executor;
}

// Removes without leaving a mark: what comes after it in its run moves up (Knuth, 6.4, algorithm R).
static void forget(aura_simulation *s, void *actor) {
    if (!s->actor_capacity) return;
    size_t mask = s->actor_capacity - 1, i = start_of(s, actor);
    while (s->actors[i].actor != actor) {
        if (!s->actors[i].actor) return;
        i = (i + 1) & mask;
    }
    aura_executor executor = s->actors[i].executor;
    for (size_t j = (i + 1) & mask; s->actors[j].actor; j = (j + 1) & mask) {
        size_t home = start_of(s, s->actors[j].actor);
        if (((j - home) & mask) >= ((j - i) & mask)) {
            s->actors[i] = s->actors[j];
            i = j;
        }
    }
    s->actors[i].actor = NULL;
    s->actor_count--;
    aura_callbacks.drop_executor(s, executor);
}

void aura_simulation_free_actors(aura_simulation *s) {
    for (size_t i = 0; i < s->actor_capacity; i++)
        if (s->actors[i].actor) aura_callbacks.drop_executor(s, s->actors[i].executor);
    free(s->actors);
    s->actors = NULL;
    s->actor_capacity = s->actor_count = 0;
}

// An actor's address is used again after its end: the next one there is another actor.
SWIFT_CALL void swift_defaultActor_initialize(void *actor);
SWIFT_CALL void swift_defaultActor_destroy(void *actor);

SWIFT_CALL void swift_defaultActor_initialize(void *actor) {
    static _Atomic(__typeof__(&swift_defaultActor_initialize)) next;
    if (!next) next = NEXT(swift_defaultActor_initialize);
    if (aura_thread_simulation) forget(aura_thread_simulation, actor);
    next(actor);
}

SWIFT_CALL void swift_defaultActor_destroy(void *actor) {
    static _Atomic(__typeof__(&swift_defaultActor_destroy)) next;
    if (!next) next = NEXT(swift_defaultActor_destroy);
    if (aura_thread_simulation) forget(aura_thread_simulation, actor);
    next(actor);
}
#endif
