import DiscModel

/// A TOC file as its author wrote it.
struct TocSheet {
    /// A stretch of a track.
    struct Piece {
        /// The file, or nothing for silence and zeros.
        var file: String?
        /// Whether samples are swapped against the file's own order.
        var isSwapped = false
        /// Bytes at the file's beginning that don't count.
        var skipped = 0
        /// Where the piece begins behind them, and its length; nothing for the rest of the file.
        var start = TocLength.sectors(0)
        var length: TocLength?
        /// Whether it is told as data.
        var isData = false
        var offset = 0
    }

    /// A track.
    struct Track {
        var mode: TocMode
        var hasSubchannel = false
        var flags: TrackFlags = []
        var isrc: String?
        var pieces: [Piece] = []
        /// Silence before the pieces that is index 0.
        var pregap = 0
        /// How many of the pieces lie before a mark without a time, or the mark's time.
        var startAfterPieces: Int?
        var start: TocLength?
        var indexes: [TocLength] = []
        var offset = 0
    }

    var kind = SessionKind.cdROM
    var catalog: String?
    /// The number of the first track.
    var firstTrack = 1
    var tracks: [Track] = []
    var text = CDText()
    /// Texts of the first language that CD-TEXT can't spell.
    var sheetTexts = SheetTexts()
    var warnings: [String] = []
}

/// A length in a TOC file.
enum TocLength: Hashable {
    /// A time.
    case sectors(Int)
    /// A plain number: samples of audio, bytes of data.
    case units(Int)

    /// The bytes that it has in a file of sectors so far apart.
    func bytes(stride: Int, isData: Bool) -> Int {
        switch self {
        case .sectors(let count): count * stride
        case .units(let count): isData ? count : count * 4
        }
    }
}
