# drive: authored
# Images with UDF that Spindle made, as the kernel's own driver finds them.
sorted() { LC_ALL=C sort; }
number=0
for revision in 1.02 2.01 2.50; do
    check "$revision: the kernel mounts it" run 0 mount -t udf -o ro,iocharset=utf8 /dev/sr$number /mnt
    cd /mnt || exit 1
    find . -type f ! -name large -exec sha256sum {} + | sorted >/tmp/sums
    check "$revision: all files have their names and bytes" cmp /tmp/sums /data/authored/sums
    find . -type f -exec stat -c '%A %h %u %g %s %Y %n' {} + | sorted >/tmp/files
    check "$revision: files have their permissions, links, owners, sizes and times" cmp /tmp/files /data/authored/files
    find . -type d -exec stat -c '%A %u %g %Y %n' {} + | sorted >/tmp/folders
    check "$revision: folders have their permissions, owners and times" cmp /tmp/folders /data/authored/folders
    for link in Ordner/absolute Ordner/long Ordner/relative; do readlink $link; done >/tmp/links
    check "$revision: links lead where they did" cmp /tmp/links /data/authored/links
    for place in 0 1023 4095 4096 4299; do
        text=$(dd if=large bs=1M skip=$place count=1 2>/dev/null | head -c 9)
        check "$revision: a file of more than 4 GiB is right at $place MiB" [ "$text" = "here $(printf %04d $place)" ]
    done
    cd /tmp || exit 1
    dmesg | grep -i 'udf.*\(error\|warn\|corrupt\|bad\)' >out
    check "$revision: the kernel has nothing against it" [ ! -s out ]
    umount /mnt
    number=$((number + 1))
done
check "the kernel mounts the bridge as ISO 9660, too" run 0 mount -t iso9660 -o ro /dev/sr0 /mnt
check "ISO 9660 has the large file in all its size" [ "$(stat -c %s /mnt/large 2>/dev/null)" = 4508876800 ]
check "ISO 9660 has a file's bytes" cmp "/mnt/Ordner/with space/file number 77" /data/authored/77
umount /mnt
