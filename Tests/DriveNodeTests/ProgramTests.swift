import DriveNode
import LinuxCalls
import MMC
import Synchronization
import SystemPackage
import Testing

@Suite struct ProgramTests {
    private func nodeWithDisc(_ count: Int = 500) throws -> NodeAtWork {
        try NodeAtWork(FakeDrive(.rewritable, bytes: NodeAtWork.sectors(count)))
    }

    /// The disc as a file beside the node, for programs to compare with.
    private func putImage(_ node: NodeAtWork) throws -> String {
        let path = node.directory.appending("image")
        let file = try File(path, .createNew)
        let bytes = node.drive.state.withLock { $0.bytes }
        try file.write(bytes.span, at: 0)
        return path.string
    }

    @Test(arguments: [
        "dd if=$NODE bs=1M status=none", "dd if=$NODE bs=2048 status=none",
        "dd if=$NODE bs=777 status=none", "dd bs=64k status=none < $NODE", "cat $NODE",
        "cat < $NODE",
        "head -c 99999999 $NODE", "ln -s $NODE $OUT.link; cat $OUT.link; rm $OUT.link",
    ])
    func `programs read the disc in full`(_ command: String) throws {
        let node = try nodeWithDisc(3001)
        let image = try putImage(node)
        try node.expectSuccess("{ \(command); } | cmp - \(image)")
    }

    @Test func `sums of the node and of the node as standard input are the image's`() throws {
        let node = try nodeWithDisc(777)
        let image = try putImage(node)
        try node.expectSuccess(
            """
            want=$(sha256sum < \(image))
            test "$(sha256sum < $NODE)" = "$want" || exit 1
            test "$(cd /dev && sha256sum sr0)" = "${want%-}sr0" || exit 2
            """
        )
    }

    @Test func `tools see a block device of the disc's size`() throws {
        let node = try nodeWithDisc(501)
        let (code, output) = try node.run(
            """
            stat -c '%F %t:%T %a' $NODE; stat -L -c %F /dev/../dev/sr0; test -b $NODE && echo block
            realpath $NODE; PATH=$PATH:/sbin:/usr/sbin blockdev --getsize64 --getss $NODE
            ls -l $NODE | cut -c1-10
            """
        )
        #expect(code == 0)
        #expect(
            output == """
                block special file b:0 660
                block special file
                block
                /dev/sr0
                \(501 * 2048)
                2048
                brw-rw----

                """
        )
    }

    @Test(arguments: [
        "sg", "ioctls", "descriptors", "close-all", "uncaught", "threads", "signals", "exclusive",
        "writing", "links", "allocator",
    ])
    func `a program finds the node as Linux has it`(_ use: String) throws {
        try nodeWithDisc().expectSuccess("exec timeout 20 $PEER \(use) $NODE")
    }

    @Test func `two processes can't both have the node exclusively, and its end frees it`() throws {
        let node = try nodeWithDisc()
        for _ in 0..<20 { try node.expectSuccess("$PEER exclusive $NODE") }
    }

    @Test func `a drive that is gone makes calls fail`() throws {
        let node = try nodeWithDisc()
        let program = try node.start("exec timeout 20 $PEER orphan $NODE")
        for _ in 0..<2000 where !node.output.contains("ready") { Clock.sleep(seconds: 0.01) }
        node.node.stop()
        #expect(program.wait() == .exited(0), "\(node.output)")
    }

    @Test func `programs that are killed leave nothing behind`() throws {
        let node = try nodeWithDisc(4000)
        for _ in 0..<10 {
            let program = try node.start("exec $PEER signals $NODE")
            Clock.sleep(seconds: 0.02)
            program.send(.terminate)
            _ = program.wait()
        }
        try node.expectSuccess("$PEER exclusive $NODE && $PEER sg $NODE")
        #expect(!node.drive.state.withLock { $0.isDoorLocked })
    }

    @Test func `cdrskin asks the drive who it is`() throws {
        let (code, output) = try nodeWithDisc().run("cdrskin dev=$NODE -inq")
        #expect(code == 0)
        #expect(output.contains("'FAKE DRIVE'"))
    }
}
