import DiscModel
import LinuxCalls
import Reports
import SystemPackage

/// A playlist of files of sound: M3U, one path a line.
struct Playlist {
    /// The files, in the playlist's order.
    let files: [FilePath]

    /// The file extensions of playlists.
    static let endings: Set<String> = ["m3u", "m3u8"]
    private static let mark = "#EXTM3U"
    /// What M3U is written in, where it is not UTF-8: ISO 8859-1 as Windows has it.
    private static let usualEncoding = "CP1252"

    /// Reads one.
    ///
    /// - Returns: `nil` if it is none: it has neither the mark nor the extension of one.
    /// - Throws: ``Reports/Failure`` if it names no files, or something that is none.
    init?(_ file: ImageFile) throws {
        let isNamed = Self.endings.contains(file.ending)
        guard try isNamed || Self.hasMark(file) else { return nil }
        guard let text = try SheetText(file)?.text else { return nil }
        let folder = FileSystem.directory(of: file.path)
        var files: [FilePath] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == "\u{FEFF}" }
            let entry = String(line).trimmed
            guard !entry.isEmpty, !entry.hasPrefix("#") else { continue }
            guard files.count < SoundAlbum.mostTracks else {
                throw Self.failure(
                    file,
                    "names more than \(SoundAlbum.mostTracks) files, and a CD has no more tracks",
                    "Burn it to several discs."
                )
            }
            files.append(try Self.path(entry, in: folder, of: file))
        }
        guard !files.isEmpty else {
            throw Self.failure(
                file,
                "names no files",
                "Put the paths of files into it, one a line."
            )
        }
        self.files = files
    }

    private static func hasMark(_ file: ImageFile) throws -> Bool {
        let head = try file.head(16)
        let body = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
        return body.starts(with: Array(mark.utf8))
    }

    private static func path(_ entry: String, in folder: FilePath, of file: ImageFile)
        throws(Failure) -> FilePath
    {
        var bytes = KeptBytes.bytes(of: entry)
        if let colon = entry.range(ofScheme: "://") {
            guard colon.lowercased() == "file" else {
                throw failure(
                    file,
                    "names something on the network: \(KeptBytes.readable(entry))",
                    "Fetch it first, and name the file."
                )
            }
            bytes = unescaped(Array(bytes.dropFirst("file://".utf8.count)))
            if bytes.starts(with: Array("localhost/".utf8)) {
                bytes.removeFirst("localhost".utf8.count)
            }
        }
        // Playlists of other systems have backslashes, and names in the encoding of their programs.
        var spellings = [bytes]
        if String(validating: bytes, as: UTF8.self) == nil,
            let text = TextEncoding(Self.usualEncoding)?.text(bytes)
        {
            spellings.append(Array(text.utf8))
        }
        spellings += spellings.filter { $0.contains(0x5C) }
            .map { spelling in spelling.map { $0 == 0x5C ? 0x2F : $0 } }
        let paths = spellings.map { spelling in
            let path = FilePath(bytes: spelling)
            return path.isAbsolute ? path : folder.pushing(path)
        }
        return paths.first { (try? FileSystem.status($0)) != nil } ?? paths[0]
    }

    /// The bytes of a URL's path (RFC 3986 §2.1).
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, let value = Hexadecimal.bytes(rest.prefix(2))?.first {
                result.append(value)
                rest.removeFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func failure(_ file: ImageFile, _ problem: String, _ advice: String) -> Failure {
        Failure(
            .source,
            .badSource,
            "The playlist \(file.path) \(problem).",
            meaning: "Nothing was written.",
            advice: advice
        )
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        let start = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        var end = start
        while let last = end.last, last == " " || last == "\t" || last == "\r" { end.removeLast() }
        return String(end)
    }

    /// What stands before a mark, if that is the name of a URL's scheme (RFC 3986 §3.1).
    fileprivate func range(ofScheme mark: String) -> String? {
        let letters = prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        guard letters.count > 1, dropFirst(letters.count).hasPrefix(mark) else { return nil }
        return String(letters)
    }
}
