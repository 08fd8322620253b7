// Shared by the files that replace a function of the platform.
#ifndef INTERPOSING_H
#define INTERPOSING_H

#define _GNU_SOURCE
#include "CSimulation.h"
#include <dlfcn.h>

#define SWIFT_CALL __attribute__((swiftcall))
#define SWIFT_ASYNC_CALL __attribute__((swiftasynccall))

/// The function of this name that comes after ours: the platform's.
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

extern __thread aura_simulation *aura_thread_simulation __attribute__((tls_model("initial-exec")));
extern aura_simulation_callbacks aura_callbacks;

aura_executor aura_executor_of_actor(aura_simulation *simulation, void *actor);

#endif
