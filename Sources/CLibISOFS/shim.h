/* libisofs.h needs these before it. */
#include <sys/types.h>
#include <sys/stat.h>
#include <stdint.h>
#include <time.h>
/* The sources of bytes that libisofs makes are of a type of libburn, which is not included here. */
#define LIBISOFS_WITHOUT_LIBBURN
#include <libisofs/libisofs.h>

/* The numbers of errors are larger than an int has room for, so that Swift sees none of them as one. */
enum {
    spindle_isofs_file_error = (int)ISO_FILE_READ_ERROR,
    spindle_isofs_message_length = ISO_MSGS_MESSAGE_LEN
};
