extension SoundFile {
    /// The chunk of audio of a WAVE or AIFF file of any kind, as its header has it.
    private struct AudioChunk {
        /// The chunk's name.
        var name: String
        /// Where its body begins.
        var start: Int
        /// The length of that.
        var length: Int
        /// How the file writes numbers.
        var order: BinaryFields.Order
    }

    /// The chunk of audio.
    ///
    /// - Returns: `nil` of other files, and where the header leaves its length open.
    private static func audioChunk(of file: any ByteSource) throws -> AudioChunk? {
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 12))
        guard head.count == 12 else { return nil }
        let outer = String(decoding: head[0..<4], as: UTF8.self)
        guard containers.contains(outer) else { return nil }
        let order: BinaryFields.Order = outer == "FORM" ? .big : .little
        var longLength: Int?
        var at = tag + 12
        for _ in 0..<mostChunks {
            guard let (name, body, length) = try chunk(file, "an audio file", at: at, order)
            else { return nil }
            if name == "ds64" { longLength = try body.u64(8, "the length of the audio") }
            if name == "data" || name == "SSND" {
                let told = length == 0xFFFF_FFFF ? longLength ?? 0 : length
                let isLong = length == 0xFFFF_FFFF && longLength != nil
                guard told > 0, isLong || told < unknownLength * 2 else { return nil }
                return AudioChunk(name: name, start: at + 8, length: told, order: order)
            }
            at += 8 + length + length % 2
        }
        return nil
    }

    /// How many bytes of audio a WAVE or AIFF file of any kind lacks, by its header.
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

    /// What a WAVE or AIFF file of any kind has behind its audio besides other chunks and tags: audio,
    /// perhaps, that its header doesn't count.
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
            // Some programs leave out what fills up a chunk of an odd length.
            let places = length % 2 == 1 ? [at + 1, at] : [at]
            var next: (name: String, length: Int)?
            for place in places where next == nil {
                guard let (name, _, count) = try chunk(file, "", at: place, audio.order),
                    isName(name), count <= file.byteCount - place - 8
                else { continue }
                next = (name, count)
                at = place + 8
            }
            guard let next else {
                if try places.contains(where: { try isTag(file, at: $0) }) { return nil }
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
                let sentence =
                    "“\(file.name)” holds several pieces one after the other; all but the first are left out."
                return Surplus(sentence: sentence, isAnotherPiece: true)
            }
            length = next.length
        }
        return nil
    }

    /// What these files begin with.
    private static let containers = ["RIFF", "RF64", "BW64", "FORM"]
    /// Fewer bytes than a sample of both channels are no audio.
    private static let leastSurplus = 4
    /// What tags begin with that programs put behind everything: ID3v1, ID3v2 and APE.
    private static let tags = ["TAG", "ID3", "APETAGEX"]

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
