extension RecordedFailure {
    /// What growisofs and the tools beside it were seen to say.
    static let ofGrowisofs: [RecordedFailure] = [
        RecordedFailure(
            [1],
            "bd-r",
            growisofs,
            faults: ["write lba=0 sense=5/21/00"],
            says: [
                ":-[ WRITE@LBA=0h failed with SK=5h/LOGICAL BLOCK ADDRESS OUT OF RANGE]: No space left on device"
            ]
        ),
        RecordedFailure(
            [22, 23],
            "dvd-r",
            growisofs,
            faults: ["write lba=544", "flush sense=3/A0/80"],
            says: [
                ":-[ WRITE@LBA=220h failed with SK=3h/WRITE ERROR]: Input/output error",
                ":-[ FLUSH CACHE failed with SK=3h/ASC=A0h/ACQ=80h]: Input/output error",
            ]
        ),
        RecordedFailure(
            [24],
            "dvd-r",
            growisofsAtOnce,
            faults: ["opc"],
            says: [
                ":-[ PERFORM OPC failed with SK=3h/POWER CALIBRATION AREA ERROR]: Input/output error"
            ]
        ),
        RecordedFailure(
            [25],
            "dvd+r",
            growisofs,
            faults: ["calibration lba=768"],
            says: [
                ":-[ WRITE@LBA=300h failed with SK=3h/POWER CALIBRATION AREA ERROR]: Input/output error"
            ]
        ),
        RecordedFailure(
            [26],
            "dvd+r",
            growisofs,
            faults: ["write lba=768 sense=3/73/03", "close sense=3/73/03"],
            says: [
                ":-[ CLOSE TRACK failed with SK=3h/POWER CALIBRATION AREA ERROR]: Input/output error"
            ]
        ),
        RecordedFailure(
            [27],
            "dvd+r",
            growisofs,
            faults: ["write lba=944"],
            says: [
                ":-[ WRITE@LBA=3b0h failed with SK=3h/WRITE ERROR]: Input/output error"
            ]
        ),
        RecordedFailure(
            [28],
            "dvd+r",
            growisofs,
            faults: ["write lba=944", "close sense=3/15/02"],
            says: [
                ":-[ CLOSE TRACK failed with SK=3h/POSITIONING ERROR DETECTED BY READ OF MEDIUM]: Input/output error"
            ]
        ),
        RecordedFailure(
            [29],
            "dvd-r",
            growisofs,
            faults: ["refuse command=55 sense=5/A8/04"],
            says: [
                ":-[ MODE SELECT failed with SK=5h/ASC=A8h/ACQ=04h]: Input/output error"
            ]
        ),
        RecordedFailure(
            [30],
            "dvd-rw",
            growisofs,
            faults: ["refuse command=52 sense=5/24/00"],
            says: [
                ":-[ READ TRACK INFORMATION failed with SK=5h/INVALID FIELD IN CDB]: Input/output error"
            ]
        ),
        RecordedFailure(
            [31],
            "none",
            growisofs,
            quirks: ["no-tray-motor"],
            says: [
                ":-[ LOAD TRAY failed with SK=5h/INVALID FIELD IN CDB]"
            ]
        ),
        RecordedFailure(
            [32, 33],
            "dvd-r",
            growisofsAtOnce,
            faults: ["opc sense=5/27/00", "write lba=0 sense=5/27/00"],
            says: [
                ":-[ PERFORM OPC failed with SK=5h/WRITE PROTECTED]: Input/output error",
                ":-[ WRITE@LBA=0h failed with SK=5h/WRITE PROTECTED]: Input/output error",
            ]
        ),
        RecordedFailure(
            [34],
            "dvd-rw",
            "dvd+rw-format -blank $SPINDLE_DRIVE && \(growisofs)",
            quirks: ["lies-about-incremental"],
            says: [
                ":-[ WRITE@LBA=0h failed with SK=5h/INVALID ADDRESS FOR WRITE]: Invalid argument"
            ]
        ),
        RecordedFailure(
            [35],
            "dvd-r",
            growisofs,
            faults: ["write lba=16 sense=5/21/02"],
            says: [
                ":-[ WRITE@LBA=10h failed with SK=5h/INVALID ADDRESS FOR WRITE]: Invalid argument"
            ]
        ),
        RecordedFailure(
            [36],
            "dvd+r",
            "growisofs -speed=4 -use-the-force-luke=notray -Z $SPINDLE_DRIVE=noise.img",
            faults: ["refuse command=B6 sense=5/26/00"],
            says: [
                ":-[ SET STREAMING failed with SK=5h/INVALID FIELD IN PARAMETER LIST]: Input/output error"
            ]
        ),
        RecordedFailure(
            [37],
            "dvd-r",
            growisofs,
            faults: ["write lba=1280 sense=5/63/00"],
            says: [
                ":-[ WRITE@LBA=500h failed with SK=5h/END OF USER AREA ENCOUNTERED ON THIS TRACK]: Input/output error"
            ]
        ),
        RecordedFailure(
            [38],
            "dvd+r",
            growisofs,
            faults: ["write lba=272 sense=4/08/03"],
            says: [
                ":-[ WRITE@LBA=110h failed with SK=4h/LOGICAL UNIT COMMUNICATION CRC ERROR (ULTRA-DMA/32)]: Input/output error"
            ]
        ),
        RecordedFailure(
            [39],
            "dvd+r-dl",
            growisofs,
            faults: ["write lba=544 sense=4/09/01"],
            says: [
                ":-[ WRITE@LBA=220h failed with SK=4h/TRACKING SERVO FAILURE]: Input/output error"
            ]
        ),
        RecordedFailure(
            [41, 42],
            "dvd+r",
            growisofs,
            faults: ["write lba=768 sense=4/44/4B", "close sense=4/44/D6"],
            says: [
                ":-[ WRITE@LBA=300h failed with SK=4h/ASC=44h/ACQ=4Bh]: Input/output error",
                ":-[ CLOSE TRACK failed with SK=4h/ASC=44h/ACQ=D6h]: Input/output error",
            ]
        ),
        RecordedFailure(
            [43],
            "dvd-r",
            growisofs,
            faults: ["opc sense=4/44/D9", "refuse command=2A lba=0 sense=2/04/08 count=5000"],
            says: [
                ":-[ PERFORM OPC failed with SK=4h/ASC=44h/ACQ=D9h]: Input/output error",
                "the LUN appears to be stuck writing LBA=0h",
            ]
        ),
        RecordedFailure(
            [45],
            "dvd-r",
            growisofs,
            faults: ["refuse command=2A lba=544 sense=2/04/08 count=5000"],
            says: [
                "the LUN appears to be stuck writing LBA=220h"
            ]
        ),
        RecordedFailure(
            [46, 47],
            "dvd-r",
            growisofsAtOnce,
            faults: ["opc sense=2/30/05", "write lba=0 sense=2/30/05"],
            says: [
                ":-[ PERFORM OPC failed with SK=2h/CANNOT WRITE MEDIUM - INCOMPATIBLE FORMAT]: Wrong medium type",
                ":-[ WRITE@LBA=0h failed with SK=2h/CANNOT WRITE MEDIUM - INCOMPATIBLE FORMAT]: Wrong medium type",
            ]
        ),
        RecordedFailure(
            [49],
            "dvd+r",
            growisofs,
            faults: ["write lba=544 sense=B/00/00", "flush sense=2/3A/00"],
            says: [
                ":-[ FLUSH CACHE failed with SK=2h/MEDIUM NOT PRESENT]: No medium found"
            ]
        ),
        RecordedFailure(
            [50],
            "dvd+r",
            growisofs,
            faults: ["close sense=2/04/07 count=3"],
            says: [
                ":-[ CLOSE TRACK failed with SK=2h/LOGICAL UNIT NOT READY, OPERATION IN PROGRESS]: Resource temporarily unavailable"
            ]
        ),
        RecordedFailure(
            [160],
            "dvd-r",
            growisofs,
            faults: ["opc sense=5/20/00"],
            isHarmless: true,
            says: [
                ":-[ PERFORM OPC failed with SK=5h/INVALID COMMAND OPERATION CODE]: No such device"
            ]
        ),
        RecordedFailure(
            [161],
            "dvd-r",
            growisofs,
            faults: ["opc sense=5/27/00"],
            isHarmless: true,
            says: [
                ":-[ PERFORM OPC failed with SK=5h/WRITE PROTECTED]: Input/output error"
            ]
        ),
        RecordedFailure(
            [162],
            "dvd-r",
            growisofs,
            quirks: ["refuses-opc"],
            isHarmless: true,
            says: [
                ":-[ PERFORM OPC failed with SK=5h/COMMAND SEQUENCE ERROR]: Input/output error"
            ]
        ),
        RecordedFailure(
            [163],
            "dvd-r",
            growisofs,
            faults: ["opc sense=5/30/02"],
            isHarmless: true,
            says: [
                ":-[ PERFORM OPC failed with SK=5h/CANNOT READ MEDIUM - INCOMPATIBLE FORMAT]: Wrong medium type"
            ]
        ),
        RecordedFailure(
            [164],
            "dvd-r",
            growisofs,
            faults: ["opc sense=1/73/01 done"],
            isHarmless: true,
            says: [
                "WARNING: Power Calibration Area is almost full"
            ]
        ),
        RecordedFailure(
            [165],
            "dvd+r",
            growisofs,
            quirks: ["busy-when-full"],
            isHarmless: true,
            says: [
                "closing session"
            ]
        ),
        RecordedFailure(
            [166],
            "dvd+r",
            growisofs,
            quirks: ["ready-too-early"],
            says: [
                ":-[ CLOSE TRACK failed with SK=2h/LOGICAL UNIT NOT READY, OPERATION IN PROGRESS]"
            ]
        ),
        RecordedFailure(
            [167],
            "bd-r",
            growisofs,
            faults: ["refuse command=AD sense=3/31/00"],
            isHarmless: true,
            says: [
                "closing track"
            ]
        ),
        RecordedFailure(
            [173],
            "bd-r",
            growisofs,
            faults: ["close sense=5/24/00 done"],
            says: [
                ":-[ CLOSE TRACK failed with SK=5h/INVALID FIELD IN CDB]"
            ]
        ),
        RecordedFailure(
            [181],
            "dvd+r",
            growisofs,
            faults: ["attention command=2A lba=1280 count=1"],
            says: [
                ":-[ WRITE@LBA=500h failed with SK=6h/NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED]: Input/output error"
            ]
        ),
        RecordedFailure(
            [182, 183],
            "dvd+r",
            growisofs,
            faults: ["write lba=544 sense=1/00/03", "flush sense=6/28/00"],
            says: [
                ":-[ WRITE@LBA=220h failed with SK=1h/ASC=00h/ACQ=03h]: Input/output error",
                ":-[ FLUSH CACHE failed with SK=6h/NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED]: Input/output error",
            ]
        ),
        RecordedFailure(
            [3],
            "dvd+rw",
            "dvd+rw-mediainfo $SPINDLE_DRIVE",
            faults: ["refuse command=52 sense=3/11/05"],
            says: [
                ":-[ READ TRACK INFORMATION failed with SK=3h/L-EC UNCORRECTABLE ERROR]: Input/output error"
            ]
        ),
        RecordedFailure(
            [44],
            "dvd+rw",
            "dvd+rw-mediainfo $SPINDLE_DRIVE",
            faults: ["refuse command=23 sense=2/04/08"],
            says: [
                ":-[ READ FORMAT CAPACITIES failed with SK=2h/LOGICAL UNIT NOT READY, LONG WRITE IN PROGRESS]: Resource temporarily unavailable"
            ]
        ),
        RecordedFailure(
            [48],
            "dvd-rw",
            "dvd+rw-format -force $SPINDLE_DRIVE",
            faults: ["opc sense=2/30/11"],
            says: [
                ":-[ PERFORM OPC failed with SK=2h/CANNOT WRITE MEDIUM - UNSUPPORTED MEDIUM VERSION]: Wrong medium type"
            ]
        ),
    ]
}
