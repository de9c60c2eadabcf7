/// The files of a UDF volume; ECMA-167 part 4 as OSTA restricts it, from 1.02 to 2.60.
final class UDFFileTree: FileTree {
    /// The bits of a file's characteristics that are asked for; ECMA-167 4/14.4.3.
    private struct Characteristics: OptionSet {
        let rawValue: UInt8

        static let hidden = Characteristics(rawValue: 0x01)
        static let directory = Characteristics(rawValue: 0x02)
        static let deleted = Characteristics(rawValue: 0x04)
        static let parent = Characteristics(rawValue: 0x08)
    }

    /// Named streams of one file.
    private static let mostStreams = 1024
    /// The bytes of a symlink's path.
    private static let longestTarget = 1 << 16

    let kind = FileTreeKind.udf
    let root: FileEntry
    /// What is odd about the volume: a sentence each.
    let problems: [String]
    private let reader: StructureReader
    private let addressing: UDFAddressing

    var examinedBytes: Int { reader.examined }
    var mostExamined: Int { reader.mostExamined }

    /// Opens the tree of a volume.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - volume: What its descriptors say.
    ///   - end: The sector behind what is recorded; the source's end where left out.
    /// - Throws: ``BrokenStructure`` where its root can't be found.
    init(_ reader: StructureReader, _ volume: UDFVolume, end: Int?) throws {
        reader.begin()
        self.reader = reader
        let descriptor = try Self.logicalVolume(reader, volume)
        addressing = try UDFAddressing(reader, volume, descriptor: descriptor, end: end)
        let place = UDFAddress(descriptor.span, longAt: 248)
        let fileSet = try addressing.descriptor(at: place).bytes
        guard FileTag.kind(fileSet.span) == .fileSet else {
            throw BrokenStructure("There is no valid file set descriptor.")
        }
        try addressing.checkPlace(of: fileSet.span, at: place)
        problems = addressing.problems + [addressing.takeNote()].compactMap(\.self)
        let record = try UDFFileRecord(
            at: UDFAddress(fileSet.span, longAt: 400),
            addressing
        )
        guard record.kind == .directory else {
            throw BrokenStructure("The root directory is none.")
        }
        root = record.entry(name: "/", kind: .directory)
        // Whoever lists the root reads its file entry again, and says so there.
        _ = addressing.takeNote()
    }

