# drive: none
# Volumes that mkudffs made and the kernel filled, as Spindle finds them. The kernel writes UDF up to 2.01, on media
# that are written over; the other ones it mounts as mkudffs made them: empty.

# fill FOLDER: names in many scripts, links, sparse and large files, what was removed, truncated and moved.
fill() (
    cd "$1" || exit 1
    mkdir -p Ordner/with\ space/empty .hidden gone
    for size in 0 1 511 512 513 2047 2048 2049 4097 70000; do head -c $size /dev/urandom >"size $size"; done
    for name in ä.txt ÿ Ωmega кириллица 日本語 한국어 עברית عربى ไทย 😀 'semi;colon' 'a*b?c|<>' dot.at.end. -dash .dot; do
        echo "$name" >"Ordner/$name"
    done
    echo x >"$(head -c 200 /dev/zero | tr '\0' x)"
    # So many names that the folder goes on in further extents.
    number=0
    while [ $number -lt 150 ]; do
        echo $number >"Ordner/with space/file number $number"
        number=$((number + 1))
    done
    number=0
    while [ $number -lt 150 ]; do
        [ $((number % 3)) -eq 0 ] || rm "Ordner/with space/file number $number"
        number=$((number + 2))
    done
    deep=.
    for level in 1 2 3 4 5 6 7 8 9 10 11 12; do deep=$deep/deep-$level; done
    mkdir -p "$deep"
    echo deep >"$deep/file"
    ln "size 2049" Ordner/the-same
    ln -s "../size 1" Ordner/relative
    ln -s /usr/日本 Ordner/absolute
    ln -s ../Ordner/./relative Ordner/dots
    mkfifo Ordner/pipe
    mknod Ordner/null c 1 3
    mknod Ordner/disk b 8 17
    # Holes at the start, in the middle and at the end.
    dd if=/dev/urandom of=holes bs=1k count=3 seek=100 2>/dev/null
    dd if=/dev/urandom of=holes bs=1k count=5 seek=700 conv=notrunc 2>/dev/null
    truncate -s 1500001 holes
    truncate -s 300000 hole
    # Files that grow in turns lie in many extents.
    number=0
    while [ $number -lt 40 ]; do
        head -c 9000 /dev/urandom >>one
        head -c 7000 /dev/urandom >>two
        number=$((number + 1))
    done
    head -c 9000000 /dev/urandom >large-file
    truncate -s 5000000 large-file
    cp "size 70000" gone/file
    rm -r gone
    mv "size 4097" Ordner/moved
    echo more >>"size 513"
    chmod 4711 "size 1"
    chmod 0 "size 511"
    chmod 1777 Ordner
    chown 1000:100 "size 2047"
    touch -d '2001-02-03 04:05:06' "size 2048" "Ordner/with space"
    touch -d '1969-07-20 20:17:40' "size 0"
    touch -d '2100-01-01 00:00:00' "size 512"
)

# compared NAME IMAGE: what Spindle finds is what the kernel finds at /mnt.
compared() {
    facts /mnt /tmp/kernel
    (cd /mnt && find . ! -name . | sed 's|^\./||' | LC_ALL=C sort) >kernel.names
    owners /mnt >kernel.owners
    umount /mnt
    rm -rf taken
    check "$1: spindle lists it without a problem" run 0 spindle list --quiet "$2"
    spindle list --quiet "$2" 2>/dev/null | sed 's|/$||' | LC_ALL=C sort >names
    check "$1: all names are listed" same names kernel.names
    listed "$2" >owners
    check "$1: permissions, owners, groups and devices are the kernel's" same owners kernel.owners
    check "$1: spindle takes all out" run 0 spindle extract --quiet --permissions "$2" --to taken
    facts taken /tmp/spindle
    check "$1: files have their names and bytes" same spindle.sums kernel.sums
    check "$1: files have their sizes and times" same spindle.times kernel.times
    check "$1: links lead where they did" same spindle.links kernel.links
    check "$1: spindle sums all" run 0 spindle sum --quiet --files "$2"
    spindle sum --quiet --files "$2" 2>/dev/null | sed 's|  |  ./|' | LC_ALL=C sort >sums
    check "$1: sums are the kernel's" same sums kernel.sums
}

# volume NAME SIZE MOUNT-OPTIONS MKUDFFS-OPTIONS…: one volume, made and filled.
volume() {
    name=$1 size=$2 options=$3
    shift 3
    rm -f disk
    truncate -s "$size" disk
    check "$name: mkudffs makes it" run 0 mkudffs "$@" disk
    check "$name: the kernel mounts it" run 0 mount -t udf -o "loop,$options" disk /mnt
    fill /mnt
    umount /mnt
    mount -t udf -o loop,ro,unhide disk /mnt
    compared "$name" disk
}
volume "2.01, hard disc, blocks of 512" 32M rw --media-type=hd --blocksize=512 --udfrev=2.01
volume "1.02, DVD-RAM" 32M rw --media-type=dvdram --blocksize=2048 --udfrev=1.02
volume "1.50, DVD-RAM" 32M rw --media-type=dvdram --blocksize=2048 --udfrev=1.50
volume "2.00, hard disc, blocks of 4096" 32M rw --media-type=hd --blocksize=4096 --udfrev=2.00
volume "1.50, DVD-RW with a sparing table" 64M rw --media-type=dvdrw --blocksize=2048 --udfrev=1.50
volume "2.01, DVD-RW with a sparing table" 64M rw --media-type=dvdrw --blocksize=2048 --udfrev=2.01
volume "2.01, CD-RW with a sparing table" 64M rw --media-type=cdrw --blocksize=2048 --udfrev=2.01
volume "1.50, hard disc, short extents" 32M rw,shortad,noadinicb --media-type=hd --blocksize=2048 --udfrev=1.50 --ad=short
volume "2.01, hard disc, long extents, no extended entries" 32M rw,noadinicb --media-type=hd --blocksize=1024 --udfrev=2.01 --ad=long --noefe
