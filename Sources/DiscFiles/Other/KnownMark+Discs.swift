extension KnownMark {
    /// Discs of consoles and players.
    ///
    /// The places are those at which the machines themselves look, in sectors of 2048 bytes.
    static let discs: [KnownMark] = [
        KnownMark(
            "a GameCube disc",
            .gameDisc,
            at: 0x1C,
            bytes: [0xC2, 0x33, 0x9F, 0x3D],
            title: (0x20, 64)
        ),
        KnownMark(
            "a Wii disc",
            .gameDisc,
            at: 0x18,
            bytes: [0x5D, 0x1C, 0x9E, 0xA3],
            title: (0x20, 64)
        ),
        KnownMark("an Xbox disc", .gameDisc, at: 0x10000, "MICROSOFT*XBOX*MEDIA"),
        KnownMark(
            "a 3DO disc",
            .gameDisc,
            bytes: [1, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 1],
            title: (0x28, 32)
        ),
        KnownMark("a Saturn disc", .gameDisc, "SEGA SEGASATURN ", title: (0x60, 112)),
        KnownMark("a Mega-CD disc", .gameDisc, "SEGADISCSYSTEM  ", title: (0x150, 48)),
        KnownMark("a Dreamcast disc", .gameDisc, "SEGA SEGAKATANA ", title: (0x80, 128)),
        KnownMark("a PC Engine disc", .gameDisc, at: 0x820, "PC Engine CD-ROM SYSTEM"),
        KnownMark("a PC-FX disc", .gameDisc, "PC-FX:Hu_CD-ROM"),
        KnownMark("a CD-i disc", .gameDisc, at: 0x8001, "CD-I ", title: (0x8028, 32)),
        KnownMark(
            "a Video CD or another CD-i bridge disc",
            .gameDisc,
            at: 0x8008,
            "CD-RTOS CD-BRIDGE"
        ),
        KnownMark("a PlayStation disc", .gameDisc, at: 0x8008, "PLAYSTATION"),
        KnownMark("a PSP disc", .gameDisc, at: 0x8008, "PSP GAME"),
        KnownMark("a CDTV or CD32 disc", .gameDisc, at: 0x8008, "CDTV"),
    ]
}
