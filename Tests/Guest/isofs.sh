# drive: disks
# Images of ISO 9660 and HFS Plus that Spindle made, as the kernel's own drivers find them.
at() { mount -t iso9660 -o "ro$2" "/dev/disk/$1" /mnt; }
# whole NAME LISTS OPTIONS: the image has, with its Rock Ridge, what the lists say.
whole() {
    check "$1: the kernel mounts it" at "$1" "$3"
    facts /mnt /tmp/kernel
    check "$1: all files have their names and bytes" same kernel.sums "/data/isofs/$2.sums"
    check "$1: files have their sizes and times" same kernel.times "/data/isofs/$2.times"
    check "$1: files have their permissions, links and owners" same kernel.modes "/data/isofs/$2.modes"
    check "$1: folders have their permissions, owners and times" same kernel.folders "/data/isofs/$2.folders"
    check "$1: links lead where they did" same kernel.links "/data/isofs/$2.links"
    check "$1: pipes and devices are what they were" same kernel.specials "/data/isofs/$2.specials"
    umount /mnt
}
dmesg -c >/dev/null
whole rockridge tree
whole zisofs tree
check "zisofs: it is packed" [ "$(cat /sys/block/"$(basename "$(readlink /dev/disk/zisofs)")"/size)" -lt \
    "$(cat /sys/block/"$(basename "$(readlink /dev/disk/rockridge)")"/size)" ]
whole edited changed
# Linux 6.1.192 takes a continuation area for corrupted if its sector is no less than the size in the volume
# descriptor. All writers give the size of a later session alone, so such a kernel finds no Rock Ridge there.
session=$(cat /data/isofs/session)
dmesg -c >kernel.log
check "xorriso's sessions: the kernel mounts the second one" at xorriso ",sbsector=$(cat /data/isofs/xorriso)"
umount /mnt
dmesg -c >out
if says "out of volume"; then
    echo "note: this kernel finds no Rock Ridge in the second session of xorriso's"
    check "sessions: the kernel mounts the second one" at sessions ",sbsector=$session,iocharset=utf8"
    facts /mnt /tmp/kernel
    check "sessions: Joliet has the names and bytes that Spindle lists" same kernel.sums /data/isofs/sessions-joliet.sums
    check "sessions: Joliet has the sizes and times" same kernel.times /data/isofs/sessions-joliet.times
    umount /mnt
    dmesg -c >out
else
    whole sessions changed ",sbsector=$session"
fi
check "sessions: without the option the kernel finds the first one" at sessions
facts /mnt /tmp/kernel
check "sessions: that has what it had" same kernel.sums /data/isofs/tree.sums
umount /mnt

# Joliet, which has names and bytes.
for name in rockridge joliet; do
    check "$name: the kernel mounts its Joliet" at $name ,norock,iocharset=utf8
    facts /mnt /tmp/kernel
    check "$name: Joliet has the names and bytes that Spindle lists" same kernel.sums /data/isofs/$name-joliet.sums
    check "$name: Joliet has the sizes and times" same kernel.times /data/isofs/$name-joliet.times
    umount /mnt
done
# Of plain names the kernel makes small letters.
for name in rockridge plain; do
    check "$name: the kernel mounts plain ISO 9660" at $name ,norock,nojoliet
    facts /mnt /tmp/kernel
    for list in sums times; do
        tr A-Z a-z </data/isofs/$name-iso.$list | LC_ALL=C sort >wanted
        check "$name: plain ISO 9660 has the $list that Spindle lists" same kernel.$list wanted
    done
    umount /mnt
done

check "longest: the kernel mounts it" at longest
check "longest: a name of 253 bytes is whole" grep -q 253 "/mnt/$(printf '%0253d' 0)"
for length in 254 255; do
    [ -e "/mnt/$(printf "%0${length}d" 0)" ] || echo "note: this kernel cuts off a name of $length bytes"
done
umount /mnt

check "level3: the kernel mounts it" at level3
check "level3: a file of more than 4 GiB has its size" [ "$(stat -c %s /mnt/large)" = 4508876800 ]
for place in 0 1023 4095 4096 4299; do
    text=$(dd if=/mnt/large bs=1M skip=$place count=1 2>/dev/null | head -c 9)
    check "level3: it is right at $place MiB" [ "$text" = "here $(printf %04d $place)" ]
done
check "level3: what follows it is right" grep -q after /mnt/z
umount /mnt
cat kernel.log >log
dmesg -c >>log
grep -i 'iso\|joliet\|rock\|zisofs' log | grep -i 'error\|warn\|corrupt\|bad\|invalid\|unable' >out
check "isofs has nothing against any of them" [ ! -s out ]

check "hfsplus: the kernel mounts it as ISO 9660" at hfsplus
facts /mnt /tmp/kernel
check "hfsplus: ISO 9660 has all files" same kernel.sums /data/isofs/hfs.sums
umount /mnt
dmesg -c >/dev/null
check "hfsplus: the kernel mounts it as HFS Plus" mount -t hfsplus -o ro /dev/disk/hfsplus /mnt
facts /mnt /tmp/kernel
check "hfsplus: HFS Plus has the names and bytes of the tree" same kernel.sums /data/isofs/hfs.sums
check "hfsplus: files have their sizes and times" same kernel.times /data/isofs/hfs.times
check "hfsplus: files have their permissions and owners" same kernel.modes /data/isofs/hfs.modes
check "hfsplus: links lead where they did" same kernel.links /data/isofs/hfs.links
umount /mnt
# On the disc accents stand after their letters.
check "hfsplus: the kernel mounts it with names as they are recorded" \
    mount -t hfsplus -o ro,nodecompose /dev/disk/hfsplus /mnt
facts /mnt /tmp/kernel
check "hfsplus: names and bytes are those that Spindle lists" same kernel.sums /data/isofs/hfsplus-hfs.sums
umount /mnt
dmesg | grep -i 'hfs' | grep -i 'error\|warn\|corrupt\|bad\|invalid\|unable\|fsck' >out
check "hfsplus has nothing against it" [ ! -s out ]
