/// The fields of a binary descriptor: numbers and texts at places, none of them trusted.
///
/// A field that lies behind the end of what there is ends with ``ImageFormatError``.
struct BinaryFields {
    /// Which byte of a number comes first.
    enum Order: Sendable { case little, big }

    /// The file's name, for messages.
    let file: String
    /// The format's name, for messages: “an MDS image”.
    let format: String
    /// The bytes.
    let bytes: [UInt8]
    /// Where they begin in the file.
    let origin: Int
    /// The order of most numbers.
    let order: Order

    init(
        _ file: String,
        _ format: String,
        _ bytes: [UInt8],
        origin: Int = 0,
        order: Order = .little
    ) {
        self.file = file
        self.format = format
        self.bytes = bytes
        self.origin = origin
        self.order = order
    }

    var count: Int { bytes.count }

    /// An error at a place among the bytes.
    func error(_ field: String, _ at: Int?, _ problem: String) -> ImageFormatError {
        ImageFormatError(file, format, field, at: at.map { $0 &+ origin }, problem)
    }

    /// The bytes at a place, as many as there are.
    func slice(_ at: Int, _ count: Int) -> [UInt8] {
        guard at >= 0, at < bytes.count, count > 0 else { return [] }
        return Array(bytes[at..<(at + min(count, bytes.count - at))])
    }

    /// The bytes at a place, all of them.
    func exactly(_ at: Int, _ count: Int, _ field: String) throws -> [UInt8] {
        guard at >= 0, count >= 0, at <= bytes.count, count <= bytes.count - at else {
            throw error(field, at, "lies past the end")
        }
        return Array(bytes[at..<(at + count)])
    }

    func u8(_ at: Int, _ field: String) throws -> Int {
        Int(try exactly(at, 1, field)[0])
    }

    func u16(_ at: Int, _ field: String, _ order: Order? = nil) throws -> Int {
        Int(try number(at, 2, field, order))
    }

    func u32(_ at: Int, _ field: String, _ order: Order? = nil) throws -> Int {
        Int(try number(at, 4, field, order))
    }

    func i32(_ at: Int, _ field: String, _ order: Order? = nil) throws -> Int {
        Int(Int32(truncatingIfNeeded: try number(at, 4, field, order)))
    }

    /// A number of 64 bits; one of 2⁶³ or more is an error.
    func u64(_ at: Int, _ field: String, _ order: Order? = nil) throws -> Int {
        let value = try number(at, 8, field, order)
        guard let number = Int(exactly: value) else {
            throw error(field, at, "is \(value), which is too large")
        }
        return number
    }

    private func number(_ at: Int, _ count: Int, _ field: String, _ order: Order?) throws -> UInt64
    {
        guard at >= 0, at <= bytes.count, count <= bytes.count - at else {
            throw error(field, at, "lies past the end")
        }
        var value: UInt64 = 0
        for i in 0..<count {
            let byte = bytes[at + ((order ?? self.order) == .big ? i : count - 1 - i)]
            value = value << 8 | UInt64(byte)
        }
        return value
    }

    /// The text at a place up to a zero, in ISO 8859-1.
    func text(_ at: Int, _ count: Int) -> String {
        let bytes = slice(at, count).prefix { $0 != 0 }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// The text at a place up to a zero, in UTF-16 with the low byte first.
    func wideText(_ at: Int, _ count: Int) -> String {
        let bytes = slice(at, count)
        let units = stride(from: 0, to: bytes.count - 1, by: 2)
            .map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
}
