import DiscFiles
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// The source of a burn: an image file or a pipe, looked at as far as it can be.
public struct ImageToBurn {
    /// Its name, for a person.
    public let name: String
    /// Where its sectors come from.
    public let source: any SectorSource
    /// Its size in bytes; absent for a pipe.
    public let byteCount: Int?
    /// What a person should know about it, a sentence each.
    public let notes: [String]

    /// The sectors that will be written for it.
    public var sectors: Int? { byteCount.map { ($0 + 2047) / 2048 } }

    /// Opens an image file, or the standard input for “-”.
    ///
    /// - Parameters:
    ///   - path: The file, or “-”.
    ///   - allowsTruncated: Whether an image is taken that is shorter than its own file system.
    /// - Throws: ``Reports/Failure`` where it can't be opened, is empty, is no image of data
    ///   sectors, or is shorter than its own file system.
    public init(_ path: FilePath, allowsTruncated: Bool) throws(Failure) {
        if path == "-" {
            name = "the standard input"
            source = PipeSource(File(borrowing: 0, name: "the standard input"))
            byteCount = nil
            notes = ["The size of what comes is not known beforehand."]
            return
        }
        name = path.string
        do {
            let (kind, size) = try FileSystem.status(path)
            switch kind {
            case .directory:
                throw Failure(
                    .source,
                    "\(path) is a directory, not an image.",
                    meaning: "The disc was not touched.",
                    advice: "Name an image file."
                )
            case .regular:
                break
            case .pipe, .characterDevice, .blockDevice, .other:
                throw Failure(
                    .source,
                    "\(path) is not a plain file.",
                    meaning: "The disc was not touched.",
                    advice: "Name an image file, or pipe it in with “-”."
                )
            }
            guard size > 0 else {
                throw Failure(
                    .source,
                    "\(path) is empty.",
                    meaning: "The disc was not touched.",
                    advice: "Fetch or make the image again."
                )
            }
            let file = try FileSource(try File(path, .read))
            source = file
            byteCount = file.byteCount
            notes = try Self.examine(file, path, allowsTruncated: allowsTruncated)
        } catch let failure as Failure {
            throw failure
        } catch {
            let reason = (error as? SystemError)?.reason ?? "\(error)"
            throw Failure(
                .source,
                "\(path) can't be read: \(reason).",
                meaning: "The disc was not touched.",
                advice: "See that the file is there and that you may read it."
            )
        }
    }

    private static func examine(_ file: FileSource, _ path: FilePath, allowsTruncated: Bool)
        throws -> [String]
    {
        var notes: [String] = []
        var first = [UInt8](repeating: 0, count: file.sectorSize)
        var span = first.mutableSpan
        _ = try file.read(at: 0, into: &span)
        // The sync pattern that begins each raw sector of a CD (ECMA-130 §14.1).
        if Array(first.prefix(12)) == [0] + [UInt8](repeating: 0xFF, count: 10) + [0] {
            throw Failure(
                .source,
                "\(path) holds raw CD sectors, not an image of data sectors.",
                meaning: "Burned as it is, no drive could read it as a file system.",
                advice: "Convert it to an ISO image first."
            )
        }
        let content = try DiscContent.examine(file)
        if let reason = content.reasonNotADisc {
            throw Failure(
                .source,
                "\(path) \(reason).",
                meaning: "The disc was not touched.",
                advice: "Name an image of a disc, or pipe the file in with “-” to burn it as it is."
            )
        }
        // A volume's own size counts here; partitions that end behind the image are common in
        // images made for several kinds of media.
        let volumes = content.claims.filter { [.iso9660, .highSierra, .udf].contains($0.kind) }
        let needed = volumes.compactMap { $0.decides ? $0.end : nil }.max() ?? 0
        if needed > UInt64(file.byteCount) {
            let missing = needed - UInt64(file.byteCount)
            guard allowsTruncated else {
                throw Failure(
                    .source,
                    "\(path) is truncated: its file system has \(needed) bytes, and \(missing) of them are missing.",
                    meaning: "The disc was not touched.",
                    advice: "Fetch the image again, or burn it as it is with --allow-truncated."
                )
            }
            notes.append("The image is truncated: \(missing) bytes of its file system are missing.")
        }
        if content.claims.isEmpty {
            notes.append("No file system was found in the image; it is burned as it is.")
        }
        if file.byteCount % file.sectorSize != 0 {
            notes.append(
                "The image is no multiple of 2048 bytes; its last sector is filled up with zeros."
            )
        }
        return notes
    }
}
