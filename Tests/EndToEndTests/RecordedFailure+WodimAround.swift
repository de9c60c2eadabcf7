extension RecordedFailure {
    /// What wodim was seen to say of failures before and after it wrote.
    static let ofWodimAround: [RecordedFailure] = [
        RecordedFailure(
            [78],
            "cd-r",
            tao,
            faults: ["close sense=3/72/00"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x72 Qual 0x00 (session fixation error)",
            ]
        ),
        RecordedFailure(
            [79],
            "cd-r",
            tao,
            faults: ["write lba=62", "close sense=3/72/01"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x3 Medium Error",
                "Sense Code: 0x72 Qual 0x01 (session fixation error writing lead-in)",
            ]
        ),
        RecordedFailure(
            [20, 80],
            "cd-r",
            tao,
            faults: ["write lba=0"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x72 Qual 0x04 (empty or partially written reserved track)",
            ]
        ),
        RecordedFailure(
            [52],
            "cd-r",
            audioTAO,
            faults: ["write lba=0"],
            quirks: ["empty-close-64-00", "sense-length-0e"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x64 Qual 0x00 (illegal mode for this track)",
            ]
        ),
        RecordedFailure(
            [81],
            "cd-r",
            tao,
            faults: ["write lba=62", "close"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x72 Qual 0x03 (session fixation error - incomplete track in session)",
            ]
        ),
        RecordedFailure(
            [85],
            "cd-r",
            tao,
            faults: ["write lba=0"],
            quirks: ["empty-close-2c-04"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x04 (current program area is empty)",
            ]
        ),
        RecordedFailure(
            [86],
            "cd-r",
            tao,
            faults: ["write lba=0"],
            quirks: ["empty-close-2c-00"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x2C Qual 0x00 (command sequence error)",
            ]
        ),
        RecordedFailure(
            [129],
            "cd-r",
            tao,
            faults: ["write lba=0"],
            quirks: ["empty-close-24-00"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [120],
            "cd-r",
            tao,
            faults: ["close sense=3/02/00 deferred"],
            says: [
                "CDB:  5B 00 02 00 00 00 00 00 00 00",
                "Sense Bytes: 71 00 03",
                "Sense Code: 0x02 Qual 0x00 (no seek complete)",
            ]
        ),
        RecordedFailure(
            [64],
            "cd-r",
            "\(wodim) -toc",
            before: tao,
            faults: ["refuse command=43 sense=2/04/01"],
            says: [
                "CDB:  43 00 00 00 00 00 00 00 04 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x04 Qual 0x01 (logical unit is in process of becoming ready)",
            ]
        ),
        RecordedFailure(
            [71],
            "cd-r",
            "\(wodim) -atip",
            faults: ["refuse command=51 sense=2/3A/01"],
            says: [
                "CDB:  51 00 00 00 00 00 00 00 04 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x01 (medium not present - tray closed)",
            ]
        ),
        RecordedFailure(
            [73],
            "none",
            "\(wodim) -atip",
            quirks: ["no-tray-state", "sense-length-13"],
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x00 (medium not present)",
            ]
        ),
        RecordedFailure(
            [71],
            "none",
            "\(wodim) -atip",
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x01 (medium not present - tray closed)",
            ]
        ),
        RecordedFailure(
            [72],
            "cd-r",
            "\(wodim) -tao speed=4 noise.img",
            faults: ["refuse command=BB sense=2/3A/01"],
            says: [
                "CDB:  BB 00 21 13 02 C4 00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x01 (medium not present - tray closed)",
            ]
        ),
        RecordedFailure(
            [74, 75],
            "none",
            tao,
            quirks: ["no-tray-state", "sense-length-0e"],
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x00 (medium not present)",
            ]
        ),
        RecordedFailure(
            [76],
            "none",
            tao,
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x01 (medium not present - tray closed)",
            ]
        ),
        RecordedFailure(
            [77],
            "cd-r",
            tao,
            quirks: ["misses-disc", "small-buffer-when-empty"],
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x3A Qual 0x01 (medium not present - tray closed)",
            ]
        ),
        RecordedFailure(
            [93],
            "cd-r",
            tao,
            quirks: ["rejects-disc"],
            says: [
                "CDB:  00 00 00 00 00 00",
                "Sense Key: 0x2 Not Ready",
                "Sense Code: 0x30 Qual 0x00 (incompatible medium installed)",
            ]
        ),
        RecordedFailure(
            [83],
            "dvd-rw",
            "\(wodim) noise.img",
            faults: ["refuse command=53 sense=5/72/05"],
            says: [
                "CDB:  53 00 00 00 00 00 00 05 DC 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x72 Qual 0x05 (no more track reservations allowed)",
            ]
        ),
        RecordedFailure(
            [92],
            "dvd-r",
            "\(wodim) noise.img",
            faults: ["refuse command=53 sense=5/30/05"],
            says: [
                "CDB:  53 00 00 00 00 00 00 05 DC 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [96],
            "cd-r",
            "\(wodim) -force blank=fast",
            says: [
                "CDB:  A1 01 00 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [97],
            "cd-r",
            "\(wodim) -force blank=fast",
            quirks: ["echoes-command"],
            says: [
                "CDB:  A1 01 00 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [137],
            "bd-re",
            "\(wodim) -force blank=all",
            says: [
                "CDB:  A1 00 00 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x05 (cannot write medium - incompatible format)",
            ]
        ),
        RecordedFailure(
            [139],
            "cd-r",
            "\(wodim) -force blank=fast",
            quirks: ["blank-is-30-06"],
            says: [
                "CDB:  A1 01 00 00 00 00 00 00 00 00 00 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x30 Qual 0x06 (cannot format medium - incompatible medium)",
            ]
        ),
        RecordedFailure(
            [105],
            "cd-r",
            tao,
            faults: ["refuse command=55 sense=5/26/00 after=13"],
            says: [
                "CDB:  55 10 00 00 00 00 00 00 3C 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x26 Qual 0x00 (invalid field in parameter list)",
            ]
        ),
        RecordedFailure(
            [106, 107],
            "cd-r",
            sao,
            faults: ["refuse command=5D sense=5/26/00"],
            says: [
                "CDB:  5D 00 00 00 00 00 00 00 20 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x26 Qual 0x00 (invalid field in parameter list)",
            ]
        ),
        RecordedFailure(
            [108],
            "cd-r",
            sao,
            faults: ["refuse command=5D sense=5/26/00"],
            quirks: ["echoes-command", "sense-length-10"],
            says: [
                "CDB:  5D 00 00 00 00 00 00 00 20 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x26 Qual 0x00 (invalid field in parameter list)",
            ]
        ),
        RecordedFailure(
            [130],
            "dvd-r",
            "\(wodim) noise.img",
            faults: ["refuse command=52 sense=5/24/00"],
            says: [
                "CDB:  52 00 00 00 00 00 00 00 1C 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [131],
            "cd-r",
            "\(wodim) -msinfo",
            before: tao,
            says: [
                "CDB:  52 01 00 00 00 FF 00 00 1C 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [132],
            "cd-rw",
            "\(wodim) -toc",
            says: [
                "CDB:  43 00 00 00 00 00 00 00 04 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
        RecordedFailure(
            [133],
            "cd-r",
            "wodim -V dev=$SPINDLE_DRIVE gracetime=2 -tao noise.img",
            says: [
                "CDB:  5A 00 30 00 00 00 00 00 08 00",
                "Sense Key: 0x5 Illegal Request",
                "Sense Code: 0x24 Qual 0x00 (invalid field in cdb)",
            ]
        ),
    ]
}
