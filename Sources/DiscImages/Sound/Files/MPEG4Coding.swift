/// What the audio in an MPEG-4 file is coded with (ISO/IEC 14496-12 §8.5.2).
struct MPEG4Coding {
    /// The name for people.
    let displayName: String
    /// Whether nothing was lost by it.
    let isLossless: Bool

    /// Boxes that hold boxes, on the way to the description of the samples.
    private static let containers = ["moov", "trak", "mdia", "minf", "stbl"].map { Array($0.utf8) }
    /// Boxes that are looked at.
    private static let mostBoxes = 4096

    /// Looks at a file.
    init(of file: any ByteSource) throws {
        let codings: [String: MPEG4Coding] = [
            "alac": MPEG4Coding("Apple Lossless (ALAC) in MPEG-4", isLossless: true),
            "mp4a": MPEG4Coding("AAC in MPEG-4", isLossless: false),
            "ac-3": MPEG4Coding("AC-3 in MPEG-4", isLossless: false),
            "fLaC": MPEG4Coding("FLAC in MPEG-4", isLossless: true),
            "Opus": MPEG4Coding("Opus in MPEG-4", isLossless: false),
        ]
        let found = try Self.samples(of: file).flatMap { codings[$0] }
        self = found ?? MPEG4Coding("MPEG-4 (AAC or ALAC)", isLossless: false)
    }

    private init(_ displayName: String, isLossless: Bool) {
        self.displayName = displayName
        self.isLossless = isLossless
    }

    /// The four characters of the coding; `nil` if none are found.
    private static func samples(of file: any ByteSource) throws -> String? {
        var at = 0
        for _ in 0..<mostBoxes {
            let head = try file.bytes(at..<(at + 24))
            guard head.count >= 8 else { return nil }
            let fields = BinaryFields(file.name, "an MPEG-4 file", head, order: .big)
            let kind = Array(head[4..<8])
            if containers.contains(kind) {
                at += 8
                continue
            }
            if kind == Array("stsd".utf8), head.count >= 24 {
                let coding = fields.text(20, 4)
                if codings(coding) { return coding }
            }
            var length = try fields.u32(0, "the length of a box")
            if length == 1, head.count >= 16 { length = try fields.u64(8, "the length of a box") }
            guard length >= 8, length <= file.byteCount - at else { return nil }
            at += length
        }
        return nil
    }

    /// Whether they name audio; a film has other tracks.
    private static func codings(_ name: String) -> Bool {
        ["alac", "mp4a", "ac-3", "fLaC", "Opus"].contains(name)
    }
}
