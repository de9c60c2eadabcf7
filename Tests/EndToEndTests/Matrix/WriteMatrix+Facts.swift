extension WriteMatrix {
    private static let cdrskin = "cdrskin dev=$SPINDLE_DRIVE"
    private static let wodim = "wodim gracetime=2 dev=$SPINDLE_DRIVE"
    private static let xorriso = "xorriso -as cdrecord dev=$SPINDLE_DRIVE"
    private static let cdrdao = "cdrdao write -n --device $SPINDLE_DRIVE"
    private static let cdrdaoRaw = "\(cdrdao) --driver generic-mmc-raw"
    /// It reloads the tray at its end, and asks a person before it writes over a file system.
    private static let growisofs = "growisofs -use-the-force-luke=tty"
    private static let grow =
        "\(growisofs) -Z $SPINDLE_DRIVE -R one && \(growisofs) -M $SPINDLE_DRIVE -R two"

    /// A burner's options for one image, and then for another behind it.
    private static func twice(_ burner: String, _ first: String, _ second: String) -> Way {
        Way("\(burner) \(first) one.img && \(burner) \(second) two.img")
    }

    /// Writes, blanks and writes again.
    private static func again(_ burner: String, _ mode: String) -> Way {
        Way("\(burner) \(mode) one.img && \(burner) blank=fast && \(burner) \(mode) two.img")
    }

    private static let one = Contents.tracks(["one.img"])
    private static let both = Contents.tracks(["one.img", "two.img"])
    private static let second = Contents.start("two.img")
    private static let trees = Contents.trees(["one", "two"])
    private static let iso = Contents.start("one.iso")

    static let rows: [Row] = cds + dvdMinus + dvdPlus + blu

    private static let cds = [
        Row(
            "cd-r",
            "track at once",
            one,
            [
                "cdrskin": Way("\(cdrskin) -tao one.img"),
                "wodim": Way("\(wodim) -tao one.img"),
                "xorriso": Way("\(xorriso) -tao one.img"),
            ]
        ),
        Row(
            "cd-r",
            "session at once",
            one,
            [
                "cdrskin": Way("\(cdrskin) -sao one.img"),
                "wodim": Way("\(wodim) -sao one.img"),
                "xorriso": Way("\(xorriso) -sao one.img"),
                "cdrdao": Way("\(cdrdao) one.toc"),
            ]
        ),
        Row(
            "cd-r",
            "two sessions, tracks at once",
            both,
            [
                "cdrskin": twice(cdrskin, "-tao -multi", "-tao"),
                "wodim": twice(wodim, "-tao -multi", "-tao"),
                "xorriso": twice(xorriso, "-tao -multi", "-tao"),
            ]
        ),
        Row(
            "cd-r",
            "two sessions, the first at once",
            both,
            [
                "cdrskin": twice(cdrskin, "-sao -multi", "-tao"),
                "wodim": twice(wodim, "-sao -multi -data", "-tao"),
                "xorriso": twice(xorriso, "-sao -multi", "-tao"),
            ]
        ),
        Row(
            "cd-r",
            "two sessions at once",
            both,
            [
                "wodim": twice(wodim, "-sao -multi -data", "-sao -data"),
                "cdrdao": Way("\(cdrdao) --multi --force one.toc && \(cdrdao) two.toc"),
            ]
        ),
        Row("cd-r", "packets", one, ["wodim": Way("\(wodim) -packet one.img")]),
        Row("cd-r", "packets of 16", one, ["wodim": Way("\(wodim) -packet pktsize=16 one.img")]),
        Row(
            "cd-r",
            "raw 96",
            one,
            [
                "wodim": Way("\(wodim) -raw96r one.img"),
                // It asks for 16 bytes first.
                "cdrdao": Way("\(cdrdaoRaw) one.toc", quirk: "raw-96-only"),
            ]
        ),
        Row("cd-r", "raw 96, R to W in packs", one, ["wodim": Way("\(wodim) -raw96p one.img")]),
        Row(
            "cd-r",
            "raw 16",
            one,
            ["wodim": Way("\(wodim) -raw16 one.img"), "cdrdao": Way("\(cdrdaoRaw) one.toc")]
        ),
        Row(
            "cd-r",
            "raw 96, cloned",
            one,
            ["wodim": Way("\(clone) && \(wodim) -clone -raw96r clone")]
        ),
        Row(
            "cd-r",
            "audio, track at once",
            .audio(hasGap: true),
            [
                "cdrskin": Way("\(cdrskin) -tao -audio one.wav two.wav"),
                "wodim": Way("\(wodim) -tao -audio one.wav two.wav"),
            ]
        ),
        Row(
            "cd-r",
            "audio, session at once",
            .audio(hasGap: false),
            [
                "cdrskin": Way("\(cdrskin) -sao -audio one.wav two.wav"),
                "wodim": Way("\(wodim) -sao defpregap=0 -audio one.wav two.wav"),
                "cdrdao": Way("\(cdrdao) audio.toc"),
            ]
        ),
        Row(
            "cd-r",
            "audio, raw 96",
            .audio(hasGap: false),
            [
                "wodim": Way("\(wodim) -raw96r defpregap=0 -audio one.wav two.wav"),
                "cdrdao": Way("\(cdrdaoRaw) audio.toc", quirk: "raw-96-only"),
            ]
        ),
        Row(
            "cd-r",
            "audio, raw 16",
            .audio(hasGap: false),
            [
                "wodim": Way("\(wodim) -raw16 defpregap=0 -audio one.wav two.wav"),
                "cdrdao": Way("\(cdrdaoRaw) audio.toc"),
            ]
        ),
        Row(
            "cd-r",
            "audio with CD-TEXT",
            .text,
            [
                "cdrskin": Way("\(cdrskin) -sao -audio input_sheet_v07t=text one.wav two.wav"),
                // Option 10h has its driver write CD-TEXT.
                "cdrdao": Way("\(cdrdao) --driver generic-mmc:0x10 text.toc"),
            ]
        ),
        Row(
            "cd-rw",
            "track at once, blanked, again",
            second,
            [
                "cdrskin": again(cdrskin, "-tao"), "wodim": again(wodim, "-tao"),
                "xorriso": again(xorriso, "-tao"),
            ]
        ),
        Row(
            "cd-rw",
            "session at once, blanked, again",
            second,
            [
                "cdrskin": again(cdrskin, "-sao"), "wodim": again(wodim, "-sao"),
                "xorriso": again(xorriso, "-sao"),
                "cdrdao": Way(
                    "\(cdrdao) one.toc && cdrdao blank --device $SPINDLE_DRIVE && \(cdrdao) two.toc"
                ),
            ]
        ),
        Row(
            "cd-rw",
            "raw 96, blanked, again",
            second,
            [
                "wodim": again(wodim, "-raw96r"),
                "cdrdao": Way(
                    """
                    \(cdrdaoRaw) one.toc && cdrdao blank --device $SPINDLE_DRIVE && \
                    \(cdrdaoRaw) two.toc
                    """,
                    quirk: "raw-96-only"
                ),
            ]
        ),
        Row(
            "cd-rw",
            "packets of 32, formatted",
            .fileSystem("UDF"),
            // It asks a person before it blanks and formats.
            ["cdrwtool": Way("yes '' | cdrwtool -d $SPINDLE_DRIVE -q")]
        ),
    ]

    /// Writes another disc, takes what a clone of it needs, and changes the disc.
    private static let clone =
        """
        $SPINDLE virtual create source --medium cd-r && \
        $SPINDLE virtual eject && $SPINDLE virtual insert source && \
        \(wodim) -sao one.img && readom dev=$SPINDLE_DRIVE -clone f=clone && \
        $SPINDLE virtual eject && $SPINDLE virtual insert disc
        """

    private static func once(_ medium: String) -> [Row] {
        [
            Row(
                medium,
                "incremental",
                one,
                [
                    "cdrskin": Way("\(cdrskin) -tao one.img"),
                    "xorriso": Way("\(xorriso) -tao one.img"),
                    "growisofs": Way("\(growisofs) -Z $SPINDLE_DRIVE=one.iso", iso),
                ]
            ),
            Row(
                medium,
                "disc at once",
                one,
                [
                    "cdrskin": Way("\(cdrskin) -sao one.img"),
                    "wodim": Way("\(wodim) -sao one.img"),
                    "xorriso": Way("\(xorriso) -sao one.img"),
                    "growisofs": Way(
                        "\(growisofs) -use-the-force-luke=dao -Z $SPINDLE_DRIVE=one.iso",
                        iso
                    ),
                ]
            ),
            Row(
                medium,
                "two sessions",
                both,
                [
                    "cdrskin": twice(cdrskin, "-tao -multi", "-tao"),
                    "xorriso": twice(xorriso, "-tao -multi", "-tao"),
                    "growisofs": Way(grow, trees),
                ]
            ),
        ]
    }

    private static let dvdMinus =
        once("dvd-r") + [
            Row(
                "dvd-r-dl",
                "incremental",
                one,
                [
                    "cdrskin": Way("\(cdrskin) -tao one.img"),
                    "xorriso": Way("\(xorriso) -tao one.img"),
                ]
            ),
            Row(
                "dvd-r-dl",
                "disc at once",
                one,
                [
                    "cdrskin": Way("\(cdrskin) -sao one.img"),
                    "wodim": Way("\(wodim) -sao one.img"),
                    "xorriso": Way("\(xorriso) -sao one.img"),
                    "growisofs": Way("\(growisofs) -Z $SPINDLE_DRIVE=large.iso", iso),
                ]
            ),
            Row("dvd-r-dl", "two sessions", both, [:]),
        ] + once("dvd-rw") + [
            Row(
                "dvd-rw",
                "disc at once, blanked, again",
                second,
                [
                    "cdrskin": again(cdrskin, "-sao"), "wodim": again(wodim, "-sao"),
                    "xorriso": again(xorriso, "-sao"),
                    "dvd+rw-format": Way(
                        """
                        \(cdrskin) -sao one.img && dvd+rw-format -blank $SPINDLE_DRIVE && \
                        \(cdrskin) -sao two.img
                        """
                    ),
                ]
            ),
            Row(
                "dvd-rw",
                "restricted overwrite",
                second,
                [
                    "cdrskin": Way(
                        "\(cdrskin) blank=format_overwrite && \(twice(cdrskin, "", "").command)"
                    ),
                    "xorriso": Way(
                        "\(xorriso) blank=format_overwrite && \(twice(xorriso, "", "").command)"
                    ),
                    "growisofs": Way(
                        "dvd+rw-format -force $SPINDLE_DRIVE && \(grow)",
                        trees
                    ),
                    "dvd+rw-format": Way(
                        "dvd+rw-format -force $SPINDLE_DRIVE && \(twice(cdrskin, "", "").command)"
                    ),
                ]
            ),
        ]

    private static func plus(_ medium: String, closed: String) -> [Row] {
        [
            Row(
                medium,
                "session left open",
                one,
                [
                    "cdrskin": Way("\(cdrskin) -multi one.img"),
                    "xorriso": Way("\(xorriso) -multi one.img"),
                    "growisofs": Way("\(growisofs) -Z $SPINDLE_DRIVE=one.iso", iso),
                ]
            ),
            Row(
                medium,
                "disc closed",
                one,
                [
                    "cdrskin": Way("\(cdrskin) one.img"),
                    "xorriso": Way("\(xorriso) one.img"),
                    "growisofs": Way(
                        "\(growisofs) -dvd-compat -Z $SPINDLE_DRIVE=\(closed)",
                        iso
                    ),
                ]
            ),
            Row(
                medium,
                "two sessions",
                both,
                [
                    "cdrskin": twice(cdrskin, "-multi", ""),
                    "xorriso": twice(xorriso, "-multi", ""),
                    "growisofs": Way(grow, trees),
                ]
            ),
        ]
    }

    /// Discs that are written over, after they were formatted by a peer's own doing or by another.
    private static func overwritten(_ medium: String, _ format: String) -> Row {
        Row(
            medium,
            "overwrite",
            second,
            [
                "cdrskin": twice(cdrskin, "blank=as_needed", ""),
                "xorriso": twice(xorriso, "blank=as_needed", ""),
                "growisofs": Way(grow, trees),
                "dvd+rw-format": Way(
                    """
                    \(format) $SPINDLE_DRIVE && dd if=one.img of=$SPINDLE_DRIVE bs=64k && \
                    dd if=two.img of=$SPINDLE_DRIVE bs=64k
                    """
                ),
            ]
        )
    }

    private static let dvdPlus: [Row] = {
        var plusRW = overwritten("dvd+rw", "dvd+rw-format")
        plusRW.ways["wodim"] = Way(
            "dvd+rw-format $SPINDLE_DRIVE && \(twice(wodim, "", "").command)"
        )
        var single = plus("dvd+r", closed: "one.iso")
        single[0].ways["wodim"] = Way("\(wodim) -multi one.img")
        var double = plus("dvd+r-dl", closed: "large.iso")
        double[1].ways["wodim"] = Way("\(wodim) one.img")
        return single + double + [
            plusRW, overwritten("dvd-ram", "dvd+rw-format -force"),
        ]
    }()

    private static let blu: [Row] = {
        var single = plus("bd-r", closed: "one.iso")
        single[1].ways["dvd+rw-format"] = Way(
            "dvd+rw-format -ssa=default $SPINDLE_DRIVE && \(cdrskin) one.img"
        )
        var rows = single + plus("bd-r-dl", closed: "one.iso")
        for index in rows.indices where rows[index].mode == "disc closed" {
            rows[index].ways["growisofs"] = nil
        }
        return rows + [overwritten("bd-re", "dvd+rw-format -ssa=default")]
    }()

    private static let packets = ["packets", "packets of 16", "packets of 32, formatted"]
    private static let raw = [
        "raw 96", "raw 96, R to W in packs", "raw 16", "raw 96, cloned", "audio, raw 96",
        "audio, raw 16", "raw 96, blanked, again",
    ]

    static let reasons = [
        Reason("growisofs", ["cd-*"], "growisofs writes no CDs"),
        Reason("cdrdao", ["dvd*", "bd*"], "cdrdao writes CDs only"),
        Reason("dvd+rw-format", ["cd-*"], "dvd+rw-format knows no CDs"),
        Reason(
            "dvd+rw-format",
            ["dvd-r", "dvd-r-dl", "dvd+r", "dvd+r-dl"],
            "there is no format for these discs (MMC-6 §6.5)"
        ),
        Reason(
            "dvd+rw-format",
            ["dvd-rw", "bd-r", "bd-r-dl"],
            ["incremental", "disc at once", "two sessions", "session left open", "disc closed"],
            "the format is that of another row"
        ),
        Reason(
            "cdrdao",
            ["cd-r", "cd-rw"],
            [
                "track at once", "two sessions, tracks at once", "two sessions, the first at once",
                "audio, track at once", "track at once, blanked, again",
            ],
            "cdrdao writes sessions at once only"
        ),
        Reason(
            "cdrskin",
            ["cd-r"],
            ["two sessions at once"],
            "libburn writes a session at once on blank discs only"
        ),
        Reason(
            "xorriso",
            ["cd-r"],
            ["two sessions at once"],
            "libburn writes a session at once on blank discs only"
        ),
        Reason(
            "cdrskin",
            ["cd-r", "cd-rw"],
            packets + raw,
            "libburn writes neither packets nor raw"
        ),
        Reason(
            "xorriso",
            ["cd-r", "cd-rw"],
            packets + raw,
            "libburn writes neither packets nor raw"
        ),
        Reason("cdrdao", ["cd-r", "cd-rw"], packets, "cdrdao writes no packets"),
        Reason(
            "cdrdao",
            ["cd-r"],
            ["raw 96, R to W in packs"],
            "cdrdao asks for packs only where a drive takes no other subchannel"
        ),
        Reason("cdrdao", ["cd-r"], ["raw 96, cloned"], "cdrdao makes no clones"),
        Reason(
            "wodim",
            ["cd-rw"],
            ["packets of 32, formatted"],
            "wodim writes packets of 31 sectors at most"
        ),
        Reason("cdrwtool", ["cd-r", "dvd*", "bd*"], "cdrwtool knows CD-RW only"),
        Reason(
            "cdrwtool",
            ["cd-rw"],
            [
                "track at once, blanked, again", "session at once, blanked, again",
                "raw 96, blanked, again",
            ],
            "cdrwtool writes packets only"
        ),
        Reason(
            "xorriso",
            ["cd-r"],
            ["audio, track at once", "audio, session at once", "audio with CD-TEXT"],
            "xorriso writes data only"
        ),
        Reason(
            "wodim",
            ["cd-r"],
            ["audio with CD-TEXT"],
            "wodim takes its texts from files of icedax only"
        ),
        Reason(
            "cdrskin",
            ["dvd-r-dl"],
            ["two sessions"],
            "libburn writes one session on DVD-R DL"
        ),
        Reason(
            "xorriso",
            ["dvd-r-dl"],
            ["two sessions"],
            "libburn writes one session on DVD-R DL"
        ),
        Reason(
            "growisofs",
            ["dvd-r-dl"],
            ["incremental", "two sessions"],
            "growisofs writes DVD-R DL at once only"
        ),
        Reason(
            "growisofs",
            ["dvd-rw"],
            ["disc at once, blanked, again"],
            "growisofs leaves blanking to dvd+rw-format"
        ),
        Reason(
            "wodim",
            ["dvd-r", "dvd-r-dl", "dvd-rw"],
            ["incremental", "two sessions"],
            "wodim writes these discs at once only"
        ),
        Reason(
            "wodim",
            ["dvd-rw"],
            ["restricted overwrite"],
            "wodim asks for blocks of data in a track of audio (MODE SELECT), and stops"
        ),
        Reason(
            "wodim",
            ["dvd+r"],
            ["two sessions"],
            "wodim reserves a track for a second session and writes it at LBA 0"
        ),
        Reason("wodim", ["dvd+r"], ["disc closed"], "wodim closes the session only"),
        Reason(
            "wodim",
            ["dvd+r-dl"],
            ["session left open", "two sessions"],
            "wodim closes these discs in any case"
        ),
        Reason("growisofs", ["bd*"], ["disc closed"], "growisofs leaves BD-R open"),
        Reason("wodim", ["dvd-ram", "bd*"], "wodim knows no DVD-RAM and no BD"),
    ]
}
