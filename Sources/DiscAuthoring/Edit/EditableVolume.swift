import DiscFiles
import Reports
import Transfer

/// A disc or an image whose files are changed.
struct EditedDisc {
    /// How sentences name it.
    var name: String
    /// Its data.
    var source: any SectorSource
    /// The sector that the session begins with whose files they are.
    var sessionStart: Int
    /// The sector that a new session begins with; `nil` if the image itself is changed.
    var newSession: Int?
    /// The first sectors of file systems that begin behind the one whose files they are.
    var laterVolumes: [Int]

    /// Refuses changes that are of the files of another session.
    ///
    /// - Parameters:
    ///   - start: The sector that the session of those begins with; `nil` if they are of this one.
    ///   - appends: Whether the changes become a session.
    /// - Throws: ``Reports/Failure`` if they are of another session.
    func check(sessionStart start: Int?, appends: Bool) throws(Failure) {
        guard let start, start != sessionStart else { return }
        throw Failure(
            .source,
            .loss,
            "The changes are of the session of \(name) that begins at sector \(start), and only those of the one at sector \(sessionStart) can be made\(appends ? "" : " without --session").",
            meaning: "Nothing was written.",
            advice:
                "Copy what was changed from the mounted directory, or make an image of that with “spindle create”."
        )
    }
}

/// Whether an image is one that can be changed.
struct EditableVolume {
    private let disc: EditedDisc
    private let trees: DiscTrees
    /// The volume that a partition of the image has for itself; `nil` if there is none.
    private(set) var second: SecondVolume?

    init(_ disc: EditedDisc, _ trees: DiscTrees) {
        (self.disc, self.trees) = (disc, trees)
    }

    /// The directories of an image are damaged.
    static func damaged(_ path: String, _ sentence: String) -> Failure {
        Failure(
            .source,
            "\(path) can't be changed, for not all of it is understood. \(sentence)",
            meaning: "Nothing was written.",
            advice: "Extract the files and make a new image of them with “spindle create”."
        )
    }

    /// What to do instead, without the full stop.
    static let extraction =
        "Extract the files with “spindle extract” and make a new image of them with “spindle create”"

    private static func refused(
        _ path: String,
        _ reason: String,
        advice: String = "\(extraction)."
    ) -> Failure {
        Failure(
            .source,
            .loss,
            "\(path) \(reason).",
            meaning: "Nothing was written.",
            advice: advice
        )
    }

    /// Refuses an image with something that would be wrong after a change.
    ///
    /// - Returns: Its sectors, and its ISO 9660 volume.
    mutating func sound(_ path: String) throws -> (sectors: Int, volume: ISO9660Volume) {
        let content = trees.content
        guard let volume = content.iso9660, let main = volume.main, main.kind == .primary else {
            let what = content.udf != nil ? "UDF alone" : "no ISO 9660 volume"
            throw Self.refused(
                path,
                "has \(what), and only images of ISO 9660 can be changed",
                advice: "\(Self.extraction)\(content.udf != nil ? ", of UDF with --udf" : "")."
            )
        }
        if let problem = main.rootProblem { throw Self.damaged(path, problem) }
        if content.udf != nil {
            throw Self.refused(
                path,
                "has a UDF tree beside ISO 9660, which would not have the changes",
                advice: "\(Self.extraction), of ISO 9660 or, with --udf, of UDF."
            )
        }
        // One after the volume has files of its own.
        let end = volume.endCountedFromDisc ?? UInt64.max
        let hfs = ([content.hfs].compactMap(\.self) + content.furtherHFS).first { hfs in
            UInt64(clamping: hfs.start) < end
        }
        if let hfs {
            throw Self.refused(
                path,
                "has an \(hfs.kind.displayName) tree beside ISO 9660, which would not have the changes",
                advice: "\(Self.extraction), which makes no \(hfs.kind.displayName) tree."
            )
        }
        if content.errorCorrection != nil {
            throw Self.refused(
                path,
                "ends with error-correction data of dvdisaster, which would be wrong after a change"
            )
        }
        // A disc in a drive has run-out after a session, and nothing of what is read here is copied into a
        // further one but directories, which have to be read whole.
        if disc.newSession == nil, let sector = trees.unreadableSectors.first {
            throw Self.damaged(path, "Sector \(sector) can't be read.")
        }
        if let start = disc.laterVolumes.first {
            throw Self.refused(
                path,
                "has another file system from sector \(start) on, and only images with one session can be changed"
            )
        }
        if disc.newSession != nil, content.guidPartitionTable != nil {
            throw Self.refused(path, "has a GPT, which a further session would leave in the middle")
        }
        try findSecond(path)
        guard let count = disc.source.sectorCount, count > 17 else {
            throw Self.damaged(path, "Its size is not known.")
        }
        return (count, volume)
    }

    /// Looks for a partition that has descriptors of its own (`xorriso -partition_offset`).
    ///
    /// - Throws: ``Reports/Failure`` if its directories can't have the same changes.
    private mutating func findSecond(_ path: String) throws {
        let starts = secondStarts()
        guard let start = starts.first else { return }
        func refused(_ why: String) -> Failure {
            Self.refused(
                path,
                "has a second set of directories for the partition that begins at sector \(start), \(why)"
            )
        }
        // What lies before the first descriptor is the volume's own partition.
        guard starts.count == 1, start <= PartitionGrowth.areaSize / 2048 else {
            throw refused("which would not have the changes")
        }
        guard disc.newSession == nil else {
            throw refused("which a further session would not have")
        }
        let second = try SecondVolume(disc.source, at: start)
        if let difference = try second.difference(from: trees) {
            throw refused("which are not the same as the first one: \(difference)")
        }
        self.second = second
    }

