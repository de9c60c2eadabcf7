import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage

extension ChecksumManifest {
    /// The most bytes that a manifest may have: 16 MiB, some hundred thousand sums.
    public static let largestFile = 16 << 20

    /// Reads a manifest.
    ///
    /// - Throws: ``Reports/Failure`` where the file can't be read, is too large, or gives no sum that
    ///   can be made here.
    public init(reading path: FilePath) throws(Failure) {
        let bytes: [UInt8]
        do {
            let file = try File(path, .read, nonBlocking: true)
            let status = try file.status()
            guard status.kind == .regular, status.size <= Self.largestFile else {
                throw Failure(
                    .source,
                    status.kind == .regular
                        ? "\(path) is too large for a list of checksums: \(status.size) bytes."
                        : "\(path) is not a file.",
                    meaning: "Nothing was compared.",
                    advice: "Name the list of checksums, or the image itself."
                )
            }
            bytes = try Self.read(file, status.size)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .source,
                "\(path) can't be read: \((error as? SystemError)?.reason ?? "\(error)").",
                meaning: "Nothing was compared.",
                advice: "Look at the file's name and permissions."
            )
        }
        self.init(parsing: bytes, name: path.string)
        guard !entries.isEmpty else {
            throw Failure(
                .source,
                foreignLines > 0
                    ? "\(path) gives only \(foreignKinds.joined(separator: " and ")) checksums, which Spindle can't compute."
                    : "\(path) gives no checksum.",
                meaning: "Nothing was compared.",
                advice: "Use a list of SHA-2, SHA-3, BLAKE2b, SHA-1, MD5 or CRC-32 checksums."
            )
        }
    }

    private static func read(_ file: File, _ size: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var span = bytes.mutableSpan
        let count = try file.read(at: 0, into: &span)
        return Array(bytes.prefix(count))
    }
}

extension ChecksumManifest {
    private static let kinds = ["md5", "sha", "sha1", "sha224", "sha256", "sha384", "sha512"]
    private static let plainWords = ["checksum", "checksums", "sums", "digests"]

    /// The words that names of manifests are, or end in behind a dot, a dash or an underscore.
    private static let words: [String] =
        plainWords
        + (kinds + ChecksumFamily.words.map(\.word)).flatMap { ["\($0)sum", "\($0)sums", $0] }

    /// Extensions that follow such a name.
    private static let wrappings = [".txt", ".asc", ".sign"]

    /// Extensions of images, which are never lists of checksums, whatever is in them.
    private static let imageEndings: Set<String> = [
        "iso", "img", "bin", "raw", "dd", "nrg", "mdf", "mds", "ccd", "sub", "cue", "toc", "udf",
        "dmg", "cso", "chd", "cdr", "vdisc", "map",
    ]

    /// The most bytes of a file whose name does not speak of sums.
    private static let largestUnnamedFile = 1 << 20
    private static let probeSize = 64 << 10

    /// Whether a file is a list of checksums, and not an image.
    ///
    /// A file that has the name of one must be text. Any other file must be small and hold nothing
    /// but sums and comments, or fewer damaged lines than sums, and must not have the extension of an
    /// image. What can't be read is not a list of checksums.
    public static func isManifest(_ path: FilePath) -> Bool {
        // Looked at before it is opened, for opening a device or a pipe may have effects.
        guard let status = try? FileSystem.status(path), status.kind == .regular,
            let name = path.lastComponent?.string.lowercased(),
            let file = try? File(path, .read, nonBlocking: true)
        else { return false }
        let isNamed = hasManifestName(name)
        if isNamed {
            guard let bytes = try? read(file, min(status.size, probeSize)) else { return false }
            if bytes.starts(with: [0xFF, 0xFE]) || !bytes.contains(0) { return true }
            // Lines that end with zeros can be lines of a list as well.
        }
        let ending = path.lastComponent?.extension?.lowercased()
        guard isNamed || !imageEndings.contains(ending ?? ""), status.size <= largestUnnamedFile,
            let bytes = try? read(file, status.size)
        else { return false }
        let manifest = ChecksumManifest(parsing: bytes, name: path.string)
        if manifest.malformedLines == 0 {
            return manifest.entries.count + manifest.foreignLines > 0
        }
        // So many digits are nothing else: it is a list of which a line is damaged.
        let long = manifest.entries.count { $0.checksum.algorithm != .crc32 }
        return !bytes.contains(0) && long > manifest.malformedLines
    }

    private static func hasManifestName(_ name: String) -> Bool {
        let stem = stem(name)
        return words.contains { word in
            stem == word || [".", "-", "_"].contains { stem.hasSuffix($0 + word) }
        }
    }

    private static func stem(_ name: String) -> String {
        guard let ending = wrappings.first(where: { name.hasSuffix($0) }) else { return name }
        return String(name.dropLast(ending.count))
    }

    /// The family that a list's name speaks of.
    static func family(ofName path: String) -> ChecksumFamily {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let stem = stem(name.lowercased())
        return ChecksumFamily.words.first { kind in
            [kind.word, kind.word + "sum", kind.word + "sums"].contains { word in
                stem == word || [".", "-", "_"].contains { stem.hasSuffix($0 + word) }
            }
        }?.family ?? .usual
    }
}
