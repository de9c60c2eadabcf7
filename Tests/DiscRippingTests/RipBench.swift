import DiscDrives
import DiscImages
import DiscModel
import DiscRipping
import LinuxCalls
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer
import VirtualDrive

/// A way to a recorder in software that ends, or has someone wish to stop, after so many reads.
final class Way: Transport {
    let recorder: VirtualRecorder
    var lifetime = Int.max
    var reads = 0
    var afterRead: (Int) -> Void = { _ in }

    init(_ recorder: VirtualRecorder) {
        self.recorder = recorder
    }

    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        // Looking at the disc asks for a few sectors; the copy asks for whole commands.
        if [0x28, 0xBE].contains(command.cdb[0]), buffer.count == 32 * 2048 {
            reads += 1
            guard reads <= lifetime else {
                throw TransportError(.deviceGone, command: command.name, context: "ENODEV")
            }
            defer { afterRead(reads) }
            return try recorder.send(command, receiving: &buffer)
        }
        return try recorder.send(command, receiving: &buffer)
    }

    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        try recorder.send(command, sending: data)
    }
}

/// A drive with an image in it, and a folder for what is ripped.
final class RipBench {
    let folder: Folder
    var directory: FilePath { folder.path }
    let image: [UInt8]
    let way: Way
    let drive: Drive
    let recorder: VirtualRecorder

    init(sectors: Int, faults: [Fault] = []) throws {
        folder = try Folder()
        let bytes = (0..<sectors * 2048).map {
            UInt8(truncatingIfNeeded: $0 / 2048 &+ $0 &* 7 | 1)
        }
        image = bytes
        let path = folder.path("source")
        try File(path, .createNew).write(bytes.span, at: 0)
        recorder = VirtualRecorder(
            disc: try VirtualDisc(opening: path, for: .drive),
            faults: faults
        )
        way = Way(recorder)
        drive = try Drive("/dev/sr0", over: way)
    }

    deinit {
        recorder.removeDisc()
    }

    func rip(
        _ cancellation: Cancellation = Cancellation(),
        replaces: Bool = false,
        to name: String = "disc.iso",
        _ change: (inout RipOptions) -> Void = { _ in }
    ) throws(Failure) -> JobResult {
        var options = RipOptions(output: directory.appending(name), replaces: replaces)
        change(&options)
        return try RipJob(drive: drive, options: options).run(
            cancellation: cancellation,
            tell: { _ in }
        )
    }

    func content(_ name: String) throws -> [UInt8] {
        try folder.read(name)
    }

    /// The sectors that the map says are read.
    func finished() throws -> [Range<Int>] {
        let text = String(decoding: try content("disc.iso.map"), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
        return rows.compactMap { row in
            let fields = row.split(separator: " ")
            guard fields.count == 3, fields[2] == "+",
                let start = Int(fields[0].dropFirst(2), radix: 16),
                let size = Int(fields[1].dropFirst(2), radix: 16)
            else { return nil }
            return start / 2048..<(start + size) / 2048
        }
    }

    /// What a map promises, the file must hold.
    func expectTruth(_ name: String, at location: SourceLocation = #_sourceLocation) throws {
        let bytes = try content(name)
        for range in try finished() {
            let place = range.lowerBound * 2048..<range.upperBound * 2048
            #expect(place.upperBound <= bytes.count, sourceLocation: location)
            guard place.upperBound <= bytes.count else { return }
            #expect(bytes[place] == image[place], sourceLocation: location)
        }
    }
}
