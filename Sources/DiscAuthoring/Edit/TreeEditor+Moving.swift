import DiscFiles
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

extension TreeEditor {
    func remove(_ path: String) throws(Failure) {
        let (entry, place) = try entry(path)
        try take(entry, from: place, isReplaced: false)
        counts.removed += 1
    }

    /// Takes an entry out of all trees.
    func take(_ entry: Entry, from place: Place, isReplaced: Bool) throws(Failure) {
        let path = place.path + entry.name
        try checkHolds(entry, path)
        var pending = [entry]
        while let next = pending.popLast() {
            pending += next.directory?.shown ?? []
            guard next.extents.contains(where: boots.mayBoot) else { continue }
            let shown = FileName.shown(next === entry ? path : next.name)
            let verb = boots.isAreaKnown ? "boot" : "may boot"
            throw Failure(
                .source,
                .loss,
                "Computers \(verb) from “\(shown)”, which would be \(isReplaced ? "replaced" : "removed").",
                meaning: "Nothing was written.",
                advice: "Leave it where it is, or make a new image with “spindle create --boot”."
            )
        }
        main.remove(entry, from: place.main)
        steps.append(.removed(path, isDirectory: entry.kind == .directory))
        for (index, counterpart) in entry.counterparts.enumerated() {
            guard let counterpart, let directory = place.others[index] else { continue }
            others[index].remove(counterpart, from: directory)
        }
    }

    /// Refuses to take what holds directories that Rock Ridge shows elsewhere, and that stay.
    private func checkHolds(_ entry: Entry, _ path: String) throws(Failure) {
        var pending = [entry.directory].compactMap { $0 }
        while let next = pending.popLast() {
            for inside in next.entries {
                guard let directory = inside.directory else { continue }
                if !inside.isShownElsewhere { pending.append(directory) }
                guard inside.isShownElsewhere, var above = directory.shownParent else { continue }
                while above !== entry.directory, let next = above.shownParent ?? above.parent {
                    above = next
                }
                guard above !== entry.directory else { continue }
                throw Failure(
                    .source,
                    .loss,
                    "“\(FileName.shown(path))” holds directories that Rock Ridge shows elsewhere, such as “\(FileName.shown(inside.name))”.",
                    meaning: "Nothing was written.",
                    advice: "Remove those first, where “spindle list” shows them."
                )
            }
        }
    }

    func move(_ path: String, to target: String) throws(Failure) {
        let (entry, place) = try entry(path)
        let from = place.path + entry.name
        guard entry.relocated == nil else {
            throw Failure(
                .source,
                "“\(FileName.shown(path))” lies so deep that Rock Ridge has put it elsewhere, and it can't be moved.",
                meaning: "Nothing was written.",
                advice: "Move what is in it, or make a new image."
            )
        }
        var names = try Self.names(target)
        var isInside = names.isEmpty || target.hasSuffix("/")
        if !isInside, let last = names.last {
            let above = try self.place(Array(names.dropLast()))
            let there = above.main.entry(named: last)
            isInside = there.map { $0 !== entry && $0.kind == .directory } ?? false
        }
        if isInside { names.append(entry.name) }
        guard let name = names.last else { return }
        guard name.utf8.count <= SourceTree.longestName else {
            throw SourceTree.tooLong(Array(name.utf8))
        }
        let goal = try self.place(Array(names.dropLast()))
        var above: Directory? = goal.main
        while let next = above {
            guard next !== entry.directory else {
                throw Failure(
                    .usage,
                    "“\(FileName.shown(path))” can't be moved into itself.",
                    meaning: "Nothing was written.",
                    advice: "Choose another place."
                )
            }
            above = next.shownParent ?? next.parent
        }
        pair(goal.main)
        let shown = main.shownName(Array(name.utf8), isDirectory: entry.kind == .directory)
        if let old = goal.main.occupant(Array(name.utf8), shown: shown) {
            guard old !== entry else { return }
            guard old.kind != .directory, entry.kind != .directory else {
                throw Failure(
                    .source,
                    .outputExists,
                    "“\(FileName.shown(goal.path + shown))” is in the image already.",
                    meaning: "Nothing was written.",
                    advice: "Choose another place, or remove it first."
                )
            }
            try replace(old, in: goal)
        }
        let isRenamed = !entry.name.utf8.elementsEqual(name.utf8)
        main.take(entry, from: place.main)
        try rename(entry, isRenamed ? name : nil, main, from: place.main, to: goal.main)
        main.insert(entry, into: goal.main)
        if isRenamed { noteName(Array(name.utf8), of: entry.kind, at: goal.path + entry.name) }
        for (index, counterpart) in entry.counterparts.enumerated() {
            guard let counterpart, let old = place.others[index] else { continue }
            others[index].take(counterpart, from: old)
            guard let directory = goal.others[index] else {
                entry.counterparts[index] = nil
                absent.append((others[index].kind, goal.path + name))
                continue
            }
            try rename(
                counterpart,
                isRenamed ? name : nil,
                others[index],
                from: old,
                to: directory
            )
            others[index].insert(counterpart, into: directory)
        }
        steps.append(
            .moved(from, to: goal.path + entry.name, isDirectory: entry.kind == .directory)
        )
        counts.moved += 1
    }

    // MARK: Attributes

