# drive: tgt
# A recorder that others wrote, behind the kernel's own SCSI layer.
check "the recorder is listed" run 0 spindle drives
check "it writes DVD+R" says "DVD+R"
check "nothing on the input leaves the disc alone" run 1 sh -c ': | spindle burn - --drive /dev/sr0'
check "the disc is still blank" sh -c 'spindle info /dev/sr0 --json | grep -q "\"state\":\"blank\""'
check "a burn is verified" run 0 spindle burn /data/large.iso --drive /dev/sr0
check "it says so" says "^Verified"
check "the disc is complete" sh -c 'spindle info /dev/sr0 --json | grep -q "\"state\":\"complete\""'
check "the rip is the image" sh -c 'spindle rip rip.iso --drive /dev/sr0 >out 2>&1 && cmp rip.iso /data/large.iso'
check "verify agrees" run 0 spindle verify /dev/sr0 /data/large.iso
check "the kernel mounts it" mount -t iso9660 -o ro /dev/sr0 /mnt
check "the kernel reads its files" grep -q hello /mnt/hello.txt
umount /mnt
check "a full disc is refused" run 4 spindle burn /data/small.iso --drive /dev/sr0
change 700
check "a pipe is burned" run 0 sh -c 'cat /data/small.iso | spindle burn - --drive /dev/sr0'
check "the rip of it is the image" sh -c 'spindle rip pipe.iso --drive /dev/sr0 >out 2>&1 && cmp pipe.iso /data/small.iso'
