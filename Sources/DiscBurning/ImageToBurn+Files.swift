public import DiscAuthoring
import LinuxCalls
public import Reports
public import Transfer

extension ImageToBurn {
    /// Takes directories and files, of which an image is made while it is burned.
    ///
    /// - Parameters:
    ///   - input: What goes in.
    ///   - kind: What kind of image it is.
    ///   - cancellation: Heeded between two files.
    /// - Throws: ``Reports/Failure`` if no such image can be made.
    public init(
        of input: AuthoringInput,
        _ kind: AuthoringKind,
        _ cancellation: Cancellation
    ) throws(Failure) {
        guard !kind.implantsMD5 else {
            throw Failure(
                .usage,
                "An MD5 can't be put into an image that is burned while it is made.",
                meaning: "The disc was not touched.",
                advice: "Make the image first with “spindle create”, or leave --implant-md5 out."
            )
        }
        let authoring = try kind.image(of: input, cancellation)
        try authoring.checkConsent(kind.allowsLoss, meaning: "The disc was not touched.")
        name = authoring.name
        source = authoring.source()
        byteCount = authoring.byteCount
        notes =
            ["Volume “\(authoring.volume)”, \(authoring.summary)."]
            + authoring.losses.map { "Not kept: \($0.text)." } + authoring.notes
        madeFor = 0
        disc = nil
        sounds = []
        watch = FileWatch([])
    }
}
