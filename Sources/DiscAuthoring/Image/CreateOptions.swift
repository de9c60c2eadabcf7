public import SystemPackage

/// What the making of an image is asked for besides what goes in.
public struct CreateOptions: Sendable {
    /// The image's name.
    public var output: FilePath
    /// Whether a file of that name is replaced.
    public var replaces = false
    /// Whether the image is read back and compared with the files.
    public var verifies = true
    /// Whether only the plan is told.
    public var isTrial = false

    /// Creates the usual options.
    public init(output: FilePath) { self.output = output }
}
