#if defined(__linux__)
#define _GNU_SOURCE
#include "CSimulation.h"
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern char *swift_demangle(const char *name, size_t length, char *buffer, size_t *size, uint32_t flags);

// The program's own symbols, most of which are not in its dynamic table.
static struct {
    const ElfW(Sym) *symbols;
    size_t count;
    const char *names;
    uintptr_t base;
} program;

static int take_base(struct dl_phdr_info *info, size_t size, void *context) {
    *(uintptr_t *)context = info->dlpi_addr;
    return 1;  // The first object is the program.
}

static void load(void) {
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0) return;
    if (fstat(file, &status) == 0) {
        char *image = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (image != MAP_FAILED) {
            const ElfW(Ehdr) *header = (void *)image;
            const ElfW(Shdr) *sections = (void *)(image + header->e_shoff);
            for (int i = 0; i < header->e_shnum; i++) {
                if (sections[i].sh_type != SHT_SYMTAB) continue;
                program.symbols = (void *)(image + sections[i].sh_offset);
                program.count = sections[i].sh_size / sizeof(ElfW(Sym));
                program.names = image + sections[sections[i].sh_link].sh_offset;
            }
            dl_iterate_phdr(take_base, &program.base);
        }
    }
    close(file);
}

static const char *name_of(const void *address) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    uintptr_t offset = (uintptr_t)address - program.base;
    for (size_t i = 0; i < program.count; i++) {
        const ElfW(Sym) *symbol = &program.symbols[i];
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC) continue;
        if (offset >= symbol->st_value && offset < symbol->st_value + symbol->st_size)
            return program.names + symbol->st_name;
    }
    Dl_info info;
    return dladdr(address, &info) ? info.dli_sname : NULL;
}

char *aura_function_name(const void *address) {
    const char *name = name_of(address);
    if (!name) return NULL;
    char *demangled = swift_demangle(name, strlen(name), NULL, NULL, 0);
    return demangled ? demangled : strdup(name);
}

void aura_free(void *memory) { free(memory); }
#endif
