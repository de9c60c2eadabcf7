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

/* Bit fields. */
static inline void spindle_fuse_keep_cache(struct fuse_file_info *info, int is_directory) {
    info->keep_cache = 1;
    info->cache_readdir = is_directory != 0;
}

/* Macros with shifts and casts that Swift does not import. */
static const unsigned spindle_fuse_splice_write = FUSE_CAP_SPLICE_WRITE;
static const unsigned spindle_fuse_cache_links = FUSE_CAP_CACHE_SYMLINKS;
static const unsigned spindle_fuse_auto_invalidate = FUSE_CAP_AUTO_INVAL_DATA;
static const unsigned spindle_fuse_no_open = FUSE_CAP_NO_OPEN_SUPPORT;
static const unsigned spindle_fuse_no_opendir = FUSE_CAP_NO_OPENDIR_SUPPORT;

#endif
