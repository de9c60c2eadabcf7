import DiscChecksums
import DiscFiles
import DiscImages
import LibISOFS
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// An ISO 9660 image with changes: what it will be is known before a byte of it is made.
///
/// All that stays keeps its place, so that boot records, partitions, and whatever else names sectors stay
/// right, and keeps its records as they are. What is added goes where something was removed, and else
/// behind the end; the directories that change are written again. Used by one thread at a time.
public final class ISOEditing: AuthoredImage {
    /// The size of the image in bytes.
    public private(set) var byteCount = 0
    /// How sentences and plans name what it is made of.
    public let name: String
    /// The volume's name.
    public let volume: String
    /// What the image, or one of its trees, does not keep.
    public private(set) var losses: [JobLoss] = []
    /// Those of them without which nothing is begun, unless that is allowed.
    public private(set) var graveLosses: [JobLoss] = []
    /// What a person should know of it: a sentence each.
    public private(set) var notes: [String] = []
    /// How many files, directories, links and devices the changed image has.
    public private(set) var entries = 0
    /// How many files are added, each counted once.
    public var fileCount: Int { editor.files.count }
    /// The bytes of the files that are added, each counted once.
    public var contentBytes: Int { editor.files.reduce(0) { $0 + $1.byteCount } }
    /// What is done, in words.
    public private(set) var summary = ""
    /// Whether the image has an MD5 in it that is to be made again.
    public let implantsMD5: Bool

    let disc: EditedDisc
    let trees: DiscTrees
    /// The volume that a partition has for itself; `nil` if there is none.
    let second: SecondVolume?
    let editor: TreeEditor
    private let main: EditedTree
    private let edited: [EditedTree]
    private let time: Int
    private var allocator: SectorAllocator
    private(set) var pieces: [EditedSource.Piece] = []
    private var sectorCount = 0

    /// Reads an image's trees, changes them and lays the new image out.
    ///
    /// - Parameters:
    ///   - path: The image.
    ///   - changes: What it is to become.
    ///   - appends: Whether the changes become a session behind what there is, which stays as it is.
    ///   - start: The sector that the session begins with whose files are to be changed; `nil` for those that
    ///     can be.
    ///   - time: Now, in seconds since 1970.
    ///   - cancellation: Heeded between two files.
    /// - Throws: ``Reports/Failure`` if it is no image that can be changed, or a change can't be made.
    public convenience init(
        _ path: FilePath,
        _ changes: TreeChanges,
        appendingSession appends: Bool = false,
        sessionStart start: Int? = nil,
        time: Int,
        _ cancellation: Cancellation
    ) throws(Failure) {
        let image = try DiscImage(path, need: .data)
        var disc = EditedDisc(
            name: path.string,
            source: image.source,
            sessionStart: 0,
            newSession: nil,
            laterVolumes: []
        )
        let later = (try? image.laterVolumes(try? image.end())) ?? []
        disc.laterVolumes = later.map(\.start)
        if appends {
            disc.newSession = ((image.source.sectorCount ?? 0) + 31) / 32 * 32
            if later.allSatisfy(\.isSession) {
                disc.sessionStart = later.last?.start ?? 0
                disc.laterVolumes = []
            }
        }
        try disc.check(sessionStart: start, appends: appends)
        let left = try image.lossesInPlain(cancellation)
        try self.init(disc, changes, image: path, without: left, time: time, cancellation)
    }

    /// Reads the trees of a session of a disc, changes them and lays out a session to follow.
    ///
    /// - Parameters:
    ///   - source: The disc.
    ///   - name: How sentences name it.
    ///   - start: The sector that its session begins with whose files they are.
    ///   - newStart: The sector that the new session will begin with.
    ///   - changes: What it is to become.
    ///   - time: Now, in seconds since 1970.
    ///   - cancellation: Heeded between two files.
    /// - Throws: ``Reports/Failure`` if it is no disc that can be changed, or a change can't be made.
    public convenience init(
        disc source: any SectorSource,
        named name: String,
        sessionStart start: Int,
        newSession newStart: Int,
        _ changes: TreeChanges,
        time: Int,
        _ cancellation: Cancellation
    ) throws(Failure) {
        let disc = EditedDisc(
            name: name,
            source: source,
            sessionStart: start,
            newSession: newStart,
            laterVolumes: []
        )
        try self.init(disc, changes, image: nil, without: [], time: time, cancellation)
    }

