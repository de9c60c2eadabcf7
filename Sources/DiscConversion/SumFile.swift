public import LibCrypto
public import LinuxCalls
public import SystemPackage
public import Transfer

/// A file beside an image that gives the checksums of its files, as `sha256sum -c` and its kin read it;
/// of CRC-32, as programs for SFV read it.
public enum SumFile {
    /// Its name.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - algorithm: The checksums' kind.
    /// - Returns: The image's name with the kind's extension behind it.
    public static func path(of image: FilePath, _ algorithm: DigestAlgorithm) -> FilePath {
        let ending =
            switch algorithm {
            case .crc32: "sfv"
            case .blake2b: "b2"
            default: algorithm.rawValue
            }
        return image.adding(".\(ending)")
    }

    /// Its content.
    ///
    /// - Parameter sums: The names of files, without folders and as `PathText`, and their checksums.
    /// - Returns: A line for each file.
    public static func text(_ sums: [(name: String, checksum: Checksum)]) -> String {
        sums.map { name, checksum in
            if checksum.algorithm == .crc32 { return "\(name) \(checksum.hexadecimal)\n" }
            // As coreutils writes names that would break the line.
            var escaped = name.replacing("\\", with: "\\\\")
            escaped = escaped.replacing("\n", with: "\\n").replacing("\r", with: "\\r")
            return (escaped == name ? "" : "\\") + "\(checksum.hexadecimal)  \(escaped)\n"
        }
        .joined()
    }

    /// Makes the checksums of files that are complete and have no names yet, and a file with them for
    /// each kind, which gets its name together with them.
    ///
    /// - Parameters:
    ///   - files: The image's files.
    ///   - paths: Their names.
    ///   - image: The image's name.
    ///   - algorithms: The kinds.
    ///   - resumes: Whether the image was gone on with, so that earlier lists of its checksums are replaced.
    ///   - cancellation: A wish to stop.
    ///   - progress: Told how many bytes were read, and how many there are.
    /// - Throws: The system's errors, and ``LibCrypto/DigestError``.
    public static func add(
        to files: UnfinishedFiles,
        of paths: [FilePath],
        beside image: FilePath,
        _ algorithms: [DigestAlgorithm],
        resumes: Bool = false,
        _ cancellation: Cancellation,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        let opened = paths.compactMap { path in files.file(for: path).map { (path, $0) } }
        let sizes = try opened.map { try $0.1.status().size }
        let total = sizes.reduce(0, +)
        var done = 0
        var sums: [DigestAlgorithm: [(name: String, checksum: Checksum)]] = [:]
        for (place, (path, file)) in opened.enumerated() {
            let made = try FileDigests.make(algorithms, of: file, cancellation) {
                progress(done + $0, total)
            }
            done += sizes[place]
            for (algorithm, checksum) in made {
                sums[algorithm, default: []].append(
                    (path.lastComponent?.text ?? path.text, checksum)
                )
            }
        }
        guard !cancellation.isRequested else { return }
        for algorithm in algorithms {
            try add(sums[algorithm] ?? [], to: files, beside: image, algorithm, resumes: resumes)
        }
    }

    /// Makes a file with checksums, which gets its name together with the image's files.
    ///
    /// - Throws: The system's errors.
    public static func add(
        _ sums: [(name: String, checksum: Checksum)],
        to files: UnfinishedFiles,
        beside image: FilePath,
        _ algorithm: DigestAlgorithm,
        resumes: Bool = false
    ) throws(SystemError) {
        let path = path(of: image, algorithm)
        try files.add(path, replaces: resumes && path.isReport(on: image) ? true : nil)
            .write(PathText.bytes(of: text(sums)).span, at: 0)
    }
}

extension FilePath {
    /// Whether a file is one that a job wrote about an image: it names it.
    package func isReport(on image: FilePath) -> Bool {
        guard let name = image.stemText,
            let file = try? File(self, .read, nonBlocking: true, followsLinks: false)
        else { return false }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var span = bytes.mutableSpan
        guard let count = try? file.read(at: 0, into: &span) else { return false }
        return PathText.text(of: Array(bytes.prefix(count))).contains(name)
    }
}
