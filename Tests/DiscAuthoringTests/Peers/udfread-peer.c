/* Lists what libudfread finds in an image: a line each of the kind, the size, a sum of the bytes and the path.
 *
 * The tests compile it where the library is installed; they link nothing of it. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <udfread/udfread.h>

/* FNV-1a with 64 bits. */
static uint64_t sum_of(UDFFILE *file)
{
    static unsigned char buffer[1 << 16];
    uint64_t sum = 14695981039346656037u;
    ssize_t count;
    while ((count = udfread_file_read(file, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < count; i++)
            sum = (sum ^ buffer[i]) * 1099511628211u;
    return count < 0 ? 0 : sum;
}

static int list(udfread *udf, const char *path)
{
    UDFDIR *directory = udfread_opendir(udf, *path ? path : "/");
    struct udfread_dirent entry;
    if (!directory)
        return 1;
    int status = 0;
    while (udfread_readdir(directory, &entry)) {
        char below[8192];
        if (!strcmp(entry.d_name, ".") || !strcmp(entry.d_name, ".."))
            continue;
        if (snprintf(below, sizeof below, "%s/%s", path, entry.d_name) >= (int)sizeof below)
            return 1;
        if (entry.d_type == UDF_DT_DIR) {
            printf("d 0 0 %s\n", below + 1);
            status |= list(udf, below);
        } else {
            UDFFILE *file = udfread_file_open(udf, below);
            if (!file) {
                printf("? 0 0 %s\n", below + 1);
                status = 1;
                continue;
            }
            printf("f %lld %llx %s\n", (long long)udfread_file_size(file),
                (unsigned long long)sum_of(file), below + 1);
            udfread_file_close(file);
        }
    }
    udfread_closedir(directory);
    return status;
}

int main(int argc, char **argv)
{
    udfread *udf = udfread_init();
    if (argc != 2 || !udf || udfread_open(udf, argv[1]) < 0)
        return 2;
    printf("volume %s\n", udfread_get_volume_id(udf));
    int status = list(udf, "");
    udfread_close(udf);
    return status;
}
