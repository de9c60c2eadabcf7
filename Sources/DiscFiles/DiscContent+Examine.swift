public import Transfer

extension DiscContent {
    /// A session can't begin behind this sector.
    private static let farthestSession = 1 << 36

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
            unreadableSectors: [],
            isIncomplete: false
        )
        try content.readPartitionTables(probe)
        try content.readFileSystems(probe, sessionStart: start)
        try content.readAlternate(probe)
        content.unreadableSectors = probe.unreadable.sorted()
        content.isIncomplete = probe.isAbandoned
        content.decide()
        return content
    }

    private mutating func readPartitionTables(_ probe: ContentProbe) throws {
        guard let first = try probe.sector(0) else { return }
        masterBootRecord = MasterBootRecord(first.span)
        hfs = HFSVolume(first.span)
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
            if let main = volume.main, main.kind == .primary {
                volume.rockRidge = try RockRidge.identifier(
                    probe,
                    rootDirectory: main.rootDirectory,
                    blockSize: main.logicalBlockSize
                )
            }
            if let sector = recognition.bootCatalog, let bytes = try probe.sector(sector) {
                volume.bootCatalog = BootCatalog(bytes.span, sector: sector)
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

    /// GPT comes last: its other header is at the end.
    private mutating func readAlternate(_ probe: ContentProbe) throws {
        for size in [512, 2048] where guidPartitionTable == nil {
            guidPartitionTable = try GUIDPartitionTable(probe, blockSize: size)
        }
    }

    private mutating func decide() {
        claims = [
            iso9660?.claim(sectorCount: sectorCount), udf?.claim,
            masterBootRecord?.claim(
                sectorCount: sectorCount,
                hasGPT: guidPartitionTable != nil
            ),
            guidPartitionTable?.claim, applePartitionMap?.claim, hfs?.claim,
        ].compactMap(\.self)
        claimedEnd = claims.filter(\.decides).compactMap(\.endSector).max()
        volumeIdentifier =
            [iso9660?.volumeIdentifier, udf?.claim.name, hfs?.name].compactMap(\.self)
            .first { !$0.isEmpty }
    }
}
