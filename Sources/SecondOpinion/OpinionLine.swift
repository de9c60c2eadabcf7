public import LibCdio
import LinuxCalls

/// A line of what `spindle-second-opinion` prints, each line a JSON object.
///
/// What comes from there was made of a stranger's file by a library that may have been led astray:
/// the reader takes nothing of it for granted.
public struct OpinionLine: Codable, Sendable, Hashable {
    /// What the line tells.
    public enum Kind: String, Codable, Sendable {
        /// The volume, before its entries.
        case volume
        /// A file or a directory.
        case entry
        /// A directory that the library can't list.
        case unlisted
        /// A disc's tracks.
        case table
        /// Why there is nothing to tell; the last line.
        case failed
        /// That all was told; the last line.
        case end
    }

    /// What the line tells.
    public var kind: Kind
    /// Of a volume.
    public var volume: Volume?
    /// Of an entry.
    public var entry: Entry?
    /// The number of a directory that can't be listed.
    public var directory: Int?
    /// Of a table.
    public var table: Table?
    /// Of a failure: one sentence.
    public var reason: String?

    /// Creates a line.
    public init(
        _ kind: Kind,
        volume: Volume? = nil,
        entry: Entry? = nil,
        directory: Int? = nil,
        table: Table? = nil,
        reason: String? = nil
    ) {
        self.kind = kind
        self.volume = volume
        self.entry = entry
        self.directory = directory
        self.table = table
        self.reason = reason
    }
}

extension OpinionLine {
    /// A volume's identifiers.
    public struct Volume: Codable, Sendable, Hashable {
        /// The level of Joliet whose names follow; 0 if they are not Joliet's.
        public var jolietLevel: Int
        /// The volume's name.
        public var volume: String?
        /// The publisher that the image names.
        public var publisher: String?
        /// Who prepared it.
        public var preparer: String?
        /// What made it.
        public var application: String?

        /// Creates identifiers.
        public init(
            jolietLevel: Int,
            volume: String?,
            publisher: String?,
            preparer: String?,
            application: String?
        ) {
            self.jolietLevel = jolietLevel
            self.volume = volume
            self.publisher = publisher
            self.preparer = preparer
            self.application = application
        }
    }

    /// A file or a directory.
    ///
    /// Directories are numbered in the order in which they are told, from 1 on; the root is 0.
    public struct Entry: Codable, Sendable, Hashable {
        /// The number of the directory that it is in.
        public var directory: Int
        /// Its name, with what is not UTF-8 replaced.
        public var name: String
        /// The bytes of its name in hexadecimal digits, where ``name`` doesn't say them.
        public var nameBytes: String?
        /// Whether it is a directory.
        public var isDirectory: Bool
        /// Its first sector.
        public var start: Int
        /// Its bytes.
        public var size: Int
        /// The POSIX mode, where its record has one.
        public var mode: UInt32?
        /// Where a symlink leads.
        public var target: String?
        /// The sum of its bytes in hexadecimal digits; `nil` if it was not made.
        public var sha256: String?
        /// Whether the file ends before all of its bytes.
        public var isShort: Bool?

        /// Creates an entry.
        public init(
            directory: Int,
            name: [UInt8],
            isDirectory: Bool,
            start: Int,
            size: Int,
            mode: UInt32? = nil,
            target: [UInt8]? = nil
        ) {
            self.directory = directory
            self.name = String(decoding: name, as: UTF8.self)
            nameBytes = Array(self.name.utf8) == name ? nil : Hexadecimal.text(name)
            self.isDirectory = isDirectory
            self.start = start
            self.size = size
            self.mode = mode
            self.target = target.map { String(decoding: $0, as: UTF8.self) }
        }

        /// The bytes of its name; `nil` if they were told in a form that is none.
        public var bytes: [UInt8]? {
            nameBytes.map { Hexadecimal.bytes($0.utf8) } ?? Array(name.utf8)
        }
    }

    /// A disc's tracks and codes.
    public struct Table: Codable, Sendable, Hashable {
        /// The tracks.
        public var contents: CdioTableOfContents
        /// The kind of disc.
        public var mode: CdioDiscMode
        /// The media catalogue number, or `nil` if there is none.
        public var catalog: String?
        /// The recording codes, by track.
        public var codes: [Code]
        /// The CD-TEXT, or `nil` if there is none.
        public var text: CdioText?

        /// A track's recording code.
        public struct Code: Codable, Sendable, Hashable {
            /// The track's number.
            public var track: Int
            /// The code.
            public var isrc: String

            /// Creates a code.
            public init(track: Int, isrc: String) {
                self.track = track
                self.isrc = isrc
            }
        }

        /// Creates a table.
        public init(
            contents: CdioTableOfContents,
            mode: CdioDiscMode,
            catalog: String?,
            codes: [Code],
            text: CdioText?
        ) {
            self.contents = contents
            self.mode = mode
            self.catalog = catalog
            self.codes = codes
            self.text = text
        }
    }
}
