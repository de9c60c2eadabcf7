import DiscFiles

/// How a tree as Spindle reads it compares with libiso9660's.
public struct TreeReport: Sendable {
    /// Something that the two read differently.
    public struct Difference: Encodable, Sendable, Hashable {
        /// What it is about.
        public enum Subject: String, Encodable, Sendable, Hashable {
            /// One of them has no such entry.
            case presence
            case name, kind, target, size, content
        }

        /// The path as Spindle has it, or libiso9660 if Spindle has none.
        public var path: String
        /// What it is about.
        public var subject: Subject
        /// What Spindle reads.
        public var spindle: String
        /// What libiso9660 reads.
        public var other: String

        /// One line that names both.
        public var line: String {
            "\(FileName.shown(path)): \(subject.rawValue): Spindle \(FileName.shown(spindle)), libiso9660 \(FileName.shown(other))"
        }
    }

    /// How often something was met, and where first.
    public struct Count: Encodable, Sendable, Hashable {
        /// How often.
        public var count = 0
        /// The path of the first.
        public var example = ""

        mutating func add(_ path: String) {
            if count == 0 { example = path }
            count += 1
        }
    }

    /// Differences that are told one by one.
    static let mostDifferences = 200

    /// The files that were compared.
    public internal(set) var files = 0
    /// The directories that were compared.
    public internal(set) var directories = 0
    /// Of those files, the ones whose contents were compared.
    public internal(set) var summed = 0
    /// The bytes of those.
    public internal(set) var summedBytes = 0
    /// The files of which only the size was compared, being beyond the bytes that are summed.
    public internal(set) var sizesOnly = Count()
    /// What libiso9660 is known not to read, and was not compared.
    public internal(set) var limits: [TreeLimit: Count] = [:]
    /// Directories that libiso9660 could not list.
    public internal(set) var unlisted = Count()
    /// Files that Spindle could not read.
    public internal(set) var unreadable = Count()
    /// Whether Spindle itself may have missed entries.
    public internal(set) var isIncomplete = false
    /// Where the two disagree.
    public internal(set) var differences: [Difference] = []
    /// Differences beyond those that are told.
    public internal(set) var furtherDifferences = 0

    mutating func differ(
        _ path: String,
        _ subject: Difference.Subject,
        _ spindle: String,
        _ other: String
    ) {
        guard differences.count < Self.mostDifferences else {
            furtherDifferences += 1
            return
        }
        differences.append(
            Difference(path: path, subject: subject, spindle: spindle, other: other)
        )
    }

    mutating func limit(_ limit: TreeLimit, _ path: String) {
        limits[limit, default: Count()].add(path)
    }
}
