# drive: qemu
# disc: damaged
# A disc with sectors that can't be read: the rip says so, maps them, and keeps the rest.
check "a rip with unreadable sectors ends with 3" run 3 spindle rip rip.iso --drive /dev/sr0
dd if=/data/large.iso of=head bs=2048 count=2000 2>/dev/null
dd if=rip.iso of=read bs=2048 count=2000 2>/dev/null
check "what is before the damage is right" cmp head read
dd if=/data/large.iso of=tail bs=2048 skip=2004 2>/dev/null
dd if=rip.iso of=read bs=2048 skip=2004 2>/dev/null
check "what is after the damage is right" cmp tail read
ddrescue -q -d -b2048 /dev/sr0 peer.iso peer.map
check "the image is ddrescue's" cmp rip.iso peer.iso
check "verify ends with 3" run 3 spindle verify /dev/sr0 /data/large.iso
