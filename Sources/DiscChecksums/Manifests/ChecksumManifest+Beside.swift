import LinuxCalls
public import Reports
public import SystemPackage

extension ChecksumManifest {
    /// What names of lists end in after the image's own name.
    private static let endings = [
        "sha256", "sha256sum", "sha512", "sha512sum", "sha384", "sha224", "sha3", "sha3-256",
        "sha3-512", "b2", "blake2b", "sha1", "sha1sum", "md5", "md5sum", "sfv",
    ]

    /// The names that publishers give to lists of several files.
    private static let names = [
        "SHA256SUMS", "SHA512SUMS", "SHA3-256SUMS", "SHA3-512SUMS", "B2SUMS", "SHA1SUMS", "MD5SUMS",
        "SHA256SUMS.txt", "SHA512SUMS.txt", "SHA1SUMS.txt", "MD5SUMS.txt", "sha256sum.txt",
        "sha512sum.txt", "sha1sum.txt", "md5sum.txt", "CHECKSUM", "CHECKSUMS", "checksums.txt",
    ]

    /// Puts together what the lists beside an image say of it.
    ///
    /// Only what names this file counts, or stands alone in a list that has the file's own name: nobody
    /// has said that these lists are about the image.
    ///
    /// - Returns: The image's checksums of all those lists; `nil` if there is no list.
    /// - Throws: ``Reports/Failure`` where there are lists, and none gives a checksum of the image that
    ///   can be made here.
    public static func beside(_ image: FilePath) throws(Failure) -> ChecksumManifest? {
        let folder = image.removingLastComponent()
        let own = endings.map { image.adding(".\($0)") }
        let stem = image.stemText ?? ""
        let sharing = endings.map { folder.appending(text: "\(stem).\($0)") }
        var problem: Failure?
        var others: [String] = []
        var used: [String] = []
        var chosen: [ManifestEntry] = []
        var damaged: [DamagedLine] = []
        var isSigned = false
        let named = names.map { folder.appending($0) } + listsNamedAfterAll(in: folder)
        for path in own + sharing + named {
            guard path != image, isManifest(path) else { continue }
            let list: ChecksumManifest
            do {
                list = try ChecksumManifest(reading: path)
            } catch {
                problem = problem ?? error
                continue
            }
            let entries = list.entries(naming: image, in: folder, orNone: own.contains(path))
            guard !entries.isEmpty else {
                others.append(path.string)
                continue
            }
            guard !used.contains(path.string) else { continue }
            used.append(path.string)
            isSigned = isSigned || list.isSigned
            damaged += list.damaged
            for var entry in entries {
                entry.list = path.string
                if !chosen.contains(entry) { chosen.append(entry) }
            }
        }
        if !chosen.isEmpty {
            return ChecksumManifest(
                name: used.joined(separator: " and "),
                chosen: chosen,
                damaged: damaged,
                isSigned: isSigned
            )
        }
        if let problem { throw problem }
        guard let other = others.first else { return nil }
        throw Failure(
            .usage,
            "\(other) gives no checksum of \(image).",
            meaning: "Nothing was compared.",
            advice: "If the list is about this image under another name, name the list as well."
        )
    }

    /// Lists of a whole release, whose names end in “CHECKSUM”, as Fedora's do: in the order of their
    /// names, and no more than a folder of releases has.
    private static func listsNamedAfterAll(in folder: FilePath) -> [FilePath] {
        let place = folder.isEmpty ? FilePath(".") : folder
        let names = ((try? FileSystem.names(in: place)) ?? []).filter { name in
            let upper = name.uppercased()
            return ["-CHECKSUM", "_CHECKSUM", ".CHECKSUM", "-CHECKSUMS"].contains {
                upper.hasSuffix($0) || upper.hasSuffix($0 + ".TXT")
            }
        }
        return names.sorted().prefix(mostLists).map { folder.appending(text: $0) }
    }

    private static let mostLists = 32

    /// The entries of a file.
    ///
    /// - Parameters:
    ///   - image: The file.
    ///   - folder: Where the list lies.
    ///   - takesNameless: Whether checksums without a name are the file's.
    /// - Returns: Those that name the file.
    private func entries(
        naming image: FilePath,
        in folder: FilePath,
        orNone takesNameless: Bool
    ) -> [ManifestEntry] {
        let own = image.lastComponent?.text ?? ""
        let identity = FileSystem.identity(image)
        return entries.filter { entry in
            guard let name = entry.name else { return takesNameless }
            guard entry.baseNames.contains(where: { $0 == own }) else { return false }
            // In another folder another file may have the same name.
            guard name.contains("/"),
                let there = FileSystem.identity(folder.pushing(FilePath(text: name)))
            else { return true }
            return there == identity
        }
    }
}
