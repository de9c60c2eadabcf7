import LinuxCalls
import Reports
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

    /// Takes the image's file if it is such a one, and else makes a file without a name, in which zeros
    /// take no room.
    ///
    /// - Parameter disc: The disc.
    /// - Throws: ``Reports/Failure`` if there is no room for it, or too much can't be read.
    init(_ disc: ReadableDisc) throws(Failure) {
        if let plain = disc.plainFile {
            file = plain
            return
        }
        var what = "The data of \(disc.path) can't be "
        var advice = ""
        do {
            let target = try NamelessFile()
            file = target.file
            try copy(disc.source, to: target)
            return
        } catch let failure as Failure {
            throw failure
        } catch let error as NamelessFileError {
            what += "written to \(error)."
            advice = error.advice()
        } catch {
            what += "read: \(error)"
        }
        throw Failure(.unchecked, what, meaning: "The files were not checked.", advice: advice)
    }

    private mutating func copy(_ source: any SectorSource, to target: NamelessFile) throws {
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
                try target.writeSparsely(bytes, at: sector * Self.sectorSize)
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
        try target.setSize(end * Self.sectorSize)
    }
}