    private init(
        _ disc: EditedDisc,
        _ changes: TreeChanges,
        image: FilePath?,
        without left: [JobLoss],
        time: Int,
        _ cancellation: Cancellation
    ) throws(Failure) {
        name = disc.name
        self.time = time
        self.disc = disc
        do {
            let trees = try DiscTrees(disc.source, sessionStart: disc.sessionStart)
            self.trees = trees
            var check = EditableVolume(disc, trees)
            let (count, volume) = try check.sound(disc.name)
            second = check.second
            self.volume = volume.volumeIdentifier ?? ""
            implantsMD5 = disc.newSession == nil && trees.content.implantedChecksum != nil
            edited = try check.trees(disc.name)
            main = try check.main(of: edited, for: changes, disc.name)
            let used = try EditableSpace(disc, trees, edited, sectorCount: count)
            let descriptors =
                disc.newSession == nil ? [] : try used.descriptors(from: disc.sessionStart)
            let first = disc.newSession.map { $0 + 16 + descriptors.count } ?? used.tailStart
            allocator = SectorAllocator(end: first)
            let listed = main
            editor = TreeEditor(
                listed,
                edited.filter { $0 !== listed },
                changes,
                output: image,
                time: time,
                boots: used.boots
            )
            try editor.apply(cancellation)
            try layOut(used, descriptors)
            noteLosses(used, left)
            describe()
        } catch let failure as Failure {
            throw failure
        } catch let error as BrokenStructure {
            throw EditableVolume.damaged(disc.name, error.sentence)
        } catch {
            throw EditableVolume.damaged(disc.name, "\(error)")
        }
    }

    // MARK: Layout

