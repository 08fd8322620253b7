#define _GNU_SOURCE
#include "CFileSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/file.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifdef F_OFD_SETLK

static int set_lock(int descriptor, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int aura_try_lock(int descriptor) {
    if (set_lock(descriptor, F_WRLCK) == 0) return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

void aura_unlock(int descriptor) { set_lock(descriptor, F_UNLCK); }

#else

int aura_try_lock(int descriptor) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 1;
    return errno == EWOULDBLOCK ? 0 : -1;
}

void aura_unlock(int descriptor) { flock(descriptor, LOCK_UN); }

#endif

#ifdef __linux__
void aura_start_writeback(int descriptor) { sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }
#else
void aura_start_writeback(int descriptor) { (void)descriptor; }
#endif

int aura_open_without_links(int folder, const char *path, int flags) {
#if defined(SYS_openat2)
    // The kernel's struct open_how; 4 is RESOLVE_NO_SYMLINKS. Older headers do not have them.
    struct {
        uint64_t flags, mode, resolve;
    } how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = 4};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
#elif defined(O_NOFOLLOW_ANY)
    return openat(folder, path, flags | O_CLOEXEC | O_NOFOLLOW_ANY);
#else
    (void)folder, (void)path, (void)flags;
    errno = ENOSYS;
    return -1;
#endif
}
