#ifndef C_LATE_UNLOCK_H
#define C_LATE_UNLOCK_H

/// From now on every fourth unlock of a mutex by a thread takes its time once the mutex is free: as where the system runs another thread at
/// that moment. For what happens to those who touch something after they have given it out of their hands.
void late_unlock_begin(void);

#endif
