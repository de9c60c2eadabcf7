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
}
