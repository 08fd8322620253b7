#if defined(__linux__)
#include "Interposing.h"
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

__thread aura_simulation *aura_thread_simulation __attribute__((tls_model("initial-exec")));
aura_simulation_callbacks aura_callbacks;

void aura_install_global_hook(void);

void aura_simulation_initialize(aura_simulation *simulation, void *owner, uint64_t random_state) {
    *simulation = (aura_simulation){.owner = owner, .random_state = random_state};
}

aura_simulation *aura_simulation_current(void) { return aura_thread_simulation; }
void aura_simulation_set_current(aura_simulation *simulation) { aura_thread_simulation = simulation; }

void aura_simulation_install(aura_simulation_callbacks callbacks) {
    aura_callbacks = callbacks;
    aura_install_global_hook();
}

static pthread_rwlock_t running = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

void aura_simulation_begin(bool alone) {
    if (alone) pthread_rwlock_wrlock(&running);
    else pthread_rwlock_rdlock(&running);
}

void aura_simulation_end(void) { pthread_rwlock_unlock(&running); }

// Not a function that passes virtual time instead.
void aura_sleep_milliseconds(unsigned milliseconds) { poll(NULL, 0, (int)milliseconds); }

struct start {
    void (*body)(void *);
    void *context;
};

static void *run_body(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

bool aura_simulation_start_thread(void (*body)(void *), void *context, size_t stack) {
    struct start *start = malloc(sizeof *start);
    if (!start) return false;
    *start = (struct start){body, context};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int failure = pthread_create(&thread, &attributes, run_body, start);
    pthread_attr_destroy(&attributes);
    if (failure) free(start);
    return failure == 0;
}

// The executors are replaced before main: the runtime takes them at their first use.
extern void aura_simulation_install_executors(void) __attribute__((weak));

__attribute__((constructor(65000))) static void install(void) {
    if (aura_simulation_install_executors) aura_simulation_install_executors();
}
#endif
