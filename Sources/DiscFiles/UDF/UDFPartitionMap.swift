/// How the blocks of a partition are found; ECMA-167 3/10.7, UDF 2.60 §2.2.8 to §2.2.10.
struct UDFPartitionMap {
    /// The way from a block that is named to one of the disc.
    enum Kind {
        /// Right where the partition is.
        case physical
        /// Through a table that gives each block its place; what was written once is so replaced.
        case virtual([UInt32])
        /// In packets, some of which are elsewhere.
        case sparable(packet: Int, table: [UInt32: UInt32])
        /// Within a file.
        case metadata([FileExtent])
        /// In no way that is known, or the table is lost.
        case unknown(String)
    }

    /// The number of the partition.
    var partition: Int
    /// The way to its blocks.
    var kind: Kind
}
