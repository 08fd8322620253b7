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

// The program's own functions, by address; most of them are not in its dynamic table.
static struct {
    const ElfW(Sym) **functions;
    size_t count;
    const char *names;
    uintptr_t base;
} program;

static int take_base(struct dl_phdr_info *info, size_t size, void *context) {
    *(uintptr_t *)context = info->dlpi_addr;
    return 1;  // The first object is the program.
}

static int compare(const void *left, const void *right) {
    uintptr_t a = (*(const ElfW(Sym) **)left)->st_value, b = (*(const ElfW(Sym) **)right)->st_value;
    return (a > b) - (a < b);
}

static void take_functions(const char *image, const ElfW(Shdr) *sections, const ElfW(Shdr) *table) {
    const ElfW(Sym) *symbols = (void *)(image + table->sh_offset);
    size_t count = table->sh_size / sizeof *symbols;
    program.functions = malloc(count * sizeof *program.functions);
    if (!program.functions) return;
    program.names = image + sections[table->sh_link].sh_offset;
    for (size_t i = 0; i < count; i++)
        if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC) program.functions[program.count++] = &symbols[i];
    qsort(program.functions, program.count, sizeof *program.functions, compare);
}

static void load(void) {
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0) return;
    if (fstat(file, &status) == 0) {
        // It stays: the names are read from it.
        char *image = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (image != MAP_FAILED) {
            const ElfW(Ehdr) *header = (void *)image;
            const ElfW(Shdr) *sections = (void *)(image + header->e_shoff);
            for (int i = 0; i < header->e_shnum && !program.functions; i++)
                if (sections[i].sh_type == SHT_SYMTAB) take_functions(image, sections, &sections[i]);
            dl_iterate_phdr(take_base, &program.base);
        }
    }
    close(file);
}

static const char *name_of(const void *address) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    uintptr_t offset = (uintptr_t)address - program.base;
    size_t low = 0, high = program.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (program.functions[middle]->st_value <= offset) low = middle + 1;
        else high = middle;
    }
    if (low > 0) {
        const ElfW(Sym) *symbol = program.functions[low - 1];
        if (offset < symbol->st_value + symbol->st_size) return program.names + symbol->st_name;
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
