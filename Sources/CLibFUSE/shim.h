#ifndef SPINDLE_LIBFUSE_SHIM_H
#define SPINDLE_LIBFUSE_SHIM_H

#define FUSE_USE_VERSION 312

#include <stdarg.h>
#include <stdio.h>
#include <fuse3/fuse_lowlevel.h>
#include <fuse3/fuse_log.h>

/* What the library said last; it says it to the standard error otherwise. */
static inline char *spindle_fuse_said(void) {
    static char words[512];
    return words;
}

static inline void spindle_fuse_note(enum fuse_log_level level, const char *format,
                                     va_list arguments) {
    (void)level;
    vsnprintf(spindle_fuse_said(), 512, format, arguments);
}

static inline void spindle_fuse_listen(void) {
    spindle_fuse_said()[0] = 0;
    fuse_set_log_func(spindle_fuse_note);
}

/* FUSE_ARGS_INIT is a macro, and so is fuse_session_new from libfuse 3.17 on. */
static inline struct fuse_session *spindle_fuse_new(const char *options,
                                                    const struct fuse_lowlevel_ops *operations,
                                                    void *context) {
    char *arguments[] = {(char *)"spindle", (char *)"-o", (char *)options, (char *)0};
    struct fuse_args list = FUSE_ARGS_INIT(3, arguments);
    struct fuse_session *session =
        fuse_session_new(&list, operations, sizeof *operations, context);
    fuse_opt_free_args(&list);
    return session;
}

/* FUSE_BUFVEC_INIT is a macro. */
static inline int spindle_fuse_reply_file(fuse_req_t request, int file, long offset,
                                          unsigned long count) {
    struct fuse_bufvec vector = FUSE_BUFVEC_INIT(count);
    vector.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK | FUSE_BUF_FD_RETRY;
    vector.buf[0].fd = file;
    vector.buf[0].pos = offset;
    return fuse_reply_data(request, &vector, (enum fuse_buf_copy_flags)0);
}

/* Whose `struct timespec` is depends on what else is imported. Seconds and nanoseconds: accessed, modified,
   changed. */
static inline void spindle_fuse_put_times(struct stat *status, const long times[6]) {
    status->st_atim.tv_sec = times[0];
    status->st_atim.tv_nsec = times[1];
    status->st_mtim.tv_sec = times[2];
    status->st_mtim.tv_nsec = times[3];
    status->st_ctim.tv_sec = times[4];
    status->st_ctim.tv_nsec = times[5];
}

static inline void spindle_fuse_get_times(const struct stat *status, long times[4]) {
    times[0] = status->st_atim.tv_sec;
    times[1] = status->st_atim.tv_nsec;
    times[2] = status->st_mtim.tv_sec;
    times[3] = status->st_mtim.tv_nsec;
}

/* Macros with shifts and casts that Swift does not import. */
static const unsigned spindle_fuse_splice_write = FUSE_CAP_SPLICE_WRITE;
static const unsigned spindle_fuse_cache_links = FUSE_CAP_CACHE_SYMLINKS;
static const unsigned spindle_fuse_auto_invalidate = FUSE_CAP_AUTO_INVAL_DATA;
static const unsigned spindle_fuse_open_truncates = FUSE_CAP_ATOMIC_O_TRUNC;
static const unsigned spindle_fuse_ends_privileges = FUSE_CAP_HANDLE_KILLPRIV;

static const int spindle_fuse_set_mode = FUSE_SET_ATTR_MODE;
static const int spindle_fuse_set_owner = FUSE_SET_ATTR_UID;
static const int spindle_fuse_set_group = FUSE_SET_ATTR_GID;
static const int spindle_fuse_set_size = FUSE_SET_ATTR_SIZE;
static const int spindle_fuse_set_accessed = FUSE_SET_ATTR_ATIME;
static const int spindle_fuse_set_modified = FUSE_SET_ATTR_MTIME;
static const int spindle_fuse_set_accessed_now = FUSE_SET_ATTR_ATIME_NOW;
static const int spindle_fuse_set_modified_now = FUSE_SET_ATTR_MTIME_NOW;

#endif
