extension RecordedFailure {
    /// What cdrskin, cdrdao, cdrwtool, readom and dd were seen to say.
    static let ofOthers: [RecordedFailure] = [
        RecordedFailure(
            [14],
            "dvd+r",
            cdrskin,
            faults: ["write lba=208 sense=3/10/00"],
            says: [
                "SCSI error on write(208,16): See MMC specs: Sense Key 3 \"Medium error\", ASC 10 ASCQ 00."
            ]
        ),
        RecordedFailure(
            [15],
            "dvd+r",
            cdrskin,
            faults: ["write lba=544"],
            says: [
                "SCSI error on write(544,16): [3 0C 00] Medium error. Write error."
            ]
        ),
        RecordedFailure(
            [16],
            "dvd+r",
            cdrskin,
            faults: ["calibration"],
            says: [
                "SCSI error on write(0,16): [3 73 03] Medium error. Power calibration area error."
            ]
        ),
        RecordedFailure(
            [17],
            "dvd+r",
            cdrskin,
            faults: ["calibration lba=544"],
            says: [
                "SCSI error on write(544,16): [3 73 03] Medium error. Power calibration area error."
            ]
        ),
        RecordedFailure(
            [18],
            "dvd+r",
            cdrskin,
            faults: ["write lba=0 sense=4/3E/02"],
            says: [
                "SCSI error on write(0,16): [4 3E 02] Drive error. Timeout on logical unit."
            ]
        ),
        RecordedFailure(
            [19],
            "dvd+r",
            cdrskin,
            faults: ["write lba=544 sense=4/03/00"],
            says: [
                "SCSI error on write(544,16): See MMC specs: Sense Key 4 \"Drive error\", ASC 03 ASCQ 00."
            ]
        ),
        RecordedFailure(
            [21],
            "dvd+r",
            cdrskin,
            faults: ["write lba=544 sense=B/00/00"],
            says: [
                "SCSI error on write(544,16): See MMC specs: Sense Key B \"Command aborted\", ASC 00 ASCQ 00."
            ]
        ),
        RecordedFailure(
            [51],
            "cd-r",
            "cdrdao write -n --device $SPINDLE_DRIVE --driver generic-mmc audio.toc",
            faults: ["write lba=-150 sense=5/64/00"],
            says: [
                "SCSI command failed: sense key: 0x05: Illegal Request",
                "0x00 0x00 0x64 0x00 0x00 0x00",
                "ERROR: Write data failed.",
                "ERROR: Writing failed.",
            ]
        ),
        RecordedFailure(
            [124],
            "cd-r",
            "\(cdrdaoUnprotected) -n --device $SPINDLE_DRIVE --driver generic-mmc audio.toc",
            faults: ["underrun lba=620"],
            says: [
                "sense key: 0x03: Medium Error",
                "0x00 0x00 0x0c 0x09 0x00 0x00",
                "ERROR: Write data failed.",
                "ERROR: Writing failed - buffer under run?",
            ]
        ),
        RecordedFailure(
            [174],
            "cd-r",
            "cdrdao simulate -n --device $SPINDLE_DRIVE --driver generic-mmc audio.toc",
            faults: ["attention command=2A lba=620 count=1 reset sense=6/29/00"],
            says: [
                "sense key: 0x06: Unit Attention",
                "0x00 0x00 0x29 0x00 0x00 0x00",
                "ERROR: Write data failed.",
                "ERROR: Writing failed - buffer under run?",
            ]
        ),
        RecordedFailure(
            [145],
            "dvd",
            "cdrdao read-cd --device $SPINDLE_DRIVE --driver generic-mmc out.toc",
            faults: ["refuse command=BE sense=5/24/00"],
            says: [
                "SCSI command failed: sense key: 0x05: Illegal Request",
                "0x00 0x00 0x24 0x00",
                "ERROR: Cannot read disk toc.",
                "ERROR: Cannot read sector of track.",
            ]
        ),
        RecordedFailure(
            [53, 54],
            "cd-r",
            readom,
            before: tao,
            says: [
                "CDB:  28 00 00 00 05 80 00 00 5E 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x64 Qual 0x00 (illegal mode for this track)",
            ]
        ),
        RecordedFailure(
            [109],
            "cd-r",
            readom,
            before: tao,
            quirks: ["run-out-26-00"],
            says: [
                "CDB:  28 00 00 00 05 80 00 00 5E 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x26 Qual 0x00 (invalid field in parameter list)",
            ]
        ),
        RecordedFailure(
            [60],
            "cd-r",
            readom,
            before: tao,
            quirks: ["run-out-11-05"],
            says: [
                "CDB:  28 00 00 00 05 80 00 00 5E 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x11 Qual 0x05 (l-ec uncorrectable error)",
            ]
        ),
        RecordedFailure(
            [56],
            "cd-r",
            "\(readom) -clone",
            before: audioTAO,
            faults: ["refuse command=BE lba=620 sense=5/64/00"],
            quirks: ["incorrect-length"],
            says: [
                "CDB:  BE 00 00 00 02 17 00 00 6B F8 01 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x64 Qual 0x00 (illegal mode for this track)",
            ]
        ),
        RecordedFailure(
            [57],
            "cd-r",
            readom,
            before: audioTAO,
            says: [
                "CDB:  28 00 00 00 00 00 00 00 80 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x64 Qual 0x00 (illegal mode for this track)",
            ]
        ),
        RecordedFailure(
            [58],
            "cd-r",
            readom,
            before: sao,
            faults: ["read lba=0"],
            says: [
                "CDB:  28 00 00 00 00 00 00 00 80 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x11 Qual 0x05 (l-ec uncorrectable error)",
            ]
        ),
        RecordedFailure(
            [59],
            "cd-r",
            readom,
            before: sao,
            faults: ["read lba=620 sense=3/11/00"],
            quirks: ["sense-length-12", "no-valid-bit"],
            says: [
                "CDB:  28 00 00 00 02 00 00 00 80 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x11 Qual 0x00 (unrecovered read error)",
            ]
        ),
        RecordedFailure(
            [110],
            "cd-r",
            readom,
            before: sao,
            faults: ["refuse command=55 sense=5/26/00"],
            isHarmless: true,
            says: [
                "Read 3000.00 kB"
            ]
        ),
        RecordedFailure(
            [146],
            "cd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=23406 count=2",
            faults: ["read lba=23406"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [147],
            "cd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=54044 count=2",
            faults: ["read lba=54044"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [148],
            "cd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=352114 count=2",
            faults: ["read lba=352114"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [150],
            "cd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=0 count=2",
            faults: ["read lba=0"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [151],
            "cd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=1021 count=2",
            faults: ["read lba=1021"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [149],
            "dvd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=335742 count=2",
            faults: ["read lba=335742 sense=4/3E/02"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [155],
            "dvd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=2290560 count=2",
            faults: ["read lba=2290560 sense=5/6F/03"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [156],
            "dvd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=5261 count=2",
            faults: ["read lba=5261 sense=5/6F/03"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [40],
            "cd",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=0 count=2",
            faults: ["read lba=0 sense=5/21/00"],
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [152],
            "cd-r",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=0 count=2",
            before: audioTAO,
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [153],
            "cd-r",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=620 count=2",
            before: audioTAO,
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [154],
            "cd-r",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=1499 count=2",
            before: tao,
            says: [
                "dd: error reading '/dev/sr0': Input/output error"
            ]
        ),
        RecordedFailure(
            [94],
            "cd-r",
            "dd if=$SPINDLE_DRIVE of=out bs=2048 skip=0 count=2",
            quirks: ["rejects-disc"],
            says: [
                "dd: failed to open '/dev/sr0': No medium found"
            ]
        ),
        RecordedFailure(
            [138],
            "cd-rw",
            "cdrwtool -d $SPINDLE_DRIVE -q",
            quirks: ["no-packets"],
            says: [
                "Command failed: 55 10 00 00 00 00 00 00 3c 00 00 00 - sense 05.26.00"
            ]
        ),
    ]
}
