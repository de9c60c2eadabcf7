# drive: none
# Volumes that hformat made and the kernel filled, as Spindle finds them.
export HOME=/tmp

# fill FOLDER: what a volume of 800 KB, the smallest that hformat makes, has room for.
fill() (
    cd "$1" || exit 1
    mkdir -p "Folder/with space/empty" gone
    for size in 0 1 511 512 513 1024 1025 40000; do head -c $size /dev/urandom >"size $size"; done
    for name in é Äpfel ﬁle 'π≈3' '•†‡' 'a:b' 'semi;colon' 'a*b?c' .dot 'dot.' UPPER lower "1234567890123456789012345678901"; do
        echo "$name" >"Folder/$name"
    done
    mkdir -p 1/2/3/4/5/6/7/8/9/10/11/12
    echo deep >1/2/3/4/5/6/7/8/9/10/11/12/file
    # Files that grow in turns lie in many extents.
    number=0
    while [ $number -lt 16 ]; do
        head -c 1500 /dev/urandom >>one
        head -c 1700 /dev/urandom >>two
        number=$((number + 1))
    done
    cp "size 513" gone/file
    rm -r gone
    mv "size 1025" Folder/moved
    echo more >>"size 512"
    touch -d '2001-02-03 04:05:06' "size 1024"
    # Linux takes times before 1970 for such after 2040.
    touch -d '1970-01-01 00:00:02' "size 0"
    touch -d '2039-12-31 23:59:58' "size 1"
)
# The kernel's driver (6.1) waits for itself where allocation blocks have 1024 bytes, as in a volume of 52 MiB.
# more FOLDER: many files, so that the catalogue's tree has levels, and large ones in so many extents that they go on
# in the extents file.
more() (
    cd "$1" || exit 1
    mkdir many
    number=0
    while [ $number -lt 400 ]; do
        echo $number >"many/file number $number"
        number=$((number + 1))
    done
    number=0
    while [ $number -lt 400 ]; do
        [ $((number % 4)) -eq 0 ] || rm "many/file number $number"
        number=$((number + 3))
    done
    number=0
    while [ $number -lt 60 ]; do
        head -c 41000 /dev/urandom >>third
        head -c 39000 /dev/urandom >>fourth
        number=$((number + 1))
    done
    head -c 4000000 /dev/urandom >large-file
    truncate -s 1234567 large-file
)

# compared NAME OPTIONS: what Spindle finds in the volume is what the kernel finds.
compared() {
    check "$1: the kernel mounts it again" mount -t hfs -o "loop,ro,codepage=macroman,iocharset=utf8$2" disk /mnt
    facts /mnt /tmp/kernel
    (cd /mnt && find . ! -name . | sed 's|^\./||' | LC_ALL=C sort) >kernel.names
    umount /mnt
    rm -rf taken
    check "$1: spindle lists it without a problem" run 0 spindle list --quiet disk
    spindle list --quiet disk 2>/dev/null | sed 's|/$||' | LC_ALL=C sort >names
    check "$1: all names are listed" same names kernel.names
    check "$1: spindle takes all out" run 0 spindle extract --quiet disk --to taken
    facts taken /tmp/spindle
    check "$1: files have their names and bytes" same spindle.sums kernel.sums
    check "$1: files have their sizes and times" same spindle.times kernel.times
    check "$1: there are $(wc -l <kernel.sums) files" [ -s kernel.sums ]
}
# volume NAME OPTIONS STEP… : fills the volume in “disk”.
volume() {
    check "$1: the kernel mounts it" mount -t hfs -o "loop,codepage=macroman,iocharset=utf8$2" disk /mnt
    fill /mnt
    [ -z "$3" ] || more /mnt
    umount /mnt
    compared "$1" "$2"
}
for size in 800K 1440K; do
    rm -f disk
    truncate -s $size disk
    check "$size: hformat makes it" run 0 hformat -l "Mac $size" disk
    volume $size ""
done
for size in 20M 200M 1900M; do
    rm -f disk
    truncate -s $size disk
    check "$size: hformat makes it" run 0 hformat -l "Mac $size" disk
    volume $size "" more
done
rm -f disk
cp /data/hfs/map disk
truncate -s 75M disk
check "partition: hformat makes it" run 0 hformat -l First disk 1
volume "partition" ",part=1" more
check "whole: hformat takes the map away" run 0 hformat -f -l Whole disk 0
volume "whole" "" more
