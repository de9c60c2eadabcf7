import LinuxCalls
import SystemPackage

/// The bytes of a packed image, unpacked where they are read.
///
/// Of what was unpacked a little is kept, whatever the size of the image.
final class BlockBytes: ByteSource {
    /// The most bytes of a packed block; no format's usual blocks come near.
    static let largestBlock = 1 << 25
    /// How many unpacked bytes are kept, but for one block that is larger.
    private static let kept = 1 << 22

    let name: String
    var byteCount: Int { map.byteCount }

    var paths: [FilePath] { base.paths }

    private let base: any ByteSource
    private let map: any BlockMap
    private let check: InOrderCheck?
    /// A block that was unpacked.
    private struct Kept {
        var block: PackedBlock
        var bytes: [UInt8]
        /// Why it is damaged, and which parts of it are right all the same.
        var damage: (reason: String, proven: [Range<Int>])?
    }

    private var cache: [Kept] = []
    private var cached = 0
    /// Where the block ends that was wanted last, and how many were wanted in order.
    private var last = (end: -1, inOrder: 0)
    private var ahead: BlockReadAhead?
    /// So many blocks in order mean that more will come.
    private static let enoughInOrder = 4

    /// Takes a file and its map.
    ///
    /// - Parameters:
    ///   - base: The file's bytes.
    ///   - map: Where its blocks lie.
    ///   - check: Sums that are held against the bytes where they are read in order.
    init(_ base: any ByteSource, _ map: any BlockMap, check: InOrderCheck? = nil) {
        name = base.name
        self.base = base
        self.map = map
        self.check = check
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        var wanted = min(buffer.count, byteCount - offset)
        var done = 0
        while done < wanted {
            let block = try map.block(holding: offset + done)
            let start = offset + done - block.range.lowerBound
            let count = min(block.range.count - start, wanted - done)
            guard start >= 0, count > 0 else { break }
            switch block.content {
            case .zeros:
                Bytes.fill(&buffer, done..<(done + count), with: 0)
            case .plain(let place):
                var part = buffer._mutatingExtracting(done..<(done + count))
                let got = try base.read(at: place + start, into: &part)
                // A file that ends early ends what is read here.
                if got < count { wanted = done + got }
            case .packed:
                if count == block.range.count {
                    var part = buffer._mutatingExtracting(done..<(done + count))
                    if let bytes = try unpackedAhead(block) {
                        Bytes.copy(bytes.span, to: &part)
                    } else {
                        try unpack(block, into: &part)
                    }
                } else {
                    let bytes = try bytes(start..<(start + count), of: block)
                    Bytes.copy(
                        bytes.span.extracting(start..<(start + count)),
                        to: &buffer,
                        at: done
                    )
                }
            }
            done += min(count, wanted - done)
        }
        try check?.see(buffer.span.extracting(0..<done), at: offset)
        return done
    }

    /// Unpacks a block; one that is damaged costs its own bytes and no others.
    private func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        do {
            try map.unpack(block, into: &buffer)
        } catch let error as ImageFormatError {
            throw UnreadableBytes(reason: "\(error)")
        }
    }

    /// A block that another thread has unpacked already, where blocks are wanted in order.
    private func unpackedAhead(_ block: PackedBlock) throws -> [UInt8]? {
        let isNext = block.range.lowerBound == last.end
        last = (block.range.upperBound, isNext ? last.inOrder + 1 : 0)
        guard last.inOrder >= Self.enoughInOrder else {
            ahead?.forget()
            return nil
        }
        if ahead == nil {
            guard let map = map as? any DividedBlockMap else { return nil }
            ahead = try BlockReadAhead(map)
        }
        do {
            return try ahead?.take(block)
        } catch let error as ImageFormatError {
            throw UnreadableBytes(reason: "\(error)")
        }
    }

    /// What a block unpacks to, of which a part is wanted.
    private func bytes(_ part: Range<Int>, of block: PackedBlock) throws -> [UInt8] {
        let kept = try kept(block)
        if let damage = kept.damage,
            !damage.proven.contains(where: { $0.clamped(to: part) == part })
        {
            throw UnreadableBytes(reason: damage.reason)
        }
        return kept.bytes
    }

    private func kept(_ block: PackedBlock) throws -> Kept {
        if let index = cache.lastIndex(where: { $0.block == block }) {
            // The last one is the one that was used last.
            if index != cache.count - 1 { cache.append(cache.remove(at: index)) }
            return cache[cache.count - 1]
        }
        let kept: Kept
        do {
            kept = Kept(block: block, bytes: try unpackedAhead(block) ?? unpacked(block))
        } catch let error as UnreadableBytes {
            guard let rest = error.rest else { throw error }
            kept = Kept(block: block, bytes: rest.bytes, damage: (error.reason, rest.proven))
        }
        while !cache.isEmpty, cached + kept.bytes.count > Self.kept {
            cached -= cache.removeFirst().bytes.count
        }
        cached += kept.bytes.count
        cache.append(kept)
        return kept
    }

    private func unpacked(_ block: PackedBlock) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: block.range.count)
        var span = bytes.mutableSpan
        try unpack(block, into: &span)
        return bytes
    }
}
