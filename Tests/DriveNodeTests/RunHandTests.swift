import Testing

/// What a hand does at the drives of a run, while programs use them.
@Suite struct RunHandTests {
    @Test func `a disc is moved from one drive to another`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual create written --medium dvd+rw > log
            exec $SPINDLE virtual run --disc written --disc disc.iso -- sh -c '
                growisofs -Z $SPINDLE_DRIVE_1=disc.iso > log 2>&1 || { cat log; exit 1; }
                $SPINDLE virtual eject && $SPINDLE virtual eject --drive 2 || exit 2
                dd if=$SPINDLE_DRIVE_2 of=/dev/null 2> log && exit 3
                grep -q "No medium found" log || { cat log; exit 4; }
                $SPINDLE virtual insert --drive /dev/sr1 written || exit 5
                head -c 1024000 $SPINDLE_DRIVE_2 | cmp - disc.iso || exit 6
                $SPINDLE virtual insert disc.iso && cmp $SPINDLE_DRIVE_1 disc.iso'
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test func `a disc that is in one drive can't be put into another`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual create blank --medium cd-r > log
            exec $SPINDLE virtual run --disc blank --disc disc.iso -- \
                $SPINDLE virtual insert --drive 2 blank
            """
        )
        #expect(code == 4, "\(output)")
        #expect(output.contains("The drive /dev/sr1 did not do it."), "\(output)")
    }

    @Test func `a program sees the disc change under it`() throws {
        let (code, output) = try RunPlace().run(
            """
            { printf '\\000'; yes x | tr -d '\\n' | head -c 204799; } > other.iso
            export SWAP='$SPINDLE virtual eject && $SPINDLE virtual insert other.iso'
            exec $SPINDLE virtual run --disc disc.iso -- timeout 20 $PEER swap /dev/sr0
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test func `a locked door keeps the disc in`() throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --disc disc.iso -- sh -c '
                exec 3< $SPINDLE_DRIVE
                $SPINDLE virtual eject; test $? = 4 || exit 1
                $SPINDLE virtual insert disc.iso; test $? = 4 || exit 2
                cmp $SPINDLE_DRIVE disc.iso || exit 3
                exec 3<&-
                for i in $(seq 100); do
                    $SPINDLE virtual eject 2> log && exit 0
                    sleep 0.02
                done
                exit 4'
            """
        )
        #expect(code == 0, "\(output)")
        let line = "A program has locked the drive's door.\nThe drive /dev/sr0 did not do it.\n"
        #expect(output.contains(line), "\(output)")
    }

    @Test(arguments: ["eject", "insert disc.iso", "eject --drive 3"])
    func `without such a drive, nothing is done`(_ deed: String) throws {
        let place = try RunPlace()
        let (code, output) = try place.run("$SPINDLE virtual \(deed)")
        #expect(code == 64 && output.contains("There is no virtual drive here."), "\(output)")
        let within = try place.run(
            "exec $SPINDLE virtual run --disc disc.iso -- $SPINDLE virtual \(deed) --drive 7"
        )
        #expect(within.code == 64, "\(within.output)")
    }
}
