import LinuxCalls
import Synchronization
import SystemPackage
import Transfer

/// The file with the map of what a rip has read.
///
/// It is written anew each time and gets its name when it is complete. What somebody else puts in its
/// place meanwhile is not replaced.
final class RipMap: Sendable {
    let path: FilePath
    private let replaces: Bool
    private let bytesPerSector: Int
    /// Which file the map is that this rip wrote last, or goes on with.
    private let own: Mutex<FileIdentity?>

    /// Takes a name.
    ///
    /// - Parameters:
    ///   - path: The name.
    ///   - replaces: Whether a file that has it may be replaced.
    ///   - isOwn: Whether the file that has it is the one to go on with.
    ///   - bytesPerSector: The bytes of a sector in the image.
    init(_ path: FilePath, replaces: Bool, isOwn: Bool, bytesPerSector: Int) {
        self.path = path
        self.replaces = replaces
        self.bytesPerSector = bytesPerSector
        own = Mutex(isOwn ? FileSystem.identity(path, followsLinks: false) : nil)
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

    /// Whether the file that has the name is this rip's.
    var isOwn: Bool {
        guard let known = own.withLock({ $0 }), FileSystem.linkTarget(path) == nil else {
            return false
        }
        return FileSystem.identity(path, followsLinks: false) == known
    }

    /// Whether it may be taken away.
    var isReplaceable: Bool { replaces || isOwn }

    /// Takes the map away if it is this rip's.
    func remove() {
        if isOwn { try? FileSystem.remove(path) }
    }
}
