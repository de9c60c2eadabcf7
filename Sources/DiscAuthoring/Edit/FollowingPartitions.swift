import DiscFiles

/// A partition that a table of an image lists, in bytes.
struct ListedPartition {
    /// The table, as sentences name it.
    var table: String
    /// Its place in the table, from 1.
    var number: Int
    /// Its type in an MBR; `nil` in another table.
    var type: Int?
    /// Its type in a GPT; `nil` in another table.
    var identifier: String?
    /// Its first byte.
    var start: Int
    /// The byte after its last one.
    var end: Int

    /// Whether it begins before the first descriptor and reaches over it: it is the volume's own.
    var holdsVolume: Bool {
        start <= PartitionGrowth.areaSize && end > PartitionGrowth.areaSize
    }

    /// The sectors that it touches.
    var sectors: Range<Int> { start / 2048..<max(start / 2048, (end + 2047) / 2048) }

    /// How sentences name it.
    var name: String { "partition \(number) of the image's \(table)" }

    /// All that the tables of an image list.
    static func all(_ content: DiscContent) -> [ListedPartition] {
        var found: [ListedPartition] = []
        for partition in content.masterBootRecord?.partitions ?? [] {
            found.append(
                ListedPartition(
                    table: "MBR",
                    number: partition.number,
                    type: partition.type,
                    start: partition.start * 512,
                    end: Int(clamping: partition.end)
                )
            )
        }
        if let table = content.guidPartitionTable {
            for partition in table.partitions where partition.last < UInt64(UInt32.max) {
                let first = Int(clamping: partition.first)
                let last = Int(clamping: partition.last)
                found.append(
                    ListedPartition(
                        table: "GPT",
                        number: partition.number,
                        identifier: partition.type,
                        start: first &* table.blockSize,
                        end: (last + 1) &* table.blockSize
                    )
                )
            }
        }
        if let map = content.applePartitionMap {
            for (index, partition) in map.partitions.enumerated() {
                let start = partition.start * map.blockSize
                found.append(
                    ListedPartition(
                        table: "Apple partition map",
                        number: index + 1,
                        start: start,
                        end: start + partition.count * map.blockSize
                    )
                )
            }
        }
        return found.filter { $0.start >= 0 && $0.end > $0.start }
    }
}

/// The partitions after an image's volume, which are in the way of what is added to it.
///
/// `xorriso -append_partition` makes such images: the partition that EFI starts from lies after the volume, and
/// the volume's own partition ends before it. They move together, with all that lies between them and after
/// them, so that what they are to each other stays.
struct FollowingPartitions {
    /// Sectors of 1 MiB: no other alignment of partitions is larger.
    static let mebibyte = 512

    /// From the first sector of the first of them to what ends the image.
    let sectors: Range<Int>
    /// The partitions, each as often as tables list it.
    let partitions: [ListedPartition]
    /// A move by a multiple of so many sectors keeps what the partitions are aligned to, up to 1 MiB.
    let alignment: Int

    /// Looks for them.
    ///
    /// `nil` if there are none, or they are not in the way: the volume's partitions reach over them.
    ///
    /// - Parameters:
    ///   - listed: All partitions of the image.
    ///   - filesEnd: The sector after the last one of the volume that is known to be used.
    ///   - booted: The sectors of what the boot catalogue names.
    ///   - imageEnd: The sector after the last one that partitions may have.
    init?(
        _ listed: [ListedPartition],
        filesEnd: Int,
        booted: [Range<Int>],
        imageEnd: Int
    ) {
        let volume = listed.filter(\.holdsVolume)
        let others = listed.filter { $0.start > PartitionGrowth.areaSize }
        let starts = Set(others.map(\.start)).sorted()
            .filter { $0 % 2048 == 0 && $0 / 2048 >= filesEnd && $0 / 2048 < imageEnd }
        for start in starts {
            let first = start / 2048
            // Nothing lies on both sides.
            guard !booted.contains(where: { $0.lowerBound < first && $0.upperBound > first }),
                !others.contains(where: { $0.start < start && $0.end > start })
            else { continue }
            let following = others.filter { $0.start >= start }
            let end = following.map(\.end).max() ?? start
            guard volume.allSatisfy({ $0.end <= start || $0.end >= end }),
                volume.contains(where: { $0.end <= start && $0.end >= filesEnd * 2048 })
            else { continue }
            sectors = first..<imageEnd
            partitions = following
            alignment =
                following.map { partition in
                    min(Self.mebibyte, max(1, partition.start / 2048 & -(partition.start / 2048)))
                }.max() ?? 1
            return
        }
        return nil
    }

    /// How many sectors they move.
    ///
    /// - Parameters:
    ///   - end: The sector after what is added before them.
    ///   - keepsMebibytes: Whether the image's size stays a whole number of mebibytes.
    /// - Returns: 0 if there is room for that.
    func distance(to end: Int, keepsMebibytes: Bool) -> Int {
        guard end > sectors.lowerBound else { return 0 }
        let unit = keepsMebibytes ? max(alignment, Self.mebibyte) : alignment
        return (end - sectors.lowerBound + unit - 1) / unit * unit
    }

    /// Whether a sector is one of those that move.
    func contains(_ sector: Int) -> Bool { sectors.contains(sector) }
}
