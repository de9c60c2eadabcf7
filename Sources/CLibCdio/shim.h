#include <stdbool.h>
#include <cdio/cdio.h>
#include <cdio/logging.h>
#include <cdio/mmc.h>
#include <malloc.h>

/* A mutable global of the library: Swift may not read it where threads run. */
static inline const char *spindle_cdio_version(void) {
    return cdio_version_string;
}

/* The level below which the library's log is silent is a mutable global, too. */
static inline void spindle_cdio_set_log_level(cdio_log_level_t level) {
    cdio_loglevel_default = level;
}
