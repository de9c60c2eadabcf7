/// What the audio in an MPEG-4 file is coded with (ISO/IEC 14496-12 §8.5.2).
struct MPEG4Coding {
    /// The name for programs, such as `aac`; `nil` of codings that are not decoded.
    let name: String?
    /// The name for people.
    let displayName: String
    /// Whether nothing was lost by it.
    let isLossless: Bool
    /// Whether it can't be decoded without a key.
    var isEncrypted = false
    /// The bits of a sample; `nil` if it has none of whole numbers.
    var bits: Int?
    /// The samples of a full packet; `nil` if the file does not say it.
    var packetSamples: Int?

    /// Codings by the four characters of their description.
    private static let table = [
        "alac": MPEG4Coding("alac", "Apple Lossless (ALAC) in MPEG-4", isLossless: true),
        "mp4a": MPEG4Coding("aac", "AAC in MPEG-4", isLossless: false),
        "ac-3": MPEG4Coding(nil, "AC-3 in MPEG-4", isLossless: false),
        "ec-3": MPEG4Coding(nil, "E-AC-3 in MPEG-4", isLossless: false),
        "fLaC": MPEG4Coding(nil, "FLAC in MPEG-4", isLossless: true),
        "Opus": MPEG4Coding(nil, "Opus in MPEG-4", isLossless: false),
        ".mp3": MPEG4Coding(nil, "MP3 in MPEG-4", isLossless: false),
        "sowt": MPEG4Coding(nil, "PCM in MPEG-4", isLossless: true),
        "twos": MPEG4Coding(nil, "PCM in MPEG-4", isLossless: true),
        "lpcm": MPEG4Coding(nil, "PCM in MPEG-4", isLossless: true),
        "drms": MPEG4Coding(encrypted: "AAC that iTunes encrypted (FairPlay)"),
        "enca": MPEG4Coding(encrypted: "encrypted audio in MPEG-4"),
        "aavd": MPEG4Coding(encrypted: "an encrypted audio book (Audible)"),
    ]
    /// Object types of AAC, of MPEG-4 and of MPEG-2 (ISO/IEC 14496-1 table 5).
    private static let objectsOfAAC = [0x40, 0x66, 0x67, 0x68]

    private init(_ name: String?, _ displayName: String, isLossless: Bool) {
        self.name = name
        self.displayName = displayName
        self.isLossless = isLossless
    }

    private init(encrypted displayName: String) {
        self.init(nil, displayName, isLossless: false)
        isEncrypted = true
    }

    /// Reads a description.
    ///
    /// - Parameters:
    ///   - kind: Its four characters.
    ///   - body: Where its content is.
    ///   - file: The file.
    /// - Throws: ``SoundProblem`` if it is damaged; errors of the file.
    init(_ kind: String, _ body: Range<Int>, of file: any ByteSource) throws {
        let other = MPEG4Coding(nil, "another coding in MPEG-4", isLossless: false)
        let known = Self.table[kind] ?? other
        guard known.name != nil else {
            self = known
            return
        }
        let head = try file.bytes(body, limit: 10)
        guard head.count == 10, body.count >= 28 else {
            throw SoundProblem("is damaged: the description of its audio is not whole")
        }
        // QuickTime's versions 1 and 2 of it have more fields (QuickTime File Format).
        let size = [0: 28, 1: 44, 2: 64][MPEG4Boxes.number(head[8..<10])] ?? 28
        guard body.count >= size else {
            throw SoundProblem("is damaged: the description of its audio is not whole")
        }
        let fields = try Self.fields(of: kind, (body.lowerBound + size)..<body.upperBound, file)
        if kind == "alac" {
            self = known
            // Four bytes, the samples of a packet and a version come before it.
            bits = fields.count > 9 ? Int(fields[9]) : nil
            packetSamples = fields.count > 9 ? MPEG4Boxes.number(fields[4..<8]) : nil
        } else if let object = Self.object(fields), !Self.objectsOfAAC.contains(object) {
            self =
                [0x69, 0x6B].contains(object)
                ? MPEG4Coding(nil, "MP3 in MPEG-4", isLossless: false) : other
        } else {
            self = known
        }
    }

    /// The content of the box that says more of the coding, which QuickTime puts into another one.
    private static func fields(of kind: String, _ range: Range<Int>, _ file: any ByteSource) throws
        -> [UInt8]
    {
        let wanted = kind == "alac" ? "alac" : "esds"
        let boxes = try MPEG4Boxes.of(file, in: range)
        if let own = boxes.first(where: { $0.kind == wanted }) {
            return try file.bytes(own.body, limit: 256)
        }
        guard let wave = boxes.first(where: { $0.kind == "wave" }),
            let own = try MPEG4Boxes.first([wanted], of: file, in: wave.body)
        else { return [] }
        return try file.bytes(own, limit: 256)
    }

    /// The object type in a description of elementary streams (ISO/IEC 14496-1 §7.2.6).
    private static func object(_ fields: [UInt8]) -> Int? {
        var at = 4
        /// Passes over a tag and its length, of which each byte but the last has its high bit set.
        func pass(_ tag: UInt8) -> Bool {
            guard at < fields.count, fields[at] == tag else { return false }
            at += 1
            for _ in 0..<4 {
                guard at < fields.count else { return false }
                at += 1
                if fields[at - 1] & 0x80 == 0 { return true }
            }
            return false
        }
        guard pass(3), at + 3 <= fields.count else { return nil }
        let flags = fields[at + 2]
        at += 3 + (flags & 0x80 != 0 ? 2 : 0)
        if flags & 0x40 != 0, at < fields.count { at += 1 + Int(fields[at]) }
        if flags & 0x20 != 0 { at += 2 }
        guard pass(4), at < fields.count else { return nil }
        return Int(fields[at])
    }
}
