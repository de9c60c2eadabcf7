import LinuxCalls
import SystemPackage
import Testing

/// `spindle virtual run` with a pressed disc, and what the programs that it runs say.
@Suite struct VirtualRunTests {
    @Test func `a burn on a claimed drive is refused at once, and names the holder`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual create blank --medium cd-r > log
            exec $SPINDLE virtual run --disc blank -- sh -c '
                $PEER hold $SPINDLE_DRIVE > held & holder=$!
                while ! test -s held; do sleep 0.01; done
                timeout 2 $SPINDLE burn disc.iso; code=$?
                echo holder $holder
                kill $holder
                exit $code'
            """
        )
        #expect(code == 4, "\(output)")
        let holder = try #require(output.firstMatch(of: /holder (\d+)/)).1
        #expect(
            output.contains(
                "The drive /dev/sr0 is busy: DriveNodePeer (process \(holder)) has it open.\n"
            ),
            "\(output)"
        )
    }

    @Test(arguments: ["burn disc.iso", "rip out.iso", "info"])
    func `a user without a right to the drive is told so`(_ verb: String) throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --disc disc.iso --fault 'open errno=EACCES' -- \
                $SPINDLE \(verb)
            """
        )
        #expect(code == 4, "\(output)")
        #expect(
            output.contains("This user may not use the drive /dev/sr0: Permission denied."),
            "\(output)"
        )
    }

    @Test func `a drive that can't be opened for writing is still read`() throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --disc disc.iso \
                --fault 'open access=write errno=EACCES' -- \
                sh -c 'cmp $SPINDLE_DRIVE disc.iso; echo $?; $SPINDLE burn disc.iso; exit $?'
            """
        )
        #expect(code == 4)
        #expect(output.hasPrefix("0\n"))
        #expect(output.contains("Permission denied"))
    }

    @Test(arguments: [
        ("open", "it names no error"), ("open errno=EIO", "“EIO” is not EACCES"),
        ("open errno=EACCES access=all", "“all” is neither"), ("open errno", "“errno” is no"),
        ("stale-size now", "“now” is not known"),
    ])
    func `a node's fault that can't be understood is quoted`(
        _ fault: String,
        _ reason: String
    ) throws {
        let (code, output) = try RunPlace().run("$SPINDLE virtual run --fault '\(fault)' -- true")
        #expect(code == 64)
        #expect(output.contains("The fault “\(fault)” is unusable: \(reason)"), "\(output)")
    }

    /// Track at once leaves two run-out sectors, which are counted and can't be read.
    ///
    /// Linux reads up to them, and tells of an error on the next read (filemap_read of mm/filemap.c).
    @Test func `dd of a CD-R that was written track at once fails at the run-out`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual create blank --medium cd-r > log
            exec $SPINDLE virtual run --disc blank -- sh -c '
                cdrskin -tao dev=$SPINDLE_DRIVE disc.iso > log 2>&1 || { cat log; exit 1; }
                PATH=$PATH:/sbin:/usr/sbin blockdev --getsize64 $SPINDLE_DRIVE
                for size in 1M 2048 512; do
                    dd if=$SPINDLE_DRIVE of=read bs=$size status=none && exit 2
                    cmp read disc.iso || exit 3
                done'
            """
        )
        #expect(code == 0, "\(output)")
        let line = "dd: error reading '/dev/sr0': Input/output error\n"
        #expect(output == "\(502 * 2048)\n\(line)\(line)\(line)")
    }

    @Test func `when the drive's process is killed, its programs find the drive gone`() throws {
        let (code, output) = try RunPlace().run(
            """
            mkdir spindle-foreign
            $SPINDLE virtual run --disc disc.iso -- sh -c '
                $PEER orphan $SPINDLE_DRIVE > peer 2>&1; echo $? > code' &
            run=$!
            while ! grep -qs ready peer; do sleep 0.01; done
            ls -d spindle-?????? || exit 1
            kill -KILL $run
            for i in $(seq 100); do test -s code || sleep 0.01; done
            grep -qx 0 code || { cat peer; exit 2; }
            ls -d spindle-?????? || exit 3
            # The next drive removes what was left, and leaves alone what is not for it to remove.
            $SPINDLE virtual run -- true || exit 4
            ls -d spindle-?????? && exit 5
            test -d spindle-foreign || exit 6
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test func `a drive leaves another's socket alone`() throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --disc disc.iso -- sh -c '
                $SPINDLE virtual run -- true && cmp $SPINDLE_DRIVE disc.iso'
            """
        )
        #expect(code == 0, "\(output)")
    }
}
