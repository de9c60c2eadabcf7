import DiscFiles
import Reports

/// What of a tree an image does not keep, or keeps in one of its trees only.
struct ISOLosses {
    /// All of them.
    private(set) var losses: [JobLoss] = []
    /// Those without which nothing is begun unless it is allowed.
    private(set) var grave: [JobLoss] = []
    /// What readers may stumble over: a sentence each.
    private(set) var notes: [String] = []
    /// Names that differ from another one of their directory only in the size of letters, by their paths.
    private(set) var alikeButForCase: [String] = []
    /// Names that HFS Plus takes for another one of their directory, by their paths: those, and letters that are
    /// composed in another way.
    private(set) var alikeInHFSPlus: [String] = []
    /// Names that Joliet's tree does not have as they are, by their paths.
    private(set) var changedInJoliet: Set<[UInt8]> = []

    /// Names that are told one by one.
    private static let mostNamed = 10
    /// The characters of a path in Joliet's tree (Joliet specification; 240 bytes).
    private static let longestPath = 120
    /// The directories in each other that ECMA-119 §6.8.2.1 allows.
    private static let deepest = 8
    /// The bytes of a name that Linux shows whole; of longer ones it shows those in the directory's record (seen in 6.1).
    private static let longestInLinux = 253
    /// The bytes of a path in ECMA-119 §6.8.2.1.
    private static let longestISOPath = 255

    /// Collects them.
    ///
    /// - Parameters:
    ///   - tree: What goes in.
    ///   - options: What kind of image it will be.
    ///   - otherTimes: The paths of what is recorded with other times than it has.
    init(of tree: SourceTree, _ options: ISOAuthoringOptions, otherTimes: [String]) {
        if !otherTimes.isEmpty { losses.append(Self.ofTimes(otherTimes)) }
        if !tree.unreadable.isEmpty {
            let names = tree.unreadable.map { "\($0.path) (\($0.reason))" }
            addGrave("unreadable-files", "what can't be read: \(Self.list(names))")
        }
        if !tree.unkeptAttributes.isEmpty {
            let names = tree.unkeptAttributes.map { "\($0.path) (\($0.name))" }
            addGrave(
                "attribute-names",
                "extended attributes whose names are no UTF-8: \(Self.list(names))"
            )
        }
        var changed: [String] = []
        var absent = 0
        var odd: [String] = []
        var cut: [String] = []
        var (depth, path, iso) = (0, 0, 0)
        let limit = options.hasLongJolietNames ? 103 : 64
        tree.root.forEach { node, place in
            guard !place.isEmpty else { return }
            let text = SourceNode.text(place)
            depth = max(depth, place.count { $0 == 0x2F } + 1 + (node.isDirectory ? 1 : 0))
            path = max(path, text.utf16.count)
            iso = max(iso, place.count)
            if String(validating: node.name, as: UTF8.self) == nil { odd.append(text) }
            if node.name.count > Self.longestInLinux { cut.append(text) }
            switch node.content {
            case .link, .special: absent += 1
            case .directory, .file:
                if options.hasJoliet, !JolietName.keeps(node.name, limit: limit) {
                    changed.append(text)
                    changedInJoliet.insert(place)
                }
            }
        }
        if options.hasJoliet, !changed.isEmpty {
            let taken = Self.likeChanged(in: tree, limit, changedInJoliet)
            changed += taken.map(SourceNode.text)
            changedInJoliet.formUnion(taken)
        }
        if !odd.isEmpty {
            notes.append(
                "\(Wording.counted(odd.count, "name is", "names are")) no UTF-8 and kept byte by byte: \(Self.list(odd))."
            )
        }
        if !cut.isEmpty {
            notes.append(
                "\(Wording.counted(cut.count, "name has", "names have")) more than \(Self.longestInLinux) bytes, of which Linux shows only the first ones: \(Self.list(cut))."
            )
        }
        alikeButForCase = Self.alike(in: tree) { ExactName($0.lowercased()) }
        alikeInHFSPlus = Self.alike(in: tree) { $0.lowercased() }
        if options.hasJoliet, !alikeButForCase.isEmpty {
            notes.append(
                "Windows does not tell \(Wording.counted(alikeButForCase.count, "name")) from another one that has small letters for capitals: \(Self.list(alikeButForCase))."
            )
        }
        if options.hasJoliet {
            if !changed.isEmpty {
                losses.append(
                    JobLoss(
                        feature: "joliet-names",
                        tracks: [],
                        text:
                            "\(Wording.counted(changed.count, "name")) in the tree for Windows (Joliet), which has \(limit) characters and no * / : ; ? \\ in a name, no dot at its end and no name twice: \(Self.list(changed))"
                    )
                )
            }
            if absent > 0 {
                losses.append(
                    JobLoss(
                        feature: "joliet-links",
                        tracks: [],
                        text:
                            "\(Wording.counted(absent, "link or device", "links and devices")) in the tree for Windows (Joliet), which has none"
                    )
                )
            }
            if path > Self.longestPath {
                notes.append(
                    "The longest path has \(path) characters, and Joliet's specification ends at \(Self.longestPath): some programs may not reach it."
                )
            }
        }
        if depth > Self.deepest || iso > Self.longestISOPath {
            notes.append(
                "Directories lie \(depth) deep, and the longest path has \(iso) bytes; ISO 9660 ends at \(Self.deepest) and \(Self.longestISOPath), which old systems insist upon."
            )
        }
    }

    /// Adds a loss without which nothing is begun unless it is allowed.
    private mutating func addGrave(_ feature: String, _ text: String) {
        let loss = JobLoss(feature: feature, tracks: [], text: text)
        losses.append(loss)
        grave.append(loss)
    }

    /// The names that Joliet has, and that another one in their directory becomes: libisofs changes both.
    private static func likeChanged(
        in tree: SourceTree,
        _ limit: Int,
        _ changed: Set<[UInt8]>
    ) -> [[UInt8]] {
        var found: [[UInt8]] = []
        tree.root.forEach { node, place in
            var counts: [[UInt16]: Int] = [:]
            var kept: [(name: [UInt16], path: [UInt8])] = []
            for child in node.children {
                switch child.content {
                case .link, .special: continue
                case .directory, .file: break
                }
                guard
                    let name = JolietName.made(
                        child.name,
                        limit: limit,
                        isDirectory: child.isDirectory
                    )
                else { continue }
                counts[name, default: 0] += 1
                let path = place.isEmpty ? child.name : place + [0x2F] + child.name
                if !changed.contains(path) { kept.append((name, path)) }
            }
            found += kept.filter { counts[$0.name, default: 0] > 1 }.map(\.path)
        }
        return found
    }

    private static func alike<Key: Hashable>(
        in tree: SourceTree,
        by key: (String) -> Key
    ) -> [String] {
        var found: [String] = []
        tree.root.forEach { node, place in
            var seen: Set<Key> = []
            for child in node.children where !seen.insert(key(child.text)).inserted {
                found.append((place.isEmpty ? "" : SourceNode.text(place) + "/") + child.text)
            }
        }
        return found
    }

    /// Times that records of ISO 9660 can't hold.
    static func ofTimes(_ paths: [String]) -> JobLoss {
        JobLoss(
            feature: "times",
            tracks: [],
            text:
                "\(Wording.counted(paths.count, "time")) before 1900 or after 2155, in place of which the nearest one is recorded: \(list(paths.map(FileName.shown)))"
        )
    }

    static func list(_ names: [String]) -> String {
        let more = names.count - mostNamed
        return names.prefix(mostNamed).joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }
}
