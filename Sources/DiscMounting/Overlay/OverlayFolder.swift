import LibCrypto
package import LinuxCalls
public import Reports
public import SystemPackage

/// The folder that keeps an overlay: what it belongs to, the journal of its changes, and the bytes of files.
public struct OverlayFolder: Hashable, Sendable {
    private static let recordName = "overlay.json"
    private static let journalName = "journal"
    private static let filesName = "files"

    /// Its path.
    public let path: FilePath

    /// Names a folder, which need not be there.
    public init(_ path: FilePath) { self.path = path }

    /// The journal of changes.
    var journal: FilePath { path.appending(Self.journalName) }
    /// A journal that is to take that one's place.
    var unfinishedJournal: FilePath { path.appending(Self.journalName + ".part") }
    /// The folder with the bytes of files.
    var files: FilePath { path.appending(Self.filesName) }

    /// Where the bytes of a file are.
    func file(_ serial: Int) -> FilePath { files.appending(String(serial)) }

    // MARK: Where overlays are

    /// The folder of an image's overlay, if none is named: in the user's folder for state.
    ///
    /// - Parameter source: The path of an image or a drive.
    /// - Returns: The folder, which need not be there.
    /// - Throws: ``Reports/Failure`` if the user has no such folder.
    public static func usual(for source: FilePath) throws(Failure) -> OverlayFolder {
        let name = source.lastComponent?.string ?? "disc"
        let stem = String(name.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(40))
            .replacing("/", with: "")
        let folder = try state().appending("overlays")
        return OverlayFolder(folder.appending("\(stem)-\(try key(source).prefix(16))"))
    }

    /// The folder of the overlay that a directory shows, or has shown last.
    ///
    /// - Returns: `nil` if none is known of.
    /// - Throws: ``Reports/Failure`` if the user has no folder for state.
    public static func shown(on directory: FilePath) throws(Failure) -> OverlayFolder? {
        let note = try state().appending("mounts").appending(try key(directory))
        guard let text = try? text(note), !text.isEmpty else { return nil }
        let folder = OverlayFolder(FilePath(bytes: text))
        return folder.isThere ? folder : nil
    }

    /// Notes that a directory shows this overlay.
    ///
    /// - Throws: ``Reports/Failure`` if that can't be kept.
    public func note(shownOn directory: FilePath) throws(Failure) {
        let note = try Self.state().appending("mounts").appending(try Self.key(directory))
        do throws(SystemError) {
            try Self.make(FileSystem.directory(of: note))
            try Self.write(path.bytes, to: note)
        } catch {
            throw Self.failure(note, error)
        }
    }

    private static func state() throws(Failure) -> FilePath {
        if let folder = Environment.value("XDG_STATE_HOME").map({ FilePath(text: $0) }),
            folder.isAbsolute
        {
            return folder.appending("spindle")
        }
        if let home = Environment.value("HOME").map({ FilePath(text: $0) }), home.isAbsolute {
            return home.appending(".local/state/spindle")
        }
        throw Failure(
            .trouble,
            .outputError,
            "There is no folder for the overlay: neither XDG_STATE_HOME nor HOME is set.",
            meaning: "Nothing was changed.",
            advice: "Name a folder with --overlay."
        )
    }

    private static func key(_ path: FilePath) throws(Failure) -> String {
        do {
            var digest = try Digest(.sha256)
            digest.update(path.bytes.span)
            return digest.finish().hexadecimal
        } catch {
            throw Failure(
                .trouble,
                .systemUnable,
                "The system's libcrypto makes no SHA-256: \(error)",
                meaning: "Nothing was changed.",
                advice: "Fix that, and try again."
            )
        }
    }