    func setAttributes(_ path: String, of model: FilePath) throws(Failure) {
        var attributes: ISOAttributes
        do throws(SystemError) {
            let details = try FileDetails(model, followsLinks: false)
            attributes = ISOAttributes(details)
            if details.kind != .link {
                try attributes.limitGroup(asListOf: model, followsLinks: false)
            }
        } catch {
            throw Failure(
                .source,
                Failure.Reason(ofSource: error),
                "\(model) can't be read: \(error.reason).",
                meaning: "Nothing was written.",
                advice: "See that it is there and that you may read it."
            )
        }
        guard main.hasRockRidge else {
            unkept.append(path)
            return
        }
        if try Self.names(path).isEmpty {
            for tree in [main] + others where tree.hasRockRidge {
                tree.root.own = try described(tree.root.own, attributes, tree, in: tree.root)
                tree.root.isChanged = true
            }
            steps.append(.described("", attributes))
        } else {
            let (entry, place) = try entry(path)
            try describe(entry, attributes, main, in: place.main)
            for (index, tree) in others.enumerated() where tree.hasRockRidge {
                guard let same = entry.counterparts[index], let directory = place.others[index]
                else { continue }
                try describe(same, attributes, tree, in: directory)
            }
            steps.append(.described(place.path + entry.name, attributes))
        }
        counts.described += 1
    }

    /// Gives an entry of a tree other attributes.
    private func describe(
        _ entry: Entry,
        _ attributes: ISOAttributes,
        _ tree: EditedTree,
        in directory: Directory
    ) throws(Failure) {
        for index in entry.records.indices {
            entry.records[index] = try described(
                entry.records[index],
                attributes,
                tree,
                in: directory
            )
        }
        directory.isChanged = true
        if let inside = entry.directory {
            inside.own = try described(inside.own, attributes, tree, in: inside)
            inside.isChanged = true
        }
    }

    /// A record with other attributes.
    func described(
        _ record: [UInt8],
        _ attributes: ISOAttributes,
        _ tree: EditedTree,
        in directory: Directory
    ) throws(Failure) -> [UInt8] {
        let use: [[UInt8]]
        do {
            use = try tree.systemUse(of: record, in: directory)
        } catch {
            throw Failure(
                .source,
                "The attributes of a file in the image can't be read: \(error)",
                meaning: "Nothing was written.",
                advice: "The image may be damaged: “spindle list” says more."
            )
        }
        var entries: [[UInt8]] = []
        for entry in use {
            if entry.starts(with: Array("PX".utf8)), entry.count >= 36 {
                var rights = entry
                let mode = RecordFields.number(at: 4, in: entry)
                RecordFields.put(
                    mode & ~0o7777 | Int(attributes.permissions & 0o7777),
                    at: 4,
                    in: &rights
                )
                RecordFields.put(Int(attributes.userID), at: 20, in: &rights)
                RecordFields.put(Int(attributes.groupID), at: 28, in: &rights)
                entries.append(rights)
            } else if !entry.starts(with: Array("TF".utf8)) {
                entries.append(entry)
            }
        }
        entries.append(SystemUse.times(attributes))
        let start = RecordFields.systemUseStart(of: record)
        var maker = RecordMaker(
            identifier: RecordFields.identifier(of: record),
            flags: record[25],
            date: SystemUse.date(attributes.modified)
        )
        maker.prefix = Array(record[start..<tree.systemUseStart(of: record)])
        maker.entries = entries
        var made = maker.record(&directory.areas)
        made.replaceSubrange(1..<18, with: record[1..<18])
        made.replaceSubrange(26..<32, with: record[26..<32])
        return made
    }

    /// Gives an entry's records another name, or an identifier that is free where it goes.
    func rename(
        _ entry: Entry,
        _ name: String?,
        _ tree: EditedTree,
        from old: Directory,
        to directory: Directory
    ) throws(Failure) {
        let isTaken = tree.isTaken(entry.identifier, in: directory)
        let hasAreas = entry.records.contains(where: tree.leadsToNewArea)
        guard name != nil || isTaken || hasAreas else { return }
        let wanted = Array((name ?? entry.name).utf8)
        let identifier = tree.identifier(
            wanted,
            isDirectory: entry.kind == .directory,
            in: directory
        )
        let isRockRidge = tree.hasRockRidge
        for (index, record) in entry.records.enumerated() {
            var maker = RecordMaker(
                identifier: identifier,
                flags: record[25],
                date: Array(record[18..<25])
            )
            let use = RecordFields.systemUseStart(of: record)
            if isRockRidge {
                maker.prefix = Array(record[use..<tree.systemUseStart(of: record)])
                do {
                    maker.entries = try tree.systemUse(of: record, in: old).filter {
                        name == nil || !$0.starts(with: Array("NM".utf8))
                    }
                } catch {
                    throw Failure(
                        .source,
                        "The attributes of “\(FileName.shown(entry.name))” can't be read: \(error)",
                        meaning: "Nothing was written.",
                        advice: "The image may be damaged: “spindle list” says more."
                    )
                }
                if name != nil { maker.entries += SystemUse.name(wanted) }
            } else {
                let rest = record[use...]
                let room = 254 - 33 - identifier.count - (identifier.count + 1) % 2
                maker.prefix = Array(rest.prefix(max(0, room)))
            }
            var made = maker.record(&directory.areas)
            made.replaceSubrange(1..<18, with: record[1..<18])
            made.replaceSubrange(26..<32, with: record[26..<32])
            entry.records[index] = made
        }
        if let name {
            entry.name = isRockRidge ? name : Self.shown(identifier, tree)
            entry.wantedName = wanted
        }
    }
}

extension SourceNode {
    /// What an entry of it is.
    var kind: FileKind {
        switch content {
        case .directory: .directory
        case .file: .file
        case .link: .symlink
        case .special(let kind, _): kind.ofEntry
        }
    }

    /// The bits of a mode that say what it is (`S_IFMT`).
    var type: UInt32 {
        switch content {
        case .directory: 0o040000
        case .file: 0o100000
        case .link: 0o120000
        case .special(let kind, _): kind.type
        }
    }
}
