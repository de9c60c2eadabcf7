/// Bytes at a place that tell what something is.
struct KnownMark: Sendable {
    /// A field with the size that a thing claims.
    struct SizeField: Sendable {
        /// Which byte comes first.
        enum Order: Sendable { case little, big }

        /// Where the field lies.
        var offset: Int
        /// Its width in bytes, 4 or 8.
        var width: Int
        var order: Order
        /// Bytes that one of it stands for.
        var unit: UInt64
        /// Where a field of two or four bytes in the same order gives the unit instead.
        var unitField: (offset: Int, width: Int)?

        init(
            _ offset: Int,
            _ width: Int,
            _ order: Order = .little,
            unit: UInt64 = 1,
            unitField: (offset: Int, width: Int)? = nil
        ) {
            self.offset = offset
            self.width = width
            self.order = order
            self.unit = unit
            self.unitField = unitField
        }
    }

    /// What it is, with its article.
    let name: String
    let kind: OtherContent.Kind
    /// Where the bytes lie.
    let offset: Int
    let bytes: [UInt8]
    /// More bytes that must be there.
    let also: [(offset: Int, bytes: [UInt8])]
    /// Where its name lies, and how long that is at most.
    let title: (offset: Int, count: Int)?
    let size: SizeField?

    init(
        _ name: String,
        _ kind: OtherContent.Kind,
        at offset: Int = 0,
        _ text: StaticString,
        also: [(offset: Int, bytes: [UInt8])] = [],
        title: (offset: Int, count: Int)? = nil,
        size: SizeField? = nil
    ) {
        self.init(
            name,
            kind,
            at: offset,
            bytes: Array("\(text)".utf8),
            also: also,
            title: title,
            size: size
        )
    }

    init(
        _ name: String,
        _ kind: OtherContent.Kind,
        at offset: Int = 0,
        bytes: [UInt8],
        also: [(offset: Int, bytes: [UInt8])] = [],
        title: (offset: Int, count: Int)? = nil,
        size: SizeField? = nil
    ) {
        self.name = name
        self.kind = kind
        self.offset = offset
        self.bytes = bytes
        self.also = also
        self.title = title
        self.size = size
    }

    /// How many bytes from the beginning must be known to look for every mark: that of Btrfs is the
    /// farthest.
    static let reach = 34 * 2048

    /// What the mark says of some bytes; `nil` if they don't have it.
    func content(of window: Span<UInt8>) -> OtherContent? {
        guard window.holds(bytes, at: offset) else { return nil }
        for more in also where !window.holds(more.bytes, at: more.offset) { return nil }
        let text = title.map { window.title(at: $0.offset, count: $0.count) } ?? ""
        return OtherContent(
            kind: kind,
            name: name,
            title: text.isEmpty ? nil : text,
            size: size?.value(in: window),
            offset: offset
        )
    }
}

extension KnownMark.SizeField {
    /// The size in bytes; `nil` if it can't be counted.
    func value(in window: Span<UInt8>) -> UInt64? {
        func number(_ offset: Int, _ width: Int) -> UInt64 {
            var value: UInt64 = 0
            for index in 0..<width {
                let place = order == .big ? index : width - 1 - index
                value = value << 8 | UInt64(window.byte(offset + place))
            }
            return value
        }
        let unit = unitField.map { number($0.offset, $0.width) } ?? unit
        let (bytes, overflow) = number(offset, width).multipliedReportingOverflow(by: unit)
        return overflow || bytes == 0 ? nil : bytes
    }
}

extension Span where Element == UInt8 {
    /// Whether bytes stand at an offset.
    func holds(_ expected: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, expected.count <= count, offset <= count - expected.count else {
            return false
        }
        for index in expected.indices where self[offset + index] != expected[index] {
            return false
        }
        return true
    }

    /// A name of single bytes or of UTF-8 up to its first zero, without what could steer a terminal.
    func title(at offset: Int, count length: Int) -> String {
        var used = 0
        while used < length, byte(offset + used) != 0 { used += 1 }
        var bytes: [UInt8] = []
        for index in 0..<used { bytes.append(byte(offset + index)) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return self.text(at: offset, count: used)
        }
        return text.unicodeScalars.contains { $0.properties.generalCategory == .control }
            ? self.text(at: offset, count: used)
            : String(text.reversed().drop { $0 == " " }.reversed())
    }
}
