// What the simulation changes of a process: which executor a task hops to, the clocks and the random bytes.
//
// Everything here passes through to the platform on a thread that runs no simulation.
#ifndef C_SIMULATION_H
#define C_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The two words of an executor reference, as the concurrency runtime passes them.
typedef struct aura_executor {
    void *_Nullable identity;
    void *_Nullable implementation;
} aura_executor;

/// A simulation as the thread that runs it sees it.
typedef struct aura_simulation {
    /// Virtual nanoseconds since the simulation began.
    uint64_t now;
    /// The wall clock at the beginning, in nanoseconds since 1970.
    uint64_t wall_epoch;
    /// The state of the generator behind the process's random bytes.
    uint64_t random_state;
    /// The actor that the job that runs now runs on; null for none.
    const void *_Nullable current_actor;
    /// Whether the job that runs now is the runtime's own work on an actor's queue.
    bool is_draining;
    /// How often the program handed work to a thread outside the simulation.
    uint64_t foreign_work;
    /// The Swift object.
    void *owner;
    /// The actors that have an executor of the simulation: an open hash table of pairs.
    struct aura_actor_slot *_Nullable actors;
    size_t actor_capacity;
    size_t actor_count;
} aura_simulation;

/// What the Swift side does.
typedef struct aura_simulation_callbacks {
    /// Takes a job that may run anywhere.
    void (*enqueue)(aura_simulation *simulation, void *job);
    /// Makes the executor that stands for an actor.
    aura_executor (*make_executor)(aura_simulation *simulation, void *actor);
    /// Whether an executor belongs to the simulation.
    bool (*is_own)(aura_simulation *simulation, void *identity, void *implementation);
    /// Forgets an actor's executor.
    void (*drop_executor)(aura_simulation *simulation, aura_executor executor);
} aura_simulation_callbacks;

/// Fills in a simulation in which nothing has happened.
void aura_simulation_initialize(aura_simulation *simulation, void *owner, uint64_t random_state);

/// The simulation that this thread runs; null for none.
aura_simulation *_Nullable aura_simulation_current(void);
void aura_simulation_set_current(aura_simulation *_Nullable simulation);

/// Puts the hooks in place; once per process.
void aura_simulation_install(aura_simulation_callbacks callbacks);

/// Waits until a simulation may run on this thread: beside others, or alone.
void aura_simulation_begin(bool alone);
void aura_simulation_end(void);

/// Frees the table of actors.
void aura_simulation_free_actors(aura_simulation *simulation);

/// Calls `body` on a thread of its own with a stack of `stack` bytes; false where none can be made.
bool aura_simulation_start_thread(void (*body)(void *context), void *context, size_t stack);

/// Holds the thread up, in real time.
void aura_sleep_milliseconds(unsigned milliseconds);

// MARK: What the runtime keeps of a job

/// The words of a job that the simulation looks at, by the layout of the runtime this was built for.
bool aura_job_is_task(const void *job);
/// A word of every job that the runtime leaves alone on this platform.
void *_Nullable *_Nonnull aura_job_reserved(void *job);
/// Whether a task has returned. The caller keeps the task alive.
bool aura_task_is_complete(const void *task);
/// Where a suspended task goes on, and the frames that wait for it.
const void *_Nullable aura_task_resume_function(const void *task);
const void *_Nullable aura_task_resume_context(const void *task);

/// The readable name of the function that holds an address, to be freed with `aura_free`. Null where it is not known.
char *_Nullable aura_function_name(const void *address);
void aura_free(void *memory);

#pragma clang assume_nonnull end

#endif
