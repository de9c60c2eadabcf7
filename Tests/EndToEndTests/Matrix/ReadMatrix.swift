import Testing

/// What peers read and say of discs in the virtual drive: media in rows, peers in columns.
enum ReadMatrix {
    /// The peers, as columns.
    static let peers = [
        "dd", "readom", "ddrescue", "cdrdao", "cd-info", "cd-paranoia", "dvd+rw-mediainfo",
    ]

    /// A kind of disc, how it is written, and how it is read.
    struct Row: Sendable {
        var medium: String
        var contents: String
        var writing: String
        var ways: [String: Way]
    }

    /// What a peer is told, and what it has to find.
    struct Way: Sendable {
        var command: String
        var finding: Finding
    }

    /// What a peer finds.
    enum Finding: Sendable {
        /// The bytes of these files one after the other, in the file `read`.
        case bytes([String])
        /// These lines in what it says.
        case answers([String])
    }

    /// One field of the table.
    struct Cell: Sendable, CustomTestStringConvertible {
        var row: Row
        var peer: String

        var way: Way? { row.ways[peer] }
        var testDescription: String { "\(row.medium), \(row.contents): \(peer)" }

        /// Why a peer does not read such a disc.
        var reason: String? {
            guard way == nil else { return nil }
            let isCD = row.medium.hasPrefix("cd")
            let isAudio = row.contents == "audio"
            return switch peer {
            case "dvd+rw-mediainfo" where isCD: "dvd+rw-mediainfo knows no CDs"
            case "cdrdao" where !isCD, "cd-info" where !isCD: "\(peer) reads CDs only"
            case "cd-paranoia" where !isAudio: "cd-paranoia reads audio only"
            case "dd" where isAudio, "ddrescue" where isAudio, "readom" where isAudio:
                "Linux gives audio as no blocks, and readom asks for data"
            default: nil
            }
        }
    }

    /// All fields.
    static let cells = rows.flatMap { row in peers.map { Cell(row: row, peer: $0) } }

    static let rows: [Row] =
        [data("cd-r"), data("cd-rw"), audio]
        + media.map { data($0.name, answer: $0.answer) }

    /// What dvd+rw-mediainfo says of the other discs.
    private static let media = [
        (name: "dvd-r", answer: "11h, DVD-R Sequential"),
        (name: "dvd-r-dl", answer: "15h, DVD-R Dual Layer Sequential"),
        (name: "dvd-rw", answer: "14h, DVD-RW Sequential"),
        (name: "dvd+r", answer: "1Bh, DVD+R"),
        (name: "dvd+r-dl", answer: "2Bh, DVD+R Double Layer"),
        (name: "dvd+rw", answer: "1Ah, DVD+RW"),
        (name: "dvd-ram", answer: "12h, DVD-RAM"),
        (name: "bd-r", answer: "41h, BD-R SRM"),
        (name: "bd-r-dl", answer: "41h, BD-R SRM"),
        (name: "bd-re", answer: "43h, BD-RE"),
    ]

    private static func data(_ medium: String, answer: String? = nil) -> Row {
        let image = Finding.bytes(["one.img"])
        let sectors = MatrixSources.images["one.img"] ?? 0
        var row = Row(
            medium: medium,
            contents: "data",
            writing: "cdrskin dev=$SPINDLE_DRIVE blank=as_needed one.img",
            ways: [
                "dd": Way(
                    command: "dd if=$SPINDLE_DRIVE of=read bs=2048 count=\(sectors)",
                    finding: image
                ),
                "readom": Way(
                    command: "readom dev=$SPINDLE_DRIVE f=read sectors=0-\(sectors)",
                    finding: image
                ),
                "ddrescue": Way(
                    command: "ddrescue -b 2048 -s \(sectors * 2048) $SPINDLE_DRIVE read map",
                    finding: image
                ),
            ]
        )
        if let answer {
            row.ways["dvd+rw-mediainfo"] = Way(
                command: "dvd+rw-mediainfo $SPINDLE_DRIVE",
                finding: .answers(["Mounted Media:         \(answer)"])
            )
        } else {
            row.ways["cdrdao"] = Way(
                command: "cdrdao read-cd --device $SPINDLE_DRIVE --datafile read read.toc",
                finding: image
            )
            row.ways["cd-info"] = Way(
                command: "cd-info -C $SPINDLE_DRIVE --no-device-info --no-cddb",
                finding: .answers(["CD-DATA (Mode 1)", "data   false"])
            )
        }
        return row
    }

    /// cdrdao keeps sound with the upper byte of a sample first.
    static let cdrdaoAudio =
        "cdrdao read-cd --device $SPINDLE_DRIVE --datafile swapped read.toc && "
        + "dd if=swapped of=read conv=swab"

    private static let audio = Row(
        medium: "cd-r",
        contents: "audio",
        writing: "cdrskin dev=$SPINDLE_DRIVE -sao -audio one.wav two.wav",
        ways: [
            "cdrdao": Way(
                command: cdrdaoAudio,
                finding: .bytes(["one.pcm", "two.pcm"])
            ),
            "cd-info": Way(
                command: "cd-info -C $SPINDLE_DRIVE --no-device-info --no-cddb",
                finding: .answers(["CD-DA", "audio  false"])
            ),
            "cd-paranoia": Way(
                command: "cd-paranoia -q -d $SPINDLE_DRIVE -r 1- read",
                finding: .bytes(["one.pcm", "two.pcm"])
            ),
        ]
    )
}
