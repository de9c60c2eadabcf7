import DiscModel
import LinuxCalls

/// The records of an ECM image, which can only be found one after another.
///
/// At first sight all are passed, and every so many are remembered, so that memory stays the same
/// whatever their number.
final class ECMMap: BlockMap {
    /// The most records that are remembered.
    private static let most = 1 << 14
    /// Sectors that are unpacked at once.
    private static let piece = 64
    /// Bytes that are looked at at once for the heads of records.
    private static let window = 4096

    private(set) var byteCount = 0
    /// The EDC over the whole image.
    private(set) var sum: UInt32 = 0
    /// Where it lies.
    private(set) var sumPlace = 0

    private let base: any ByteSource
    private let format: String
    private var remembered: [ECMRecord] = []
    private var every = 1
    private var last: ECMRecord?
    private var view: [UInt8] = []
    private var viewStart = 0

    /// Passes over all records.
    init(_ base: any ByteSource, format: String) throws {
        self.base = base
        self.format = format
        var place = 4
        var number = 0
        while let record = try record(at: place, start: byteCount) {
            if number % every == 0 {
                if remembered.count == Self.most {
                    remembered = stride(from: 0, to: remembered.count, by: 2).map {
                        remembered[$0]
                    }
                    every *= 2
                }
                if number % every == 0 { remembered.append(record) }
            }
            number += 1
            byteCount = record.range.upperBound
            place = record.placeEnd
        }
        sumPlace = place + ECMRecord.longestHead
        let bytes = try base.bytes(sumPlace..<(sumPlace + 4))
        guard bytes.count == 4 else {
            throw ImageFormatError(
                base.name,
                format,
                "the checksum",
                at: sumPlace,
                "lies past the end of the file"
            )
        }
        for i in 0..<4 { sum |= UInt32(bytes[i]) << UInt32(8 * i) }
    }

    /// Reads a record's head.
    ///
    /// - Returns: `nil` if the records end.
    private func record(at place: Int, start: Int) throws -> ECMRecord? {
        func error(_ problem: String) -> ImageFormatError {
            ImageFormatError(base.name, format, "a record", at: place, problem)
        }
        if place < viewStart || place + ECMRecord.longestHead > viewStart + view.count {
            viewStart = place
            view = try base.bytes(place..<(place + Self.window))
        }
        var at = place - viewStart
        guard at < view.count else { throw error("lies past the end of the file") }
        let first = Int(view[at])
        var number = (first >> 2) & 0x1F
        var bits = 5
        var goesOn = first & 0x80 != 0
        while goesOn {
            at += 1
            guard at < view.count else { throw error("lies past the end of the file") }
            guard bits < 32 else { throw error("has a count of more than 32 bits") }
            number |= Int(view[at] & 0x7F) << bits
            bits += 7
            goesOn = view[at] & 0x80 != 0
        }
        let count = number + 1
        guard count <= ECMRecord.end else { throw error("has a count of more than 32 bits") }
        if count == ECMRecord.end { return nil }
        guard let kind = ECMRecord.Kind(rawValue: first & 3) else { throw error("has no kind") }
        let record = ECMRecord(kind: kind, count: count, place: viewStart + at + 1, start: start)
        guard record.placeEnd <= base.byteCount else {
            throw error("counts \(count), and the file ends before that")
        }
        return record
    }

    /// The record that holds a byte.
    private func record(holding offset: Int) throws -> ECMRecord {
        if let last, last.range.contains(offset) { return last }
        let next = remembered.firstIndexInOrder { $0.start > offset }
        var current = remembered[max(0, next - 1)]
        if let last, last.start > current.start, last.start <= offset { current = last }
        while !current.range.contains(offset) {
            guard
                let next = try record(
                    at: current.placeEnd,
                    start: current.range.upperBound
                )
            else { break }
            current = next
        }
        last = current
        return current
    }

    func block(holding offset: Int) throws -> PackedBlock {
        let record = try record(holding: offset)
        if record.kind == .bytes { return PackedBlock(record.range, .plain(record.place)) }
        let size = Self.piece * record.kind.size
        let start = record.start + (offset - record.start) / size * size
        let end = min(record.range.upperBound, start + size)
        let place = record.place + (start - record.start) / record.kind.size * record.kind.kept
        return PackedBlock(start..<end, .packed(place << 2 | record.kind.rawValue))
    }

    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        guard case .packed(let number) = block.content,
            let kind = ECMRecord.Kind(rawValue: number & 3)
        else { return }
        let place = number >> 2
        let count = block.range.count / kind.size
        let bytes = try base.bytes(place..<(place + count * kind.kept))
        guard bytes.count == count * kind.kept else {
            throw ImageFormatError(
                base.name,
                format,
                "a sector",
                at: place,
                "lies past the end of the file"
            )
        }
        var sector = [UInt8](repeating: 0, count: RawSector.size)
        for i in 0..<count {
            var span = sector.mutableSpan
            let kept = bytes.span.extracting((i * kind.kept)..<((i + 1) * kind.kept))
            ECMSector.complete(&span, kind, from: kept)
            Bytes.copy(
                sector.span.extracting((RawSector.size - kind.size)...),
                to: &buffer,
                at: i * kind.size
            )
        }
    }
}
