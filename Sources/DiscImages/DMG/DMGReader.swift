/// Opens Apple disk images; those without packing and trailer are plain images, and opened as such.
enum DMGReader {
    private static let format = "an Apple disk image"
    /// The longest property list; that of a full BD has a tenth of it.
    private static let longestList = 1 << 26
    /// The longest one that is read whatever the file's size.
    private static let leastList = 1 << 22

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        if let disc = try DMGEncryption.open(file) ?? SparseImage.open(file) { return disc }
        guard let (trailer, place) = try trailer(of: file) else { return nil }
        let data =
            trailer.segmentCount > 1
            ? try DMGSegments.join(file, trailer, place, format)
            : DMGSegments.Data(file.bytes, start: trailer.dataOffset)
        let tables = try tables(of: file, trailer, data)
        guard !tables.isEmpty else {
            throw ImageFormatError(
                file.name,
                format,
                "the list of partitions",
                at: trailer.list.lowerBound,
                "is empty"
            )
        }
        let runs = tables.flatMap(\.runs).sorted { $0.range.lowerBound < $1.range.lowerBound }
        var end = 0
        for run in runs {
            guard run.range.lowerBound >= end else {
                throw ImageFormatError(
                    file.name,
                    format,
                    "the run of sector \(run.range.lowerBound / DMGTable.sector)",
                    at: run.place,
                    "overlaps the one before"
                )
            }
            end = run.range.upperBound
        }
        let size = max(end, trailer.sectorCount * DMGTable.sector)
        guard size > 0 else {
            throw ImageFormatError(
                file.name,
                format,
                "the number of sectors",
                at: place + 492,
                "is 0"
            )
        }
        let map = DMGMap(data.bytes, format: format, runs: runs, byteCount: size)
        let checksums = DMGChecksums(file, trailer, at: place, tables, format: format)
        let disc = try Unpacked.open(
            file,
            BlockBytes(data.bytes, map, check: check(of: tables, file, place)),
            format: format,
            evidence: [evidence(tables), checksums.evidence],
            warnings: warnings(tables, sectorCount: size / DMGTable.sector, checksums)
        )
        disc.addContainerCheck { try checksums.check() }
        return disc
    }

    /// A file's trailer, and where it lies.
    static func trailer(of file: ImageFile) throws -> (DMGTrailer, Int)? {
        let size = DMGTrailer.size
        guard file.bytes.byteCount >= size else { return nil }
        for place in [file.bytes.byteCount - size, 0] {
            let bytes = try place == 0 ? file.head(size) : file.tail(size)
            guard bytes.starts(with: DMGTrailer.mark) else { continue }
            let fields = BinaryFields(file.name, format, bytes, origin: place, order: .big)
            // A file may begin with these letters; a trailer gives its size.
            guard try fields.u32(8, "the size of the trailer") == size else { continue }
            return (try DMGTrailer(fields, fileSize: file.bytes.byteCount), place)
        }
        return nil
    }

    private static func tables(
        of file: ImageFile,
        _ trailer: DMGTrailer,
        _ data: DMGSegments.Data
    ) throws -> [DMGTable] {
        var found: [(name: String, bytes: [UInt8])] = []
        let isList = !trailer.list.isEmpty
        let range = isList ? trailer.list : trailer.resources
        guard !range.isEmpty else {
            throw ImageFormatError(
                file.name,
                format,
                "the property list",
                "is missing, and the resource fork, too"
            )
        }
        // What it becomes in memory is several times as large.
        guard range.count <= min(longestList, max(leastList, file.bytes.byteCount / 8)) else {
            throw ImageFormatError(
                file.name,
                format,
                isList ? "the property list" : "the resource fork",
                at: range.lowerBound,
                "has \(range.count) bytes, which is too much"
            )
        }
        let bytes = try file.bytes.bytes(range, limit: longestList)
        if isList {
            guard let list = PropertyListParser.parse(bytes),
                let entries = list["resource-fork"]?["blkx"]?.elements
            else {
                throw ImageFormatError(
                    file.name,
                    format,
                    "the property list",
                    at: range.lowerBound,
                    "can't be understood"
                )
            }
            for entry in entries {
                guard let data = entry["Data"]?.bytes else {
                    throw ImageFormatError(
                        file.name,
                        format,
                        "a partition of the property list",
                        at: range.lowerBound,
                        "has no data"
                    )
                }
                found.append((entry["Name"]?.string ?? entry["CFName"]?.string ?? "", data))
            }
        } else {
            let fork = BinaryFields(
                file.name,
                format,
                bytes,
                origin: range.lowerBound,
                order: .big
            )
            found = try ResourceFork.resources("blkx", in: fork).map { ("", $0) }
        }
        return try found.enumerated().map { number, table in
            try DMGTable(
                BinaryFields(
                    file.name,
                    format,
                    table.bytes,
                    origin: range.lowerBound,
                    order: .big
                ),
                name: table.name,
                number: number,
                dataOffset: data.start,
                fileSize: data.bytes.byteCount
            )
        }
    }

    /// The partitions' sums.
    private static func check(of tables: [DMGTable], _ file: ImageFile, _ place: Int)
        -> InOrderCheck
    {
        var parts: [InOrderCheck.Part] = []
        for (number, table) in tables.enumerated() {
            guard let sum = table.sum else { continue }
            let runs = table.countedRuns.sorted { $0.range.lowerBound < $1.range.lowerBound }
            let error = DMGChecksums.wrongContent(of: number, file, format)
            for (index, run) in runs.enumerated() {
                let isLast = index == runs.count - 1
                parts.append(
                    InOrderCheck.Part(range: run.range, sum: isLast ? sum : nil, error: error)
                )
            }
        }
        return InOrderCheck(parts.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }

    private static func evidence(_ tables: [DMGTable]) -> String {
        var kinds: [String] = []
        for run in tables.flatMap(\.runs) {
            let name: String? =
                switch run.kind {
                case .adc, .zlib, .bzip2, .lzfse, .xz: run.kind.displayName
                default: nil
                }
            if let name, !kinds.contains(name) { kinds.append(name) }
        }
        let packing = kinds.isEmpty ? "not packed" : "packed with " + kinds.joined(separator: ", ")
        return "It has the trailer of an Apple disk image, \(packing)."
    }

    private static func warnings(
        _ tables: [DMGTable],
        sectorCount: Int,
        _ checksums: DMGChecksums
    ) -> [String] {
        var warnings = tables.compactMap(\.warning)
        if let gaps = DMGTable.warning(of: tables, sectorCount: sectorCount) {
            warnings.append(gaps)
        }
        if tables.contains(where: { $0.name.contains("Apple_APFS") }) {
            warnings.append("It holds an APFS volume, whose files are not read.")
        }
        return warnings + [checksums.warning].compactMap(\.self)
    }
}
