#include "CBaseline.h"

#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>

bool machine_is_in_memory(const char *folder) {
    struct statfs status;
    return statfs(folder, &status) == 0 && (status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC);
}
#else
bool machine_is_in_memory(const char *folder) {
    return false;
}
#endif
