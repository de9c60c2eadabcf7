import LinuxCalls
import Synchronization
import SystemPackage
import Transfer

/// The files in which a rip keeps what it knows of sectors: the map of what was read, and beside it how well
/// that is known.
final class RipMap: Sendable {
    private let map: KeptFile
    private let evidence: KeptFile
    private let bytesPerSector: Int

    /// Takes the names.
    ///
    /// - Parameters:
    ///   - options: Have the names, and whether files that have them may be replaced.
    ///   - isTakenUp: Whether the files that have them are those to go on with.
    ///   - bytesPerSector: The bytes of a sector in the image.
    init(_ options: RipOptions, isTakenUp: Bool, bytesPerSector: Int) {
        map = KeptFile(options.map, replaces: options.replaces, isOwn: isTakenUp)
        evidence = KeptFile(options.evidence, replaces: options.replaces, isOwn: isTakenUp)
        self.bytesPerSector = bytesPerSector
        if options.resumes { for file in [map, evidence] { file.clearLeftover() } }
    }

    /// The map's name.
    var path: FilePath { map.path }

    /// Whether the map that has the name is this rip's.
    var isOwn: Bool { map.isOwn }

    /// Writes the map.
    func write(_ file: SalvageMapFile) throws(SystemError) {
        try map.write(file.text(bytesPerSector: bytesPerSector))
    }

    /// Writes what is known of the sectors besides that they were read, if there is anything.
    func write(_ known: SalvageEvidence) throws(SystemError) {
        if !known.isEmpty { try evidence.write(known.text(bytesPerSector: bytesPerSector)) }
    }

    /// Has both taken away when an image that is whole gets its name, if they may be.
    func retire(with files: UnfinishedFiles?) {
        for file in [map, evidence] where file.isReplaceable { files?.retire(file.path) }
    }

    /// Takes both away if they are this rip's.
    func remove() {
        for file in [map, evidence] where file.isOwn { try? FileSystem.remove(file.path) }
    }
}

/// A file that is written again each time, and gets its name when it is complete.
///
/// What somebody else puts in its place meanwhile is not replaced.
private final class KeptFile: Sendable {
    let path: FilePath
    private let replaces: Bool
    /// Which file it is that was written last, or is gone on with.
    private let own: Mutex<FileIdentity?>

    init(_ path: FilePath, replaces: Bool, isOwn: Bool) {
        self.path = path
        self.replaces = replaces
        own = Mutex(isOwn ? FileSystem.identity(path, followsLinks: false) : nil)
    }

    /// Takes away what a process left that was killed while it wrote the file.
    func clearLeftover() {
        let part = UnfinishedFiles.unfinished(path)
        guard (try? FileSystem.status(part))?.kind == .regular, FileSystem.linkTarget(part) == nil,
            !UnfinishedFiles.isClaimed(part)
        else { return }
        try? FileSystem.remove(part)
    }

    func write(_ text: String) throws(SystemError) {
        let identity = try UnfinishedFiles.write(
            Array(text.utf8),
            to: path,
            replaces: isReplaceable
        )
        own.withLock { $0 = identity }
    }

    var isOwn: Bool {
        guard let known = own.withLock({ $0 }), FileSystem.linkTarget(path) == nil else {
            return false
        }
        return FileSystem.identity(path, followsLinks: false) == known
    }

    var isReplaceable: Bool { replaces || isOwn }
}
