extension ImageFormat {
    /// A virtual disc, recorded and closed, as a drive in software takes it.
    ///
    /// It has no reader here: ``DiscImage`` knows it first, for it can also be blank or appendable.
    public static let virtualDisc = ImageFormat(
        name: "virtual-disc",
        displayName: "virtual disc",
        endings: ["disc"],
        holds: Set(DiscFeature.allCases).subtracting([.sheetTexts, .remarks]),
        choices: [.subchannel],
        reader: { _ in nil },
        writer: { try VirtualDiscWriter($0, $1, $2) }
    )
}
