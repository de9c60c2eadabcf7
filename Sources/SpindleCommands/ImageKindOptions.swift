public import ArgumentParser
public import SpindleJobs

/// What kind of image is made of files.
struct ImageKindOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Make a UDF file system of this revision; 1.02 lies beside ISO 9660, for files of 4 GiB and more on any system.",
            valueName: "revision"
        ),
        completion: .list(UDFRevision.allCases.map(\.rawValue))
    )
    var udf: UDFRevision?

    @Option(
        help:
            "Lay the files out for players: dvd for a VIDEO_TS folder (UDF 1.02), bd for a BDMV folder (UDF 2.50)."
    )
    var video: UDFImageOptions.Video?

    @OptionGroup var iso: ISOOptions

    mutating func validate() throws {
        guard isUDF, let option = iso.firstOfISO else { return }
        throw ValidationError("\(option) is about ISO 9660 images; leave out --udf and --video.")
    }

    /// The first option that was given; `nil` if there is none.
    var first: String? { udf != nil ? "--udf" : video != nil ? "--video" : iso.first }

    /// Whether an image with UDF is wanted.
    private var isUDF: Bool { udf != nil || video != nil }

    /// What these make.
    ///
    /// - Parameter allowsLoss: Whether what can't be read or kept may be left out.
    /// - Returns: The kind.
    /// - Throws: `ValidationError` for a value that makes no sense.
    func kind(allowsLoss: Bool) throws -> AuthoringKind {
        var options = try iso.options
        options.allowsLoss = allowsLoss
        guard isUDF else { return .iso(options) }
        var other = UDFAuthoringOptions()
        other.revision = udf
        other.video = video
        other.volume = options.volume
        other.bootEntries = [
            options.boot.map { .init(.bios, path: $0) },
            options.efiBoot.map { .init(.efi, path: $0) },
        ].compactMap(\.self)
        other.isReproducible = options.isReproducible
        other.epoch = options.epoch
        other.allowsLoss = allowsLoss
        return .udf(other)
    }
}

extension UDFRevision: ExpressibleByArgument {}
extension UDFImageOptions.Video: ExpressibleByArgument {}

extension ISOOptions {
    /// The first option that was given; `nil` if there is none.
    fileprivate var first: String? {
        let given = [
            (volume != nil, "--volume"), (boot != nil, "--boot"), (efiBoot != nil, "--efi-boot"),
            (reproducible, "--reproducible"),
        ]
        return given.first(where: \.0)?.1 ?? firstOfISO
    }

    /// The first option that was given and that images with UDF do not have; `nil` if there is none.
    fileprivate var firstOfISO: String? {
        let given: [(Bool, String)] = [
            (publisher != nil, "--publisher"), (preparer != nil, "--preparer"),
            (application != nil, "--application"), (isoLevel != 3, "--iso-level"),
            (noJoliet, "--no-joliet"), (jolietLong, "--joliet-long"), (hfsplus, "--hfsplus"),
            (zisofs, "--zisofs"), (bootInfoTable, "--boot-info-table"),
            (isohybrid != nil, "--isohybrid"),
            (implantMd5, "--implant-md5"), (fileMd5, "--file-md5"),
        ]
        return given.first(where: \.0)?.1
    }
}
