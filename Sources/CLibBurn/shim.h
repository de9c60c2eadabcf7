#include <sys/types.h>
#include <stdint.h>
#include <libburn/libburn.h>