    private func layOut(_ used: EditableSpace, _ descriptors: [[UInt8]]) throws {
        var patches: [Int: [UInt8]] = [:]
        // genisoimage has what has no bytes name the next sector, behind the last file's that of the padding.
        // libarchive takes a directory that lies there for one that is in itself, and reads no more.
        allocator.avoid(SectorSet(edited.flatMap(\.sectorsOfNothing)))
        // The directories come first, with the areas of attributes that belong to them: libarchive takes
        // such only right behind a directory, and before the file's bytes.
        var hasAreas = false
        var behind: [(entry: EditedTree.Entry, base: Int)] = []
        for tree in edited {
            let layout = DirectoryLayout(tree, isNew: disc.newSession != nil)
            let first = edited.first { $0.base == tree.base }?.root
            let placed = try layout.place(&allocator, behind: first === tree.root ? nil : first)
            hasAreas = hasAreas || placed.hasAreas
            behind += placed.files.map { ($0, tree.base) }
        }
        pieces += allocator.passedOver.map { .init(sectors: $0, content: .zeros) }
        // That of a file without bytes has a place for that alone.
        let empty = hasAreas ? allocator.append(1) : 0
        moveBytes(of: behind, used, empty)
        var freed = SectorSet([])
        if disc.newSession == nil {
            freed = try used.freed(now: edited)
            allocator.release(freed)
        }
        // The bytes of files.
        for file in editor.files where file.byteCount > 0 {
            let count = (file.byteCount + 2047) / 2048
            let start = hasAreas ? allocator.append(count) : allocator.take(count)
            places[ObjectIdentifier(file)] = start
            pieces.append(.init(sectors: start..<start + count, content: .file(file)))
        }
        for tree in edited {
            tree.forEachEntry { entry in
                guard let file = entry.file else { return }
                var place = max(0, (places[ObjectIdentifier(file)] ?? empty) - tree.base)
                for index in entry.records.indices {
                    RecordFields.put(place, at: 2, in: &entry.records[index])
                    let size = RecordFields.number(at: 10, in: entry.records[index])
                    place += size / 2048
                }
            }
        }
        // Directories, and the tables of them.
        for tree in edited {
            let layout = DirectoryLayout(tree, isNew: disc.newSession != nil)
            pieces += try layout.pieces()
            var descriptor = try used.sector(tree.descriptorSector)
            pieces += layout.pathTables(&descriptor, &allocator)
            RecordFields.put(tree.root.place - tree.base, at: 156 + 2, in: &descriptor)
            RecordFields.put(tree.root.sectorCount * 2048, at: 156 + 10, in: &descriptor)
            descriptor.replaceSubrange(830..<847, with: SystemUse.volumeDate(time))
            patches[tree.descriptorSector] = descriptor
            for sector in tree.moreDescriptors {
                var other = try used.sector(sector)
                for bytes in [132..<190, 830..<847] {
                    other.replaceSubrange(bytes, with: descriptor[bytes])
                }
                patches[sector] = other
            }
        }
        if let start = disc.newSession {
            try finishSession(start, descriptors, &patches)
        } else {
            // Sums of what is no more as it was would only look like damage.
            for sector in used.checksumTags {
                pieces.append(.init(sectors: sector..<sector + 1, content: .zeros))
            }
            // What was there and is filled with nothing else becomes zeros.
            let taken = SectorSet(
                pieces.filter { if case .zeros = $0.content { false } else { true } }.map(\.sectors)
            )
            let left = freed.subtracting(taken)
            for range in left.ranges { pieces.append(.init(sectors: range, content: .zeros)) }
            freedBytes = left.count * 2048
            try finish(used, &patches)
        }
        for (sector, bytes) in patches {
            pieces.append(.init(sectors: sector..<sector + 1, content: .bytes(bytes)))
        }
        pieces.sort { $0.sectors.lowerBound < $1.sectors.lowerBound }
        for (one, next) in zip(pieces, pieces.dropFirst())
        where one.sectors.upperBound > next.sectors.lowerBound {
            throw BrokenStructure(
                "Sector \(next.sectors.lowerBound) belongs to two things that change."
            )
        }
        // Nothing but what is known to be free, or is a structure of the trees, gets other bytes.
        if let start = disc.newSession {
            // What a disc in a drive has from there on is free, or the drive says that it can be written.
            unchanged = SectorSet([0..<min(used.sectorCount, start)])
        } else {
            unchanged = SectorSet([0..<used.sectorCount])
                .subtracting(used.changeable(edited, freed: freed, move))
            unchanged = SectorSet(unchanged.ranges + used.kept(edited, move).ranges)
            if let move { unchanged = unchanged.subtracting(SectorSet([move.sectors])) }
        }
        for piece in pieces where unchanged.overlaps(piece.sectors) {
            throw BrokenStructure(
                "What is in sector \(piece.sectors.lowerBound) and after it would change, and not all of that is known, or it is something else as well."
            )
        }
    }

    /// Puts the bytes of files behind the areas of their attributes.
    private func moveBytes(
        of files: [(entry: EditedTree.Entry, base: Int)],
        _ used: EditableSpace,
        _ empty: Int
    ) {
        for (entry, base) in files {
            guard let old = entry.extents.first?.offset else { continue }
            guard entry.byteCount > 0 else {
                for index in entry.records.indices {
                    RecordFields.put(max(0, empty - base), at: 2, in: &entry.records[index])
                }
                continue
            }
            // Another name of it may have come first.
            if movedBytes[old] != nil { continue }
            guard let sectors = used.movable(entry.extents), sectors.count <= Self.mostMoved else {
                outOfOrder.append(entry.name)
                continue
            }
            let start = allocator.append(sectors.count)
            let content = EditedSource.Piece.Content.copy(sectors.lowerBound)
            pieces.append(.init(sectors: start..<start + sectors.count, content: content))
            movedBytes[old] = start * 2048
        }
        for tree in edited { tree.moveBytes(movedBytes) }
    }

