import SpindleJobs
public import SystemPackage

/// Writes an image in another format, as `spindle convert` does.
public struct Convert: Job {
    /// The image to read, of any format.
    public var input: FilePath
    /// The image to make; its file extension selects the format.
    public var output: FilePath
    /// Whether files that exist are replaced.
    public var replaces = false
    /// Whether what the format can't hold may be lost.
    public var allowsLoss = false
    /// Whether the image is opened again and compared.
    public var proves = false

    /// Creates a job.
    public init(_ input: FilePath, to output: FilePath) {
        self.input = input
        self.output = output
    }

    /// What the job does.
    public var work: JobWork {
        var options = ConversionOptions(output: output)
        options.allowsLoss = allowsLoss
        options.proves = proves
        options.image.replaces = replaces
        let (input, wanted) = (input, options)
        return JobWork("convert") { cancellation, tell throws(SpindleError) in
            try ConversionJob.check(wanted)
            let image = try OpenDisc.image(
                input,
                need: try ConversionJob.need(wanted),
                meaning: "Nothing was written.",
                cancellation: cancellation
            )
            return try ConversionJob(image, options: wanted)
                .run(cancellation: cancellation, tell: tell)
        }
    }
}
