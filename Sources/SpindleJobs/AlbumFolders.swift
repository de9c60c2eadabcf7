import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// The folders of a folder of rips in which there is something that may be an album.
///
/// No link is followed, so that nothing outside is looked at, and nothing twice.
struct AlbumFolders {
    /// A folder, with what of it may belong to an album, by their names.
    struct Folder {
        var path: FilePath
        /// Cue sheets and images, the likeliest first.
        var sheets: [FilePath] = []
        var playlists: [FilePath] = []
        /// Audio files without loss.
        var sounds: [FilePath] = []

        var isEmpty: Bool { sheets.isEmpty && sounds.isEmpty }
    }

    /// Those folders, in order, each before the ones in it.
    private(set) var folders: [Folder] = []
    /// The links that were left out.
    private(set) var links = 0
    /// Folders that can't be looked into.
    private(set) var closed: [FilePath] = []
    /// Whether there is more than was looked at.
    private(set) var isCutShort = false
    private var seen = 0

    private static let mostDepth = 32
    private static let mostFolders = 50_000
    /// The file extensions of images that can hold audio, those that say most of it first.
    private static let sheets = [
        "cue", "ccd", "toc", "mds", "xmd", "nrg", "b6t", "b5t", "cif", "cdi", "chd",
    ]
    private static let sounds: Set<String> = [
        "flac", "wav", "wave", "w64", "rf64", "aif", "aiff", "aifc",
    ]

    /// Looks through a folder.
    ///
    /// - Parameters:
    ///   - root: The folder.
    ///   - cancellation: A wish to stop.
    /// - Throws: ``Reports/Failure`` if the folder can't be looked into.
    init(_ root: FilePath, _ cancellation: Cancellation) throws(Failure) {
        guard look(root, 0, cancellation) else {
            throw Failure(
                .source,
                .badSource,
                "The folder \(root) can't be read.",
                meaning: "Nothing was checked.",
                advice: "See its permissions, or name another folder."
            )
        }
    }

    /// Looks into a folder, and into those in it.
    ///
    /// - Returns: Whether it can be.
    private mutating func look(_ path: FilePath, _ depth: Int, _ cancellation: Cancellation)
        -> Bool
    {
        guard !cancellation.isRequested else { return true }
        guard depth <= Self.mostDepth, seen < Self.mostFolders else {
            isCutShort = true
            return true
        }
        seen += 1
        guard let names = try? FileSystem.names(in: path) else { return false }
        var folder = Folder(path: path)
        var inner: [FilePath] = []
        for name in names.sorted(by: NaturalOrder.areInOrder) where name.first != "." {
            let entry = path.appending(text: name)
            guard FileSystem.linkTarget(entry) == nil else {
                links += 1
                continue
            }
            switch (try? FileSystem.status(entry))?.kind {
            case .directory: inner.append(entry)
            case .regular: folder.add(entry, Self.sheets, Self.sounds)
            default: break
            }
        }
        folder.sortSheets(Self.sheets)
        if !folder.isEmpty { folders.append(folder) }
        for entry in inner where !look(entry, depth + 1, cancellation) { closed.append(entry) }
        return true
    }
}

extension AlbumFolders.Folder {
    /// Adds a file, if it may belong to an album.
    fileprivate mutating func add(_ file: FilePath, _ images: [String], _ audio: Set<String>) {
        let ending = file.extension?.lowercased() ?? ""
        if images.contains(ending) {
            sheets.append(file)
        } else if audio.contains(ending) {
            sounds.append(file)
        } else if ending == "m3u8" || ending == "m3u" {
            playlists.append(file)
        }
    }

    /// Puts the sheet first that has the folder's name, and else cue sheets before others.
    fileprivate mutating func sortSheets(_ endings: [String]) {
        let name = path.lastComponent?.text ?? ""
        func rank(_ file: FilePath) -> (Int, Int) {
            let place = endings.firstIndex(of: file.extension?.lowercased() ?? "") ?? endings.count
            return (place, file.stemText == name ? 0 : 1)
        }
        let ranked = sheets.enumerated().sorted { a, b in
            let (one, other) = (rank(a.element), rank(b.element))
            return (one.0, one.1, a.offset) < (other.0, other.1, b.offset)
        }
        sheets = ranked.map(\.element)
    }
}
