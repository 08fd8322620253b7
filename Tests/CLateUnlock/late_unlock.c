#define _GNU_SOURCE
#include "CLateUnlock.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static atomic_int is_late;
static _Thread_local unsigned unlocks;

void late_unlock_begin(void) {
    atomic_store(&is_late, 1);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    static int (*_Atomic next)(pthread_mutex_t *);
    int (*unlock)(pthread_mutex_t *) = atomic_load(&next);
    if (unlock == NULL) {
        unlock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_unlock");
        atomic_store(&next, unlock);
    }
    int result = unlock(mutex);
    if (atomic_load(&is_late) && ++unlocks % 4 == 0) usleep(300);
    return result;
}
