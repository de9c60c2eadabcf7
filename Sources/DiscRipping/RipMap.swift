import LinuxCalls
import Synchronization
import SystemPackage
import Transfer

/// The files in which a rip keeps what it knows of sectors: the map of what was read, and beside it how well
/// that is known.
///
/// They are written anew each time and get their names when they are complete. What somebody else puts
/// in the map's place meanwhile is not replaced.
final class RipMap: Sendable {
    let path: FilePath
    private let evidence: FilePath
    private let replaces: Bool
    /// Whether the map that was there is the one to go on with.
    private let isTakenUp: Bool
    private let bytesPerSector: Int
    /// Which file the map is that this rip wrote last, or goes on with.
    private let own: Mutex<FileIdentity?>

    /// Takes the names.
    ///
    /// - Parameters:
    ///   - options: Have the names, and whether files that have them may be replaced.
    ///   - isTakenUp: Whether the files that have them are those to go on with.
    ///   - bytesPerSector: The bytes of a sector in the image.
    init(_ options: RipOptions, isTakenUp: Bool, bytesPerSector: Int) {
        path = options.map
        evidence = options.evidence
        replaces = options.replaces
        self.isTakenUp = isTakenUp
        self.bytesPerSector = bytesPerSector
        own = Mutex(isTakenUp ? FileSystem.identity(path, followsLinks: false) : nil)
    }

    /// Writes the map.
    func write(_ file: SalvageMapFile) throws(SystemError) {
        let identity = try UnfinishedFiles.write(
            Array(file.text(bytesPerSector: bytesPerSector).utf8),
            to: path,
            replaces: replaces || isOwn
        )
        own.withLock { $0 = identity }
    }

    /// Writes what is known of the sectors besides that they were read, if there is anything.
    func write(_ known: SalvageEvidence) throws(SystemError) {
        guard !known.isEmpty else { return }
        // The map was looked for beside it.
        try UnfinishedFiles.write(
            Array(known.text(bytesPerSector: bytesPerSector).utf8),
            to: evidence,
            replaces: true
        )
    }

    /// Whether the map that has the name is this rip's.
    var isOwn: Bool {
        guard let known = own.withLock({ $0 }), FileSystem.linkTarget(path) == nil else {
            return false
        }
        return FileSystem.identity(path, followsLinks: false) == known
    }

    /// Has both taken away when an image that is whole gets its name, if they may be.
    func retire(with files: UnfinishedFiles?) {
        if replaces || isOwn { files?.retire(path) }
        if replaces || isTakenUp { files?.retire(evidence) }
    }

    /// Takes the map away if it is this rip's.
    func remove() {
        if isOwn { try? FileSystem.remove(path) }
    }
}
