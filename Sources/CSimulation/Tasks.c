#if defined(__linux__)
#include "Interposing.h"

// The runtime's layout on 64-bit platforms: swift/ABI/Task.h, "class Job" and "class AsyncTask", and TaskPrivate.h,
// "class ActiveTaskStatus". The Swift side checks it on a task of its own before the first simulation.
enum {
    job_flags_offset = 0x20,
    job_reserved_offset = 0x30,
    task_resume_function_offset = 0x38,
    task_resume_context_offset = 0x40,
    task_status_offset = 0x60,
    task_status_is_complete = 0x2000,
};

#define FIELD(type, object, offset) (*(type *)((char *)(object) + (offset)))

bool aura_job_is_task(const void *job) { return (FIELD(uint32_t, job, job_flags_offset) & 0xff) == 0; }
void **aura_job_reserved(void *job) { return &FIELD(void *, job, job_reserved_offset); }
bool aura_task_is_complete(const void *task) {
    return FIELD(uint32_t, task, task_status_offset) & task_status_is_complete;
}
const void *aura_task_resume_function(const void *task) { return FIELD(void *, task, task_resume_function_offset); }
const void *aura_task_resume_context(const void *task) { return FIELD(void *, task, task_resume_context_offset); }

// MARK: Hops

// A task that hops to an actor goes to the simulation's queue of that actor instead of the runtime's: one job a step, and
// the actor is never run inline. A hop to where the task is already stays one.
SWIFT_ASYNC_CALL void swift_task_switch(
    __attribute__((swift_async_context)) void *context, void *function, void *identity, void *implementation);

SWIFT_ASYNC_CALL void swift_task_switch(
    __attribute__((swift_async_context)) void *context, void *function, void *identity, void *implementation) {
    static _Atomic(__typeof__(&swift_task_switch)) next;
    if (!next) next = NEXT(swift_task_switch);
    aura_simulation *s = aura_thread_simulation;
    if (s && identity) {
        // The second word of a default actor's executor is null.
        if (implementation) {
            if (!aura_callbacks.is_own(s, identity, implementation)) s->foreign_work++;
        } else if (identity != s->current_actor && !s->is_draining) {
            aura_executor executor = aura_executor_of_actor(s, identity);
            __attribute__((musttail)) return next(context, function, executor.identity, executor.implementation);
        }
    }
    __attribute__((musttail)) return next(context, function, identity, implementation);
}

// A continuation remembers the executor to resume on.
typedef struct {
    void *parent, *resume_parent, *flags;
    void *await_synchronization, *error, *result;
} continuation_head;

SWIFT_CALL void *swift_continuation_init(void *context, size_t flags);

SWIFT_CALL void *swift_continuation_init(void *context, size_t flags) {
    static _Atomic(__typeof__(&swift_continuation_init)) next;
    if (!next) next = NEXT(swift_continuation_init);
    void *task = next(context, flags);
    aura_simulation *s = aura_thread_simulation;
    if (s && s->current_actor && !s->is_draining) {
        aura_executor *resume = (aura_executor *)((char *)context + sizeof(continuation_head));
        if (resume->identity == s->current_actor && !resume->implementation)
            *resume = aura_executor_of_actor(s, resume->identity);
    }
    return task;
}

// A task that begins on an actor.
typedef struct option_record {
    size_t flags;
    struct option_record *parent;
} option_record;

typedef struct {
    option_record base;
    aura_executor executor;
} serial_executor_record;

enum { option_initial_serial_executor = 0 };

typedef struct {
    void *task, *context;
} task_and_context;

SWIFT_CALL task_and_context swift_task_create(
    size_t flags, option_record *options, const void *type, void *function, void *context);

SWIFT_CALL task_and_context swift_task_create(
    size_t flags, option_record *options, const void *type, void *function, void *context) {
    static _Atomic(__typeof__(&swift_task_create)) next;
    if (!next) next = NEXT(swift_task_create);
    aura_simulation *s = aura_thread_simulation;
    // The records are the caller's own, and nobody else sees them during the call.
    for (option_record *option = s ? options : NULL; option; option = option->parent) {
        if ((option->flags & 0xff) != option_initial_serial_executor) continue;
        aura_executor *executor = &((serial_executor_record *)option)->executor, asked = *executor;
        if (!asked.identity || asked.implementation) break;
        *executor = aura_executor_of_actor(s, asked.identity);
        task_and_context made = next(flags, options, type, function, context);
        *executor = asked;
        return made;
    }
    return next(flags, options, type, function, context);
}

// An isolated 'deinit' is a job of its actor, in turn with the tasks there.
SWIFT_CALL void swift_task_deinitOnExecutor(
    void *object, void *work, void *identity, void *implementation, size_t flags);

SWIFT_CALL void swift_task_deinitOnExecutor(
    void *object, void *work, void *identity, void *implementation, size_t flags) {
    static _Atomic(__typeof__(&swift_task_deinitOnExecutor)) next;
    if (!next) next = NEXT(swift_task_deinitOnExecutor);
    aura_simulation *s = aura_thread_simulation;
    if (s && identity && !implementation && identity != s->current_actor) {
        aura_executor executor = aura_executor_of_actor(s, identity);
        identity = executor.identity;
        implementation = executor.implementation;
    }
    next(object, work, identity, implementation, flags);
}

// MARK: Jobs that may run anywhere

typedef SWIFT_CALL void (*enqueue_function)(void *job);
extern SWIFT_CALL void (*swift_task_enqueueGlobal_hook)(void *job, enqueue_function original);

static SWIFT_CALL void enqueue_global(void *job, enqueue_function original) {
    if (aura_thread_simulation) aura_callbacks.enqueue(aura_thread_simulation, job);
    else original(job);
}

void aura_install_global_hook(void) { swift_task_enqueueGlobal_hook = enqueue_global; }
#endif
