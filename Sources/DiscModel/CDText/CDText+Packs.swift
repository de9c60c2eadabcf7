extension CDText {
    /// Reads the texts of packs; packs whose CRC is wrong are left out.
    public init(packs: [CDTextPack]) {
        blocks = []
        let sound = packs.filter(\.isIntact)
        for number in 0..<8 {
            let own = sound.filter { $0.block == number }
            guard !own.isEmpty else { continue }
            var block = Block()
            let sizes = own.filter { $0.kind == 0x8F }
            var firstTrack = 1
            if let first = sizes.first(where: { $0.bytes[1] == 0 }) {
                block.characterCode = first.bytes[4]
                if (1...99).contains(first.bytes[5]) { firstTrack = Int(first.bytes[5]) }
            }
            if let third = sizes.first(where: { $0.bytes[1] == 2 }) {
                block.language = third.bytes[8 + number]
            }
            for field in Field.allCases {
                block.read(field, own.filter { $0.kind == field.rawValue }, firstTrack)
            }
            blocks.append(block)
        }
    }

    /// The packs of the texts.
    ///
    /// - Parameters:
    ///   - firstTrack: The number of the disc's first track.
    ///   - lastTrack: The number of its last track.
    /// - Returns: The packs of up to eight blocks, numbered and with their checksums.
    public func packs(firstTrack: Int, lastTrack: Int) -> [CDTextPack] {
        var all: [(pack: [UInt8], block: Int)] = []
        var counts = [[Int]](repeating: Array(repeating: 0, count: 16), count: 8)
        var lastSequence = [Int](repeating: 0, count: 8)
        let blocks = blocks.prefix(8)
        for (number, block) in blocks.enumerated() {
            var own: [[UInt8]] = []
            for field in Field.allCases {
                guard let texts = block.texts[field], !texts.isEmpty else { continue }
                let packs = block.packs(field, texts, firstTrack...max(firstTrack, lastTrack))
                counts[number][Int(field.rawValue) - 0x80] = packs.count
                own += packs
            }
            counts[number][15] = 3
            // The numbers within a block have eight bits.
            own = Array(own.prefix(253))
            lastSequence[number] = own.count + 2
            for (sequence, pack) in own.enumerated() {
                var pack = pack
                pack[2] = UInt8(sequence)
                pack[3] |= UInt8(number << 4)
                all.append((pack, number))
            }
        }
        var result: [CDTextPack] = []
        for (number, block) in blocks.enumerated() {
            result += all.filter { $0.block == number }.compactMap { CDTextPack($0.pack) }
            // Three packs with sizes (MMC-3 Annex J, table J.6).
            var sizes: [UInt8] = [
                block.characterCode, UInt8(clamping: firstTrack), UInt8(clamping: lastTrack), 0,
            ]
            sizes += counts[number].map { UInt8(clamping: $0) }
            sizes += (0..<8).map { $0 < blocks.count ? UInt8(clamping: lastSequence[$0]) : 0 }
            sizes += (0..<8).map { $0 < blocks.count ? blocks[$0].language : 0 }
            for part in 0..<3 {
                let header: [UInt8] = [
                    0x8F, UInt8(part), UInt8(clamping: lastSequence[number] - 2 + part),
                    UInt8(number << 4),
                ]
                if let pack = CDTextPack(header + sizes[(part * 12)..<(part * 12 + 12)]) {
                    result.append(pack)
                }
            }
        }
        return result
    }
}

extension CDText.Block {
    fileprivate var isDoubleByte: Bool { characterCode == 0x80 }

    fileprivate mutating func read(
        _ field: CDText.Field,
        _ packs: [CDTextPack],
        _ firstTrack: Int
    ) {
        guard let first = packs.first else { return }
        let isWide = first.isDoubleByte
        let bytes = packs.flatMap(\.text)
        if field == .genre || field == .discIdentifier {
            texts[field] = [0: field.upToZero(bytes)]
            return
        }
        var (before, track) = (first.track - 1, first.track)
        var text: [UInt8] = []
        var i = 0
        while i < bytes.count, track <= 99 {
            let byte = bytes[i]
            i += 1
            if byte != 0 {
                text.append(byte)
                continue
            }
            // Two zeros end a text of characters of two bytes, which may have ASCII among them: its
            // bytes need not come in pairs. No character of MS-JIS has a zero in it.
            if isWide, i < bytes.count, bytes[i] == 0 { i += 1 }
            // A tab stands for the text of the track before.
            let isRepeat = text == [9] || isWide && text == [9, 9]
            if isRepeat, let same = texts[field]?[before] { text = same }
            if !text.isEmpty { texts[field, default: [:]][track] = text }
            text = []
            // The texts of the first track follow those of the disc, whatever its number is.
            (before, track) = (track, track == 0 ? firstTrack : track + 1)
        }
    }

    fileprivate func packs(
        _ field: CDText.Field,
        _ texts: [Int: [UInt8]],
        _ tracks: ClosedRange<Int>
    ) -> [[UInt8]] {
        let isWide = isDoubleByte
        let terminator = [UInt8](repeating: 0, count: isWide ? 2 : 1)
        let numbers = field.isPerTrack ? [0] + Array(tracks) : [0]
        var stream: [(byte: UInt8, track: Int, position: Int)] = []
        for number in numbers {
            // A zero within a text would end it, and give its rest to the next track.
            let text = field.upToZero(texts[number] ?? []) + terminator
            for (i, byte) in text.enumerated() {
                stream.append((byte, number, min(15, i / terminator.count)))
            }
        }
        return stride(from: 0, to: stream.count, by: CDTextPack.textSize).map { start in
            let part = stream[start..<min(stream.count, start + CDTextPack.textSize)]
            let first = stream[start]
            let header: [UInt8] = [
                field.rawValue, UInt8(clamping: first.track), 0,
                UInt8(first.position) | (isWide ? 0x80 : 0),
            ]
            let text = part.map(\.byte)
            return header + text + Array(repeating: 0, count: CDTextPack.textSize - text.count)
        }
    }
}

extension CDText.Field {
    /// A text up to the zero that ends it; a genre begins with a number of two bytes, which may be zero.
    fileprivate func upToZero(_ bytes: [UInt8]) -> [UInt8] {
        let lead = self == .genre ? 2 : 0
        return bytes.prefix(lead) + bytes.dropFirst(lead).prefix { $0 != 0 }
    }
}
