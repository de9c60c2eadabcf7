extension RecordedFailure {
    /// What wodim was seen to say of failures while it wrote.
    static let ofWodimWriting: [RecordedFailure] = [
        RecordedFailure(
            [4],
            "cd-r",
            tao,
            faults: ["write lba=124 sense=3/73/02"],
            says: [
                "CDB:  2A 00 00 00 00 7C 00 00 1F 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x73 Qual 0x02 (power calibration area is full)",
            ]
        ),
        RecordedFailure(
            [5, 121, 125],
            "cd-r",
            tao,
            faults: ["write lba=620"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x0C Qual 0x00 (write error)",
            ]
        ),
        RecordedFailure(
            [122],
            "cd-r",
            audioTAO,
            faults: ["write lba=620"],
            says: [
                "CDB:  2A 00 00 00 02 52 00 00 1B 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x0C Qual 0x00 (write error)",
            ]
        ),
        RecordedFailure(
            [7, 10],
            "cd-r",
            sao,
            faults: ["opc"],
            says: [
                "CDB:  54 01 00 00 00 00 00 00 00 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x73 Qual 0x03 (power calibration area error)",
            ]
        ),
        RecordedFailure(
            [114],
            "cd-r",
            sao,
            faults: ["opc sense=4/44/D9"],
            says: [
                "CDB:  54 01 00 00 00 00 00 00 00 00",
                "Sense Key: 0x4 Hardware Error",
                "Sense Code: 0x44 Qual 0xD9 (internal target failure) [No matching qualifier]",
            ]
        ),
        RecordedFailure(
            [9],
            "cd-r",
            tao,
            faults: ["write lba=62 sense=B/00/00"],
            quirks: ["descriptor-sense"],
            says: [
                "Sense Bytes: 72 0B",
                "Sense Key: 0x0 No Additional Sense",
            ]
        ),
        RecordedFailure(
            [11],
            "cd-r",
            tao,
            faults: ["write lba=62 sense=4/08/03"],
            says: [
                "CDB:  2A 00 00 00 00 3E 00 00 1F 00",
                "Sense Key: 0x4 Hardware Error",
                "Sense Code: 0x08 Qual 0x03 (logical unit communication crc error (ultra-dma/32))",
            ]
        ),
        RecordedFailure(
            [12],
            "cd-r",
            dummyTAO,
            faults: ["write lba=62 sense=5/21/00"],
            says: [
                "CDB:  2A 00 00 00 00 3E 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x21 Qual 0x00 (logical block address out of range)",
            ]
        ),
        RecordedFailure(
            [13],
            "cd-rw",
            sao,
            faults: ["calibration lba=-150"],
            says: [
                "CDB:  2A 00 FF FF FF 6A 00 00 1F 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x73 Qual 0x03 (power calibration area error)",
            ]
        ),
        RecordedFailure(
            [55],
            "cd-r",
            tao,
            faults: ["write lba=620 sense=5/64/00"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x64 Qual 0x00 (illegal mode for this track)",
            ]
        ),
        RecordedFailure(
            [61],
            "cd-r",
            tao,
            faults: ["hang command=2A lba=620 count=1"],
            says: [
                "write_g1 scsi sendcmd: cmd timeout after",
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
            ]
        ),
        RecordedFailure(
            [62, 63, 67, 68, 69],
            "cd-r",
            tao,
            faults: ["write lba=620 sense=2/04/01 sticky"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x04 Qual 0x01 (logical unit is in process of becoming ready)",
                "CDB:  35 00 00 00 00 00 00 00 00 00",
            ]
        ),
        RecordedFailure(
            [65],
            "cd-r",
            tao,
            faults: ["refuse command=2A lba=620 sense=2/04/08 count=30"],
            isHarmless: true,
            says: [
                "Fixating..."
            ]
        ),
        RecordedFailure(
            [66],
            "cd-r",
            tao,
            faults: ["close sense=2/04/08"],
            says: [
                "Cannot fixate disk."
            ]
        ),
        RecordedFailure(
            [82],
            "cd-r",
            tao,
            faults: ["attention command=2A lba=620 count=1 reset sense=6/29/00", "close"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x6 Unit Attention",
                "Sense Code: 0x29 Qual 0x00 (power on, reset, or bus device reset occurred)",
            ]
        ),
        RecordedFailure(
            [84],
            "cd-r",
            tao,
            faults: ["flush sense=4/09/00"],
            says: [
                "CDB:  35 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x4 Hardware Error",
                "Sense Code: 0x09 Qual 0x00 (track following error)",
            ]
        ),
        RecordedFailure(
            [87],
            "dvd+r",
            "\(wodim) noise.img",
            faults: ["write lba=620 sense=5/2C/00"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x00 (command sequence error)",
            ]
        ),
        RecordedFailure(
            [88],
            "cd-r",
            sao,
            faults: ["write lba=0 sense=5/2C/00"],
            says: [
                "CDB:  2A 00 00 00 00 00 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x00 (command sequence error)",
            ]
        ),
        RecordedFailure(
            [89],
            "cd-r",
            audioSAO,
            faults: ["write lba=405 sense=5/2C/00"],
            says: [
                "CDB:  2A 00 00 00 01 95 00 00 1B 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x00 (command sequence error)",
            ]
        ),
        RecordedFailure(
            [91],
            "cd-r",
            tao,
            faults: ["refuse command=1E sense=5/2C/00"],
            isHarmless: true,
            says: [
                "CDB:  1E 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x00 (command sequence error)",
            ]
        ),
        RecordedFailure(
            [95],
            "cd-r",
            tao,
            faults: ["write lba=620 sense=5/30/05"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [98],
            "cd-r",
            sao,
            faults: ["write lba=-150 sense=5/30/05"],
            quirks: ["echoes-command", "sense-length-10"],
            says: [
                "CDB:  2A 00 FF FF FF 6A 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [99],
            "cd-r",
            tao,
            faults: ["write lba=0 sense=5/30/05"],
            quirks: ["sense-length-12"],
            says: [
                "CDB:  2A 00 00 00 00 00 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [100],
            "cd-r",
            tao,
            faults: ["write lba=558 sense=5/21/02"],
            quirks: ["echoes-command", "sense-length-10"],
            says: [
                "CDB:  2A 00 00 00 02 2E 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x21 Qual 0x02 (invalid address for write)",
            ]
        ),
        RecordedFailure(
            [101, 103],
            "dvd-r",
            "\(wodim) noise.img",
            faults: ["write lba=0 sense=5/21/02"],
            says: [
                "CDB:  2A 00 00 00 00 00 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x21 Qual 0x02 (invalid address for write)",
            ]
        ),
        RecordedFailure(
            [90],
            "cd-r",
            "\(wodim) -sao -data noise.img",
            before: "\(wodim) -tao -multi noise.img",
            quirks: ["second-sao-fails"],
            says: [
                "CDB:  2A 00 00 00 31 EF 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x00 (command sequence error)",
            ]
        ),
        RecordedFailure(
            [136],
            "cd-r",
            "\(wodim) -sao -data noise.img",
            before: "\(wodim) -tao -multi noise.img",
            quirks: ["no-second-sao"],
            says: [
                "CDB:  2A 00 00 00 31 D0 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [102],
            "cd-r",
            "\(wodim) -raw96r noise.img",
            quirks: ["blank-at-pregap", "raw-needs-pregap"],
            says: [
                "Drive returns wrong startsec (-150) using -11634 from ATIP",
                "CDB:  2A 00 FF FF D5 80 00 00 1A 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x21 Qual 0x02 (invalid address for write)",
                "Could not write Lead-in",
            ]
        ),
        RecordedFailure(
            [104],
            "cd-r",
            "\(wodim) -tao driveropts=noburnfree noise.img",
            faults: ["write lba=620 sense=5/21/02"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x21 Qual 0x02 (invalid address for write)",
            ]
        ),
        RecordedFailure(
            [111],
            "dvd-r",
            "\(wodim) noise.img",
            faults: ["write lba=620 later=160 sense=4/44/D9"],
            says: [
                "CDB:  2A 00 00 00 03 26 00 00 1F 00",
                "Sense Bytes: F1",
                "Sense Key: 0x4 Hardware Error",
                "Sense Code: 0x44 Qual 0xD9 (internal target failure) [No matching qualifier]",
            ]
        ),
        RecordedFailure(
            [112, 113],
            "dvd-r",
            "\(wodim) noise.img",
            faults: ["flush sense=4/44/00"],
            says: [
                "CDB:  35 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x4 Hardware Error",
                "Sense Code: 0x44 Qual 0x00 (internal target failure)",
            ]
        ),
        RecordedFailure(
            [117],
            "cd-r",
            tao,
            faults: ["flush sense=3/02/FF"],
            says: [
                "CDB:  35 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x02 Qual 0xFF (no seek complete) [No matching qualifier]",
            ]
        ),
        RecordedFailure(
            [118],
            "cd-r",
            tao,
            faults: ["refuse command=1B sense=3/02/00"],
            isHarmless: true,
            says: [
                "CDB:  1B 00 00 00 01 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x02 Qual 0x00 (no seek complete)",
            ]
        ),
        RecordedFailure(
            [119],
            "cd-r",
            sao,
            faults: ["write lba=-150 later=770 sense=3/02/00"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Bytes: F1",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x02 Qual 0x00 (no seek complete)",
            ]
        ),
        RecordedFailure(
            [123],
            "cd-r",
            audioSAO,
            faults: ["write lba=100 later=627"],
            says: [
                "CDB:  2A 00 00 00 02 D9 00 00 1B 00",
                "Sense Bytes: F1",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x0C Qual 0x00 (write error)",
            ]
        ),
        RecordedFailure(
            [128],
            "cd-r",
            tao,
            faults: ["write lba=100 later=1000"],
            says: [
                "CDB:  2A 00 00 00 04 5C 00 00 1F 00",
                "Sense Bytes: F1",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x0C Qual 0x00 (write error)",
            ]
        ),
        RecordedFailure(
            [126],
            "cd-r",
            tao,
            faults: ["flush", "close sense=3/72/00"],
            says: [
                "CDB:  35 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x0C Qual 0x00 (write error)",
            ]
        ),
        RecordedFailure(
            [127],
            "cd-r",
            sao,
            faults: ["write lba=-150"],
            says: [
                "CDB:  2A 00 FF FF FF 6A 00 00 1F 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x0C Qual 0x00 (write error)",
            ]
        ),
        RecordedFailure(
            [134],
            "cd-r",
            dummyTAO,
            faults: ["write lba=620 sense=5/24/00"],
            says: [
                "CDB:  2A 00 00 00 02 6C 00 00 1F 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [135],
            "cd-r",
            audioTAO,
            faults: ["write lba=620 sense=5/24/00"],
            says: [
                "CDB:  2A 00 00 00 02 52 00 00 1B 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [171],
            "cd-r",
            tao,
            faults: ["hang command=35 count=1"],
            says: [
                "flush cache scsi sendcmd: cmd timeout after",
                "Trouble flushing the cache",
            ]
        ),
        RecordedFailure(
            [172],
            "cd-r",
            tao,
            faults: ["flush sense=2/04/01"],
            says: [
                "CDB:  35 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x04 Qual 0x01 (logical unit is in process of becoming ready)",
            ]
        ),
        RecordedFailure(
            [179, 180],
            "cd-r",
            tao,
            faults: ["remove lba=620 count=1"],
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x02 (medium not present - tray open)",
                "CDB:  35 00 00 00 00 00 00 00 00 00",
            ]
        ),
    ]
}
