/// What libiso9660 2.1.0 is known not to read, and so no disagreement, each with its place in its source.
public enum TreeLimit: String, Encodable, Sendable, Hashable, CaseIterable {
    /// Rock Ridge's fields in a continuation area are not read: of a long name or target the beginning
    /// is left, or ISO 9660's own name (lib/iso9660/rock.c, `CHECK_CE`).
    case continuation
    /// A Joliet name is cut at as many bytes of UTF-8 as it has in UCS-2 (lib/iso9660/iso9660_fs.c,
    /// `_iso9660_dir_to_statbuf`).
    case jolietName = "joliet-name"
    /// A directory that was relocated stays where its records are, and is an empty file where it belongs
    /// (rock.c has no CL and PL).
    case relocation
    /// The gaps of an interleaved file are taken for its bytes (`iso9660_iso_seek_read`).
    case interleaving
    /// A Mac file's resource fork is a file of the same name (`_iso9660_dir_to_statbuf` drops the
    /// flags of the record).
    case resourceFork = "resource-fork"

    /// One sentence.
    public var sentence: String {
        switch self {
        case .continuation:
            "libiso9660 does not read names and link targets that go on in a continuation area"
        case .jolietName: "libiso9660 cuts Joliet names that are longer in UTF-8"
        case .relocation: "libiso9660 does not put relocated directories where they belong"
        case .interleaving: "libiso9660 does not skip the gaps of interleaved files"
        case .resourceFork: "libiso9660 lists resource forks as files of the same name"
        }
    }
}