    /// Sectors of a file that is moved only for libarchive: 256 MiB.
    private static let mostMoved = 131_072
    /// The files that lie elsewhere than before: their first bytes then and now.
    private(set) var movedBytes: [Int: Int] = [:]
    /// Files that libarchive can't read any more, for they lie before their attributes.
    private var outOfOrder: [String] = []
    /// The sectors of the old image that must keep their bytes, whatever is in them.
    private(set) var unchanged = SectorSet([])
    /// The first sectors of the files that are added.
    private var places: [ObjectIdentifier: Int] = [:]
    /// The tree whose paths count.
    var mainKind: FileTreeKind { main.kind }
    /// The bytes of the image that the files that are added begin at.
    var addedPlaces: Set<Int> { Set(places.values.map { $0 * 2048 }) }
    private var freedBytes = 0
    /// The move of the partitions after the volume; `nil` if they stay, or there are none.
    private(set) var move: PartitionMove?

    /// Ends the image: the zeros that it ended in before, the other header of a GPT, and all that says how
    /// large it is.
    private func finish(_ used: EditableSpace, _ patches: inout [Int: [UInt8]]) throws {
        let old = used.sectorCount
        guard allocator.end > used.tailStart else {
            sectorCount = old
            byteCount = old * 2048
            growVolume(by: 0, over: used.filesEnd, &patches)
            return
        }
        let backup = PartitionGrowth.backupSectors(used.area, trees.content)
        let isWhole = old % 512 == 0 && used.hasPartitions
        var total = allocator.end + used.bodyEnd - used.tailStart + backup
        var moved: PartitionGrowth.Move?
        if let following = used.following {
            let distance = following.distance(to: allocator.end, keepsMebibytes: isWhole)
            total = following.sectors.upperBound + distance + backup
            moved = PartitionGrowth.Move(
                start: following.sectors.lowerBound * 2048,
                distance: distance * 2048,
                volumeEnd: allocator.end * 2048
            )
            if distance > 0 { try move(following, by: distance, used, &patches) }
        }
        total = max(total, old)
        // Hybrids end with a whole MiB, which is a cylinder of the usual geometry.
        if isWhole { total = (total + 511) / 512 * 512 }
        guard total <= Int(UInt32.max) else {
            throw BrokenStructure("It would have more sectors than ISO 9660 can number.")
        }
        var partitions = PartitionGrowth(
            used.area,
            trees.content,
            usedEnd: used.usedEnd * 2048,
            moved
        )
        sectorCount = total
        byteCount = total * 2048
        if partitions.isThere {
            partitions.change(from: old * 2048, to: total * 2048)
            if let problem = partitions.problem {
                throw Failure(
                    .source,
                    .loss,
                    "\(problem): what is added after it would be out of its reach.",
                    meaning: "Nothing was written.",
                    advice: "Extract the files and make a new image of them with “spindle create”."
                )
            }
            for index in 0..<16 {
                let bytes = Array(partitions.area[index * 2048..<(index + 1) * 2048])
                if bytes != Array(used.area[index * 2048..<(index + 1) * 2048]) {
                    patches[index] = bytes
                }
            }
            if !partitions.backup.isEmpty {
                let sectors = (partitions.backup.count + 2047) / 2048
                let start = total - sectors
                let gap = [UInt8](repeating: 0, count: sectors * 2048 - partitions.backup.count)
                pieces.append(
                    .init(sectors: start..<total, content: .bytes(gap + partitions.backup))
                )
            }
        }
        // What the old image had at its end has moved, or is zeros.
        var empty = [allocator.end..<total - (partitions.backup.count + 2047) / 2048]
        var growth = total - old
        if let following = used.following {
            growth = move?.distance ?? 0
            let (start, end) = (following.sectors.lowerBound, following.sectors.upperBound)
            empty = [empty[0].lowerBound..<start + growth, end + growth..<empty[0].upperBound]
        }
        for range in empty.map({ $0.clamped(to: 0..<old) }) where !range.isEmpty {
            pieces.append(.init(sectors: range, content: .zeros))
        }
        growVolume(by: growth, over: allocator.end, &patches)
    }

