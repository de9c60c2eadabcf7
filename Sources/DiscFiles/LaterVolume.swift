public import Transfer

/// A file system that begins after the end of the first one, in an image that doesn't say where its
/// sessions begin.
public struct LaterVolume: Codable, Hashable, Sendable {
    /// The sector that it begins with; its descriptors follow 16 sectors later.
    public var start: Int
    /// Its name, if it has one.
    public var name: String?
    /// Whether its addresses count from the disc's beginning, as those of a later session do.
    ///
    /// If they don't, it is another image that was put after the first.
    public var isSession: Bool

    /// Sectors from a session's beginning to its first descriptor.
    public static let descriptorDistance = 16

    /// Whether a sector holds a descriptor that others follow: ISO 9660's primary one or UDF's first.
    public static func isFirstDescriptor(_ sector: Span<UInt8>) -> Bool {
        sector.holds("CD001", at: 1) && sector.byte(0) == 1 || sector.holds("BEA01", at: 1)
    }

    /// Looks for a file system; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - source: The disc, in sectors of 2048 bytes.
    ///   - start: Where a session may begin.
    /// - Throws: ``UnsuitableSectorSize``, and what the source throws besides `UnreadableSectors`.
    public init?(_ source: any SectorSource, at start: Int) throws {
        guard start > 0 else { return nil }
        let content = try DiscContent.examine(source, sessionStart: start)
        self.start = start
        if let volume = content.iso9660, let main = volume.main {
            name = volume.volumeIdentifier
            // What a session adds has its directories within it.
            let root = main.rootDirectory * ISORoot.blockSize(of: main)
            isSession = root / 2048 >= start
        } else if let volume = content.udf, let anchor = volume.anchors.first {
            // A descriptor that isn't where it says is none, so these addresses are the disc's.
            name = content.volumeIdentifier
            isSession = anchor >= start
        } else {
            return nil
        }
        if name?.isEmpty ?? false { name = nil }
    }
}
