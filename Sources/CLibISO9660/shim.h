#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cdio/ds.h>
#include <cdio/iso9660.h>
#include <cdio/types.h>

/* The structure is packed and ends in an array without a size, which Swift can't see. */
static inline const char *spindle_iso9660_name(const iso9660_stat_t *entry) {
    return entry->filename;
}

static inline int32_t spindle_iso9660_start(const iso9660_stat_t *entry) {
    return entry->lsn;
}

static inline uint32_t spindle_iso9660_size(const iso9660_stat_t *entry) {
    return entry->size;
}

static inline bool spindle_iso9660_is_directory(const iso9660_stat_t *entry) {
    return entry->type == _STAT_DIR;
}

/* Whether the directory record has Rock Ridge's fields. */
static inline bool spindle_iso9660_has_rock_ridge(const iso9660_stat_t *entry) {
    return entry->rr.b3_rock == yep;
}

static inline uint32_t spindle_iso9660_mode(const iso9660_stat_t *entry) {
    return entry->rr.st_mode;
}

static inline const char *spindle_iso9660_target(const iso9660_stat_t *entry) {
    return entry->rr.psz_symlink;
}
