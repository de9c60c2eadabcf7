import DiscModel

/// Packs the map of a CHD image.
struct ChdMapWriter {
    private typealias Code = ChdMap.Code

    /// Type, length, place and checksum of each hunk, as a map's checksum counts them.
    private var kinds: [UInt32] = []
    private var places: [UInt64] = []

    /// Adds the next hunk.
    mutating func add(_ entry: ChdMap.Entry) {
        func add(_ kind: Int, _ length: Int, _ place: Int, _ crc: UInt16) {
            kinds.append(UInt32(kind) << 24 | UInt32(length))
            places.append(UInt64(place) << 16 | UInt64(crc))
        }
        switch entry {
        case .packed(let codec, let offset, let length, let crc): add(codec, length, offset, crc)
        case .plain(let offset, let crc): add(Code.plain, 0, offset, crc ?? 0)
        case .same(let hunk): add(Code.same, 0, hunk, 0)
        case .parent, .none: break
        }
    }

    private func kind(_ i: Int) -> Int { Int(kinds[i] >> 24) }
    private func length(_ i: Int) -> Int { Int(kinds[i] & 0xFF_FFFF) }
    private func place(_ i: Int) -> Int { Int(places[i] >> 16) }

    private static func bits(for value: Int) -> Int { Int.bitWidth - value.leadingZeroBitCount }

    /// The map's bytes, its header first.
    ///
    /// - Parameter hunk: Bytes of a hunk.
    /// - Returns: The bytes.
    func bytes(hunk: Int) -> [UInt8] {
        // Hunks that are the same as one nearby need no number.
        var codes: [Int] = []
        var last = 0
        var farthest = 0
        for i in kinds.indices {
            guard kind(i) == Code.same else {
                codes.append(kind(i))
                continue
            }
            if place(i) == last {
                codes.append(Code.sameAgain)
            } else if place(i) == last + 1 {
                codes.append(Code.sameNext)
            } else {
                codes.append(Code.same)
                farthest = max(farthest, place(i))
            }
            last = place(i)
        }
        let lengthBits = Self.bits(for: kinds.indices.map { length($0) }.max() ?? 0)
        let sameBits = Self.bits(for: farthest)

        let symbols = Self.runs(of: codes)
        var counts = [Int](repeating: 0, count: 16)
        for symbol in symbols { counts[symbol] += 1 }
        var bits = ChdBitWriter()
        if let code = ChdHuffman(counts: counts, longest: 8) {
            code.writeRuns(&bits)
            for symbol in symbols { bits.write(code.codes[symbol], code.lengths[symbol]) }
        }
        for i in kinds.indices {
            switch codes[i] {
            case Code.same: bits.write(place(i), sameBits)
            case Code.sameAgain, Code.sameNext: break
            default:
                if kind(i) != Code.plain { bits.write(length(i), lengthBits) }
                bits.write(Int(places[i] & 0xFFFF), 16)
            }
        }
        bits.flush()
        let first = kinds.indices.first { kind($0) != Code.same }.map { place($0) } ?? 0
        var record = BinaryRecord(.big)
        record.add(bits.bytes.count, 4)
        record.add(first, 6)
        record.add(Int(checksum(hunk: hunk)), 2)
        record.add([UInt8(lengthBits), UInt8(sameBits), 0, 0])
        record.add(bits.bytes)
        return record.bytes
    }

    /// Types with repetitions counted.
    private static func runs(of codes: [Int]) -> [Int] {
        var symbols: [Int] = []
        var last = 0
        var at = 0
        while at < codes.count {
            let code = codes[at]
            var count = codes[at...].prefix { $0 == code }.count
            at += count
            if code != last {
                symbols.append(code)
                last = code
                count -= 1
            }
            while count > 0 {
                if count < 3 {
                    symbols.append(code)
                    count -= 1
                } else if count < 19 {
                    symbols += [Code.shortRun, count - 3]
                    count = 0
                } else {
                    let run = min(count - 19, 255)
                    symbols += [Code.longRun, run >> 4, run & 15]
                    count -= run + 19
                }
            }
        }
        return symbols
    }

    private func checksum(hunk: Int) -> UInt16 {
        var sum = ChdMap.sumStart
        for i in kinds.indices {
            var record = BinaryRecord(.big)
            record.add(kind(i), 1)
            record.add(kind(i) == Code.plain ? hunk : length(i), 3)
            record.add(place(i), 6)
            record.add(Int(places[i] & 0xFFFF), 2)
            sum = CRC16.sum(of: record.bytes.span, continuing: sum)
        }
        return sum
    }
}
