# drive: none
# The same with DVD and BD, which cdrskin and growisofs burn.
for medium in dvd+r:plusr dvd-rw:minusrw bd-re:bdre dvd+rw:plusrw; do
    spindle virtual create "${medium#*:}" --medium "${medium%:*}" >/dev/null
done
check "the server offers four discs" serve 3260 plusr minusrw bdre plusrw
check "the kernel has four drives" [ -b /dev/sr3 ]

check "DVD+R: cdrskin burns" run 0 cdrskin dev=/dev/sr0 -v /data/large.iso
proved /dev/sr0 /data/large.iso "DVD+R"
check "DVD-RW: cdrskin burns" run 0 cdrskin dev=/dev/sr1 -v /data/small.iso
proved /dev/sr1 /data/small.iso "DVD-RW"
check "DVD-RW: cdrskin blanks and burns" run 0 cdrskin dev=/dev/sr1 blank=as_needed -dao -v /data/large.iso
proved /dev/sr1 /data/large.iso "DVD-RW, blanked"
check "BD-RE: cdrskin formats and burns" run 0 cdrskin dev=/dev/sr2 blank=as_needed -v /data/large.iso
proved /dev/sr2 /data/large.iso "BD-RE"
check "DVD+RW: growisofs burns" run 0 growisofs -Z /dev/sr3=/data/large.iso
proved /dev/sr3 /data/large.iso "DVD+RW"

# The discs' files hold what was burned.
for disk in $(cd /sys/block && ls -d sr*); do echo 1 >"/sys/block/$disk/device/delete"; done
check "the server ends" stop
for disc in plusr minusrw bdre plusrw; do
    check "$disc: the disc's file holds the image" run 0 spindle verify "$disc" /data/large.iso
done
