# drive: none
# A disc with sectors that can't be read, in Spindle's recorder behind the kernel's initiator: the kernel gets medium
# errors, and ddrescue and Spindle find the same sectors.
spindle virtual create disc --medium dvd+r >/dev/null
dmesg -c >/dev/null
check "the server offers two discs" serve 3260 --fault "read lba=2000" --fault "read lba=2003" \
    --fault "read lba=2500-2619 sense=3/11/05" /data/large.iso disc
check "a burn that reads bad sectors back does not call them verified" run 3 spindle burn /data/large.iso --drive /dev/sr1
check "an undamaged sector is read" dd if=/dev/sr0 of=read bs=2048 skip=1999 count=1 iflag=direct
check "a damaged one is not" run 1 dd if=/dev/sr0 of=read bs=2048 skip=2000 count=1 iflag=direct
check "that is an error of the medium" says "No data available"
dmesg >out
check "the kernel has a medium error" says "Sense Key : Medium Error"
check "… and its sense data" says "L-EC uncorrectable error"
check "ddrescue reads what can be read" run 0 ddrescue -d -b2048 -n -q /dev/sr0 peer.iso peer.map
check "ddrescue scrapes" run 0 ddrescue -d -b2048 -q /dev/sr0 peer.iso peer.map
check "a rip ends with 3" run 3 spindle rip rip.iso --drive /dev/sr0
check "its image is ddrescue's" cmp rip.iso peer.iso
for map in peer.map rip.iso.map; do sed '/^#/d' "$map" | awk '$2 ~ /^0x/ && $3 != "+"' >"$map.bad"; done
check "its map is ddrescue's" same rip.iso.map.bad peer.map.bad
