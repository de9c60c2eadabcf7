import LibCodecs
import LibCrypto
import LinuxCalls

/// The chunks of an ISZ image.
final class ISZMap: BlockMap {
    /// What a chunk is; the highest two bits of its pointer.
    enum Kind: UInt8 {
        /// Nothing but zeros; the pointer's length means nothing.
        case zeros = 0
        /// Not packed.
        case plain = 1
        case zlib = 2
        /// Packed with bzip2; the mark of three letters is wiped out.
        case bzip2 = 3
    }

    typealias Chunks = PackedChunks<Kind>

    /// A key at work.
    final class Cipher {
        let decipher: Decipher

        init(_ decipher: consuming Decipher) {
            self.decipher = decipher
        }
    }

    let byteCount: Int
    private let base: any ByteSource
    private let chunkSize: Int
    private let chunks: Chunks
    private let cipher: Cipher?
    private let zlib: Unpacker
    private let bzip2: Unpacker

    init(_ base: any ByteSource, _ header: ISZHeader, _ chunks: Chunks, decipher: Cipher?) throws {
        byteCount = header.byteCount
        chunkSize = header.chunkSize
        self.base = base
        self.chunks = chunks
        cipher = decipher
        zlib = try Unpacker(.zlib)
        bzip2 = try Unpacker(.bzip2)
    }

    private func range(_ index: Int) -> Range<Int> {
        (index * chunkSize)..<min(byteCount, (index + 1) * chunkSize)
    }

    func block(holding offset: Int) throws -> PackedBlock {
        let index = offset / chunkSize
        let range = range(index)
        switch chunks.kind(index) {
        case .zeros:
            return PackedBlock(range, .zeros)
        case .plain:
            let count = chunks.range(index).count
            guard count >= range.count else {
                throw error(index, "has \(count) bytes instead of \(range.count)")
            }
            return PackedBlock(
                range,
                cipher == nil ? .plain(chunks.start(index)) : .packed(index)
            )
        case .zlib, .bzip2:
            return PackedBlock(range, .packed(index))
        }
    }

    private func error(_ index: Int, _ problem: String) -> ImageFormatError {
        ImageFormatError(base.name, ISZReader.format, "chunk \(index)", problem)
    }

    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        guard case .packed(let index) = block.content else { return }
        let place = chunks.range(index)
        var bytes = try base.bytes(place, limit: BlockBytes.largestBlock * 2)
        guard bytes.count == place.count else {
            throw error(index, "lies past the end of the file")
        }
        if let cipher {
            var span = bytes.mutableSpan
            try cipher.decipher.decrypt(&span)
        }
        let got: Int
        do {
            switch chunks.kind(index) {
            case .zeros, .plain:
                got = min(bytes.count, buffer.count)
                Bytes.copy(bytes.span.extracting(0..<got), to: &buffer)
            case .zlib:
                got = try zlib.block(bytes.span, into: &buffer)
            case .bzip2:
                for (i, byte) in "BZh".utf8.enumerated() where i < bytes.count { bytes[i] = byte }
                got = try bzip2.block(bytes.span, into: &buffer)
            }
        } catch {
            throw self.error(index, "\(error)")
        }
        guard got == buffer.count else {
            throw error(index, "unpacks to \(got) bytes instead of \(buffer.count)")
        }
    }

    /// Whether the first packed chunk can be unpacked, which tells a wrong key from the right one.
    func canUnpackFirst() throws -> Bool {
        guard
            let index = (0..<chunks.count).first(where: {
                chunks.kind($0) == .zlib || chunks.kind($0) == .bzip2
            })
        else { return true }
        var bytes = [UInt8](repeating: 0, count: range(index).count)
        var span = bytes.mutableSpan
        do {
            try unpack(PackedBlock(range(index), .packed(index)), into: &span)
        } catch is ImageFormatError {
            return false
        }
        return true
    }
}
