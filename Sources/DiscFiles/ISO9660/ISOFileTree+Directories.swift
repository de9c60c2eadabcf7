extension ISOFileTree {
    /// Finds where a directory's records are: where its record says, or, if no directory begins there,
    /// where the path table says.
    ///
    /// - Parameters:
    ///   - entry: The directory, which gets its place and size.
    ///   - record: Its record in its parent.
    ///   - parent: The byte that its parent begins at.
    ///   - listing: Gets what is wrong.
    /// - Returns: The records that it begins with; `nil` if it has none or they can't be read.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    func find(
        _ entry: inout FileEntry,
        _ record: DirectoryRecord,
        in parent: Int,
        _ listing: inout DirectoryListing
    ) throws -> DirectoryHead? {
        let place = record.place(blockSize: blockSize)
        do {
            if let head = try DirectoryHead(reader, at: place, isDraft: isDraft) {
                if record.size == 0 { move(&entry, to: place, head) }
                return head
            }
        } catch is BrokenStructure where reader.holds(place, count: 2048) {
            // It may be right all the same; whoever enters it is told that it can't be read.
            return nil
        } catch is BrokenStructure {}
        guard let other = pathTable?.place(in: parent, record.identifier), other != place,
            let head = try? DirectoryHead(reader, at: other, isDraft: isDraft)
        else {
            if record.size == 0 {
                listing.note("“\(FileName.shown(entry.name))” is a directory without sectors.")
            }
            return nil
        }
        move(&entry, to: other, head)
        listing.note(
            "“\(FileName.shown(entry.name))” does not begin in sector \(place / 2048), as its record says; the path table's sector \(other / 2048) is used.",
            loss: nil
        )
        return head
    }

    private func move(_ entry: inout FileEntry, to place: Int, _ head: DirectoryHead) {
        entry.extents =
            head.own.size > 0 ? [FileExtent(offset: place, length: head.own.size)] : []
        entry.identity = UInt64(place)
    }

    /// Whether a directory was relocated and is shown where it belongs (RRIP §4.1.5).
    ///
    /// `RE` in its record says that it was, and so does `PL` in its second record, which is all that
    /// makefs writes. `PL` also names the directory where it belongs: only if that refers to it, it
    /// can be left out here.
    func isShownElsewhere(
        _ entry: FileEntry,
        _ own: RockRidgeAttributes,
        _ head: DirectoryHead?,
        _ listing: inout DirectoryListing
    ) throws -> Bool {
        var home: Int?
        if let head, let parent = head.parent {
            home = try attributes(parent, head.bytes).parentBlock
        }
        guard let home else { return own.isRelocated }
        if try refers(home * blockSize, to: Int(entry.identity)) { return true }
        listing.note(
            "“\(FileName.shown(own.name ?? entry.name))” belongs into another directory, which does not refer to it; it is shown here.",
            loss: nil
        )
        return false
    }

    /// Whether a record of a directory stands for a relocated one.
    private func refers(_ directory: Int, to place: Int) throws -> Bool {
        do {
            guard let head = try DirectoryHead(reader, at: directory, isDraft: isDraft) else {
                return false
            }
            var sector = directory
            let end = directory + min(head.own.size, Self.longestDirectory)
            while sector < end {
                let next = (sector / 2048 + 1) * 2048
                let bytes = try reader.bytes(at: sector, count: next - sector)
                var within = 0
                while let record = self.record(bytes, at: within), record.length > 0 {
                    if let block = try attributes(record, bytes).childBlock,
                        block * blockSize == place
                    {
                        return true
                    }
                    within += record.length
                }
                sector = next
            }
            return false
        } catch is BrokenStructure {
            return false
        }
    }
}
