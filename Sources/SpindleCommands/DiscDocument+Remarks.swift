import SpindleJobs

/// What is odd about a disc or an image, and what was not looked at: a sentence each.
extension DiscDocument {
    /// What the end of an image and its sessions say.
    static func remarks(of disc: DiscImage, _ end: ImageEnd?, _ later: [LaterVolume])
        -> [String]
    {
        var remarks: [String] = []
        if !disc.isVirtualDisc || disc.medium.facts.recording != .overwritable {
            remarks += Self.remarks(of: disc.layout.dataSessions)
        }
        guard !disc.isVirtualDisc else { return remarks }
        guard let content = disc.content else {
            guard (disc.source.sectorCount ?? 0) > 0 else { return remarks }
            return remarks + ["What the image holds could not be read."]
        }
        remarks += Self.remarks(of: later)
        guard let end else {
            guard content.claims.isEmpty, content.other == nil else { return remarks }
            return remarks + [nothing(on: disc)]
        }
        return remarks + Self.remarks(of: end, content, disc, later)
    }

    /// What the file system's own size says of an image: that some of it is missing, or that there
    /// is more.
    private static func remarks(
        of end: ImageEnd,
        _ content: DiscContent,
        _ disc: DiscImage,
        _ later: [LaterVolume]
    ) -> [String] {
        if end.missingBytes > 0 {
            return [
                "The image is truncated: its file system has \(end.claimedSectors) sectors, and the last \(end.missingSectors) of them (\(end.missingBytes) bytes) are missing; files that lie there can't be read."
            ]
        }
        var remarks: [String] = []
        let last = content.claims.filter(\.decides).max {
            ($0.endSector ?? 0) < ($1.endSector ?? 0)
        }
        if let count = content.sectorCount, let claim = last, let end = claim.endSector,
            end > count
        {
            let what =
                claim.kind == .errorCorrection ? "The error-correction data" : "A partition"
            remarks.append(
                "\(what) goes on to sector \(end), \(Wording.sectors(end - count)) after the image's end."
            )
        }
        // A single piece of a sector has a sentence of its own.
        let isPiece = end.sectorsBehind == 1 && disc.byteCount % 2048 != 0
        if let first = end.firstDataBehind, !isPiece,
            !later.contains(where: { $0.start <= first })
        {
            remarks.append(
                "After the end of the file system comes data that it does not know: \(Wording.sectors(end.dataSectorsBehind)), from sector \(first) on."
            )
        }
        if end.unreadableSectors > 0 {
            remarks.append(
                "Of the \(Wording.sectors(end.sectorsBehind)) after the end of the file system, \(end.unreadableSectors) can't be read."
            )
        }
        return remarks
    }

    /// That there is no file system, and how much of the image is known to be zeros.
    private static func nothing(on disc: DiscImage) -> String {
        let none = "No file system was found"
        guard let all = try? disc.unclaimed(), all.areZeros ?? false else { return none + "." }
        if all.sectorsExamined == all.sectorsBehind { return none + ": all of it is zeros." }
        guard all.unreadableSectors == 0 else { return none + "." }
        return none
            + ": the first \(Wording.sectors(all.sectorsExamined)) are zeros, and the rest was not looked at."
    }

    /// What the file systems of other sessions mean for those that were found.
    static func remarks(of sessions: [DataSession]) -> [String] {
        guard sessions.count > 1, let last = sessions.last else { return [] }
        return [
            "The disc has \(sessions.count) sessions with data; the file systems are those of session \(last.number), and the others were not looked at."
        ]
    }

    private static func remarks(of later: [LaterVolume]) -> [String] {
        later.map { volume in
            let name = volume.name.map { " “\($0)”" } ?? ""
            return volume.isSession
                ? "The file system\(name) of a later session begins at sector \(volume.start); its files are not among those of the first."
                : "Another file system\(name) begins at sector \(volume.start); its addresses don't count from the beginning of this image, so it is not a session of it."
        }
    }

    /// What is wrong with what was found, and what could not be looked at.
    ///
    /// What is no data, such as audio, is not looked at as such.
    static func remarks(of content: DiscContent, on layout: DiscLayout) -> [String] {
        var remarks = (content.iso9660?.descriptors ?? []).compactMap { descriptor in
            descriptor.rootProblem.map {
                "The \(descriptor.kind.displayName) tree can't be opened. \($0)"
            }
        }
        let unreadable = content.unreadableSectors.filter { sector in
            Int(exactly: sector).flatMap { layout.track(holding: $0) }?.mode.isData ?? false
        }
        if let sector = unreadable.first {
            let others = unreadable.count - 1
            let which =
                others == 0
                ? "Sector \(sector) can't be read, and what it holds"
                : "Sector \(sector) and \(others) more that were asked for can't be read, and what they hold"
            remarks.append("\(which) is not known.")
        }
        if content.isIncomplete {
            remarks.append(
                "The search for file systems was ended early, because too many sectors can't be read."
            )
        }
        return remarks + bootRemarks(content)
    }

    /// What is wrong with what a computer would start from.
    private static func bootRemarks(_ content: DiscContent) -> [String] {
        var remarks = [content.bootProblem, content.iso9660?.bootCatalog?.problem]
            .compactMap(\.self)
        for entry in content.bootEntries {
            if entry.isWithinSource == false {
                remarks.append(
                    "The boot program for \(entry.platform.displayName) from sector \(entry.start) on continues past the end."
                )
            }
            if entry.informationTable?.isChecksumRight == false {
                remarks.append(
                    "The boot program for \(entry.platform.displayName) in sector \(entry.start) does not have the checksum that its boot information table gives."
                )
            }
        }
        if content.udf?.isLeftOpen ?? false {
            remarks.append(
                "The UDF volume was not closed properly by the program that wrote to it."
            )
        }
        return remarks
    }
}
