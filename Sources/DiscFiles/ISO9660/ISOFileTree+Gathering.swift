extension ISOFileTree {
    /// Puts together what lies in several records of a directory: the parts of a file, and what
    /// belongs to it.
    struct Gathering {
        /// A file whose last part has not come yet, by its recorded name.
        private var open: (identifier: [UInt8], entry: FileEntry, parts: Int)?
        /// The associated file that came last: on Apple's discs the resource fork of the file that
        /// follows and has the same name.
        private var fork: (identifier: [UInt8], entry: FileEntry)?
        private var known: Set<ExactName> = []

        /// Takes a record's entry, and adds what is complete with it to a listing.
        mutating func take(
            _ entry: FileEntry,
            _ record: DirectoryRecord,
            into listing: inout DirectoryListing,
            names: FileTreeKind,
            mostParts: Int
        ) {
            var entry = entry
            if let open, open.identifier == record.identifier {
                guard open.parts < mostParts else {
                    listing.note("A file has more than \(mostParts) parts; the rest is left out.")
                    self.open?.entry.isCut = true
                    return
                }
                var whole = open.entry
                whole.extents += entry.extents
                let (size, overflow) = whole.size.addingReportingOverflow(entry.size)
                // Of a packed file each record gives the whole size.
                whole.size = whole.compression != nil || overflow ? whole.size : size
                entry = whole
            } else {
                finishParts(into: &listing, names: names)
            }
            if record.flags.contains(.continued), entry.kind == .file {
                open = (record.identifier, entry, (open?.parts ?? 0) + 1)
                return
            }
            open = nil
            if record.flags.contains(.associated) {
                finishFork(into: &listing, names: names)
                fork = (record.identifier, entry)
                return
            }
            if let fork, fork.identifier == record.identifier {
                entry.resourceForkSize = fork.entry.size
                entry.resourceForkExtents = fork.entry.extents
                self.fork = nil
            } else {
                finishFork(into: &listing, names: names)
            }
            add(entry, to: &listing, names: names)
        }

        /// Adds what still waits for another record.
        mutating func finish(into listing: inout DirectoryListing, names: FileTreeKind) {
            finishParts(into: &listing, names: names)
            finishFork(into: &listing, names: names)
        }

        /// Adds a file whose last part never came.
        private mutating func finishParts(
            into listing: inout DirectoryListing,
            names: FileTreeKind
        ) {
            guard let left = open else { return }
            open = nil
            listing.note(
                "“\(FileName.shown(left.entry.name))” has fewer parts than its records announce.",
                loss: .contents
            )
            var entry = left.entry
            entry.isCut = true
            add(entry, to: &listing, names: names)
        }

        /// An associated file without the file is a file.
        private mutating func finishFork(
            into listing: inout DirectoryListing,
            names: FileTreeKind
        ) {
            guard let left = fork else { return }
            fork = nil
            add(left.entry, to: &listing, names: names)
        }

        private mutating func add(
            _ entry: FileEntry,
            to listing: inout DirectoryListing,
            names: FileTreeKind
        ) {
            var entry = entry
            // Rock Ridge's names are whole. Of several versions the newest comes first (ECMA-119
            // §9.3), and has the name.
            if names != .rockRidge {
                // ISO 9660:1999 has names without extensions, so a dot is part of the name.
                let short = Self.withoutVersion(entry.name, keepsDot: names == .iso1999)
                if known.insert(ExactName(short)).inserted { entry.name = short }
            }
            listing.add(entry)
        }

        /// A name without `;` and its version, and without the dot of an empty extension.
        static func withoutVersion(_ name: String, keepsDot: Bool = false) -> String {
            let scalars = name.unicodeScalars
            var short = scalars[...]
            if let mark = scalars.lastIndex(of: ";") {
                let digits = scalars[scalars.index(after: mark)...]
                if digits.allSatisfy({ (0x30...0x39).contains($0.value) }), digits.count <= 5 {
                    short = scalars[..<mark]
                }
            }
            if !keepsDot, short.count > 1, short.last == "." { short.removeLast() }
            // Names that are nothing but a version or dots stay what they are.
            return short.isEmpty || short.allSatisfy({ $0 == "." }) ? name : String(short)
        }
    }
}
