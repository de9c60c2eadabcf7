import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage

/// The sums of a manifest that a certain image must have.
public struct ManifestChoice: Hashable, Sendable {
    /// One entry for each kind of sum; the image must have them all.
    public var entries: [ManifestEntry]
    /// The name that the manifest gives the image, where it is another than the image's own.
    public var otherName: String?
}

extension ChecksumManifest {
    /// Finds the sums of an image: those under its file name, whatever folder that is said to be in,
    /// or else those of the only file that the manifest is about.
    ///
    /// - Throws: ``Reports/Failure`` where the manifest is about several files and none or more than
    ///   one of them is the image.
    public func choice(for image: FilePath) throws(Failure) -> ManifestChoice {
        if isChosen { return ManifestChoice(entries: entries) }
        let own = image.lastComponent?.text ?? image.text
        let named = entries.filter { $0.baseNames.contains { $0 == own } }
        if !named.isEmpty {
            if let entries = Self.consistent(named) { return ManifestChoice(entries: entries) }
            if let entries = Self.consistent(nearest(named, to: image)) {
                return ManifestChoice(entries: entries)
            }
            throw ambiguous(own)
        }
        let names = Set(entries.map(\.name))
        guard names.count == 1, let name = names.first else {
            throw Failure(
                .source,
                "\(self.name) gives checksums of \(names.count) files, but none of \(own).",
                meaning: "The image was not checked.",
                advice:
                    "Use the list of checksums that was published with this image, or rename the image to the name in the list."
            )
        }
        // The only line that can be read need not be the only one.
        guard name == nil || !damaged.contains(where: { $0.mayName(own) }) else {
            throw Failure(
                .source,
                "\(self.name) gives no checksum of \(own) that can be read.",
                meaning: damage ?? "",
                advice: "Get the list again from where it came."
            )
        }
        guard let entries = Self.consistent(entries) else { throw ambiguous(name ?? own) }
        return ManifestChoice(entries: entries, otherName: name)
    }

    /// One entry for each kind of sum, where no two of a kind contradict each other.
    static func consistent(_ entries: [ManifestEntry]) -> [ManifestEntry]? {
        var chosen: [DigestAlgorithm: ManifestEntry] = [:]
        for entry in entries {
            let algorithm = entry.checksum.algorithm
            if let other = chosen[algorithm], other.checksum != entry.checksum { return nil }
            if chosen[algorithm]?.byteCount == nil { chosen[algorithm] = entry }
        }
        guard !chosen.isEmpty else { return nil }
        return DigestAlgorithm.allCases.compactMap { chosen[$0] }
    }

    /// The entries whose folders agree best with where the image lies.
    private func nearest(_ entries: [ManifestEntry], to image: FilePath) -> [ManifestEntry] {
        let path = image.components.map(\.text).reversed()
        let scores = entries.map { entry in
            let parts = (entry.name ?? "").split(separator: "/").filter { $0 != "." }.reversed()
            return zip(parts, path).prefix { $0 == $1 }.count
        }
        let best = scores.max() ?? 0
        return zip(entries, scores).filter { $0.1 == best }.map(\.0)
    }

    private func ambiguous(_ file: String) -> Failure {
        Failure(
            .source,
            "\(name) gives different checksums for \(file).",
            meaning: "The image was not checked, because it is not clear which of them applies.",
            advice: "Use a list that has the image once."
        )
    }
}
