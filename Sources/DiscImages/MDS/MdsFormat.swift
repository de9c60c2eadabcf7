import Transfer

extension ImageFormat {
    /// An image of Alcohol 120%: a descriptor, and files of sectors.
    public static let mds = ImageFormat(
        name: "mds",
        displayName: "Alcohol MDS/MDF",
        endings: ["mds", "xmd"],
        endingsBeside: ["mdf"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .trackNumbers,
            .sessions, .positions, .sessionKinds, .interactiveSessions, .pregaps, .preEmphasis,
            .copyPermission, .fourChannels, .subchannel, .irregularSectors,
        ],
        choices: [.userDataOnly, .subchannel],
        order: .any,
        reader: { try MdsReader.open($0) },
        writer: { try MdsWriter.begin($0, $1, $2) }
    )
}
