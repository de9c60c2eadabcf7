/// The bytes of a directory of UDF, in which entries follow one another.
struct UDFDirectoryBytes {
    /// The bytes of one directory: a million of its entries.
    private static let longest = 1 << 26
    /// The bytes of an entry before what an implementation keeps, and the name.
    static let fixedLength = 38

    /// The bytes.
    private(set) var bytes: [UInt8]
    private let extents: [FileExtent]

    /// Reads a directory; an entry that is broken is taken from the metadata's copy, if it is right there.
    ///
    /// - Parameters:
    ///   - record: Its file entry.
    ///   - addressing: The volume.
    /// - Throws: ``BrokenStructure`` if it can't be read.
    init(_ record: UDFFileRecord, _ addressing: UDFAddressing) throws {
        bytes = try record.contents(addressing, limit: Self.longest)
        guard addressing.hasCopy(of: record.address) else {
            extents = []
            return
        }
        extents = try record.extents(addressing).extents
        var position = 0
        while position + Self.fixedLength <= bytes.count {
            if let entry = Self.entry(bytes.span, at: position) {
                position = entry.end
            } else if try !mend(from: position, addressing) {
                guard let next = try Self.next(bytes.span, after: position, addressing.reader)
                else { return }
                position = next
            }
        }
    }

    /// Where the name of an entry is and where the entry ends; `nil` if there is no right one.
    static func entry(_ bytes: Span<UInt8>, at position: Int) -> (name: Range<Int>, end: Int)? {
        // ECMA-167 4/14.4: the name follows what an implementation keeps, and then up to 3 pad bytes.
        let nameLength = Int(bytes.byte(position + 19))
        let start = position + fixedLength + Int(bytes.little16(position + 36))
        let end = (start + nameLength + 3) / 4 * 4
        guard start + nameLength <= bytes.count,
            FileTag.kind(bytes.extracting(position..<min(end, bytes.count))) == .fileIdentifier
        else { return nil }
        return (start..<start + nameLength, end)
    }

    /// Where the next entry begins after one that is broken: at a multiple of four bytes.
    ///
    /// - Throws: ``BrokenStructure`` if too much was looked at.
    static func next(_ bytes: Span<UInt8>, after position: Int, _ reader: StructureReader) throws
        -> Int?
    {
        var next = position + 4
        while next + fixedLength <= bytes.count {
            if bytes.little16(next) == FileTag.Kind.fileIdentifier.rawValue {
                let length =
                    fixedLength + Int(bytes.little16(next + 36)) + Int(bytes.byte(next + 19))
                let end = min(next + (length + 3) / 4 * 4, bytes.count)
                try reader.charge(end - next)
                if FileTag.kind(bytes.extracting(next..<end)) == .fileIdentifier { return next }
            }
            next += 4
        }
        return nil
    }

    /// Takes the rest of a block from the copy, or that and the next block, if an entry is right then.
    private mutating func mend(from position: Int, _ addressing: UDFAddressing) throws -> Bool {
        var end = position
        var places: [Int] = []
        var old: [UInt8] = []
        for _ in 0..<2 {
            guard end < bytes.count,
                let place = UDFMetadataCopy.place(of: end, in: extents)
            else { break }
            let count = min(
                addressing.blockSize - place % addressing.blockSize,
                bytes.count - end
            )
            guard let copy = try addressing.copiedBytes(for: place, count: count) else { break }
            old += bytes[end..<end + count]
            bytes.replaceSubrange(end..<end + count, with: copy)
            end += count
            places.append(place)
            guard Self.entry(bytes.span, at: position) != nil else { continue }
            for place in places { addressing.noteCopy(for: place) }
            return true
        }
        bytes.replaceSubrange(position..<end, with: old)
        return false
    }
}
