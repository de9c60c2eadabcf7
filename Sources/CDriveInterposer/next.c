/*
 * Finds libc's functions behind this library's own.
 *
 * dlsym frees the message of its last failure. Where that lets an allocator ask for the time, and so
 * enters this library, which asks dlsym for libc's function, the message is freed twice (glibc,
 * dlfcn/dlerror.c). And it takes a lock, for which a signal's handler must not wait. Here the linker's
 * tables are read, and nothing is called.
 */

#include "interposer.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>

/* This library's own, by which it is found in the list of what is loaded. */
extern __attribute__((visibility("hidden"))) ElfW(Dyn) _DYNAMIC[];

/* What a loaded object says of its symbols. */
struct tables {
    const ElfW(Sym) *symbols;
    const char *names;
    /* A number for each symbol, with bit 15 where it is kept for old programs; or NULL. */
    const ElfW(Versym) *versions;
    /* The table of DT_GNU_HASH. */
    const uint32_t *hash;
};

/* glibc has added the address at which an object lies, except to the kernel's own. */
static const void *place_of(const struct link_map *object, ElfW(Addr) value) {
    return (const void *)(value < object->l_addr ? value + object->l_addr : value);
}

static struct tables tables_of(const struct link_map *object) {
    struct tables tables = {0};
    for (const ElfW(Dyn) *entry = object->l_ld; entry->d_tag != DT_NULL; entry++) {
        const void *place = place_of(object, entry->d_un.d_ptr);
        switch (entry->d_tag) {
        case DT_SYMTAB: tables.symbols = place; break;
        case DT_STRTAB: tables.names = place; break;
        case DT_VERSYM: tables.versions = place; break;
        case DT_GNU_HASH: tables.hash = place; break;
        }
    }
    return tables;
}

/* The hash of DT_GNU_HASH: Bernstein's, times 33. */
static uint32_t hash_of(const char *name) {
    uint32_t hash = 5381;
    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

/* The function that an object defines under a name, or NULL: what today's programs are linked with,
 * else what is kept for old ones. */
static const ElfW(Sym) *function_in(const struct tables *tables, const char *name, uint32_t hash) {
    if (!tables->symbols || !tables->names || !tables->hash || tables->hash[0] == 0)
        return NULL;
    /* Four numbers, a filter, the buckets, and the hashes of all symbols from the first on, where
     * bit 0 ends a bucket. */
    uint32_t count = tables->hash[0], first = tables->hash[1], filter_length = tables->hash[2];
    const uint32_t *buckets =
        (const uint32_t *)((const ElfW(Addr) *)(tables->hash + 4) + filter_length);
    const uint32_t *hashes = buckets + count;
    const ElfW(Sym) *old = NULL;
    uint32_t index = buckets[hash % count];
    if (index < first)
        return NULL;
    for (;; index++) {
        const ElfW(Sym) *symbol = &tables->symbols[index];
        if ((hashes[index - first] | 1) == (hash | 1) && symbol->st_shndx != SHN_UNDEF &&
            ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
            strcmp(tables->names + symbol->st_name, name) == 0) {
            if (!tables->versions || !(tables->versions[index] & 0x8000))
                return symbol;
            if (!old)
                old = symbol;
        }
        if (hashes[index - first] & 1)
            return old;
    }
}

void *next_function(const char *name) {
    uint32_t hash = hash_of(name);
    ElfW(Addr) kernel = getauxval(AT_SYSINFO_EHDR);
    int is_behind = 0;
    for (const struct link_map *object = _r_debug.r_map; object; object = object->l_next) {
        if (is_behind && object->l_addr != kernel) {
            struct tables tables = tables_of(object);
            const ElfW(Sym) *symbol = function_in(&tables, name, hash);
            if (symbol)
                return (void *)(object->l_addr + symbol->st_value);
        }
        if (object->l_ld == _DYNAMIC)
            is_behind = 1;
    }
    return dlsym(RTLD_NEXT, name);
}
