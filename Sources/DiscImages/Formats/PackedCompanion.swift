import DiscFiles
import LinuxCalls
import SystemPackage

/// A file that a sheet names and that is packed: its content is meant, whether the sheet has the name of
/// that or the packed file's, and its own bytes would become noise.
enum PackedCompanion {
    /// The extensions that packers put behind the name of what they pack.
    static let endings = Compression.all.flatMap(\.endings) + ["ecm"]

    /// Files of images that hold their sectors packed; those that may lie in such a file are not looked for.
    private static let images: [(name: String, mark: StaticString)] = [
        ("a CHD image", "MComprHD"), ("a CSO image", "CISO"), ("a ZSO image", "ZISO"),
        ("an ISZ image", "IsZ!"), ("a DAA image", "DAA\0"), ("a GBI image", "GBI\0"),
    ]

    /// Takes what a file holds, if it is packed.
    ///
    /// - Parameter file: The file.
    /// - Returns: Its content; the file itself if it is not packed.
    /// - Throws: ``CompanionProblem`` if it can't be unpacked, or what packed it is not undone here.
    static func unpacked(_ file: Companion) throws(CompanionProblem) -> Companion {
        var kind = ""
        do {
            if let compression = try Compression.all.first(where: { try $0.isMarked(file.bytes) }) {
                kind = compression.name
                let unpacking = Unpacking(file.bytes, compression.codec, format: kind)
                return try taken(unpacking.run(), of: file, kind, unpacking.warnings)
            }
            if let content = try ECMReader.content(file.bytes) {
                kind = ECMReader.format
                return try taken(copied(content.bytes), of: file, kind, content.warnings)
            }
            let head = try file.bytes.bytes(0..<512)
            let image = images.first { head.starts(with: Array("\($0.mark)".utf8)) }?.name
            if let name = image ?? OtherContent.archive(head.span)?.name {
                throw CompanionProblem(
                    problem: "is \(name), not the sectors themselves, and is not unpacked here"
                )
            }
            return file
        } catch let problem as CompanionProblem {
            throw problem
        } catch let error as ImageFormatError {
            throw CompanionProblem(problem: "is \(kind) and can't be unpacked: \(error.complaint)")
        } catch let error as NamelessFileError {
            throw CompanionProblem(problem: "is \(kind) and can't be unpacked into \(error)")
        } catch let error as SystemError {
            throw CompanionProblem(problem: "can't be read: \(error.reason)")
        } catch {
            throw CompanionProblem(problem: "can't be read: \(error)")
        }
    }

    private static func taken(
        _ content: File,
        of file: Companion,
        _ kind: String,
        _ warnings: [String]
    ) throws -> Companion {
        // What the file is, its name tells without what the packer added.
        let isNamed = endings.contains(file.path.extension?.lowercased() ?? "")
        return Companion(
            path: isNamed
                ? file.path.removingLastComponent().appending(text: file.path.stemText ?? "")
                : file.path,
            bytes: try FileBytes(content, path: file.path),
            warning: file.warning,
            packing: ["“\(file.bytes.name)” is \(kind); what it holds is taken."] + warnings
        )
    }

    /// Bytes in a file without a name.
    private static func copied(_ bytes: any ByteSource) throws -> File {
        let target = try NamelessFile()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var place = 0
        while place < bytes.byteCount {
            var span = buffer.mutableSpan
            let count = try bytes.read(at: place, into: &span)
            guard count > 0 else { break }
            try target.writeSparsely(buffer.span.extracting(0..<count), at: place)
            place += count
        }
        try target.setSize(place)
        return target.file
    }
}
