public import DiscModel

/// The CD-TEXT of a disc's lead-in (MMC-6 §6.25.3.7, READ TOC/PMA/ATIP format 5).
public struct LeadInText: Hashable, Sendable {
    /// The packs, as they are.
    public var packs: [CDTextPack]

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ TOC/PMA/ATIP", bytes, atLeast: 4)
        let end = min(reply.count, 2 + (try reply.u16(0)))
        packs = CDTextPack.packs(in: Array(bytes[4..<max(4, end)]))
    }
}
