/// Bytes of a raw sector that may be wrong: a bit for each of the 2352, as a drive's C2 pointers
/// have them, the first byte's the highest of the first (MMC-6 §6.19.2.2).
public struct SuspectBytes: Hashable, Sendable {
    /// Bytes of C2 pointers.
    public static let size = RawSector.size / 8

    /// The 294 bytes of pointers.
    public private(set) var pointers: [UInt8]

    /// Suspects none.
    public init() {
        pointers = [UInt8](repeating: 0, count: Self.size)
    }

    /// Takes a drive's C2 pointers.
    ///
    /// - Parameter pointers: 294 bytes; the two that drives may put behind or before them, which say
    ///   whether any bit is set, count for nothing, and of missing bytes nothing is suspected.
    public init(pointers: Span<UInt8>) {
        self.init()
        let first = Self.firstPointer(pointers)
        for i in 0..<min(Self.size, pointers.count - first) {
            self.pointers[i] = pointers[first + i]
        }
    }

    /// Where the pointers begin: some drives have the two bytes before them, which is seen where the
    /// first byte is all others together, and the one behind the pointers is not.
    private static func firstPointer(_ bytes: Span<UInt8>) -> Int {
        guard bytes.count == size + 2 else { return 0 }
        func sum(_ range: Range<Int>) -> UInt8 { range.reduce(0) { $0 | bytes[$1] } }
        let isBehind = bytes[size] == sum(0..<size)
        return !isBehind && bytes[0] == sum(2..<size + 2) ? 2 : 0
    }

    /// Whether a byte is suspected, by its place in the sector; no other place ever is.
    public subscript(place: Int) -> Bool {
        get {
            guard (0..<RawSector.size).contains(place) else { return false }
            return pointers[place / 8] & Self.bit(place) != 0
        }
        set {
            guard (0..<RawSector.size).contains(place) else { return }
            if newValue {
                pointers[place / 8] |= Self.bit(place)
            } else {
                pointers[place / 8] &= ~Self.bit(place)
            }
        }
    }

    private static func bit(_ place: Int) -> UInt8 { 0x80 >> UInt8(place % 8) }

    /// How many bytes are suspected.
    public var count: Int { pointers.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether none is.
    public var isEmpty: Bool { pointers.allSatisfy { $0 == 0 } }
}
