/// The second copy of a metadata partition, which serves where a block of the first is broken.
///
/// UDF 2.60 §2.2.13.
struct UDFMetadataCopy {
    /// Its file entry.
    let entry: UDFAddress
    /// Where it is; `nil` until that was wanted, and empty if its file entry is broken.
    var extents: [FileExtent]?

    /// Which byte of a file a byte of the disc is; `nil` if it is none.
    static func position(of offset: Int, in extents: [FileExtent]) -> Int? {
        var position = 0
        for extent in extents {
            if let start = extent.offset, offset >= start, offset - start < extent.length {
                return position + (offset - start)
            }
            position += extent.length
        }
        return nil
    }

    /// Where a byte of a file is on the disc; `nil` if it isn't recorded.
    static func place(of position: Int, in extents: [FileExtent]) -> Int? {
        var rest = position
        for extent in extents {
            if rest < extent.length { return extent.offset.map { $0 + rest } }
            rest -= extent.length
        }
        return nil
    }
}