    /// The sectors in which partitions begin that have descriptors of their own, the primary one first.
    ///
    /// An Apple partition map lists itself, from sector 1 on: 16 sectors later lies another descriptor of the volume.
    private func secondStarts() -> [Int] {
        let starts = Set(ListedPartition.all(trees.content).map(\.start)).sorted()
        var found: [Int] = []
        for start in starts where start > 0 && start % 2048 == 0 {
            let sector = start / 2048 + LaterVolume.descriptorDistance
            guard let (bytes, count) = try? disc.source.whole(sector..<sector + 1), count == 1,
                bytes[0] == 1, bytes[1..<6].elementsEqual("CD001".utf8)
            else { continue }
            found.append(start / 2048)
        }
        return found
    }

    /// The trees of the volume, record by record.
    func trees(_ path: String) throws -> [EditedTree] {
        var edited = try editedTrees(path, trees, base: 0)
        for tree in edited where disc.newSession == nil {
            tree.moreDescriptors += try ([tree.descriptorSector] + tree.moreDescriptors)
                .compactMap(copy(of:))
        }
        if let second { edited += try editedTrees(path, second.trees, base: second.start) }
        return edited
    }

    private func editedTrees(_ path: String, _ trees: DiscTrees, base: Int) throws -> [EditedTree] {
        let source = base == 0 ? disc.source : SessionSource(disc.source, from: base)
        var edited: [EditedTree] = []
        for descriptor in trees.content.iso9660?.descriptors ?? [] {
            let kind: FileTreeKind
            switch descriptor.kind {
            case .primary: kind = trees.tree(.rockRidge) != nil ? .rockRidge : .iso
            case .joliet: kind = .joliet
            case .enhanced: kind = .iso1999
            case .supplementary, .highSierra:
                throw Self.refused(path, "has a tree of names in a character set that is not known")
            }
            guard !edited.contains(where: { $0.kind == kind }) else {
                throw Self.refused(path, "has two \(kind.displayName) trees")
            }
            let reader = try RecordReader(source, descriptor, kind: kind)
            if let index = try edited.firstIndex(where: { try isSame($0.reader, reader, base) }) {
                var (tree, sector) = (edited[index], descriptor.sector + base)
                if tree.kind == .iso, kind == .iso1999 {
                    // The names are the longer ones.
                    sector = tree.descriptorSector
                    tree = try EditedTree(reader, base: base)
                    edited[index] = tree
                }
                tree.hasLongNames = kind == .iso1999
                tree.moreDescriptors.append(sector)
                continue
            }
            // XA's attributes have 14 bytes, and nothing else is known to stand there.
            guard reader.skippedBytes <= 14 else {
                throw Self.refused(path, "has unknown attributes before those of Rock Ridge")
            }
            edited.append(try EditedTree(reader, base: base))
        }
        return edited
    }

    /// Whether two descriptors lead to the same directories and tables.
    private func isSame(_ one: RecordReader, _ other: RecordReader, _ base: Int) throws -> Bool {
        guard one.rootBlock == other.rootBlock else { return false }
        return try places(one.descriptor.sector + base) == places(other.descriptor.sector + base)
    }

    /// Where a descriptor says that its directories and tables are.
    private func places(_ sector: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 2048)
        var span = bytes.mutableSpan
        guard try disc.source.read(at: sector, into: &span) > 0 else {
            throw BrokenStructure("Sector \(sector) is missing.")
        }
        return Array(bytes[1..<6] + bytes[132..<174])
    }

    /// The copy of a descriptor that libisofs leaves in a first session from sector 32 on.
    private func copy(of sector: Int) throws -> Int? {
        let copy = sector + Self.copyDistance
        guard copy < disc.source.sectorCount ?? 0, try places(copy) == places(sector) else {
            return nil
        }
        return copy
    }

    private static let copyDistance = 32

    /// The tree whose paths count: the one that is listed.
    ///
    /// - Throws: ``Reports/Failure`` if the changes have the paths of another tree, and one of them leads
    ///   elsewhere in this one.
    func main(of edited: [EditedTree], for changes: TreeChanges, _ path: String) throws
        -> EditedTree
    {
        let choice = try TreeChoice(trees)?.kind
        guard let main = edited.first(where: { $0.kind == choice }) ?? edited.first else {
            throw Self.refused(path, "has no tree that can be changed")
        }
        guard let meant = changes.tree, meant != main.kind else { return main }
        let names = "\(main.kind.displayName) tree"
        let others = "\(meant.displayName) tree, in which the changes were made"
        let advice =
            "Copy what was changed from the mounted directory, or make an image of that with “spindle create”."
        guard let other = edited.first(where: { $0.kind == meant }) else {
            throw Self.refused(
                path,
                "is changed by the names of its \(names), and not by those of its \(others)",
                advice: advice
            )
        }
        let (here, there) = (main.targets { _ in nil }, other.targets { _ in nil })
        let differing = changes.paths.filter { here[ExactName($0)] != there[ExactName($0)] }
        guard let first = differing.min() else { return main }
        throw Self.refused(
            path,
            "does not have the same “\(FileName.shown(first))” in its \(names) as in its \(others)",
            advice: advice
        )
    }
}
