/// Finds a UDF volume: anchors, volume descriptor sequences, and the anchor at the end.
///
/// ECMA-167 3/8.4.2 wants anchors at two of block 256, N and N - 256, where N is the last block;
/// a disc that isn't closed may have one at 512 (UDF 2.60 §6.11.1). What N was when the volume was
/// made, a burned disc no longer tells, since burning may add sectors: so anchors are also looked
/// for right behind the other structures.
struct UDFReader {
    /// Descriptors that are read of one sequence: 16 are usual.
    private static let longestSequence = 64
    /// Extents that a sequence may be spread over.
    private static let mostExtents = 4
    /// How far behind the other structures an anchor may be, in blocks.
    ///
    /// One that is farther away is what an earlier volume left at the end of an overwritable medium.
    private static let reach = 1024
    /// Anchors in a row that are read one after the other: genisoimage fills its padding with 150.
    private static let longestRun = 512
    /// Integrity descriptors that are read: an extent of 8 KiB is usual.
    private static let mostIntegrityDescriptors = 16
    /// Partitions that are kept.
    private static let mostPartitions = 16

    private let probe: ContentProbe
    private let sessionStart: Int
    private var blockSize = 2048
    private var volume: UDFVolume
    /// The bytes that tell which sequences an anchor means.
    private var pointers: [UInt8] = []
    private var ranks: [String: UInt32] = [:]
    private var integrityExtent = UDFExtent(start: 0, length: 0)

    private init(_ probe: ContentProbe, sessionStart: Int, standard: String?) {
        self.probe = probe
        self.sessionStart = sessionStart
        volume = UDFVolume(
            standard: standard,
            revision: nil,
            blockSize: 2048,
            logicalVolumeIdentifier: nil,
            volumeIdentifier: nil,
            volumeSetIdentifier: nil,
            recordingDate: nil,
            partitions: [],
            partitionMaps: [],
            anchors: [],
            sequences: []
        )
    }

    /// The volume of a session; `nil` if there is neither an `NSR` descriptor nor an anchor.
    static func volume(
        _ probe: ContentProbe,
        sessionStart: Int,
        standard: String?,
        likelyEnd: Int?
    ) throws -> UDFVolume? {
        var reader = UDFReader(probe, sessionStart: sessionStart, standard: standard)
        guard let anchor = try reader.findAnchor(likelyEnd: likelyEnd) else {
            return standard == nil ? nil : reader.volume
        }
        try reader.read(anchor)
        try reader.readIntegrity()
        try reader.findFurtherAnchors()
        return reader.volume
    }

    /// The first anchor that can be found; where it is decides the size of blocks.
    ///
    /// Where ISO 9660 ends in the same image is the better guess at N: nothing was added there.
    private mutating func findAnchor(likelyEnd: Int?) throws -> [UInt8]? {
        if let anchor = try anchor(at: UInt64(sessionStart) + 256) { return anchor }
        guard volume.standard != nil else { return nil }
        // Images of hard discs and sticks have other blocks; this is the one place where it is asked.
        for size in [512, 1024, 4096] where sessionStart == 0 {
            blockSize = size
            if let anchor = try anchor(at: 256) {
                volume.blockSize = size
                return anchor
            }
        }
        blockSize = 2048
        var places = [UInt64(sessionStart) + 512]
        for end in [probe.sectorCount, likelyEnd].compactMap(\.self) {
            places = [end - 1, end - 257].filter { $0 > 256 }.map(UInt64.init) + places
        }
        for place in places {
            if let anchor = try anchor(at: place) { return anchor }
        }
        return nil
    }

    /// Reads an anchor, and notes it where it is valid and means the same as the first one.
    private mutating func anchor(at block: UInt64) throws -> [UInt8]? {
        guard let bytes = try self.block(block) else { return nil }
        guard let tag = DescriptorTag(bytes.span, block: block), tag.kind == .anchor else {
            return nil
        }
        let meant = Array(bytes[16..<32])
        if pointers.isEmpty { pointers = meant }
        guard pointers == meant else { return nil }
        let number = Int(block)
        if !volume.anchors.contains(number) {
            volume.anchors.append(number)
            volume.anchors.sort()
        }
        return bytes
    }

    private func block(_ block: UInt64) throws -> [UInt8]? {
        guard block <= UInt64(UInt32.max) else { return nil }
        return try probe.bytes(at: block * UInt64(blockSize), count: blockSize)
    }

    /// Reads the main sequence, and the reserve where the main one left something open.
    private mutating func read(_ anchor: [UInt8]) throws {
        let main = UDFExtent(anchor.span, at: 16)
        let reserve = UDFExtent(anchor.span, at: 24)
        volume.sequences = [main, reserve].filter { $0.length > 0 }
        try readSequence(main)
        if volume.partitions.isEmpty || volume.logicalVolumeIdentifier == nil {
            try readSequence(reserve)
        }
    }

    private mutating func readSequence(_ first: UDFExtent) throws {
        var extent = first
        var remaining = Self.longestSequence
        for _ in 0..<Self.mostExtents {
            let blocks = min(extent.length / blockSize, remaining)
            var next: UDFExtent?
            for index in 0..<max(0, blocks) {
                let number = UInt64(extent.start) + UInt64(index)
                if index % 16 == 0, blockSize == 2048 {
                    try probe.prepare(Int(number), count: min(16, blocks - index))
                }
                remaining -= 1
                guard let bytes = try block(number) else {
                    if probe.isAbandoned { return }
                    continue
                }
                // A block without a descriptor ends the sequence; ECMA-167 3/8.4.2.
                guard let tag = DescriptorTag(bytes.span, block: number) else { break }
                if tag.kind == .terminator { return }
                if tag.kind == .pointer { next = UDFExtent(bytes.span, at: 20) }
                note(bytes.span, tag.kind)
            }
            guard let following = next, following.length > 0, remaining > 0 else { return }
            volume.sequences.append(following)
            extent = following
        }
    }

