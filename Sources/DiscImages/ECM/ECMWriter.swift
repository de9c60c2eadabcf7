import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes ECM images.
final class ECMWriter: PackedWriter {
    /// Bytes of a record that are gathered; a run that is longer becomes several records.
    private static let longest = 1 << 20

    private let file: File
    private let isRaw: Bool
    private var sectors = BlockGatherer(size: RawSector.size)
    private var offset = 0
    private var kind = ECMRecord.Kind.bytes
    private var pending: [UInt8] = []
    private var sum: UInt32 = 0

    /// Begins an image: of a CD the raw sectors of its data tracks, with zeros for what lies between
    /// them, of other discs the data.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        let isRaw = disc.medium.facts.family == .cd
        var places = try PackedImage.userData(of: disc, path, "an ECM image")
        if isRaw {
            places = places.map { place in
                let index = place.offset / SectorForm.user.size
                return Placement(place.sectors, .raw, offset: index * RawSector.size)
            }
        }
        return try PackedImage(path, places, options) { file, _ in
            try ECMWriter(file, isRaw: isRaw)
        }
    }

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - file: The file, which is empty.
    ///   - isRaw: Whether what comes are sectors of 2352 bytes.
    /// - Throws: The system's error of the file.
    init(_ file: File, isRaw: Bool) throws {
        self.file = file
        self.isRaw = isRaw
        try put(Array("ECM\0".utf8))
    }

    func append(_ bytes: Span<UInt8>) throws {
        sum = SectorEDC.sum(of: bytes, in: 0..<bytes.count, continuing: sum)
        guard isRaw else {
            try add(.bytes, (0..<bytes.count).map { bytes[$0] })
            return
        }
        try sectors.append(bytes) { sector in
            let (kind, kept) = ECMSector.kept(of: sector)
            if kind == .form1 || kind == .form2 {
                try add(.bytes, (0..<16).map { sector[$0] })
            }
            try add(kind, kept)
        }
    }

    private func add(_ kind: ECMRecord.Kind, _ bytes: [UInt8]) throws {
        if kind != self.kind || pending.count >= Self.longest {
            try flush()
            self.kind = kind
        }
        pending += bytes
    }

    private func flush() throws {
        guard !pending.isEmpty else { return }
        try put(Self.head(kind, pending.count / kind.kept))
        try put(pending)
        pending.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: [UInt8]) throws {
        try file.write(bytes.span, at: offset)
        offset += bytes.count
    }

    private static func head(_ kind: ECMRecord.Kind, _ count: Int) -> [UInt8] {
        var number = count - 1
        var bytes = [UInt8(kind.rawValue | (number & 0x1F) << 2)]
        number >>= 5
        while number > 0 {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(UInt8(number & 0x7F))
            number >>= 7
        }
        return bytes
    }

    func finish() throws {
        try sectors.finish { rest in try add(.bytes, (0..<rest.count).map { rest[$0] }) }
        try flush()
        try put(Self.head(.bytes, ECMRecord.end))
        try put((0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) })
    }
}
