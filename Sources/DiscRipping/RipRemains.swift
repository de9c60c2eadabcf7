import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// What an earlier rip left: an image, unfinished or finished without some sectors, and its map.
///
/// The map may be ddrescue's, and the image may have been filled by it.
struct RipRemains {
    /// What the image is.
    enum Kind {
        /// OUTPUT.part.
        case partial
        /// OUTPUT.
        case finished
    }

    let kind: Kind
    /// The map, cut off where the image ends: a map that claims more is not believed.
    let file: SalvageMapFile
    /// The image.
    let image: File

    /// Looks for what there is to go on with.
    ///
    /// - Returns: `nil` if no sector was read yet.
    /// - Throws: ``Reports/Failure`` if there is only a part of what is needed, or the map is none.
    static func find(_ options: RipOptions) throws(Failure) -> RipRemains? {
        let hasPartial = exists(options.partial)
        let hasOutput = exists(options.output)
        guard hasPartial || hasOutput || exists(options.map) else { return nil }
        guard !(hasPartial && hasOutput) else {
            throw Failure(
                .usage,
                "There are both \(options.output) and \(options.partial).",
                meaning: "Nothing was read, for it is not clear which one is to be gone on with.",
                advice: "Move one of them away."
            )
        }
        let path = hasPartial ? options.partial : options.output
        guard exists(options.map) else {
            // Left by a process that was killed before it wrote its map, and so before it read anything.
            if hasPartial, (try? FileSystem.status(path))?.size == 0 { return nil }
            throw Failure(
                .source,
                "\(path) has no map \(options.map).",
                meaning: "Nothing was read, for nobody knows which of its sectors were read.",
                advice: hasPartial
                    ? "Replace it with --force."
                    : "If it was finished without a map, it holds all of its disc; else replace it with --force."
            )
        }
        let file = try map(options.map)
        guard hasPartial || hasOutput else {
            guard file.map.count(.finished) > 0 else { return nil }
            throw Failure(
                .source,
                "There is a map \(options.map), but no image \(options.partial) or \(options.output).",
                meaning: "Nothing was read.",
                advice: "Put the image where the map is, or replace the map with --force."
            )
        }
        return RipRemains(
            kind: hasPartial ? .partial : .finished,
            file: file,
            image: try image(path)
        ).held
    }

    /// Takes away what a rip left that was killed before it read anything: an empty image, a map of nothing.
    static func clear(_ options: RipOptions) {
        let status = try? FileSystem.status(options.partial)
        let isLink = FileSystem.linkTarget(options.partial) != nil
        if status?.kind == .regular, status?.size == 0, !isLink,
            !UnfinishedFiles.isClaimed(options.partial)
        {
            try? FileSystem.remove(options.partial)
        }
        if let map = try? map(options.map), map.map.count(.finished) == 0 {
            try? FileSystem.remove(options.map)
        }
    }

    private static func exists(_ path: FilePath) -> Bool {
        // A link that leads nowhere is someone's, too.
        FileSystem.exists(path) || FileSystem.linkTarget(path) != nil
    }

    /// Opens an image for reading; no link is followed.
    static func image(_ path: FilePath) throws(Failure) -> File {
        let file: File
        let kind: File.Kind
        do {
            file = try File(path, .read, nonBlocking: true, followsLinks: false)
            kind = try file.status().kind
        } catch {
            throw Failure(reading: path, error)
        }
        guard kind == .regular else { throw Failure(reading: path, "it is no file.") }
        return file
    }

    /// Reads a map; no link is followed.
    static func map(_ path: FilePath) throws(Failure) -> SalvageMapFile {
        let bytes = try contents(path)
        do {
            return try SalvageMapFile(
                parsing: bytes,
                bytesPerSector: RipOptions.bytesPerSector
            )
        } catch {
            throw Failure(reading: path, error.description)
        }
    }

    /// Reads what is known of the sectors; nothing is known if that can't be read.
    static func evidence(_ options: RipOptions) -> SalvageEvidence {
        guard let bytes = try? contents(options.evidence) else { return SalvageEvidence() }
        return (try? SalvageEvidence(parsing: bytes, bytesPerSector: RipOptions.bytesPerSector))
            ?? SalvageEvidence()
    }

    /// Reads a file, but no more than a map may have.
    private static func contents(_ path: FilePath) throws(Failure) -> [UInt8] {
        let file = try image(path)
        do {
            var bytes = [UInt8](
                repeating: 0,
                count: min(try file.status().size, SalvageMapFile.mostBytes + 1)
            )
            var span = bytes.mutableSpan
            let count = try file.read(at: 0, into: &span)
            bytes.removeLast(bytes.count - count)
            return bytes
        } catch {
            throw Failure(reading: path, error)
        }
    }

    /// The same, with no more called finished than the image has.
    private var held: RipRemains {
        var file = file
        let sectors = ((try? image.status().size) ?? 0) / RipOptions.bytesPerSector
        file.map.mark(sectors..<max(sectors, file.map.sectorCount), .untried)
        return RipRemains(kind: kind, file: file, image: image)
    }
}

extension Failure {
    /// A file of an earlier rip can't be read.
    init(reading path: FilePath, _ error: SystemError) {
        self.init(reading: path, error.reason + ".")
    }

    /// A file of an earlier rip is not as it should be.
    init(reading path: FilePath, _ problem: String) {
        self.init(
            .source,
            "\(path) can't be used: \(problem)",
            meaning: "Nothing was read from the disc.",
            advice: "See the file and its permissions, or begin anew with --force."
        )
    }
}