    /// The newest logical volume descriptor of the sequences.
    private static func logicalVolume(_ reader: StructureReader, _ volume: UDFVolume) throws
        -> [UInt8]
    {
        var newest: [UInt8]?
        for sequence in volume.sequences {
            for index in 0..<min(sequence.length / max(1, volume.blockSize), 64) {
                let block = sequence.start + index
                guard
                    let bytes = try? reader.bytes(
                        at: block * volume.blockSize,
                        count: volume.blockSize
                    ),
                    let tag = DescriptorTag(bytes.span, block: UInt64(block))
                else { continue }
                if tag.kind == .terminator { break }
                guard tag.kind == .logicalVolume else { continue }
                let rank = newest.map { $0.span.little32(16) }
                if let rank, bytes.span.little32(16) < rank { continue }
                newest = bytes
            }
            // The reserve says the same as the main sequence, which comes first.
            if let newest { return newest }
        }
        throw BrokenStructure("There is no valid logical volume descriptor.")
    }

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        reader.begin()
        var listing = DirectoryListing()
        for problem in directory.identity == root.identity ? problems : [] {
            listing.note(problem, loss: nil)
        }
        do {
            try read(directory, into: &listing)
        } catch let error as BrokenStructure {
            listing.note(error.sentence)
        }
        if let note = addressing.takeNote() { listing.note(note, loss: nil) }
        listing.finish()
        return listing
    }

    private func read(_ directory: FileEntry, into listing: inout DirectoryListing) throws {
        let address = UDFAddress(
            map: Int(directory.identity >> 32),
            block: UInt32(truncatingIfNeeded: directory.identity)
        )
        try forEachIdentifier(in: address, &listing) { name, traits, target, listing in
            guard !listing.isFull else {
                listing.note("The directory has more entries than are listed.")
                return false
            }
            if let entry = try entry(target, name: name, traits, &listing) { listing.add(entry) }
            return true
        }
    }

    /// Goes through the entries of a directory, without deleted ones and that of its parent.
    ///
    /// - Parameters:
    ///   - address: The directory's file entry.
    ///   - listing: Gets what is wrong.
    ///   - take: Is given each entry's name, traits and file entry; it returns false to end this. What it throws
    ///     as broken is about that entry alone.
    /// - Throws: ``BrokenStructure`` if the directory can't be read.
    private func forEachIdentifier(
        in address: UDFAddress,
        _ listing: inout DirectoryListing,
        _ take: (String, Characteristics, UDFAddress, inout DirectoryListing) throws -> Bool
    ) throws {
        let record = try UDFFileRecord(at: address, addressing)
        let bytes = try UDFDirectoryBytes(record, addressing).bytes
        let span = bytes.span
        var position = 0
        var hasParent = false
        defer {
            // ECMA-167 4/8.6: without it, what was read can't be all of the directory.
            if !hasParent, listing.problems.isEmpty {
                listing.note("The directory has no entry for its parent.")
            }
        }
        while position + UDFDirectoryBytes.fixedLength <= bytes.count {
            guard let (nameRange, end) = UDFDirectoryBytes.entry(span, at: position) else {
                guard let next = try UDFDirectoryBytes.next(span, after: position, reader) else {
                    listing.note("The rest of the directory is broken from byte \(position) on.")
                    return
                }
                listing.note("The directory is broken from byte \(position) to \(next).")
                position = next
                continue
            }
            defer { position = end }
            let traits = Characteristics(rawValue: span.byte(position + 18))
            if traits.contains(.parent) { hasParent = true }
            if traits.contains(.deleted) || traits.contains(.parent) { continue }
            guard let name = Self.name(bytes[nameRange]) else {
                listing.note("An entry has a name in no known form; it is left out.")
                continue
            }
            do {
                let target = UDFAddress(span, longAt: position + 20)
                guard try take(name, traits, target, &listing) else { return }
            } catch let error as BrokenStructure {
                listing.note("“\(FileName.shown(name))” is left out. \(error.sentence)")
                try reader.charge(1)
            }
        }
    }

    /// The named streams of a file (ECMA-167 4/9.2); what is wrong with them is told, and hides no entry.
    private func streams(
        _ directory: UDFAddress,
        of name: String,
        _ listing: inout DirectoryListing
    ) throws -> [FileStream] {
        var streams: [FileStream] = []
        var own = DirectoryListing()
        do {
            try forEachIdentifier(in: directory, &own) { name, traits, address, own in
                guard streams.count < Self.mostStreams else {
                    own.note("It has more than \(Self.mostStreams) streams.")
                    return false
                }
                let record = try UDFFileRecord(at: address, addressing)
                let found = try record.extents(addressing)
                if let problem = found.problem {
                    own.note("Of “\(FileName.shown(name))”, \(problem).")
                }
                streams.append(FileStream(name: name, size: record.size, extents: found.extents))
                return true
            }
        } catch let error as BrokenStructure {
            own.note(error.sentence)
        }
        for problem in own.problems {
            listing.note(
                "Of “\(FileName.shown(name))”, the named streams are broken. \(problem.sentence)",
                loss: .attributes
            )
        }
        return streams
    }

    private func entry(
        _ address: UDFAddress,
        name: String,
        _ traits: Characteristics,
        _ listing: inout DirectoryListing
    ) throws -> FileEntry? {
        let record = try UDFFileRecord(at: address, addressing)
        guard let kind = record.kind else {
            listing.note(
                "“\(FileName.shown(name))” is left out: its file entry gives it type \(record.type), which is that of no file."
            )
            return nil
        }
        // Hard links lead to one entry as often as there are names, each of which was counted; what an entry can
        // make of itself in memory stays counted.
        if kind != .directory, record.nameCount > 1 { reader.excuse(record.fixedLength) }
        var entry = record.entry(name: name, kind: kind)
        entry.isHidden = traits.contains(.hidden)
        if let directory = record.streamDirectory {
            entry.streams = try streams(directory, of: name, &listing)
        }
        let shown = FileName.shown(name)
        if traits.contains(.directory) != (kind == .directory) {
            listing.note(
                "Directory and file entry differ on whether “\(shown)” is a directory; it is read as the file entry says."
            )
        }
        do {
            switch kind {
            case .symlink:
                entry.target = Self.target(
                    try record.contents(addressing, limit: Self.longestTarget)
                )
            case .file:
                let found = try record.extents(addressing)
                entry.extents = found.extents
                if let problem = found.problem {
                    listing.note("Of “\(shown)”, \(problem).", loss: .contents)
                }
                if let remark = found.remark {
                    listing.note("Of “\(shown)”, \(remark).", loss: nil)
                }
                let isWhole = found.extents.allSatisfy { extent in
                    extent.offset.map { reader.holds($0, count: extent.length) } ?? true
                }
                if !isWhole {
                    listing.note(
                        "“\(shown)” lies partly or wholly past the end of the disc.",
                        loss: nil
                    )
                }
            default:
                break
            }
        } catch let error as BrokenStructure {
            listing.note("“\(shown)” can't be read. \(error.sentence)", loss: .contents)
        }
        return entry
    }

    /// OSTA's compressed Unicode: a byte that tells the width, and characters (UDF 2.60 §2.1.1).
    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        switch bytes.first {
        case 8, 254: FileName.latin1(bytes.dropFirst())
        case 16, 255: FileName.bigEndian(bytes.dropFirst())
        default: nil
        }
    }

    /// A symlink's components; ECMA-167 4/14.16.1.
    private static func target(_ bytes: [UInt8]) -> String {
        let span = bytes.span
        var target = ""
        var position = 0
        while position + 4 <= bytes.count {
            let length = Int(span.byte(position + 1))
            let start = position + 4
            let end = min(start + length, bytes.count)
            let fixed: [UInt8: String] = [3: "..", 4: "."]
            let type = span.byte(position)
            position = end
            if type == 1 || type == 2 {
                target = "/"
                continue
            }
            let part = fixed[type] ?? name(bytes[start..<end]) ?? ""
            target += (target.isEmpty || target == "/" ? "" : "/") + part
        }
        return target
    }
}
