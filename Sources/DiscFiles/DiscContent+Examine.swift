public import Transfer

extension DiscContent {
    /// A session can't begin behind this sector.
    private static let farthestSession = 1 << 36
    /// Sectors of the longest text that counts as nothing but one.
    private static let longestText = 512
    /// Sectors of a long text that are looked at besides the first ones.
    private static let mostTextSamples = 16
    /// Partitions that are looked into.
    private static let mostPartitions = 8

    /// Finds out what is on a disc or image.
    ///
    /// Some dozen short reads, in rising order as far as the structures allow. A sector that can't
    /// be read is noted and what it holds counts as not found; after a handful of them nothing more
    /// is read.
    ///
    /// - Parameters:
    ///   - source: Sectors of 2048 bytes, the first one being the disc's first.
    ///   - sessionStart: The sector that a later session of the disc begins with, whose file systems
    ///     are wanted. Partition tables are always those at the disc's beginning.
    /// - Returns: What was found, unreadable sectors included.
    /// - Throws: ``UnsuitableSectorSize``, and what the source throws besides `UnreadableSectors`.
    public static func examine(
        _ source: any SectorSource,
        sessionStart: Int = 0
    ) throws -> DiscContent {
        let probe = try ContentProbe(source)
        let start = min(max(0, sessionStart), farthestSession)
        try probe.prepare(0, count: ContentProbe.longestRead)

        var content = DiscContent(
            claims: [],
            sectorCount: probe.sectorCount,
            partitions: [],
            unreadableSectors: [],
            isIncomplete: false
        )
        try content.readPartitionTables(probe)
        try content.readFileSystems(probe, sessionStart: start)
        try content.readAlternate(probe)
        try content.readApple(probe)
        try content.readOther(probe)
        try content.readErrorCorrection(probe)
        content.unreadableSectors = probe.unreadable.sorted()
        content.isIncomplete = probe.isAbandoned
        content.decide()
        return content
    }

    private mutating func readPartitionTables(_ probe: ContentProbe) throws {
        guard let first = try probe.sector(0) else { return }
        masterBootRecord = MasterBootRecord(first.span)
        for size in [512, 2048] where applePartitionMap == nil {
            applePartitionMap = try ApplePartitionMap(probe, blockSize: size)
        }
    }

    private mutating func readFileSystems(_ probe: ContentProbe, sessionStart: Int) throws {
        let recognition = try VolumeRecognition(probe, sessionStart: sessionStart)
        if !recognition.descriptors.isEmpty {
            var volume = ISO9660Volume(
                sessionStart: sessionStart,
                descriptors: recognition.descriptors
            )
            for index in volume.descriptors.indices {
                try Self.findRoot(&volume, index, probe)
            }
            if let sector = recognition.bootCatalog, let bytes = try probe.sector(sector) {
                var catalog = BootCatalog(bytes.span, sector: sector)
                for index in catalog.entries.indices {
                    try Self.check(&catalog.entries[index], probe)
                }
                volume.bootCatalog = catalog
            } else if let sector = recognition.bootCatalog {
                bootProblem =
                    "The boot catalogue should be in sector \(sector), which \(probe.holds(sector) ? "can't be read" : "lies past the end")."
            }
            if let main = volume.main, main.kind == .primary,
                let bytes = try probe.sector(main.sector)
            {
                implantedChecksum = ImplantedChecksum(bytes.span)
            }
            iso9660 = volume
        }
        // Where nothing says UDF, and nothing was unreadable that might have, its anchor isn't
        // looked for.
        if recognition.udf != nil || recognition.isIncomplete {
            let end = iso9660?.end(sectorCount: sectorCount)
            udf = try UDFReader.volume(
                probe,
                sessionStart: sessionStart,
                standard: recognition.udf?.standard,
                likelyEnd: end.map { Int($0.roundedUp(to: 2048) / 2048) }
            )
        }
    }

