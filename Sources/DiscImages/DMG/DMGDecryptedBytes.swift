import LibCrypto
import LinuxCalls

/// The bytes of an encrypted disk image, decrypted where they are read.
final class DMGDecryptedBytes: ByteSource {
    let name: String
    let byteCount: Int
    private let base: any ByteSource
    private let format: String
    private let start: Int
    private let block: Int
    private let decipher: Decipher
    private let sumKey: [UInt8]

    init(
        _ base: any ByteSource,
        format: String,
        data: Range<Int>,
        block: Int,
        key: [UInt8],
        sumKey: [UInt8]
    ) throws {
        name = base.name
        byteCount = data.count
        self.base = base
        self.format = format
        start = data.lowerBound
        self.block = block
        self.sumKey = sumKey
        decipher = try Decipher(.aesCBC, key: key)
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        let wanted = min(buffer.count, byteCount - offset)
        var bytes = [UInt8](repeating: 0, count: block)
        var done = 0
        while done < wanted {
            let number = (offset + done) / block
            let within = (offset + done) % block
            let count = min(block - within, wanted - done)
            var span = bytes.mutableSpan
            let got = try base.read(at: start + number * block, into: &span)
            // A block that is cut off can't be decrypted where it ends within one of the cipher's.
            let usable = min(got / 16 * 16, block)
            guard usable > within else { break }
            try decrypt(&span, number)
            let part = min(count, usable - within)
            Bytes.copy(bytes.span.extracting(within..<(within + part)), to: &buffer, at: done)
            done += part
            if part < count { break }
        }
        return done
    }

    private func decrypt(_ bytes: inout MutableSpan<UInt8>, _ number: Int) throws {
        guard let sum = MessageCode.hmacSHA1(BigEndian.u32(number), key: sumKey) else {
            throw ImageFormatError(name, format, "a block", "can't be decrypted on this system")
        }
        try decipher.decrypt(&bytes, vector: Array(sum[..<16]))
    }
}
