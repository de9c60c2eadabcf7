import LinuxCalls
import SystemPackage

/// Several files that follow one another as if they were one.
final class JoinedBytes: ByteSource {
    let name: String
    let byteCount: Int
    var paths: [FilePath] { parts.flatMap(\.bytes.paths) }
    /// The files, and where each begins.
    let parts: [(start: Int, bytes: any ByteSource)]

    /// Joins files; at least one.
    init?(_ files: [any ByteSource]) {
        guard let first = files.first else { return nil }
        var start = 0
        var parts: [(start: Int, bytes: any ByteSource)] = []
        for file in files {
            parts.append((start, file))
            let (next, overflow) = start.addingReportingOverflow(file.byteCount)
            guard !overflow else { return nil }
            start = next
        }
        name = first.name
        byteCount = start
        self.parts = parts
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0 else { return 0 }
        var done = 0
        for (start, bytes) in parts where done < buffer.count {
            let place = offset + done - start
            guard place >= 0, place < bytes.byteCount else { continue }
            let wanted = min(buffer.count - done, bytes.byteCount - place)
            var part = buffer._mutatingExtracting(done..<(done + wanted))
            let got = try bytes.read(at: place, into: &part)
            done += got
            if got < wanted { break }
        }
        return done
    }

    func fileRange(at offset: Int) -> FileRange? {
        guard offset >= 0,
            let (start, bytes) = parts.last(where: { $0.start <= offset }),
            offset - start < bytes.byteCount
        else { return nil }
        return bytes.fileRange(at: offset - start)
    }
}