    /// Moves the partitions after the volume, and has all that names them name the new place.
    private func move(
        _ following: FollowingPartitions,
        by distance: Int,
        _ used: EditableSpace,
        _ patches: inout [Int: [UInt8]]
    ) throws {
        let move = try PartitionMove(following, by: distance, used, trees.content)
        pieces += move.pieces
        if let catalog = move.catalog { patches[catalog.sector] = catalog.bytes }
        notes += move.notes
        self.move = move
    }

    /// Has the volume grow with the image, and at least over all that is in it.
    ///
    /// A volume may end before its file does, as libisofs leaves it with its own padding.
    private func growVolume(by count: Int, over end: Int, _ patches: inout [Int: [UInt8]]) {
        for tree in edited {
            for sector in [tree.descriptorSector] + tree.moreDescriptors {
                guard var descriptor = patches[sector] else { continue }
                let size = RecordFields.number(at: 80, in: descriptor)
                RecordFields.put(max(size + count, end - tree.base), at: 80, in: &descriptor)
                patches[sector] = descriptor
            }
        }
    }

    /// Ends a new session: its descriptors, which those of the old one become, and padding.
    private func finishSession(
        _ start: Int,
        _ descriptors: [[UInt8]],
        _ patches: inout [Int: [UInt8]]
    ) throws {
        let end = allocator.end
        sectorCount = end + Self.sessionPadding
        byteCount = sectorCount * 2048
        guard sectorCount <= Int(UInt32.max) else {
            throw BrokenStructure("It would have more sectors than ISO 9660 can number.")
        }
        for (index, bytes) in descriptors.enumerated() {
            let sector = start + 16 + index
            var descriptor = patches.removeValue(forKey: disc.sessionStart + 16 + index) ?? bytes
            if [1, 2].contains(descriptor[0]) {
                // The size counts from the session's beginning, as libisofs and genisoimage have it.
                RecordFields.put(sectorCount - start, at: 80, in: &descriptor)
            }
            patches[sector] = descriptor
        }
        pieces.append(.init(sectors: start..<start + 16, content: .zeros))
        pieces.append(.init(sectors: end..<sectorCount, content: .zeros))
    }

    /// Zeros behind a session, for drives that read ahead.
    private static let sessionPadding = 150

    // MARK: Words

    /// - Parameters:
    ///   - used: What the sectors are used for.
    ///   - left: What the image has and does not keep, for it becomes a plain one.
    private func noteLosses(_ used: EditableSpace, _ left: [JobLoss]) {
        losses = left
        let features = left.map { DiscFeature(rawValue: $0.feature) }
        let hasAudio = features.contains(.audio)
        graveLosses = zip(left, features)
            .filter { $1?.needsConsent(hasAudio: hasAudio) ?? true }.map(\.0)
        if !editor.unreadable.isEmpty {
            let names = editor.unreadable.map { "\($0.path) (\($0.reason))" }
            add("unreadable-files", "what can't be read: \(ISOLosses.list(names))", isGrave: true)
        }
        if !editor.unkept.isEmpty {
            let names = editor.unkept.sorted().map(FileName.shown)
            let count = Wording.counted(names.count, "link or device", "links and devices")
            add(
                "special-files",
                "\(count), which an image without Rock Ridge can't have: \(ISOLosses.list(names))",
                isGrave: true
            )
        }
        if !editor.longLinks.isEmpty {
            let names = editor.longLinks.sorted().map(FileName.shown)
            let count = Wording.counted(names.count, "link", "links")
            add(
                "long-links",
                "\(count) with targets of more than \(SystemUse.longestTarget) bytes, which keep xorriso from reading an image: \(ISOLosses.list(names))",
                isGrave: true
            )
        }
        if !editor.changedInJoliet.isEmpty {
            let names = editor.changedInJoliet.map(FileName.shown)
            add(
                "joliet-names",
                "\(Wording.counted(names.count, "name")) in the tree for Windows: \(ISOLosses.list(names))"
            )
        }
        if !editor.absent.isEmpty {
            let trees = Set(editor.absent.map(\.kind.displayName)).sorted()
            let names = Set(editor.absent.map(\.path)).sorted().map(FileName.shown)
            add(
                "hidden-directories",
                "\(Wording.counted(names.count, "path")) in the image's \(trees.joined(separator: " and ")) tree, which hasn't the directory: \(ISOLosses.list(names))"
            )
        }
        if let loss = editor.otherNames { losses.append(loss) }
        if !editor.otherTimes.isEmpty { losses.append(ISOLosses.ofTimes(editor.otherTimes)) }
        if !outOfOrder.isEmpty {
            let names = outOfOrder.sorted().map(FileName.shown)
            add(
                "libarchive",
                "the whole image for bsdtar and what else reads with libarchive: the attributes of \(ISOLosses.list(names)) lie after the bytes"
            )
        }
        if !used.checksumTags.isEmpty, disc.newSession == nil {
            add(
                "file-md5",
                "the checksums that libisofs has recorded of the session, which “xorriso -check_media” takes"
            )
        }
        if !used.boots.isAreaKnown, editor.removesFiles {
            notes.append(
                "The image begins with a boot block whose numbers are not all known: what is removed keeps its bytes, and only its names go."
            )
        }
        if implantsMD5 { notes.append("The MD5 in the image is made again.") }
        notes += editor.notes
    }

