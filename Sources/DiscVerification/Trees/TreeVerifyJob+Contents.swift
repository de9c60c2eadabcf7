extension TreeVerifyJob {
    /// A path as both trees spell it.
    struct Key: Hashable {
        let path: String
        let ignoresComposition: Bool

        static func == (one: Key, other: Key) -> Bool {
            // Strings are equal where their letters are, however these are composed.
            one.ignoresComposition
                ? one.path == other.path : one.path.utf8.elementsEqual(other.path.utf8)
        }

        func hash(into hasher: inout Hasher) {
            if ignoresComposition { return path.hash(into: &hasher) }
            for byte in path.utf8 { hasher.combine(byte) }
        }
    }

    /// What was read of a tree.
    struct Contents {
        var entries: [Key: ComparedEntry] = [:]
        /// The directories that may have more in them, and what can't be read itself.
        var gaps: Set<Key> = []

        /// Whether something may be there that was not met.
        func mayHave(_ key: Key) -> Bool {
            guard !gaps.isEmpty else { return false }
            var path = key.path
            while true {
                let here = Key(path: path, ignoresComposition: key.ignoresComposition)
                if gaps.contains(here) { return true }
                // Whatever was read to its end has nothing else in it.
                if path.isEmpty || entries[here] != nil { return false }
                let slash = path.utf8.lastIndex(of: 0x2F)
                path = String(path[..<(slash ?? path.startIndex)])
            }
        }
    }
}
