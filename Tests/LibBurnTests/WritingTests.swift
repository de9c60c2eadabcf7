import LibBurn
import LinuxCalls
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// libburn's traps, on its own pseudo drives: a file that counts as an overwritable disc.
///
/// libburn keeps state for the process, so these run one after another.
@Suite(.serialized) struct WritingTests {
    /// A pseudo drive over a new file.
    private struct PseudoDrive {
        private let folder: Folder
        let file: FilePath

        init() throws {
            folder = try Folder()
            // libburn takes a file for a drive only where there is one.
            file = try folder.write("disc", [])
        }

        var address: String { "stdio:\(file)" }

        func remove() { Folder.remove(folder.path) }
    }

    /// Delivers so many sectors of a pattern, and counts who asks.
    private final class PatternInput: BurnInput {
        private let size: Int
        private let left: Atomic<Int>

        init(sectors: Int) {
            size = sectors * 2048
            left = Atomic(size)
        }

        /// The bytes that were taken.
        var delivered: Int { size - left.load(ordering: .relaxed) }

        func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
            let count = min(buffer.count, left.load(ordering: .relaxed))
            for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: index) }
            left.subtract(count, ordering: .relaxed)
            return count
        }
    }

    @Test func `a track is written and counted`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        _ = try drive.write(
            session(sectors: 64),
            input: PatternInput(sectors: 64),
            control: WriteControl()
        )
        #expect(try FileSystem.status(pseudo.file).size == 64 * 2048)
    }

    @Test func `a write that falls short is a failure whatever libburn says`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        let error = #expect(throws: BurnError.self) {
            try drive.write(
                session(sectors: 64),
                input: PatternInput(sectors: 10),
                control: WriteControl()
            )
        }
        #expect(error?.code == .failed)
    }

    @Test func `a write that never begins is a failure though libburn calls it well written`()
        throws
    {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        let job = session(sectors: 4096)
        let lost = PatternInput(sectors: 4096)
        var failure: BurnError?
        _ = try drive.write(
            job,
            input: PatternInput(sectors: 4096),
            control: WriteControl(observe: { _ in
                guard failure == nil else { return }
                // The drive is at work, so libburn refuses this launch; burn_drive_wrote_well still
                // says yes, about the write before it.
                do throws(BurnError) {
                    _ = try drive.write(
                        session(sectors: nil),
                        input: lost,
                        control: WriteControl()
                    )
                } catch {
                    failure = error
                }
            })
        )
        #expect(failure?.code == .failed)
        #expect(lost.delivered == 0)
    }

    @Test func `a wish to stop that comes when all is delivered costs nothing`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let input = PatternInput(sectors: 64)
        _ = try order(pseudo).run(
            by: nil,
            input: input,
            control: WriteControl(
                isCancelled: { input.delivered == 64 * 2048 },
                whenStopping: { Issue.record("libburn was told to stop") }
            )
        )
        #expect(try FileSystem.status(pseudo.file).size == 64 * 2048)
    }

    @Test func `a wish to stop that comes before the first sector is heeded`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let input = PatternInput(sectors: 64)
        let error = #expect(throws: BurnError.self) {
            try order(pseudo).run(
                by: nil,
                input: input,
                control: WriteControl(isCancelled: { true })
            )
        }
        #expect(error?.code == .cancelled)
        #expect(error?.bytes == 0)
        #expect(input.delivered == 0)
        #expect(try FileSystem.status(pseudo.file).size == 0)
    }

    /// A program that is no worker ends without a word.
    @Test func `a process that ends in the middle of its work is no success`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let error = #expect(throws: BurnError.self) {
            try order(pseudo).run(
                by: ["/bin/false"],
                input: PatternInput(sectors: 64),
                control: WriteControl()
            )
        }
        #expect(error?.code == .lost)
        #expect(error?.isDelivered == false)
    }

    /// A session of one track of data.
    private func session(sectors: Int?) -> SessionJob {
        SessionJob(
            mode: .trackAtOnce,
            tracks: [TrackJob(kind: .data, payloadSectors: sectors)]
        )
    }

    private func order(_ pseudo: PseudoDrive) -> BurnOrder {
        BurnOrder(
            address: pseudo.address,
            task: .write(session(sectors: 64), formattingTo: nil)
        )
    }

    @Test func `writes follow each other without one being lost`() throws {
        // libburn forgets a launch that comes before its last worker has left its list.
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        for _ in 0..<20 {
            let input = PatternInput(sectors: 16)
            _ = try drive.write(
                session(sectors: 16),
                input: input,
                control: WriteControl()
            )
        }
    }

    @Test func `a job larger than the disc is refused before it begins`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        let room = drive.availableSectors(for: session(sectors: 1))
        let error = #expect(throws: BurnError.self) {
            try drive.write(
                session(sectors: room + 1_000_000),
                input: PatternInput(sectors: 1),
                control: WriteControl()
            )
        }
        #expect(error?.code == .tooLarge)
        #expect(try FileSystem.status(pseudo.file).size == 0)
    }

    @Test func `a job without a sector is refused and does not crash`() throws {
        // libburn follows a null pointer in a disc without a session, and in a session without a
        // track; the wrapper makes neither, and has no job for one.
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        #expect(throws: BurnError.self) {
            try drive.write(
                session(sectors: 0),
                input: PatternInput(sectors: 0),
                control: WriteControl()
            )
        }
    }

    @Test func `a cancelled write ends and says so`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let drive = try GrabbedDrive(address: pseudo.address, load: false)
        let error = #expect(throws: BurnError.self) {
            try drive.write(
                session(sectors: 1 << 20),
                input: PatternInput(sectors: 1 << 20),
                control: WriteControl(isCancelled: { true })
            )
        }
        #expect(error?.code == .cancelled)
        let written = try FileSystem.status(pseudo.file).size
        #expect(written < (1 << 20) * 2048)
    }

    @Test func `a process works one drive at a time`() throws {
        let pseudo = try PseudoDrive()
        defer { pseudo.remove() }
        let first = try GrabbedDrive(address: pseudo.address, load: false)
        #expect(throws: BurnError.self) {
            _ = try GrabbedDrive(address: pseudo.address, load: false)
        }
        first.release()
        _ = try GrabbedDrive(address: pseudo.address, load: false)
    }

    @Test func `a drive that is not there is no drive`() {
        let error = #expect(throws: BurnError.self) {
            _ = try GrabbedDrive(address: "/dev/no-such-drive", load: false)
        }
        #expect(error?.code == .cannotGrab)
    }
}
