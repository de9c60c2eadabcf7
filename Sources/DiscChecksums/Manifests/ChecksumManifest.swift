public import LibCrypto
import LinuxCalls

/// A file that gives the sums of other files, such as `SHA256SUMS` or `disc.iso.md5`.
public struct ChecksumManifest: Hashable, Sendable {
    /// The manifest's path or name, for people.
    public var name: String
    /// Its sums, in its order.
    public var entries: [ManifestEntry]
    /// How many lines are neither sums nor comments.
    public var malformedLines: Int
    /// These lines, or the first of very many.
    public var damaged: [DamagedLine]
    /// Lines with checksums of kinds that are not made here, such as CRC-32 or BLAKE3.
    public var foreignLines: Int
    /// The names of those kinds.
    public var foreignKinds: [String]
    /// Whether the entries are all of the file in question, so that it must have every one of them.
    public var isChosen = false
    /// Whether there is an OpenPGP signature in it, which is not checked here.
    public var isSigned: Bool

    /// So many damaged lines are kept.
    private static let mostDamaged = 4096

    /// Reads a manifest's bytes; they may hold anything.
    ///
    /// UTF-8 with or without its mark, or UTF-16 with little-endian mark, as Windows' shell writes;
    /// lines end in LF or CR LF, or with a zero.
    /// Of a signed text (RFC 9580 §7) the armour is left out. Memory is in
    /// proportion to the bytes.
    public init(parsing bytes: [UInt8], name: String) {
        self.name = name
        entries = []
        malformedLines = 0
        damaged = []
        foreignLines = 0
        foreignKinds = []
        isSigned = false
        var armour = Armour.none
        var sizes: [String: Int] = [:]
        let family = Self.family(ofName: name)
        let text = Self.utf8(bytes)
        // “sha256sum -z” ends lines with a zero, and a name may then have line feeds.
        let hasZeros =
            text.last == 0 && !zip(text, text.dropFirst()).contains { $0 == 0 && $1 == 0 }
        let separator: UInt8 = hasZeros ? 0 : 0x0A
        var number = 0
        for line in text.split(separator: separator, omittingEmptySubsequences: false) {
            number += 1
            guard !line.isEmpty else { continue }
            guard let line = armour.strip(line) else {
                isSigned = true
                continue
            }
            switch ManifestLine(line, family) {
            case .sum(let checksum, let name):
                entries.append(ManifestEntry(name: name, checksum: checksum))
            case .size(let name, let bytes): sizes[name] = bytes
            case .foreignSum(let kind):
                foreignLines += 1
                if !foreignKinds.contains(kind), foreignKinds.count < 8 {
                    foreignKinds.append(kind)
                }
            case .malformed:
                malformedLines += 1
                guard damaged.count < Self.mostDamaged else { break }
                damaged.append(
                    DamagedLine(number: number, text: PathText.text(of: Array(line)))
                )
            case .nothing: break
            }
        }
        for index in entries.indices {
            entries[index].byteCount = entries[index].name.flatMap { sizes[$0] }
        }
    }

    /// Puts entries of one file together that come from several lists.
    init(name: String, chosen: [ManifestEntry], damaged: [DamagedLine], isSigned: Bool) {
        self.name = name
        entries = chosen
        malformedLines = damaged.count
        self.damaged = damaged
        foreignLines = 0
        foreignKinds = []
        self.isSigned = isSigned
        isChosen = true
    }

    /// The kinds of sums in it, each once.
    public var algorithms: [DigestAlgorithm] {
        DigestAlgorithm.allCases.filter { algorithm in
            entries.contains { $0.checksum.algorithm == algorithm }
        }
    }

    /// The text without the mark at its beginning.
    private static func utf8(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return bytes.dropFirst(3) }
        guard bytes.starts(with: [0xFF, 0xFE]) else { return bytes[...] }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)[...]
    }
}

/// Where a line stands in a signed text (RFC 9580 §7).
private enum Armour {
    case none, headers, text, signature

    /// Takes the armour away.
    ///
    /// - Returns: `nil` if the line is armour and nothing else.
    mutating func strip(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        if line.starts(with: "-----BEGIN PGP SIGNED MESSAGE-----".utf8) {
            self = .headers
            return nil
        }
        if line.starts(with: "-----BEGIN PGP SIGNATURE-----".utf8) {
            self = .signature
            return nil
        }
        switch self {
        case .none: return line
        case .headers:
            // “Hash: SHA256” and its kind; an empty line ends them, but lines without anything are
            // not told of, so that the first line of another form does as well.
            let isHeader = line.starts(with: "Hash:".utf8) || line.starts(with: "Charset:".utf8)
            if isHeader { return nil }
            self = .text
            return strip(line)
        case .text:
            // Lines that begin with a dash are escaped by a dash and a blank.
            return line.starts(with: "- ".utf8) ? line.dropFirst(2) : line
        case .signature:
            if line.starts(with: "-----END PGP SIGNATURE-----".utf8) { self = .none }
            return nil
        }
    }
}
