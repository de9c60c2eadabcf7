import SpindleJobs
import SystemPackage

/// What is fed with the fuzzer's bytes.
enum Subject: String, CaseIterable {
    /// Images of every format: opened, and read at their beginning and end.
    case images
    /// The file systems and partition tables of a disc.
    case files
    /// The virtual disc's own file.
    case disc
    /// What drives answer.
    case replies
    /// Lists of sums.
    case manifests
    /// What databases of rips answer, and CD-TEXT.
    case databases
    /// Files of sound and playlists of them.
    case sounds

    /// Has a reader do its work. Whatever it throws is an answer; a trap, a hang or memory without
    /// bounds is none.
    func feed(_ bytes: [UInt8], folder: FilePath) {
        switch self {
        case .images: Self.open(bytes, in: folder)
        case .files: Self.examine(bytes)
        case .disc: Self.openDisc(bytes, in: folder)
        case .replies: Self.parse(bytes)
        case .manifests: _ = ChecksumManifest(parsing: bytes, name: "sums")
        case .databases: Self.parseAnswers(bytes)
        case .sounds: Self.openSound(bytes, in: folder)
        }
    }

    private static func open(_ bytes: [UInt8], in folder: FilePath) {
        let file = ImageFile(folder.appending("image"), bytes: MemoryBytes(bytes))
        guard let opened = try? ImageFormat.open(file) else { return }
        let disc = opened.disc
        read(disc)
        // What a conversion would do first; few sectors, for the sake of more inputs.
        let sectors = disc.layout.tracks.reduce(0) { $0 + $1.extent.count }
        if let inventory = try? DiscInventory(of: disc, reading: sectors < 200) {
            for format in ImageFormat.all { _ = DiscLoss.losses(of: inventory, in: format) }
        }
        _ = try? DiscContent.examine(DiscDataSource(disc))
    }

    /// Reads the first and the last sectors of each track, in every way.
    private static func read(_ disc: any DiscSource) {
        var raw = [UInt8](repeating: 0, count: 2352)
        var subchannel = [UInt8](repeating: 0, count: 96)
        for track in disc.layout.tracks.prefix(8) {
            let extent = track.extent
            for address in [extent.lowerBound, extent.upperBound - 1] where extent.contains(address)
            {
                var span = raw.mutableSpan
                _ = try? disc.readRaw(at: address, into: &span)
                var side = subchannel.mutableSpan
                _ = try? disc.readSubchannel(at: address, into: &side)
            }
        }
    }

    private static func examine(_ bytes: [UInt8]) {
        let source = MemorySectors(bytes)
        _ = try? DiscContent.examine(source)
        guard let trees = try? DiscTrees(source) else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        for kind in trees.available {
            guard let tree = trees.tree(kind) else { continue }
            var walk = FileWalk(tree)
            while let visit = try? walk.next() {
                guard let contents = try? FileContents(source, visit.entry) else { continue }
                var span = buffer.mutableSpan
                _ = try? contents.read(at: 0, into: &span)
            }
        }
    }

    /// Writes a file.
    ///
    /// - Returns: Whether all of it could be written.
    private static func write(_ bytes: [UInt8], to path: FilePath) -> Bool {
        let file = try? FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        guard let file else { return false }
        return (try? file.closeAfter { try file.writeAll(bytes) }) == bytes.count
    }

    private static func openDisc(_ bytes: [UInt8], in folder: FilePath) {
        let path = folder.appending("disc")
        guard write(bytes, to: path), let image = try? DiscImage(path) else { return }
        read(image.disc)
        _ = try? DiscContent.examine(image.source)
    }

    private static func parseAnswers(_ bytes: [UInt8]) {
        _ = try? AccurateRipAnswer(parsing: bytes)
        _ = try? CTDBAnswer(parsing: bytes)
        _ = try? MusicBrainzAnswer(
            parsing: bytes,
            of: "IeldkVfIh1wep_M8CMuDvA0nQ7Q-",
            tracks: 9
        )
        let packs = CDTextPack.packs(in: bytes)
        // Whether their checksums are right, or would be.
        let right = packs.compactMap { CDTextPack($0.bytes.prefix(16)) }
        for text in [CDText(packs: packs), CDText(packs: right)] {
            _ = text.packs(firstTrack: 1, lastTrack: 99)
        }
    }

    private static func openSound(_ bytes: [UInt8], in folder: FilePath) {
        let path = folder.appending("sound")
        guard write(bytes, to: path), let image = try? DiscImage(sounds: [path], named: path)
        else { return }
        read(image.disc)
    }

    private static func parse(_ bytes: [UInt8]) {
        _ = Sense(parsing: bytes)
        _ = try? Inquiry(parsing: bytes)
        _ = try? Configuration(parsing: bytes)
        _ = try? DiscInformation(parsing: bytes)
        _ = try? TrackInformation(parsing: bytes)
        _ = try? TableOfContents(parsing: bytes)
        _ = try? TableOfContents(parsing: bytes, msf: true)
        _ = try? FullTOC(parsing: bytes)
        _ = try? SessionTable(parsing: bytes)
        _ = try? ATIP(parsing: bytes)
        _ = try? Capacity(parsing: bytes)
        _ = try? BufferCapacity(parsing: bytes)
        _ = try? FormatCapacities(parsing: bytes)
        _ = try? FormatParameters(parsing: bytes)
        _ = try? PhysicalFormat(parsing: bytes)
        _ = try? MechanismStatus(parsing: bytes)
        _ = try? DriveEvent(parsing: bytes)
        _ = try? Performance(parsing: bytes)
        _ = try? WriteSpeeds(parsing: bytes)
        _ = try? ModePages(parsing10: bytes)
        _ = try? ModePages(parsing6: bytes)
        _ = WriteParameters(parsing: bytes)
        _ = CueSheet(parsing: bytes)
        let packs = stride(from: 0, to: bytes.count - 17, by: 18).compactMap {
            CDTextPack(bytes[$0..<($0 + 18)])
        }
        _ = CDText(packs: packs)
    }
}
