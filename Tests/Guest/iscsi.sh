# drive: none
# Spindle's own recorder as an iSCSI target in the guest, behind the kernel's initiator and its SCSI layer: a pressed
# disc is read, and cdrskin and xorriso burn CDs.
for medium in cd-r:tao cd-r:sao cd-r:multi cd-rw:cdrw; do
    spindle virtual create "${medium#*:}" --medium "${medium%:*}" >/dev/null
done
check "the server offers five discs" serve 3260 /data/large.iso tao sao multi cdrw
check "the kernel has five drives" [ -b /dev/sr4 ]

check "the kernel reads the pressed disc" cmp /dev/sr0 /data/large.iso
check "the kernel mounts it" mount -t iso9660 -o ro /dev/sr0 /mnt
check "its files are right" grep -q hello /mnt/hello.txt
facts /mnt /tmp/kernel
umount /mnt
check "its files are those that Spindle finds in the image" run 0 spindle sum --quiet --files /data/large.iso
sed 's|  |  ./|' out | LC_ALL=C sort >sums
check "… with the same bytes" same kernel.sums sums
check "spindle verify agrees" run 0 spindle verify /dev/sr0 /data/large.iso
check "it is ejected" run 0 spindle eject --drive /dev/sr0
check "then it can't be mounted" run 255 mount -t iso9660 -o ro /dev/sr0 /mnt
check "it is loaded" run 0 spindle load --drive /dev/sr0
check "then it is mounted again" mount -t iso9660 -o ro /dev/sr0 /mnt
umount /mnt

check "CD-R: cdrskin burns track at once" run 0 cdrskin dev=/dev/sr1 -tao -v /data/large.iso
proved /dev/sr1 /data/large.iso "CD-R, track at once"
check "CD-R: cdrskin burns a session at once" run 0 cdrskin dev=/dev/sr2 -sao -v /data/large.iso
proved /dev/sr2 /data/large.iso "CD-R, session at once"
check "CD-RW: cdrskin burns" run 0 cdrskin dev=/dev/sr4 -tao /data/small.iso
proved /dev/sr4 /data/small.iso "CD-RW"
check "CD-RW: cdrskin blanks and burns" run 0 cdrskin dev=/dev/sr4 blank=fast -sao /data/large.iso
proved /dev/sr4 /data/large.iso "CD-RW, blanked"

# Two sessions: the kernel mounts the last one, whose files lie in both.
check "CD-R: cdrskin burns a first session" run 0 cdrskin dev=/dev/sr3 -multi -tao /data/large.iso
check "CD-R: the tray goes out and in" reload /dev/sr3
echo "of the second session" >second
check "CD-R: xorriso adds a second one" run 0 xorriso -abort_on FAILURE -dev /dev/sr3 -map second /second.txt -commit_eject none
check "CD-R: the tray goes out and in again" reload /dev/sr3
check "two sessions: the kernel mounts the last one" mount -t iso9660 -o ro /dev/sr3 /mnt
check "two sessions: it has the file of the second" cmp /mnt/second.txt second
facts /mnt /tmp/both
umount /mnt
grep -v second.txt both.sums >first.sums
check "two sessions: it has the files of the first" same first.sums kernel.sums
check "two sessions: spindle sums the same" run 0 spindle sum --quiet --files /dev/sr3
sed 's|  |  ./|' out | LC_ALL=C sort >sums
check "two sessions: … as the kernel" same sums both.sums
check "two sessions: the kernel mounts the first one if asked" mount -t iso9660 -o ro,session=0 /dev/sr3 /mnt
check "two sessions: that has its own files alone" sh -c "[ -e /mnt/hello.txt ] && [ ! -e /mnt/second.txt ]"
umount /mnt

# The discs' files hold what was burned.
for disk in $(cd /sys/block && ls -d sr*); do echo 1 >"/sys/block/$disk/device/delete"; done
check "the server ends" stop
for disc in tao sao cdrw; do
    check "$disc: the disc's file holds the image" run 0 spindle verify "$disc" /data/large.iso
done
check "the file with two sessions has the files of both" run 0 spindle sum --quiet --files multi
sed 's|  |  ./|' out | LC_ALL=C sort >sums
check "… as the kernel found them" same sums both.sums
