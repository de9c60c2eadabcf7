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
    /// - Returns: The image's name with the kind's ending behind it.
    public static func path(of image: FilePath, _ algorithm: DigestAlgorithm) -> FilePath {
        let ending =
            switch algorithm {
            case .crc32: "sfv"
            case .blake2b: "b2"
            default: algorithm.rawValue
            }
        return FilePath("\(image).\(ending)")
    }

    /// Its content.
    ///
    /// - Parameter sums: The names of files, without folders, and their checksums.
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
    ///   - replaces: Whether files that are there are replaced; as the image's if `nil`.
    ///   - cancellation: A wish to stop.
    /// - Throws: The system's errors, and ``LibCrypto/DigestError``.
    public static func add(
        to files: UnfinishedFiles,
        of paths: [FilePath],
        beside image: FilePath,
        _ algorithms: [DigestAlgorithm],
        replaces: Bool? = nil,
        _ cancellation: Cancellation
    ) throws {
        var sums: [DigestAlgorithm: [(name: String, checksum: Checksum)]] = [:]
        for path in paths {
            guard let file = files.file(for: path) else { continue }
            let made = try FileDigests.make(algorithms, of: file, cancellation)
            for (algorithm, checksum) in made {
                sums[algorithm, default: []].append(
                    (path.lastComponent?.string ?? path.string, checksum)
                )
            }
        }
        guard !cancellation.isRequested else { return }
        for algorithm in algorithms {
            try add(sums[algorithm] ?? [], to: files, beside: image, algorithm, replaces: replaces)
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
        replaces: Bool? = nil
    ) throws(SystemError) {
        try files.add(path(of: image, algorithm), replaces: replaces)
            .write(Array(text(sums).utf8).span, at: 0)
    }
}
