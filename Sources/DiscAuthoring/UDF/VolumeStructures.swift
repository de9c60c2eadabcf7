import DiscFiles

/// The descriptors of a UDF volume: what stands before its files; ECMA-167 part 3, and UDF 2.2.
struct VolumeStructures {
    private let layout: UDFLayout
    private let revision: UDFRevision
    private let options: UDFImageOptions

    init(_ layout: UDFLayout) {
        self.layout = layout
        options = layout.options
        revision = layout.options.revision
    }

    /// All of them, each with its first sector.
    var runs: [(start: Int, bytes: [UInt8])] {
        var runs = [(start: layout.bridge?.recognitionStart ?? 16, bytes: recognition)]
        for start in [UDFLayout.mainSequence, UDFLayout.reserveSequence] {
            runs.append((start, sequence(from: start)))
        }
        runs.append((UDFLayout.integritySequence, integrity))
        runs += layout.anchors.map { ($0, anchor($0)) }
        if options.isAppendable {
            let table = VirtualTable.bytes(layout)
            let padding = [UInt8](repeating: 0, count: (2048 - table.count % 2048) % 2048)
            runs.append((layout.virtualTableStart, table + padding))
            runs.append(
                (
                    layout.sectorCount - 1,
                    FileEntryBlocks.virtualTable(layout, size: table.count)
                )
            )
        }
        if layout.options.revision.hasMetadataPartition {
            for isMirror in [false, true] {
                let entries = layout.metadataEntries
                let block = isMirror ? entries.mirror : entries.main
                runs.append(
                    (
                        layout.partition.lowerBound + Int(block),
                        FileEntryBlocks.metadata(layout, isMirror: isMirror)
                    )
                )
            }
        }
        return runs
    }

    /// The volume recognition sequence; ECMA-167 2/8.3.
    private var recognition: [UInt8] {
        ["BEA01", revision.standardIdentifier, "TEA01"].flatMap { identifier in
            var descriptor = DescriptorBytes()
            descriptor.put(text: identifier, at: 1)
            descriptor.put(UInt8(1), at: 6)
            return descriptor.bytes
        }
    }

    private func tagged(
        _ descriptor: DescriptorBytes,
        _ identifier: UInt16,
        at sector: Int,
        count: Int = 512
    ) -> [UInt8] {
        var descriptor = descriptor
        descriptor.tag(
            identifier,
            version: revision.descriptorVersion,
            location: UInt32(sector),
            count: count
        )
        return descriptor.bytes
    }

    private func anchor(_ sector: Int) -> [UInt8] {
        var anchor = DescriptorBytes()
        anchor.put(extent: UDFLayout.mainSequence, count: UDFLayout.sequenceCount, at: 16)
        anchor.put(extent: UDFLayout.reserveSequence, count: UDFLayout.sequenceCount, at: 24)
        return tagged(anchor, 2, at: sector)
    }

    /// A volume descriptor sequence; ECMA-167 3/8.4.2.
    private func sequence(from start: Int) -> [UInt8] {
        primary(start) + implementationUse(start + 1) + partition(start + 2)
            + logicalVolume(start + 3) + unallocatedSpace(start + 4)
            + tagged(DescriptorBytes(), 8, at: start + 5)
    }

    private func primary(_ sector: Int) -> [UInt8] {
        var descriptor = DescriptorBytes()
        descriptor.put(UInt32(1), at: 16)
        descriptor.put(name: options.label, at: 24, count: 32)
        descriptor.put(UInt16(1), at: 56)
        descriptor.put(UInt16(1), at: 58)
        // A single volume now, and as one of a set at most (UDF 2.2.2.1).
        descriptor.put(UInt16(2), at: 60)
        descriptor.put(UInt16(3), at: 62)
        descriptor.put(UInt32(1), at: 64)
        descriptor.put(UInt32(1), at: 68)
        descriptor.put(name: setIdentifier, at: 72, count: 128)
        descriptor.putCharacterSet(at: 200)
        descriptor.putCharacterSet(at: 264)
        descriptor.put(options.time, at: 376)
        descriptor.putImplementation(at: 388)
        return tagged(descriptor, 1, at: sector)
    }

