import MMC

extension QuirkFacts {
    /// How drives read audio, as the programs tell that have to get along with them.
    static let soundQuirks: [Quirk: QuirkFacts] = [
        .noC2: QuirkFacts("CUETools SCSIDrive", "refuses READ CD with C2 in any form: 5/24/00"),
        .noC2Of294: QuirkFacts(
            "CUETools #155, #296",
            "refuses READ CD with 294 bytes of C2, and takes 296"
        ),
        .c2SumFirst: QuirkFacts(
            "CUETools SCSIDrive",
            "has the byte with all bits of C2 together before the others"
        ),
        .c2WithoutSum: QuirkFacts(
            "CUETools SCSIDrive",
            "leaves the byte with all bits of C2 together zero, as a TSST SH-S203B does"
        ),
        .c2OfDataOnly: QuirkFacts(
            "CUETools SCSIDrive",
            "gives C2 of data alone, as a TS-H352C does"
        ),
        .c2Late: QuirkFacts("redumper drive.ixx", "gives C2 of a sector with the next one"),
        .c2BehindSubchannel: QuirkFacts(
            "redumper drive.ixx",
            "gives C2 after the subchannel"
        ),
        .ignoresFUA: QuirkFacts(
            "libcdio-paranoia cachetest.c",
            "keeps its cache of audio where a READ has FUA set"
        ),
        .understatesBuffer: QuirkFacts(
            "libcdio-paranoia cachetest.c",
            "says in mode page 2Ah that its buffer has 128 KiB, whatever it keeps"
        ),
        .mutesHiddenTrack: QuirkFacts(
            "whipper #75",
            "gives silence for audio before index 1 of track 1"
        ),
        .qCRCZero: QuirkFacts("CUETools TestGaps", "gives Q with a CRC of zeros"),
        .qBinary: QuirkFacts("CUETools TestGaps", "gives the numbers of Q in binary, not in BCD"),
        .noIndex0: QuirkFacts(
            "cdrdao #74",
            "has no index 0 in Q: pregaps go on with the track before"
        ),
        .staleCode: QuirkFacts(
            "cdrdao #79",
            "gives the recording code of the track before"
        ),
    ]
}