    /// Looks whether a descriptor leads to a root directory, and whether that has Rock Ridge.
    private static func findRoot(
        _ volume: inout ISO9660Volume,
        _ index: Int,
        _ probe: ContentProbe
    ) throws {
        let descriptor = volume.descriptors[index]
        guard descriptor.kind != .supplementary else { return }
        do {
            let root = try ISORoot(probe, of: descriptor)
            guard descriptor.sector == volume.main?.sector, descriptor.kind == .primary else {
                return
            }
            volume.rockRidge = try root.rockRidge(probe)?.name
        } catch let error as BrokenStructure {
            volume.descriptors[index].rootProblem = error.sentence
            guard let count = try ISORoot.sectorsBefore(probe, descriptor) else { return }
            volume.sectorsBefore = count
            volume.descriptors[index].rootProblem =
                "Its addresses count from \(count) sectors before this image, which is a later session of a disc without those before it."
        }
    }

    /// Whether a boot program lies within the disc, and whether its own table is right.
    private static func check(_ entry: inout BootEntry, _ probe: ContentProbe) throws {
        if let count = probe.sectorCount {
            entry.isWithinSource = entry.start > 0 && entry.end <= UInt64(max(0, count)) * 2048
        }
        guard entry.isBootable, entry.platform == .x86, entry.emulation == .none,
            entry.isWithinSource != false, let bytes = try probe.sector(entry.start),
            var table = BootInformationTable(bytes.span, start: entry.start)
        else { return }
        if table.length <= BootInformationTable.longest,
            let program = try probe.bytes(at: UInt64(entry.start) * 2048, count: table.length)
        {
            table.isChecksumRight = BootInformationTable.sum(program.span) == table.checksum
        }
        entry.informationTable = table
    }

    /// Apple's volume: at the beginning, or in the first partition that holds one.
    private mutating func readApple(_ probe: ContentProbe) throws {
        hfs = try HFSVolume(probe, start: 0)
        guard let map = applePartitionMap else { return }
        let unit = UInt64(map.blockSize)
        for (index, partition) in map.partitions.enumerated() {
            var content = PartitionContent(
                table: .applePartitionMap,
                number: index + 1,
                start: FileSystemClaim.end(start: 0, count: UInt64(partition.start), unit: unit),
                size: FileSystemClaim.end(start: 0, count: UInt64(partition.count), unit: unit),
                content: nil,
                name: partition.name.isEmpty ? nil : partition.name
            )
            if partition.type.hasPrefix("Apple_HFS"),
                let volume = try HFSVolume(probe, start: content.start)
            {
                note(volume)
                content.content = volume.kind.displayName
                content.name = volume.name ?? content.name
            }
            partitions.append(content)
        }
    }

    /// Keeps a volume of Apple's: the first one is the disc's.
    private mutating func note(_ volume: HFSVolume) {
        guard let first = hfs else {
            hfs = volume
            return
        }
        if first.start != volume.start { furtherHFS.append(volume) }
    }

    /// What the disc is besides: looked for in the sectors that were read anyway, and farther on only
    /// where it has no file system of discs.
    private mutating func readOther(_ probe: ContentProbe) throws {
        let isDisc = iso9660 != nil || udf != nil
        let sectors = KnownMark.reach / ContentProbe.sectorSize
        if !isDisc, hfs == nil {
            try probe.prepare(
                ContentProbe.longestRead,
                count: sectors - ContentProbe.longestRead
            )
        }
        let first = probe.held(sectors)
        other = OtherContent.gameDisc(first.span)
        guard !isDisc, hfs == nil, other == nil else { return }
        other = OtherContent.volume(first.span) ?? OtherContent.file(first.span)
        if other != nil { return }
        try readPartitions(probe)
        guard other == nil, partitions.isEmpty else { return }
        if let count = sectorCount, count > 0, let last = try probe.sector(count - 1) {
            other = OtherContent.footer(last.span)
        }
        if other == nil { other = try text(first.span, probe) }
    }