    private func add(_ feature: String, _ text: String, isGrave: Bool = false) {
        let loss = JobLoss(feature: feature, tracks: [], text: text)
        losses.append(loss)
        if isGrave { graveLosses.append(loss) }
    }

    private func describe() {
        var count = 0
        main.forEachEntry { if !$0.isShownElsewhere { count += 1 } }
        entries = count
        let (added, removed, moved, described) = editor.counts
        var parts: [String] = []
        if added > 0 {
            let bytes = Wording.counted(contentBytes, "byte")
            parts.append("\(Wording.counted(added, "entry", "entries")) added with \(bytes)")
        }
        if removed > 0 { parts.append("\(Wording.counted(removed, "path")) removed") }
        if moved > 0 { parts.append("\(Wording.counted(moved, "path")) moved") }
        if described > 0 {
            parts.append("\(Wording.counted(described, "path")) with other attributes")
        }
        summary = parts.isEmpty ? "nothing changed" : parts.joined(separator: ", ")
        if let start = disc.newSession {
            notes.append(
                "What is there stays as it is; the changes become a session from sector \(start) on."
            )
        }
        if freedBytes > 0 {
            notes.append(
                "What stays keeps its place: \(Wording.counted(freedBytes, "byte")) of what is removed become zeros, and the image gets no smaller."
            )
        }
    }

    /// The sector that the new session begins with; `nil` if the image itself is changed.
    public var newSession: Int? { disc.newSession }

    /// What the paths of a tree are to lead to; `nil` of a tree that is not there.
    func targets(in kind: FileTreeKind) -> TreePair.Targets? {
        edited.first { $0.kind == kind }?.targets { file in
            file.byteCount > 0 ? places[ObjectIdentifier(file)].map { $0 * 2048 } : nil
        }
    }

    /// The image's sectors, made as they are read.
    public func source() -> any SectorSource { source(over: disc.source) }

    /// The sectors of the new session alone, made as they are read; nothing of the disc is read for them.
    public func session() -> any SectorSource {
        SessionSource(source(over: NoSectors()), from: disc.newSession ?? 0)
    }

    private func source(over old: any SectorSource) -> EditedSource {
        // What holds the disc is not held any longer than needed.
        let (files, sources) = (editor.files, editor.sources)
        return EditedSource(old, sectorCount: sectorCount, pieces) {
            for file in files where file.byteCount == 0 { file.checkEmpty() }
            for tree in sources {
                if let trouble = SourceTrouble(tree.problems) { throw trouble }
            }
        }
    }
}