    /// Reads the integrity descriptors: the last one before the terminator counts (3/10.10).
    private mutating func readIntegrity() throws {
        let blocks = min(integrityExtent.length / blockSize, Self.mostIntegrityDescriptors)
        if blockSize == 2048 { try probe.prepare(integrityExtent.start, count: blocks) }
        for index in 0..<max(0, blocks) {
            let number = UInt64(integrityExtent.start) + UInt64(index)
            guard let bytes = try block(number),
                let tag = DescriptorTag(bytes.span, block: number), tag.kind == .integrity
            else { return }
            volume.integrity = UDFIntegrity(bytes.span)
        }
    }

    /// Keeps what a descriptor tells, unless a later one of the same kind was seen (3/8.4.3).
    private mutating func note(_ bytes: Span<UInt8>, _ kind: DescriptorTag.Kind) {
        switch kind {
        case .primaryVolume where isNewest(bytes, "volume"):
            volume.volumeIdentifier = name(bytes, at: 24, count: 32)
            volume.volumeSetIdentifier = name(bytes, at: 72, count: 128)
            volume.recordingDate = DescriptorDate.ofUDF(bytes, at: 376)
        case .logicalVolume where isNewest(bytes, "logical volume"):
            volume.logicalVolumeIdentifier = name(bytes, at: 84, count: 128)
            volume.revision = revision(bytes)
            volume.partitionMaps = partitionMaps(bytes)
            let integrity = UDFExtent(bytes, at: 432)
            integrityExtent = integrity
            if integrity.length > 0, !volume.sequences.contains(integrity) {
                volume.sequences.append(integrity)
            }
        case .partition:
            let partition = UDFPartition(bytes)
            guard isNewest(bytes, "partition \(partition.number)") else { return }
            volume.partitions.removeAll { $0.number == partition.number }
            if volume.partitions.count < Self.mostPartitions {
                volume.partitions.append(partition)
            }
        default:
            break
        }
    }

    private mutating func isNewest(_ bytes: Span<UInt8>, _ what: String) -> Bool {
        let rank = bytes.little32(16)
        if let known = ranks[what], known > rank { return false }
        ranks[what] = rank
        return true
    }

    /// A name with its width in the first byte and its length in the last; ECMA-167 1/7.2.12.
    private func name(_ bytes: Span<UInt8>, at offset: Int, count: Int) -> String {
        let used = min(Int(bytes.byte(offset + count - 1)), count - 1) - 1
        switch bytes.byte(offset) {
        case 8: return bytes.text(at: offset + 1, count: used)
        case 16: return bytes.bigEndianText(at: offset + 1, count: used)
        default: return ""
        }
    }

    /// The revision that the domain identifier carries: decimal digits in hexadecimal places.
    private func revision(_ bytes: Span<UInt8>) -> String? {
        guard bytes.holds("*OSTA UDF Compliant", at: 217) else { return nil }
        return UDFVolume.revision(bytes.little16(240))
    }

    private func partitionMaps(_ bytes: Span<UInt8>) -> [String] {
        let known = [
            "*UDF Virtual Partition": "virtual", "*UDF Sparable Partition": "sparable",
            "*UDF Metadata Partition": "metadata",
        ]
        var maps: [String] = []
        var offset = 440
        for _ in 0..<min(Int(bytes.little32(268)), Self.mostPartitions) {
            let length = Int(bytes.byte(offset + 1))
            guard length >= 2, offset + length <= bytes.count else { break }
            switch bytes.byte(offset) {
            case 1: maps.append("physical")
            case 2: maps.append(known[bytes.text(at: offset + 5, count: 23)] ?? "other")
            default: maps.append("other")
            }
            offset += length
        }
        return maps
    }

    /// Looks for the anchors at the end.
    private mutating func findFurtherAnchors() throws {
        guard let count = probe.sectorCount else { return }
        let last = UInt64(max(0, count)) * 2048 / UInt64(blockSize)
        var starts = volume.partitions.map(\.end)
        starts += volume.sequences.map { $0.end(blockSize: blockSize) }
        let farthest = starts.max() ?? 0
        let first = volume.partitions.map(\.end).max() ?? farthest
        // First right behind the partition, then right behind everything.
        for start in Set([first, farthest]).sorted() where start < last {
            try findRun(from: start, before: last)
        }
        // Where the first of the last two was found, the other one is 256 blocks on. The end of the
        // source is asked only where neither was: on a CD it is what can't be read.
        if let known = volume.anchors.first(where: { UInt64($0) >= first }) {
            _ = try anchor(at: UInt64(known) + 256)
            return
        }
        guard last > farthest, last - farthest <= Self.reach else { return }
        _ = try anchor(at: last - 1)
        if last > 257, last - 257 >= first { _ = try anchor(at: last - 257) }
    }

    /// Reads the 32 blocks behind a structure, and on while there is one anchor after the other.
    private mutating func findRun(from start: UInt64, before last: UInt64) throws {
        var number = start
        var end = min(last, start + 32)
        while number < end {
            if blockSize == 2048, (number - start) % 32 == 0 {
                try probe.prepare(Int(number), count: Int(min(32, last - number)))
            }
            let isAnchor = try anchor(at: number) != nil
            if probe.isAbandoned { return }
            number += 1
            if isAnchor, number - start < Self.longestRun { end = max(end, min(last, number + 1)) }
        }
    }
}
