import SpindleJobs
import TerminalProgress

extension DiscDocument {
    /// What is on the disc, for a person: a line for each thing, and further ones for what is known
    /// about it.
    func contentLines(_ content: DiscContent) -> [String] {
        var lines: [String] = []
        if let other = content.other {
            lines.append("holds     " + other.description)
        }
        for claim in content.claims {
            let name = claim.name.map { " “\($0)”" } ?? ""
            let version = claim.version.map { " \($0)" } ?? ""
            let end = claim.endSector.map { ", ends at sector \($0)" } ?? ""
            lines.append("holds     \(claim.kind.displayName)\(version)\(name)\(end)")
            var details = Self.details(of: claim.kind, content)
            // The evidence of the other tables is their partitions.
            if ![.masterBootRecord, .applePartitionMap].contains(claim.kind) {
                details.insert(claim.evidence, at: 0)
            }
            lines += details.map { "          \($0)" }
        }
        if let end, let padding = Self.padding(end) { lines.append("padding   \(padding)") }
        for entry in content.bootEntries {
            lines.append("boots     " + Self.line(entry))
        }
        if let sum = content.implantedChecksum {
            lines.append("checksum  MD5 \(sum.md5), implanted by implantisomd5; not checked here")
        }
        return lines
    }

    /// The zeros after the end of the file systems, as far as they were looked at.
    private static func padding(_ end: ImageEnd) -> String? {
        guard end.sectorsExamined > 0, end.unreadableSectors == 0 else { return nil }
        if let first = end.firstDataBehind {
            let zeros = end.sectorsBehind - end.dataSectorsBehind
            return zeros == 0
                ? nil : "\(Wording.sectors(zeros)) of zeros after the end, up to sector \(first)"
        }
        guard end.sectorsExamined < end.sectorsBehind else {
            return "\(Wording.sectors(end.sectorsBehind)) of zeros after the end"
        }
        return
            "\(Wording.sectors(end.sectorsBehind)) after the end: the first \(end.sectorsExamined) are zeros, and the rest was not looked at"
    }

    /// Partitions of GPT that get a line each.
    private static let mostPartitions = 8

    /// What the types of a boot sector's partitions mean, those that images have.
    private static let partitionTypes = [
        0x01: "FAT12", 0x04: "FAT16", 0x05: "extended", 0x06: "FAT16", 0x07: "NTFS or exFAT",
        0x0B: "FAT32", 0x0C: "FAT32", 0x0E: "FAT16", 0x0F: "extended", 0x17: "hybrid ISO",
        0x82: "swap", 0x83: "Linux", 0x96: "ISO 9660", 0xAF: "HFS", 0xCD: "ISO 9660",
        0xEE: "protection of GPT", 0xEF: "EFI",
    ]

    private static func details(of kind: FileSystemClaim.Kind, _ content: DiscContent)
        -> [String]
    {
        switch kind {
        case .iso9660, .highSierra: content.iso9660?.main.map(details) ?? []
        case .udf: content.udf.map(details) ?? []
        case .hfs, .hfsPlus, .hfsX: content.hfs.map(details) ?? []
        case .errorCorrection: []
        case .masterBootRecord:
            (content.masterBootRecord?.partitions ?? []).map { partition in
                let type = String(partition.type, radix: 16, uppercase: true)
                let meaning = partitionTypes[partition.type].map { " (\($0))" } ?? ""
                let start = partition.isActive ? ", active" : ""
                let digits = type.utf8.count < 2 ? "0\(type)" : type
                return
                    "partition \(partition.number): type 0x\(digits)\(meaning) from byte \(partition.start * 512), \(Quantity.bytes(partition.count * 512))\(start)"
            }
        case .guidPartitionTable: guidPartitions(content)
        case .applePartitionMap:
            content.partitions.filter { $0.table == .applePartitionMap }.map { partition in
                let content = partition.content.map { ", \($0)" } ?? ""
                let name = partition.name.map { " “\($0)”" } ?? ""
                return
                    "partition \(partition.number):\(name) from byte \(partition.start)\(content)"
            }
        }
    }

    /// The first partitions of GPT, with what lies in those that were looked into.
    private static func guidPartitions(_ content: DiscContent) -> [String] {
        let all = content.guidPartitionTable?.partitions ?? []
        let unit = UInt64(content.guidPartitionTable?.blockSize ?? 512)
        var lines = all.prefix(mostPartitions).map { partition in
            let name = partition.name.isEmpty ? "" : " “\(partition.name)”"
            let (start, isTooFar) = partition.first.multipliedReportingOverflow(by: unit)
            let place = isTooFar ? "block \(partition.first)" : "byte \(start)"
            let held = content.partitions.first {
                $0.table == .guidPartitionTable && $0.number == partition.number
            }
            let description = held?.description.map { ", \($0)" } ?? ""
            return "partition \(partition.number):\(name) from \(place)\(description)"
        }
        if all.count > mostPartitions {
            lines.append("and \(all.count - mostPartitions) more, which were not looked into")
        }
        return lines
    }

    private static func details(_ descriptor: VolumeDescriptor) -> [String] {
        var lines: [String] = []
        if let date = descriptor.creationDate { lines.append("made \(date)") }
        let fields = [
            ("published by", descriptor.publisherIdentifier),
            ("prepared by", descriptor.preparerIdentifier),
            ("made with", descriptor.applicationIdentifier),
            ("set", descriptor.volumeSetIdentifier),
        ]
        for (label, value) in fields where !value.isEmpty { lines.append("\(label) “\(value)”") }
        return lines
    }

    private static func details(_ volume: UDFVolume) -> [String] {
        var lines: [String] = []
        if let date = volume.recordingDate { lines.append("made \(date)") }
        if !volume.partitionMaps.contains("virtual"), let files = volume.integrity?.fileCount,
            let folders = volume.integrity?.folderCount
        {
            lines.append("\(files) files, \(folders) directories by its own count")
        }
        return lines
    }

    private static func details(_ volume: HFSVolume) -> [String] {
        var lines: [String] = []
        if let date = volume.creationDate { lines.append("made \(date)") }
        lines.append("\(volume.fileCount) files, \(volume.folderCount) folders by its own count")
        return lines
    }

    private static func line(_ entry: BootEntry) -> String {
        var parts = [entry.platform.displayName, entry.emulation.displayName]
        parts.append("loads \(entry.loadSectors * 512) bytes from sector \(entry.start)")
        if !entry.isBootable { parts.append("marked as not bootable") }
        if entry.isWithinSource == false { parts.append("continues past the end") }
        if let table = entry.informationTable {
            switch table.isChecksumRight {
            case true: parts.append("its checksum is right")
            case false: parts.append("its checksum is wrong")
            case nil: break
            }
        }
        return parts.joined(separator: ", ")
    }
}
