// What Swift cannot import: a variadic call with a constant of GNU's, and a call of Linux alone.

#ifndef AURA_CFILESYSTEM_H
#define AURA_CFILESYSTEM_H

// Tries to take the exclusive lock of an open file: 1 where it is taken, 0 where another holds it, -1 with errno.
// The lock belongs to the open file and not to the process, so that two handlers of one process exclude each other.
int aura_try_lock(int descriptor);

// Gives the lock up.
void aura_unlock(int descriptor);

// Lets the system begin to write a file to disk without waiting for it; does nothing where there is no such call.
void aura_start_writeback(int descriptor);

// Opens a file that exists, by a path below a folder on which no link is followed: a descriptor, or -1 with errno, which is
// ENOSYS or EPERM where the system has no such call or a sandbox refuses it.
int aura_open_without_links(int folder, const char *path, int flags);

#endif