    /// Makes a folder with those above it, for this user alone.
    private static func make(_ folder: FilePath) throws(SystemError) {
        if (try? FileSystem.status(folder))?.kind == .directory { return }
        let above = FileSystem.directory(of: folder)
        if above != folder { try make(above) }
        do throws(SystemError) {
            try FileSystem.makeDirectory(folder, permissions: 0o700)
        } catch  where error.isFileExists {}
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws(SystemError) {
        let files = try UnfinishedFiles([path], replaces: true)
        try files.begin()[0].write(bytes.span, at: 0)
        try files.finish()
    }

    /// What a file holds, which is not large.
    private static func text(_ path: FilePath) throws(SystemError) -> [UInt8] {
        let file = try File(path, .read, nonBlocking: true, followsLinks: false)
        var bytes = [UInt8](repeating: 0, count: min(1 << 20, try file.status().size))
        var span = bytes.mutableSpan
        return Array(bytes[..<(try file.read(at: 0, into: &span))])
    }

    private static func failure(_ path: FilePath, _ error: SystemError) -> Failure {
        Failure(
            .trouble,
            error.isPermissionDenied
                ? .noPermission : error.isNoSpace ? .noSpace : .outputError,
            "The overlay can't be kept in \(path): \(error.reason).",
            meaning: "Nothing was changed.",
            advice: error.isNoSpace
                ? "Make room, or name another folder with --overlay."
                : "Fix that, or name another folder with --overlay."
        )
    }

    // MARK: What it holds

    /// Whether the folder is there and holds an overlay.
    public var isThere: Bool { FileSystem.exists(path.appending(Self.recordName)) }

    /// What the overlay belongs to; `nil` if there is none.
    ///
    /// - Throws: ``Reports/Failure`` if that can't be read.
    public func record() throws(Failure) -> OverlayRecord? {
        guard isThere else { return nil }
        let path = path.appending(Self.recordName)
        guard let text = try? Self.text(path), let record = JSON.decode(OverlayRecord.self, text)
        else { throw damage("\(path) can't be understood") }
        return record
    }

    func damage(_ what: String) -> Failure {
        Failure(
            .source,
            .badSource,
            "The overlay in \(path) is damaged: \(what).",
            meaning: "Nothing was changed.",
            advice:
                "Bring the folder back from a backup, or take it away with “spindle overlay discard \(path)”."
        )
    }

    /// Looks whether the overlay belongs to a disc and a tree, as they are now.
    ///
    /// - Parameters:
    ///   - old: What the overlay belongs to.
    ///   - found: What was found.
    /// - Throws: ``Reports/Failure`` that says what is different.
    public func check(_ old: OverlayRecord, _ found: OverlayRecord) throws(Failure) {
        guard let difference = old.difference(from: found) else { return }
        throw Failure(
            .source,
            .sourceChanged,
            difference,
            meaning: "The changes in \(path) are of the disc as it was, and were left as they are.",
            advice:
                "Bring that disc back, take its overlay away with “spindle overlay discard \(path)”, or name another folder with --overlay."
        )
    }

    /// Claims the overlay for this process, and begins it if it is not there.
    ///
    /// - Parameter record: What it belongs to; `nil` if the overlay has to be there and whatever it belongs to
    ///   does.
    /// - Returns: The journal, which holds the claim as long as it is open.
    /// - Throws: ``Reports/Failure`` if another process has claimed it, it belongs to something else, or it
    ///   can't be kept.
    package func claim(for record: OverlayRecord? = nil) throws(Failure) -> File {
        do {
            guard let record else {
                guard isThere else { throw absence }
                let journal = try claimJournal()
                guard isThere else {
                    // Another process has taken the overlay away meanwhile.
                    try? FileSystem.remove(self.journal)
                    throw absence
                }
                removeUnfinished()
                return journal
            }
            let isNew = !FileSystem.exists(path)
            try Self.make(path)
            let names = try FileSystem.names(in: path)
            // A process that was killed while it began an overlay may have left parts of it.
            let parts = [Self.journalName, Self.filesName, Self.recordName + ".part"]
            guard isThere || names.allSatisfy(parts.contains) else { throw foreignness }
            if isThere, !FileSystem.exists(self.journal) { throw damage("its journal is missing") }
            let journal = try claimJournal()
            if let old = try self.record() {
                removeUnfinished()
                try check(old, record)
                try checkFiles()
            } else {
                try begin(record, journal, isNew: isNew)
            }
            return journal
        } catch let failure as Failure {
            throw failure
        } catch let error as SystemError {
            throw Self.failure(path, error)
        } catch {
            throw damage("\(error)")
        }
    }

    private var absence: Failure {
        Failure(
            .source,
            .noSource,
            "There is no overlay in \(path).",
            meaning: "Nothing was changed.",
            advice: "Name the folder of an overlay."
        )
    }

    private var foreignness: Failure {
        Failure(
            .source,
            .outputExists,
            "\(path) is not empty, and holds no overlay.",
            meaning: "Nothing was changed.",
            advice: "Name an empty or a new folder with --overlay."
        )
    }

    private var use: Failure {
        Failure(
            .unsuitable,
            .inUse,
            "The overlay in \(path) is in use: its disc is mounted with it, or a command works on it.",
            meaning: "Nothing was changed.",
            advice:
                "Unmount that first (“spindle mount --list” shows it, in the container that mounted it if one did), or name another folder with --overlay."
        )
    }

    /// Opens the journal and claims it; it is made if it is not there.
    private func claimJournal() throws -> File {
        // Who takes an overlay away removes the journal that another process may have just opened.
        for _ in 0..<8 {
            let file = try File(journal, .resume, nonBlocking: true, followsLinks: false)
            guard try file.status().kind == .regular else { throw damage("\(journal) is no file") }
            guard try file.tryLock() else { throw use }
            let identity = FileSystem.identity(journal, followsLinks: false)
            if identity == (try file.identity()) { return file }
        }
        throw use
    }

    /// Begins the overlay, or leaves nothing of it.
    private func begin(_ record: OverlayRecord, _ journal: File, isNew: Bool) throws {
        guard try journal.status().size <= OverlayJournal.heading.count else { throw foreignness }
        do {
            try Self.make(files)
            try checkFiles()
            guard try FileSystem.names(in: files).isEmpty else { throw foreignness }
            try Self.write(
                Array(JSON.encode(record).utf8) + [0x0A],
                to: path.appending(Self.recordName)
            )
            try Directory(FileSystem.directory(of: path)).synchronize()
        } catch {
            try? FileSystem.removeDirectory(files)
            try? FileSystem.remove(self.journal)
            if isNew { try? FileSystem.removeDirectory(path) }
            throw error
        }
    }

    /// Looks whether the folder for the bytes of files is this overlay's own, and does not lead elsewhere.
    private func checkFiles() throws {
        let own = try FileDetails(path, followsLinks: true)
        let found = try FileDetails(files, followsLinks: false)
        guard found.kind == .directory, found.userID == own.userID,
            found.identity.device == own.identity.device
        else { throw damage("\(files) is not the folder that it was") }
    }

    /// The numbers of the files with the bytes of files; all else in their folder is somebody else's.
    ///
    /// - Throws: ``Reports/Failure`` if the folder is not this overlay's own, or the system's error.
    func storedFiles() throws -> [Int] {
        try checkFiles()
        var serials: [Int] = []
        for name in try FileSystem.nameBytes(in: files) {
            let name = String(decoding: name, as: UTF8.self)
            guard let serial = Int(name), serial > 0, String(serial) == name else { continue }
            let kind = try FileDetails(file(serial), followsLinks: false).kind
            if kind == .file { serials.append(serial) }
        }
        return serials
    }

    /// Takes the overlay away for good.
    ///
    /// What tells that there is an overlay goes last, so that this can be done again after a fault.
    ///
    /// - Throws: ``Reports/Failure`` if a process uses it, or a part of it can't be taken away.
    public func discard() throws(Failure) {
        let claim = try claim()
        try takeAway(claim)
        withExtendedLifetime(claim) {}
    }

    /// Takes the overlay away, which this process has claimed.
    ///
    /// The journal is emptied first and goes last, with the claim on it: whatever ends this on its way
    /// leaves an overlay without changes. What the overlay did not make stays, and the folder with it.
    ///
    /// - Parameter claim: The journal.
    /// - Throws: ``Reports/Failure`` if a part of it can't be taken away.
    package func takeAway(_ claim: File) throws(Failure) {
        removeUnfinished()
        do {
            let isOwn = (try? checkFiles()) != nil
            let serials = isOwn ? try storedFiles() : []
            try claim.setSize(0)
            try claim.synchronize()
            for serial in serials { try FileSystem.remove(file(serial)) }
            if isOwn { try Self.removeIfEmpty(files) }
            if isThere { try FileSystem.remove(path.appending(Self.recordName)) }
            try FileSystem.remove(journal)
            try Self.removeIfEmpty(path)
        } catch let failure as Failure {
            throw failure
        } catch {
            let error = error as? SystemError
            throw Failure(
                .trouble,
                error?.isPermissionDenied == true ? .noPermission : .outputError,
                "The overlay in \(path) can't be taken away: \(error?.reason ?? "").",
                meaning: "A part of it may be gone.",
                advice: "Fix that and try again, or remove the folder by hand."
            )
        }
    }

    private static func removeIfEmpty(_ folder: FilePath) throws(SystemError) {
        do throws(SystemError) {
            try FileSystem.removeDirectory(folder)
        } catch {
            let isFilled = error.errno == SystemError.notEmpty("rmdir").errno
            guard isFilled || error.isNoSuchFile else { throw error }
        }
    }

    // MARK: Gathering

    private static let gathering = "gathered-"

    /// Makes a folder in which files for an image are gathered.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be made.
    package func makeGathering() throws(Failure) -> FilePath {
        do throws(SystemError) {
            return try FileSystem.makeTemporaryDirectory(in: path, prefix: Self.gathering)
        } catch {
            throw Self.failure(path, error)
        }
    }

    /// Takes away what a process that was killed did not finish, as far as that can be done.
    private func removeUnfinished() {
        removeGatherings()
        if FileSystem.exists(unfinishedJournal) { try? FileSystem.remove(unfinishedJournal) }
    }

    /// Takes the folders away in which files were gathered, as far as that can be done.
    package func removeGatherings() {
        for name in (try? FileSystem.names(in: path)) ?? [] where name.hasPrefix(Self.gathering) {
            try? FileSystem.removeTree(path.appending(name))
        }
    }
}
