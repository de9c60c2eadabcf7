import LibCrypto

/// Opens Apple's encrypted images: what is in them is an image in turn.
///
/// The password wraps a key and another one, for sums. Each block is encrypted with AES for itself;
/// what it hangs together with is a sum over its number.
enum DMGEncryption {
    private static let format = "an Apple disk image"
    /// The mark that begins version 2.
    static let mark2 = Array("encrcdsa".utf8)
    /// The mark that ends version 1.
    static let mark1 = Array("cdsaencr".utf8)
    /// Bytes of the trailer of version 1.
    private static let trailerSize = 1276
    /// Bytes of the key for sums.
    private static let sumKeySize = 20
    /// No image's password is worked over more often; this takes a second or two.
    private static let mostIterations = 2_000_000

    /// What an image's header says.
    private struct Layout {
        var key: [UInt8]
        var sumKey: [UInt8]
        var data: Range<Int>
        var block: Int
    }

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let size = file.bytes.byteCount
        let layout: Layout
        if try file.head(8) == mark2 {
            layout = try version2(file)
        } else if size > trailerSize, try file.tail(8) == mark1 {
            layout = try version1(file)
        } else {
            return nil
        }
        let bytes = try DMGDecryptedBytes(
            file.bytes,
            format: format,
            data: layout.data,
            block: layout.block,
            key: layout.key,
            sumKey: layout.sumKey
        )
        return try Unpacked.open(
            file,
            bytes,
            format: format,
            evidence: [
                "It is encrypted with AES-\(layout.key.count * 8) as Apple's disk images are."
            ]
        )
    }

    /// The header at the beginning; numbers have their highest byte first.
    private static func version2(_ file: ImageFile) throws -> Layout {
        let fields = BinaryFields(file.name, format, try file.head(4096), order: .big)
        let version = try fields.u32(8, "the version")
        guard version == 2 else { throw fields.error("the version", 8, "is \(version)") }
        let bits = try fields.u32(24, "the size of the key")
        guard bits == 128 || bits == 256 else {
            throw fields.error("the size of the key", 24, "is \(bits) bits")
        }
        let block = try fields.u32(52, "the size of a block")
        guard block >= 512, block <= 1 << 20, block % 16 == 0 else {
            throw fields.error("the size of a block", 52, "is \(block)")
        }
        let count = try fields.u64(56, "the size of the data")
        let start = try fields.u64(64, "the place of the data")
        let size = file.bytes.byteCount
        guard start <= size, count <= size - start else {
            throw fields.error("the place of the data", 64, "lies past the end of the file")
        }
        let place = try wrappedKey(file, fields)
        let wrapped = BinaryFields(
            file.name,
            format,
            try file.bytes.bytes(place..<(place + 1024)),
            origin: place,
            order: .big
        )
        let cipher = try wrapped.u32(88, "the cipher of the wrapped key")
        let cipherBits = try wrapped.u32(84, "the size of the wrapping key")
        let isAES: Bool
        switch (cipher, cipherBits) {
        // The numbers are those of CSSM, Apple's old security interface.
        case (17, 192): isAES = false
        case (0x8000_0001, 128), (0x8000_0001, 192), (0x8000_0001, 256): isAES = true
        default:
            throw wrapped.error(
                "the cipher of the wrapped key",
                88,
                "is \(cipher) with \(cipherBits) bits, which is not known"
            )
        }
        let blob = try wrapped.exactly(
            104,
            try boundedCount(wrapped, 100, "the size of the wrapped key", 8...512),
            "the wrapped key"
        )
        let vectorCount = try boundedCount(wrapped, 48, "the size of the vector", 0...32)
        var vector = try wrapped.exactly(52, min(vectorCount, isAES ? 16 : 8), "the vector")
        vector += [UInt8](repeating: 0, count: (isAES ? 16 : 8) - vector.count)
        let key = try derive(file, wrapped, iterations: 8, saltCount: 12, salt: 16, cipherBits / 8)
        let bytes = try unwrap(blob, isAES ? .aesCBC : .tripleDESCBC, key, vector)
        guard let bytes, bytes.count >= bits / 8 + sumKeySize else {
            throw EncryptedImageError(.wrongPassword, file.name, format)
        }
        return Layout(
            key: Array(bytes[..<(bits / 8)]),
            sumKey: Array(bytes[(bits / 8)...].prefix(sumKeySize)),
            data: start..<(start + count),
            block: block
        )
    }

    /// Where the key lies that a password wraps; there may be others, wrapped with certificates.
    private static func wrappedKey(_ file: ImageFile, _ fields: BinaryFields) throws -> Int {
        var places: [Int] = []
        for index in 0..<min(16, try fields.u32(72, "the number of wrapped keys")) {
            let entry = 76 + 20 * index
            guard try fields.u32(entry, "the kind of a wrapped key") == 1 else { continue }
            if let place = try? fields.u64(entry + 4, "the place of a wrapped key") {
                places.append(place)
            }
        }
        // Where old versions have it.
        places += [96, 680]
        for place in places where place >= 0 && place < file.bytes.byteCount {
            // 103 is PBKDF2.
            if try file.bytes.bytes(place..<(place + 4)) == [0, 0, 0, 103] { return place }
        }
        throw fields.error("the list of wrapped keys", 72, "has none that a password opens")
    }

    /// The trailer of images of Mac OS X 10.2 to 10.4.
    private static func version1(_ file: ImageFile) throws -> Layout {
        let place = file.bytes.byteCount - trailerSize
        let fields = BinaryFields(
            file.name,
            format,
            try file.tail(trailerSize),
            origin: place,
            order: .big
        )
        let keyCount = try boundedCount(fields, 136, "the size of the wrapped key", 16...296)
        let sumCount = try boundedCount(fields, 436, "the size of the wrapped sum key", 16...300)
        let key = try derive(file, fields, iterations: 48, saltCount: 52, salt: 56, 24)
        guard
            let aes = try unwrapTwice(fields.exactly(140, keyCount, "the wrapped key"), key),
            let sum = try unwrapTwice(fields.exactly(440, sumCount, "the wrapped sum key"), key),
            aes.count >= 16, sum.count >= sumKeySize
        else { throw EncryptedImageError(.wrongPassword, file.name, format) }
        return Layout(
            key: Array(aes[..<16]),
            sumKey: Array(sum[..<sumKeySize]),
            data: 0..<place,
            block: 4096
        )
    }

    private static func boundedCount(
        _ fields: BinaryFields,
        _ at: Int,
        _ field: String,
        _ bounds: ClosedRange<Int>
    ) throws -> Int {
        let count = try fields.u32(at, field)
        guard bounds.contains(count) else { throw fields.error(field, at, "is \(count)") }
        return count
    }

    private static func derive(
        _ file: ImageFile,
        _ fields: BinaryFields,
        iterations: Int,
        saltCount: Int,
        salt: Int,
        _ count: Int
    ) throws -> [UInt8] {
        let rounds = try boundedCount(
            fields,
            iterations,
            "the number of iterations",
            1...mostIterations
        )
        let length = try boundedCount(fields, saltCount, "the size of the salt", 1...32)
        return try PasswordKey.pbkdf2(
            file.password(format),
            salt: fields.exactly(salt, length, "the salt"),
            iterations: rounds,
            count: count
        )
    }

    /// Decrypts a wrapped key.
    ///
    /// - Returns: `nil` if what fills its last block up is not what it should be.
    private static func unwrap(
        _ wrapped: [UInt8],
        _ cipher: BlockCipher,
        _ key: [UInt8],
        _ vector: [UInt8]
    ) throws -> [UInt8]? {
        guard !wrapped.isEmpty, wrapped.count % cipher.blockSize == 0 else { return nil }
        var bytes = wrapped
        var span = bytes.mutableSpan
        try Decipher(cipher, key: key).decrypt(&span, vector: vector)
        guard let last = bytes.last, last > 0, last <= cipher.blockSize,
            bytes.suffix(Int(last)).allSatisfy({ $0 == last })
        else { return nil }
        return Array(bytes.dropLast(Int(last)))
    }

    /// Decrypts a key that is wrapped as RFC 3217 has it, with four bytes before it.
    private static func unwrapTwice(_ wrapped: [UInt8], _ key: [UInt8]) throws -> [UInt8]? {
        let vector: [UInt8] = [0x4A, 0xDD, 0xA2, 0x2C, 0x79, 0xE8, 0x21, 0x05]
        guard let outer = try unwrap(wrapped, .tripleDESCBC, key, vector), outer.count > 8 else {
            return nil
        }
        let turned = Array(outer.reversed())
        let inner = try unwrap(
            Array(turned[8...]),
            .tripleDESCBC,
            key,
            Array(turned[..<8])
        )
        guard let inner, inner.count > 4 else { return nil }
        return Array(inner[4...])
    }
}