    /// Whether all of it is text, as far as the beginning and some sectors up to the end show.
    private func text(_ first: Span<UInt8>, _ probe: ContentProbe) throws -> OtherContent? {
        guard let count = sectorCount, count > 0, count <= Self.longestText else { return nil }
        let known = first.count / ContentProbe.sectorSize
        guard !TextForm.forms(of: first, isWhole: known >= count).isEmpty else { return nil }
        var samples: [[UInt8]] = []
        let rest = max(0, count - known)
        for index in 0..<min(rest, Self.mostTextSamples) {
            let sector =
                count - 1 - (rest - 1) * (Self.mostTextSamples - 1 - index)
                / max(1, Self.mostTextSamples - 1)
            guard let bytes = try probe.sector(max(known, sector)) else { return nil }
            samples.append(bytes)
        }
        return OtherContent.text(first, samples: samples)
    }

    /// What lies in the partitions of a hard disk or a stick.
    private mutating func readPartitions(_ probe: ContentProbe) throws {
        var places: [PartitionContent] = []
        if let table = guidPartitionTable {
            let unit = UInt64(table.blockSize)
            for partition in table.partitions.prefix(Self.mostPartitions) {
                let count = partition.last &- partition.first &+ 1
                guard partition.last >= partition.first else { continue }
                places.append(
                    PartitionContent(
                        table: .guidPartitionTable,
                        number: partition.number,
                        start: FileSystemClaim.end(start: 0, count: partition.first, unit: unit),
                        size: FileSystemClaim.end(start: 0, count: count, unit: unit)
                    )
                )
            }
        } else {
            for partition in masterBootRecord?.partitions ?? [] where !partition.isProtective {
                places.append(
                    PartitionContent(
                        table: .masterBootRecord,
                        number: partition.number,
                        start: UInt64(partition.start) * 512,
                        size: UInt64(partition.count) * 512
                    )
                )
            }
        }
        for var place in places where place.start > 0 && place.start < FileSystemClaim.farthestEnd {
            if let volume = try HFSVolume(probe, start: place.start) {
                note(volume)
                place.content = "an \(volume.kind.displayName) file system"
                place.name = volume.name
            } else {
                // A small partition at the end may be shorter than the farthest mark is away.
                let bytes =
                    try probe.bytes(at: place.start, count: KnownMark.reach)
                    ?? probe.bytes(at: place.start, count: 4096) ?? []
                let volume = OtherContent.volume(bytes.span)
                place.content = volume?.name
                place.name = volume?.title
            }
            partitions.append(place)
        }
    }

    /// dvdisaster's data follow what file systems and partition tables claim.
    private mutating func readErrorCorrection(_ probe: ContentProbe) throws {
        let ends = ownClaims.filter(\.decides).compactMap(\.endSector)
        errorCorrection = try ErrorCorrection(probe, after: ends)
    }

    /// GPT comes last: its other header is at the end.
    private mutating func readAlternate(_ probe: ContentProbe) throws {
        for size in [512, 2048] where guidPartitionTable == nil {
            guidPartitionTable = try GUIDPartitionTable(probe, blockSize: size)
        }
    }

    /// What file systems and partition tables claim.
    private var ownClaims: [FileSystemClaim] {
        [
            iso9660?.claim(sectorCount: sectorCount), udf?.claim,
            masterBootRecord?.claim(
                sectorCount: sectorCount,
                hasGPT: guidPartitionTable != nil
            ),
            guidPartitionTable?.claim, applePartitionMap?.claim, hfs?.claim,
        ].compactMap(\.self)
    }

    private mutating func decide() {
        claims = ownClaims + [errorCorrection?.claim].compactMap(\.self)
        claimedEnd = claims.filter(\.decides).compactMap(\.endSector).max()
        volumeIdentifier =
            [iso9660?.volumeIdentifier, udf?.claim.name, hfs?.name].compactMap(\.self)
            .first { !$0.isEmpty }
    }
}
