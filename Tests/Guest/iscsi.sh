# drive: none
# Spindle's own recorder as an iSCSI target in the guest, behind the kernel's initiator and its SCSI layer: a pressed
# disc is read, and cdrskin, xorriso and growisofs burn.
for medium in cd-r:tao cd-r:sao cd-r:multi cd-rw:cdrw dvd+r:plusr dvd-rw:minusrw bd-re:bdre dvd+rw:plusrw; do
    spindle virtual create "${medium#*:}" --medium "${medium%:*}" >/dev/null
done
check "the server offers nine discs" serve 3260 /data/large.iso tao sao multi cdrw plusr minusrw bdre plusrw
check "the kernel has nine drives" [ -b /dev/sr8 ]
sectors=$(($(stat -c %s /data/large.iso) / 2048))

# reload NODE: the tray goes out and in, after which the kernel looks at the disc again.
reload() { eject "$1" && eject -t "$1" && sleep 1; }
# holds NODE IMAGE: the disc's first sectors, as the kernel reads them, are the image.
holds() {
    dd if="$1" of=read bs=64k count=$(($(stat -c %s "$2") / 65536 + 1)) iflag=fullblock 2>out
    head -c "$(stat -c %s "$2")" read | cmp - "$2" >out 2>&1
}
# proved NODE IMAGE SENTENCE: kernel and Spindle find the image on the disc.
proved() {
    check "$3: the tray goes out and in" reload "$1"
    check "$3: the kernel reads the image" holds "$1" "$2"
    check "$3: spindle verify agrees" run 0 spindle verify "$1" "$2"
}

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
check "DVD+R: cdrskin burns" run 0 cdrskin dev=/dev/sr5 -v /data/large.iso
proved /dev/sr5 /data/large.iso "DVD+R"
check "DVD-RW: cdrskin burns" run 0 cdrskin dev=/dev/sr6 -v /data/small.iso
proved /dev/sr6 /data/small.iso "DVD-RW"
check "DVD-RW: cdrskin blanks and burns" run 0 cdrskin dev=/dev/sr6 blank=as_needed -dao -v /data/large.iso
proved /dev/sr6 /data/large.iso "DVD-RW, blanked"
check "BD-RE: cdrskin formats and burns" run 0 cdrskin dev=/dev/sr7 blank=as_needed -v /data/large.iso
proved /dev/sr7 /data/large.iso "BD-RE"
check "DVD+RW: growisofs burns" run 0 growisofs -Z /dev/sr8=/data/large.iso
proved /dev/sr8 /data/large.iso "DVD+RW"

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
mount -t iso9660 -o ro,session=0 /dev/sr3 /mnt
check "two sessions: the kernel mounts the first one if asked" [ ! -e /mnt/second.txt ]
umount /mnt

# The discs' files hold what was burned.
for disk in $(cd /sys/block && ls -d sr*); do echo 1 >"/sys/block/$disk/device/delete"; done
check "the server ends" stop
for disc in tao sao cdrw plusr minusrw bdre plusrw; do
    check "$disc: the disc's file holds the image" run 0 spindle verify "$disc" /data/large.iso
done
check "the file with two sessions has the files of both" run 0 spindle sum --quiet --files multi
sed 's|  |  ./|' out | LC_ALL=C sort >sums
check "… as the kernel found them" same sums both.sums
