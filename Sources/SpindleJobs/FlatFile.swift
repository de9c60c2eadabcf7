import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// A file of a disc's data from address 0 on, for programs that read nothing else.
struct FlatFile {
    /// The file.
    let file: File
    /// The sectors that could not be read, and are zeros in it.
    private(set) var unreadableSectors = 0

    /// Sectors that may be unreadable before it is given up.
    private static let mostUnreadable = 1000
    private static let sectorSize = 2048

    /// Takes the image's file if it is such a one, and else makes a file without a name in `TMPDIR` or
    /// `/var/tmp`, in which zeros take no room.
    ///
    /// - Parameter disc: The disc.
    /// - Throws: ``Reports/Failure`` if there is no room for it, or too much can't be read.
    init(_ disc: ReadableDisc) throws(Failure) {
        if let plain = disc.plainFile {
            file = plain
            return
        }
        do {
            let parent = FilePath(text: Environment.value("TMPDIR") ?? "/var/tmp")
            let folder = try FileSystem.makeTemporaryDirectory(in: parent, prefix: "spindle-")
            defer { try? FileSystem.removeDirectory(folder) }
            file = try File(folder.appending("disc"), .createNew)
            try FileSystem.remove(folder.appending("disc"))
            try copy(disc.source)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .unchecked,
                "The data of \(disc.path) can't be written to a temporary file: \(error)",
                meaning: "The files were not checked.",
                advice: "Make room, or name another directory in TMPDIR."
            )
        }
    }

    private mutating func copy(_ source: any SectorSource) throws {
        let end = source.sectorCount ?? 0
        var buffer = [UInt8](repeating: 0, count: 512 * Self.sectorSize)
        var sector = 0
        var step = 512
        while sector < end {
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<(min(step, end - sector) * Self.sectorSize))
            do {
                let count = try source.read(at: sector, into: &part)
                guard count > 0 else { break }
                let bytes = buffer.span.extracting(..<(count * Self.sectorSize))
                try file.writeSparsely(bytes, at: sector * Self.sectorSize)
                sector += count
                step = 512
            } catch let error as UnreadableSectors {
                guard step == 1 else {
                    step = 1
                    continue
                }
                unreadableSectors += 1
                guard unreadableSectors <= Self.mostUnreadable else { throw error }
                sector += 1
            }
        }
        try file.setSize(end * Self.sectorSize)
    }
}
