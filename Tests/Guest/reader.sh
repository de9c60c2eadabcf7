# drive: qemu
# A drive that only reads, with a disc that is whole: what can be read is read, and nothing else is claimed.
check "the drive is listed" run 0 spindle drives
check "the drive is named" says "QEMU DVD-ROM"
check "its disc is described" run 0 spindle info /dev/sr0
check "the volume is named" says "LARGE"
check "a disc is ripped" run 0 spindle rip rip.iso --drive /dev/sr0
check "the rip is the image" cmp rip.iso /data/large.iso
check "the disc is verified" run 0 spindle verify /dev/sr0 /data/large.iso
check "another image differs" run 2 spindle verify /dev/sr0 /data/small.iso
check "its files are listed" run 0 spindle list /dev/sr0
check "a file is named" says "numbers.txt"
check "burning is refused" run 4 spindle burn /data/small.iso --drive /dev/sr0
check "blanking is refused" run 4 spindle blank --drive /dev/sr0
check "nobody is told to insert a disc of another kind" sh -c '! grep -qi "insert a blank\|put in a blank" out'
mount -t iso9660 -o ro /dev/sr0 /mnt
check "a mounted disc is ripped" run 0 spindle rip mounted.iso --eject --drive /dev/sr0
check "a mounted disc is not ejected" cat /mnt/hello.txt
umount /mnt
