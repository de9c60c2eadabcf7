import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// What an earlier rip left: an image, unfinished or finished without some sectors, and its map.
///
/// The map may be ddrescue's, and the image may have been filled by it.
struct RipRemains {
    /// The map, without what the image is too short for: a map that claims more is not believed.
    let file: SalvageMapFile
    /// What is known of the sectors besides that they were read.
    let evidence: SalvageEvidence

    /// Looks for what there is to go on with, and has the sink take it up.
    ///
    /// - Parameters:
    ///   - options: Have the names of map and image.
    ///   - sink: Has the names of all files of the image.
    ///   - recovery: Tells which sectors count.
    ///   - bytesPerSector: The bytes of a sector in the map.
    /// - Returns: `nil` if no sector was read yet.
    /// - Throws: ``Reports/Failure`` if there is only a part of what is needed, or the map is none.
    static func find(
        _ options: RipOptions,
        _ sink: any DiscSink,
        _ recovery: Recovery,
        _ bytesPerSector: Int
    ) throws(Failure) -> RipRemains? {
        let paths = sink.files
        let partial = paths.map { UnfinishedFiles.unfinished($0) }
        let found = zip(paths, partial).map { $1.isTaken ? $1 : $0.isTaken ? $0 : nil }
        guard let some = found.compactMap(\.self).first ?? (options.map.isTaken ? options.map : nil)
        else { return nil }
        if let both = zip(paths, partial).first(where: { $0.isTaken && $1.isTaken }) {
            throw Failure(
                .usage,
                "There are both \(both.0) and \(both.1).",
                meaning: "Nothing was read, for it is not clear which one is to be gone on with.",
                advice: "Move one of them away."
            )
        }
        guard options.map.isTaken else {
            // Left by a process that was killed before it wrote its map, and so before it read anything.
            let isBegun = found.contains { path in
                path.map { !partial.contains($0) || (try? FileSystem.status($0))?.size != 0 }
                    ?? false
            }
            guard isBegun else { return nil }
            throw Failure(
                .source,
                "\(some) has no map \(options.map).",
                meaning: "Nothing was read, for nobody knows which of its sectors were read.",
                advice: partial.contains(some)
                    ? "Replace it with --force."
                    : "If it was finished without a map, it holds all of its disc; else replace it with --force."
            )
        }
        var file = try map(options.map, bytesPerSector)
        let images = found.compactMap(\.self)
        guard images.count == paths.count else {
            let read = RangeSet(file.map.ranges(.finished)).intersection(recovery.wanted)
            guard !read.isEmpty, let index = found.firstIndex(of: nil) else { return nil }
            throw Failure(
                .source,
                "There is a map \(options.map), but no image \(partial[index]) or \(paths[index]).",
                meaning: "Nothing was read.",
                advice: "Put the image where the map is, or replace the map with --force."
            )
        }
        var files: [File] = []
        for path in images { files.append(try image(path)) }
        // Only a process that was killed while it gave a complete image its names leaves some without.
        let sizes = files.map { (try? $0.status().size) ?? 0 }
        if let other = images.first(where: { !partial.contains($0) }),
            let unnamed = images.first(where: partial.contains),
            sizes.reduce(0, +) != sink.byteCount
        {
            throw Failure(
                .source,
                "\(other) is finished, and \(unnamed) is not.",
                meaning: "Nothing was read, for they are not of one image.",
                advice: "Move one of them away, or start over with --force."
            )
        }
        let held = sink.takeUp(files)
        for range in recovery.wanted.subtracting(held).ranges { file.map.mark(range, .untried) }
        return RipRemains(file: file, evidence: evidence(options, bytesPerSector))
    }

    /// Takes away what a rip left that was killed before it read anything: empty files, a map of nothing.
    static func clear(_ options: RipOptions, _ sink: any DiscSink, _ bytesPerSector: Int) {
        for path in sink.files.map(UnfinishedFiles.unfinished) {
            let status = try? FileSystem.status(path)
            if status?.kind == .regular, status?.size == 0, FileSystem.linkTarget(path) == nil,
                !UnfinishedFiles.isClaimed(path)
            {
                try? FileSystem.remove(path)
            }
        }
        if (try? map(options.map, bytesPerSector)) != nil { try? FileSystem.remove(options.map) }
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
        guard kind == .regular else { throw Failure(reading: path, "it is not a regular file.") }
        return file
    }

    /// Reads a map; no link is followed.
    static func map(_ path: FilePath, _ bytesPerSector: Int) throws(Failure) -> SalvageMapFile {
        let bytes = try contents(path)
        do {
            return try SalvageMapFile(parsing: bytes, bytesPerSector: bytesPerSector)
        } catch {
            throw Failure(reading: path, error.description)
        }
    }

    /// Reads what is known of the sectors; nothing is known if that can't be read.
    private static func evidence(_ options: RipOptions, _ bytesPerSector: Int) -> SalvageEvidence {
        guard let bytes = try? contents(options.evidence) else { return SalvageEvidence() }
        return (try? SalvageEvidence(parsing: bytes, bytesPerSector: bytesPerSector))
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
}

extension FilePath {
    /// Whether something has the name; a link that leads nowhere is someone's, too.
    var isTaken: Bool { FileSystem.exists(self) || FileSystem.linkTarget(self) != nil }
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
            advice: "Check the file and its permissions, or start over with --force."
        )
    }
}
