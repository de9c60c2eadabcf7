#include <FLAC/metadata.h>
#include <FLAC/stream_decoder.h>
#include <FLAC/stream_encoder.h>

/* To Swift, the library's constant is a mutable global. */
static inline const char *spindle_flac_version(void) {
    return FLAC__VERSION_STRING;
}
