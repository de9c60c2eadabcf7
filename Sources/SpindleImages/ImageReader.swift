import DiscFiles
import DiscImages
public import DiscModel
public import Reports
public import SystemPackage
import Transfer

/// A disc image of any format, or a virtual disc, opened for reading.
///
/// What the file is, its content says. Calls block; a reader belongs to one thread or task at a time.
public final class ImageReader {
    /// The image's file; a sheet's, if it has one.
    public let path: FilePath
    /// The name of the format that people use, such as “CUE/BIN”.
    public let format: String
    /// The kind of disc that it is, or would be.
    public let medium: MediumKind
    /// How far it is recorded.
    public let state: DiscState
    /// The tracks of all sessions, in order.
    public let tracks: [ImageTrack]
    /// What is odd about the image, a sentence each.
    public let warnings: [String]

    /// Sectors that are read at once at most: an image's maker does not decide how much memory is taken.
    public static let mostSectors = 1 << 16
    /// Bytes of a file that are read at once at most.
    public static let mostBytes = 1 << 28

    private let image: DiscImage
    private let sessions: [DataSession]

    /// Opens an image.
    ///
    /// - Parameter path: The file: an image, the sheet of one, or a virtual disc.
    /// - Throws: ``ImageError`` if it can't be read, or is no disc image.
    public init(_ path: FilePath) throws(ImageError) {
        image = try DiscImage(path)
        self.path = path
        format = image.formatDisplayName
        medium = image.medium
        state = image.state
        tracks = image.layout.tracks.map { ImageTrack($0) }
        warnings = image.warnings + [image.truncation].compactMap(\.self)
        sessions = image.layout.dataSessions
    }

    /// Reads the user data of sectors: 2048 bytes each.
    ///
    /// - Parameter sectors: Addresses (LBA) in data tracks.
    /// - Returns: The sectors' bytes, one after another.
    /// - Throws: ``ImageError`` if one of them can't be read or holds no such data, or if they are more than
    ///   ``mostSectors``.
    public func userData(_ sectors: Range<Int>) throws(ImageError) -> [UInt8] {
        try read(.user, sectors)
    }

    /// Reads whole sectors of a CD: 2352 bytes each, as ECMA-130 lays them out, or samples of audio with
    /// the low byte first.
    ///
    /// What the image does not keep of a sector is computed from what it keeps.
    ///
    /// - Parameter sectors: Addresses (LBA) in tracks.
    /// - Returns: The sectors' bytes, one after another.
    /// - Throws: ``ImageError`` if one of them can't be read, or if they are more than ``mostSectors``.
    public func wholeSectors(_ sectors: Range<Int>) throws(ImageError) -> [UInt8] {
        try read(.raw, sectors)
    }

    private func read(_ form: SectorForm, _ sectors: Range<Int>) throws(ImageError) -> [UInt8] {
        try checkPlace(sectors, isUserData: form == .user)
        var bytes = [UInt8](repeating: 0, count: sectors.count * form.size)
        var done = 0
        while done < sectors.count {
            let count: Int
            do {
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting((done * form.size)...)
                count = try image.disc.read(form, at: sectors.lowerBound + done, into: &part)
            } catch {
                throw unreadable("Sector \(sectors.lowerBound + done)", error)
            }
            guard count > 0 else {
                throw refusal("Sector \(sectors.lowerBound + done) is not in \(path).")
            }
            done += count
        }
        return bytes
    }

    /// Refuses sectors outside the tracks, those that hold no user data, and too many.
    private func checkPlace(_ sectors: Range<Int>, isUserData: Bool) throws(ImageError) {
        var next = sectors.lowerBound
        guard next >= 0 else { throw refusal("Sectors before 0 are not read.") }
        while next < sectors.upperBound {
            let track = image.layout.tracks.first { $0.extent.contains(next) }
            guard let track, !isUserData || track.content == .data else {
                throw refusal(
                    "Sector \(next) of \(path) is in no \(isUserData ? "data " : "")track."
                )
            }
            next = track.extent.upperBound
        }
        guard sectors.upperBound - sectors.lowerBound <= Self.mostSectors else {
            throw refusal("More than \(Self.mostSectors) sectors are not read at once.")
        }
    }
}

// MARK: Files

extension ImageReader {
    /// All files and directories, each directory before what is in it, under the best names that there are.
    ///
    /// They are those of the last session that has a file system.
    ///
    /// - Returns: The files, and what is broken, a sentence each; an image without a file system has none.
    /// - Throws: ``ImageError`` if the image can't be read.
    public func files() throws(ImageError) -> (files: [ImageFile], problems: [String]) {
        do {
            for session in sessions.reversed() {
                let trees = try DiscTrees(
                    image.source,
                    sessionStart: session.start,
                    sessionEnd: session.end
                )
                guard let choice = try TreeChoice(trees), let tree = trees.tree(choice.kind) else {
                    continue
                }
                var walk = FileWalk(tree)
                var files: [ImageFile] = []
                while let visit = try walk.next() { files.append(ImageFile(visit)) }
                var problems = walk.problems.map(\.description)
                if walk.furtherProblems > 0 {
                    problems.append("There are \(walk.furtherProblems) more problems.")
                }
                return (files, problems + choice.differences.map(\.sentence))
            }
            return ([], [])
        } catch {
            throw unreadable("The file system", error)
        }
    }

    /// Reads bytes of a file, unpacked if the disc has them packed.
    ///
    /// - Parameters:
    ///   - file: A file of this image.
    ///   - range: The bytes to read, counted from the file's beginning.
    /// - Returns: The bytes; fewer only at the file's end.
    /// - Throws: ``ImageError`` if they can't be read, or are more than ``mostBytes``.
    public func bytes(of file: ImageFile, in range: Range<Int>) throws(ImageError) -> [UInt8] {
        do {
            let contents = try file.entry.open(image.source)
            let wanted = range.clamped(to: 0..<contents.count)
            guard wanted.count <= Self.mostBytes else {
                throw refusal("More than \(Self.mostBytes) bytes are not read at once.")
            }
            var bytes = [UInt8](repeating: 0, count: wanted.count)
            var done = 0
            while done < wanted.count {
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting(done...)
                let count = try contents.read(at: wanted.lowerBound + done, into: &part)
                guard count > 0 else { break }
                done += count
            }
            return Array(bytes.prefix(done))
        } catch {
            throw unreadable("“\(file.path)”", error)
        }
    }

    private func unreadable(_ what: String, _ error: any Error) -> ImageError {
        if let error = error as? Failure { return error }
        let reason = (error as? UnreadableSectors)?.reason ?? "\(error)"
        return refusal("\(what) of \(path) can't be read: \(reason).")
    }

    private func refusal(_ what: String) -> ImageError {
        ImageError(.source, what, meaning: "", advice: "")
    }
}
