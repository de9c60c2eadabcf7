import DriveNode
import LinuxCalls
import MMC
import Synchronization
import SystemPackage
import Testing

@Suite struct KernelTests {
    /// What an open says: its flags are `w` for writing, `n` for O_NONBLOCK, `x` for O_EXCL.
    private func open(_ node: NodeAtWork, _ flags: String) throws -> String {
        try node.run("$PEER open $NODE '-\(flags)'").output
    }

    @Test func `opening an empty drive closes its tray and finds no medium`() throws {
        let node = try NodeAtWork(FakeDrive(nil))
        node.drive.state.withLock { $0.isTrayOpen = true }
        #expect(try open(node, "n") == "open\n")
        #expect(node.drive.state.withLock { $0.isTrayOpen })
        #expect(try open(node, "") == "ENOMEDIUM\n")
        #expect(!node.drive.state.withLock { $0.isTrayOpen })
        #expect(!node.drive.state.withLock { $0.isDoorLocked })
    }

    @Test func `a tray with a disc is closed for the reader, and the disc is new`() throws {
        let bytes = NodeAtWork.sectors(20)
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: bytes))
        node.drive.state.withLock { $0.isTrayOpen = true }
        try node.expectSuccess("test $(cat $NODE | wc -c) = \(bytes.count)")
    }

    @Test func `only overwritable media may be opened for writing`() throws {
        let pressed = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(20)))
        #expect(try open(pressed, "w") == "EROFS\n")
        #expect(try open(pressed, "wn") == "open\n")
        let rewritable = try NodeAtWork(FakeDrive(.rewritable, bytes: NodeAtWork.sectors(20)))
        #expect(try open(rewritable, "w") == "open\n")
    }

    @Test func `rights that are missing show`() throws {
        let drive = FakeDrive(.rewritable, bytes: NodeAtWork.sectors(20))
        let readOnly = try NodeAtWork(drive, options: .init(isReadOnly: true))
        #expect(try open(readOnly, "") == "open\n")
        #expect(try open(readOnly, "w") == "EACCES\n")
        let closed = try NodeAtWork(drive, options: .init(isClosedToAll: true))
        #expect(try open(closed, "n") == "EACCES\n")
        #expect(try closed.run("test -r $NODE").code == 1)
    }

    @Test func `who has claimed the node is told while the drive is at work`() throws {
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(20)))
        node.drive.state.withLock { $0.isStuck = true }
        let program = try node.start(
            """
            $PEER hold $NODE & holder=$!
            while ! grep -q held "$OUT"; do sleep 0.01; done
            dd if=$NODE of=/dev/null status=none & sleep 0.2
            timeout 5 $PEER open $NODE -nx
            for link in /proc/$holder/fd/*; do timeout 5 readlink $link; done | grep $NODE
            kill $holder; echo end
            wait
            """
        )
        while !node.output.contains("end\n") { Clock.sleep(seconds: 0.01) }
        #expect(node.output == "held\nEBUSY\n/dev/sr0\nend\n")
        node.drive.state.withLock { $0.isStuck = false }
        _ = program.wait()
    }

    @Test func `a DVD+RW that was written is finished at the last close`() throws {
        let node = try NodeAtWork(FakeDrive(.rewritable, bytes: NodeAtWork.sectors(20)))
        try node.expectSuccess(
            "head -c 4096 /dev/zero | dd of=$NODE bs=2048 seek=3 conv=notrunc,fsync"
        )
        // The drive's process hears of the close after the program's end.
        let deadline = Clock.seconds + 10
        while node.drive.state.withLock({ $0.operations.last != 0x1E }), Clock.seconds < deadline {
            Clock.sleep(seconds: 0.01)
        }
        let state = node.drive.state.withLock { $0 }
        #expect(state.bytes[(3 * 2048)..<(5 * 2048)].allSatisfy { $0 == 0 })
        #expect(state.operations.suffix(4) == [0x35, 0x5B, 0x5B, 0x1E])
    }

    @Test func `large reads go in commands of 128 KiB`() throws {
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(640)))
        try node.expectSuccess("dd if=$NODE of=/dev/null bs=1M")
        let reads = node.drive.state.withLock { $0.reads }
        #expect(reads == stride(from: 0, to: 640, by: 64).map { $0..<($0 + 64) })
    }

    @Test func `small reads are read ahead in growing windows`() throws {
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(640)))
        try node.expectSuccess("dd if=$NODE of=/dev/null bs=2048 count=30")
        // Windows of 4, 8, 16 … pages, each of two sectors.
        #expect(node.drive.state.withLock { $0.reads } == [0..<8, 8..<24, 24..<56])
    }

    /// Two run-out sectors are counted into the size and can't be read (TAO).
    @Test(arguments: [(300, 300), (301, 300)])
    func `the page in front of unreadable run-out is lost with it`(
        _ good: Int,
        _ readable: Int
    ) throws {
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(good + 2)))
        node.drive.state.withLock { $0.unreadable = good..<(good + 2) }
        let (code, output) = try node.run(
            """
            dd if=$NODE bs=2048 of=/dev/null && exit 1
            dd if=$NODE bs=1M of=/dev/null && exit 2
            { dd if=$NODE bs=1M status=none || echo failed >&2; } | wc -c
            """
        )
        #expect(output.matches(of: /Input\/output error/).count == 3)
        #expect(output.contains("failed"))
        #expect(output.contains("\(readable)+0 records in"))
        #expect(output.hasSuffix("\n\(readable * 2048)\n"))
        #expect(code == 0)
    }

    @Test func `a changed disc is not read until the node is opened anew`() throws {
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(2000)))
        let program = try node.start(
            """
            exec 3<$NODE; dd bs=4k count=1 status=none <&3 >/dev/null; echo go
            while ! test -e $OUT.changed; do sleep 0.01; done
            dd bs=4k skip=200 count=1 status=none <&3 >/dev/null && echo read
            dd bs=4k count=1 status=none <&3 >/dev/null && echo read
            exec 3<&-; dd if=$NODE bs=4k count=1 status=none >/dev/null && echo again
            """
        )
        while !node.output.contains("go\n") { Clock.sleep(seconds: 0.01) }
        node.drive.state.withLock { $0.attention = Sense(.unitAttention, 0x28, 0x00) }
        _ = try File(node.directory.appending("out.changed"), .createNew)
        #expect(program.wait() == .exited(0))
        #expect(!node.output.contains("read\n"))
        #expect(node.output.hasSuffix("again\n"))
    }
}
