extension SoundFile {
    /// How a file of audio is divided.
    private enum Division {
        /// Chunks with a name of four letters and a length of 32 bits (RIFF, IFF).
        case chunks(BinaryFields.Order)
        /// Chunks with a GUID for a name and a length of 64 bits, in whole units of 8 bytes (Wave64).
        case guids
        /// A header and the audio (Sun audio).
        case none
    }

    /// The chunk of audio of a WAVE or AIFF file of any kind, Wave64 or Sun audio, as its header has it.
    private struct AudioChunk {
        /// The chunk's name.
        var name: String
        /// Where its body begins.
        var start: Int
        /// The length of that.
        var length: Int
        /// How the file is divided.
        var division: Division

        /// - Returns: `nil` if the length is open: programs that stream leave 0 or a very large number.
        init?(_ name: String, _ start: Int, _ length: Int, _ division: Division, isLong: Bool) {
            guard length > 0, isLong || length < unknownLength * 2 else { return nil }
            self.name = name
            self.start = start
            self.length = length
            self.division = division
        }
    }

    /// The chunk of audio.
    ///
    /// - Returns: `nil` of other files, and where the header leaves its length open.
    private static func audioChunk(of file: any ByteSource) throws -> AudioChunk? {
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 12))
        guard head.count == 12 else { return nil }
        let outer = String(decoding: head[0..<4], as: UTF8.self)
        if outer == ".snd" {
            let fields = BinaryFields(file.name, "a file of Sun audio", head)
            let start = tag + (try fields.u32(4, "the place of the audio", .big))
            let length = try fields.u32(8, "the length of the audio", .big)
            return AudioChunk(outer, start, length, .none, isLong: false)
        }
        if outer == "riff" { return try audioChunk(ofWave64: file, tag) }
        guard containers.contains(outer) else { return nil }
        let order: BinaryFields.Order = ["FORM", "RIFX"].contains(outer) ? .big : .little
        var longLength: Int?
        var at = tag + 12
        for _ in 0..<mostChunks {
            guard let (name, body, length) = try chunk(file, "an audio file", at: at, order)
            else { return nil }
            if name == "ds64" { longLength = try body.u64(8, "the length of the audio") }
            if name == "data" || name == "SSND" {
                let told = length == 0xFFFF_FFFF ? longLength ?? 0 : length
                let isLong = length == 0xFFFF_FFFF && longLength != nil
                return AudioChunk(name, at + 8, told, .chunks(order), isLong: isLong)
            }
            at += 8 + length + length % 2
        }
        return nil
    }

    private static func audioChunk(ofWave64 file: any ByteSource, _ tag: Int) throws
        -> AudioChunk?
    {
        // The names of the file and of its form, and the file's length between them.
        var at = tag + 40
        for _ in 0..<mostChunks {
            guard let (name, size, length) = try header(file, at: at, .guids) else { return nil }
            if name == "data" {
                return AudioChunk(name, at + size, length, .guids, isLong: false)
            }
            let (end, overflow) = (at + size).addingReportingOverflow(length)
            guard !overflow, end < file.byteCount else { return nil }
            at = places(after: end, length, .guids)[0]
        }
        return nil
    }

    /// The header at a place: its name, its own size, and the length of what follows it.
    ///
    /// - Returns: `nil` if there is none.
    private static func header(_ file: any ByteSource, at place: Int, _ division: Division) throws
        -> (name: String, size: Int, length: Int)?
    {
        switch division {
        case .chunks(let order):
            return try chunk(file, "an audio file", at: place, order)
                .map { ($0.name, 8, $0.length) }
        case .guids:
            let bytes = try file.bytes(place..<(place + 24))
            guard bytes.count == 24 else { return nil }
            let name = String(decoding: bytes[0..<4], as: UTF8.self)
            let ending = Array(bytes[4..<16])
            guard ending == (name == "riff" ? outerEnding : innerEnding) else { return nil }
            let length = bytes[16...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: length).flatMap { $0 < 24 ? nil : (name, 24, $0 - 24) }
        case .none: return nil
        }
    }

    /// Where the next header may be after a chunk of a length: some programs leave out what fills it up.
    private static func places(after end: Int, _ length: Int, _ division: Division) -> [Int] {
        let filled =
            switch division {
            case .chunks: end + length % 2
            case .guids: end + (8 - length % 8) % 8
            case .none: end
            }
        return filled == end ? [end] : [filled, end]
    }

    /// What the names in Wave64 have after their four letters: the outermost one's, and those of the others.
    private static let outerEnding: [UInt8] = [
        0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00,
    ]
    private static let innerEnding: [UInt8] = [
        0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A,
    ]

    /// How many bytes of audio a file lacks by its header: WAVE or AIFF of any kind, Wave64, Sun audio.
    ///
    /// - Returns: 0 if none are missing; `nil` of other files, and where the header leaves it open.
    static func missingBytes(of file: any ByteSource) throws -> Int? {
        guard let audio = try audioChunk(of: file) else { return nil }
        let (end, overflow) = audio.start.addingReportingOverflow(audio.length)
        return overflow ? Int.max : max(0, end - file.byteCount)
    }

    /// What a file of audio has besides the audio that is taken of it.
    struct Surplus {
        /// What it is, in one sentence.
        var sentence: String
        /// Whether it is another file of audio.
        var isAnotherPiece = false
    }

    /// What such a file has behind its audio besides other chunks and tags: audio, perhaps, that its header
    /// doesn't count.
    ///
    /// - Returns: `nil` of other files, where there is nothing, and where the header leaves the length of
    ///   the audio open.
    static func surplus(of file: any ByteSource) throws -> Surplus? {
        guard let audio = try audioChunk(of: file), audio.length < file.byteCount else {
            return nil
        }
        var at = audio.start
        var length = audio.length
        for _ in 0..<mostChunks {
            at += length
            guard file.byteCount - at >= leastSurplus else { return nil }
            let places = places(after: at, length, audio.division)
            var next: (name: String, length: Int)?
            for place in places where next == nil {
                guard let (name, size, count) = try header(file, at: place, audio.division),
                    isName(name), count <= file.byteCount - place - size
                else { continue }
                next = (name, count)
                at = place + size
            }
            guard let next else {
                if try places.contains(where: { try isTag(file, at: $0) }) { return nil }
                if try places.contains(where: { try isSunAudio(file, at: $0) }) {
                    return several(in: file)
                }
                let sentence =
                    "After the audio of “\(file.name)” lie \(file.byteCount - at) bytes that its header doesn't count; they are left out."
                return Surplus(sentence: sentence)
            }
            if next.name == audio.name {
                let sentence =
                    "“\(file.name)” has more than one chunk of audio; all but the first are left out."
                return Surplus(sentence: sentence)
            }
            if containers.contains(next.name) {
                return several(in: file)
            }
            length = next.length
        }
        return nil
    }

    /// What these files begin with.
    private static let containers = ["RIFF", "RIFX", "RF64", "BW64", "FORM", "riff"]
    /// Fewer bytes than a sample of both channels are no audio.
    private static let leastSurplus = 4
    /// What tags begin with that programs put behind everything: ID3v1, ID3v2 and APE.
    private static let tags = ["TAG", "ID3", "APETAGEX"]

    private static func several(in file: any ByteSource) -> Surplus {
        Surplus(
            sentence:
                "“\(file.name)” holds several pieces one after the other; all but the first are left out.",
            isAnotherPiece: true
        )
    }

    private static func isSunAudio(_ file: any ByteSource, at place: Int) throws -> Bool {
        try file.bytes(place..<(place + 4)).elementsEqual(Array(".snd".utf8))
    }

    private static func isTag(_ file: any ByteSource, at place: Int) throws -> Bool {
        let head = try file.bytes(place..<(place + 8))
        return tags.contains { head.starts(with: Array($0.utf8)) }
    }

    /// Whether four letters can be the name of a chunk.
    private static func isName(_ name: String) -> Bool {
        name.utf8.count == 4
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x20 || $0 == 0x5F
            }
    }

    /// Whether the two places that say how long the audio of an AIFF file is disagree.
    ///
    /// - Returns: How, as the rest of a sentence about the file; `nil` if they agree, and of other files.
    static func disagreement(of file: any ByteSource) throws -> String? {
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 12))
        guard head.count == 12, head.starts(with: Array("FORM".utf8)) else { return nil }
        let isPlain = head[8...].elementsEqual(Array("AIFF".utf8))
        var counted: (samples: Int, size: Int)?
        var at = tag + 12
        for _ in 0..<mostChunks {
            guard let (name, body, length) = try chunk(file, "an AIFF file", at: at, .big)
            else { return nil }
            if name == "COMM" {
                guard isPlain || ["NONE", "twos", "sowt"].contains(body.text(18, 4)) else {
                    return nil
                }
                let channels = try body.u16(0, "the number of channels", .big)
                let bits = try body.u16(6, "the bits of a sample", .big)
                counted = (
                    try body.u32(2, "the number of samples", .big), channels * ((bits + 7) / 8)
                )
            } else if name == "SSND", let (samples, size) = counted, size > 0 {
                let count = length - 8 - (try body.u32(0, "the offset of the audio", .big))
                // Programs that stream leave the length open.
                guard count > 0, count < unknownLength, count / size != samples else { return nil }
                return
                    "says in one place that it has \(samples) samples, and in another that it has \(count / size), which are taken"
            }
            at += 8 + length + length % 2
        }
        return nil
    }
}
