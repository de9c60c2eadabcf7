extension SoundFile {
    /// How many bytes of audio a WAVE or AIFF file of any kind lacks, by its header.
    ///
    /// - Returns: 0 if none are missing; `nil` of other files, and where the header leaves it open.
    static func missingBytes(of file: any ByteSource) throws -> Int? {
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 12))
        guard head.count == 12 else { return nil }
        let outer = String(decoding: head[0..<4], as: UTF8.self)
        guard ["RIFF", "RF64", "BW64", "FORM"].contains(outer) else { return nil }
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
                let (end, overflow) = (at + 8).addingReportingOverflow(told)
                return overflow ? Int.max : max(0, end - file.byteCount)
            }
            at += 8 + length + length % 2
        }
        return nil
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