    /// UDF 2.2.2.5: the first eight characters are the time, and the first sixteen are unique; here the
    /// next eight follow from what is on the volume, so that the same files make the same image.
    private var setIdentifier: String {
        func digits(_ value: UInt32) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: 8 - text.utf8.count) + text
        }
        var sum: UInt32 = 2_166_136_261
        let sizes = [layout.sectorCount, layout.structureBlocks, layout.order.count]
        for value in sizes + options.label.utf8.map(Int.init) {
            sum = (sum ^ UInt32(truncatingIfNeeded: value)) &* 16_777_619
        }
        let time = UInt32(truncatingIfNeeded: options.time.seconds)
        return digits(time) + digits(sum) + options.label.prefix(40)
    }

    private func implementationUse(_ sector: Int) -> [UInt8] {
        var descriptor = DescriptorBytes()
        descriptor.put(UInt32(2), at: 16)
        descriptor.put(udf: "*UDF LV Info", revision, at: 20)
        descriptor.putCharacterSet(at: 52)
        descriptor.put(name: options.label, at: 116, count: 128)
        descriptor.putImplementation(at: 352)
        return tagged(descriptor, 4, at: sector)
    }

    private func partition(_ sector: Int) -> [UInt8] {
        var descriptor = DescriptorBytes()
        descriptor.put(UInt32(3), at: 16)
        // Its space is allocated (ECMA-167 3/10.5.3).
        descriptor.put(UInt16(1), at: 20)
        descriptor.put(text: "+" + revision.standardIdentifier, at: 25)
        // It can only be read, or be written once (3/10.5.7).
        descriptor.put(UInt32(options.isAppendable ? 2 : 1), at: 184)
        descriptor.put(UInt32(layout.partition.lowerBound), at: 188)
        descriptor.put(UInt32(layout.partition.count), at: 192)
        descriptor.putImplementation(at: 196)
        return tagged(descriptor, 5, at: sector)
    }

    private func logicalVolume(_ sector: Int) -> [UInt8] {
        var descriptor = DescriptorBytes()
        descriptor.put(UInt32(4), at: 16)
        descriptor.putCharacterSet(at: 20)
        descriptor.put(name: options.label, at: 84, count: 128)
        descriptor.put(UInt32(2048), at: 212)
        descriptor.putDomain(revision, at: 216)
        // The file set descriptor and its terminator, in the partition that has the structures.
        let maps = maps
        descriptor.put(longAt: 248, length: 4096, block: 0, partition: UInt16(maps.count - 1))
        descriptor.put(UInt32(maps.reduce(0) { $0 + $1.count }), at: 264)
        descriptor.put(UInt32(maps.count), at: 268)
        descriptor.putImplementation(at: 272)
        descriptor.put(extent: UDFLayout.integritySequence, count: 2, at: 432)
        let table = maps.flatMap(\.self)
        descriptor.put(table, at: 440)
        return tagged(descriptor, 6, at: sector, count: 440 + table.count)
    }

    /// The partition maps; ECMA-167 3/10.7.2 and UDF 2.50 2.2.10.
    private var maps: [[UInt8]] {
        let plain: [UInt8] = [1, 6, 1, 0, 0, 0]
        guard options.hasStructureMap else { return [plain] }
        var map = DescriptorBytes(count: 64)
        map.put(UInt8(2), at: 0)
        map.put(UInt8(64), at: 1)
        map.put(UInt16(1), at: 36)
        if options.isAppendable {
            // UDF 2.01 2.2.8
            map.put(udf: "*UDF Virtual Partition", revision, at: 4)
            return [plain, map.bytes]
        }
        map.put(udf: "*UDF Metadata Partition", revision, at: 4)
        map.put(layout.metadataEntries.main, at: 40)
        map.put(layout.metadataEntries.mirror, at: 44)
        // What can only be read needs no bitmap.
        map.put(UInt32.max, at: 48)
        map.put(UInt32(UDFLayout.alignment), at: 52)
        map.put(UInt16(UDFLayout.alignment), at: 56)
        // The copy has blocks of its own.
        map.put(UInt8(1), at: 58)
        return [plain, map.bytes]
    }

    private func unallocatedSpace(_ sector: Int) -> [UInt8] {
        var descriptor = DescriptorBytes()
        descriptor.put(UInt32(5), at: 16)
        return tagged(descriptor, 7, at: sector, count: 24)
    }

    /// The integrity sequence: the volume is closed; ECMA-167 3/10.10 and UDF 2.2.6.
    ///
    /// That of an appendable volume stays open, since it can't be written again when the volume grows; there
    /// the virtual allocation table counts.
    private var integrity: [UInt8] {
        var sizes = [UInt32(layout.partition.count)]
        if options.isAppendable { sizes.append(.max) }
        if revision.hasMetadataPartition { sizes.append(UInt32(layout.structureBlocks)) }
        var descriptor = DescriptorBytes()
        descriptor.put(options.time, at: 16)
        descriptor.put(UInt32(options.isAppendable ? 0 : 1), at: 28)
        descriptor.put(UInt64(layout.nextUniqueID), at: 40)
        descriptor.put(UInt32(sizes.count), at: 72)
        descriptor.put(UInt32(46), at: 76)
        // Nothing is free, or nobody knows.
        for (index, size) in sizes.enumerated() {
            if options.isAppendable { descriptor.put(UInt32.max, at: 80 + index * 4) }
            descriptor.put(size, at: 80 + (sizes.count + index) * 4)
        }
        let use = 80 + sizes.count * 8
        descriptor.putImplementation(at: use)
        descriptor.put(UInt32(layout.order.count - layout.directoryCount), at: use + 32)
        descriptor.put(UInt32(layout.directoryCount), at: use + 36)
        for offset in [40, 42, 44] { descriptor.put(revision.digits, at: use + offset) }
        let sector = UDFLayout.integritySequence
        return tagged(descriptor, 9, at: sector, count: use + 46)
            + tagged(DescriptorBytes(), 8, at: sector + 1)
    }
}
