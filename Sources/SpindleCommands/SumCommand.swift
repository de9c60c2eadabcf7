import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle sum DISC…`.
struct SumCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sum",
        abstract: "Print checksums of discs, images, tracks or the files inside.",
        discussion: """
            Lines have the form that “sha256sum” and its relatives print and check; with --tag, that of \
            the BSDs. CRC-32 has that of SFV lists. The checksums of an image are those of its files as \
            they are; those of a disc are of its data.

            --implant puts an MD5 into an ISO 9660 image and --check checks one, as implantisomd5 and \
            checkisomd5 do.

            Examples:
              spindle sum debian.iso
              spindle sum debian.iso --sum md5,sha512
              spindle sum --files /dev/sr0 > SHA256SUMS
              spindle sum --check fedora.iso
            """
    )

    @Argument(
        help: "Drives' device nodes, images or virtual discs; the disc in the drive if left out.",
        completion: .file()
    )
    var discs: [String] = []

    @OptionGroup var drive: DriveOption

    @Option(
        name: .customLong("sum"),
        help: "The checksums, such as md5,sha1,sha512,crc32,blake2b; sha256 by default."
    )
    var sums: [DigestsArgument] = []

    @Flag(help: "Make the checksums of each track.")
    var tracks = false

    @Flag(help: "Make the checksums of each file inside.")
    var files = false

    @Flag(help: "Print lines in the BSD form: SHA256 (name) = …")
    var tag = false

    @Flag(help: "Put an MD5 of the image into it.")
    var implant = false

    @Flag(help: "Check the MD5 that was put into it.")
    var check = false

    @Flag(help: "With --implant, replace what stands in its place.")
    var force = false

    @OptionGroup var password: PasswordOption
    @OptionGroup var output: LongAnswerOptions

    mutating func validate() throws {
        try drive.check(besides: discs.first)
        let modes = [tracks, files, implant, check].count { $0 }
        guard modes <= 1 else {
            throw ValidationError("--tracks, --files, --implant and --check exclude each other.")
        }
        guard !implant && !check || sums.isEmpty && !tag else {
            throw ValidationError("--implant and --check are about one kind of checksum: MD5.")
        }
        guard !implant && !check || discs.count <= 1 else {
            throw ValidationError("--implant and --check take one image or disc.")
        }
        guard !implant || discs.count == 1 else {
            throw ValidationError("Name the image that is to hold its MD5.")
        }
        guard !force || implant else {
            throw ValidationError("--force belongs to --implant.")
        }
    }

    func run() async throws {
        if implant || check { return try await runImplanted() }
        let interruption = Cancellation()
        try? Signals.watch([.interrupt, .quit, .terminate]) { _ in interruption.request() }
        let output = Output(output)
        var printer = SumPrinter(isTagged: tag, isJSON: self.output.json)
        var isComplete = true
        // Of the first disc that could not be read, where there were others; and what ended all.
        var code: SpindleJobs.ExitCode?
        var end: Failure?
        // For the document, of which standard output has one.
        var notes: [String] = []
        let looking = output.beginLooking()
        defer { looking?.end() }
        try JobCommand.answer(output) { () throws(Failure) in
            let paths =
                discs.isEmpty ? [try drive.node(with: .recorded)] : discs.map { FilePath(text: $0) }
            let wanted = sums.flatMap(\.algorithms)
            for path in paths {
                let job = DiscSums(
                    path,
                    of: tracks ? .tracks : files ? .files : .whole,
                    wanted.isEmpty ? [.sha256] : wanted,
                    secrets: password.secrets
                )
                // With several discs, the names of files say which disc they are in.
                let prefix = files && paths.count > 1 ? "\(path.text)/" : ""
                do throws(Failure) {
                    try job.make(
                        interruption,
                        note: { sentence in
                            if self.output.json {
                                if !notes.contains(sentence) { notes.append(sentence) }
                            } else if !self.output.quiet {
                                output.note([sentence])
                            }
                        },
                        tell: { if !self.output.json { output.show(.progress($0)) } },
                        take: { entry in
                            output.endLine()
                            if let trouble = entry.trouble {
                                isComplete = false
                                output.note([
                                    "\(prefix)\(entry.name): \(trouble); it has no checksum."
                                ])
                            }
                            printer.print(entry, prefix: prefix)
                            return printer.isOpen
                        }
                    )
                } catch {
                    // What there is of checksums may have taken hours, and the other discs have theirs.
                    output.endLine()
                    guard paths.count > 1, error.cause != .interruption else {
                        end = error
                        break
                    }
                    output.note(error.sentences)
                    code = code ?? error.exitCode
                    printer.print(problem: error.what, of: path.text)
                }
                guard printer.endDisc() else { break }
            }
            output.endLine()
            if end == nil || !printer.isEmpty { try printer.finish(notes) }
            if let end { throw end }
        }
        if let code { throw ArgumentParser.ExitCode(code.rawValue) }
        if !isComplete { throw ArgumentParser.ExitCode(SpindleJobs.ExitCode.incomplete.rawValue) }
    }

    private func runImplanted() async throws {
        let (drive, secrets, force, implants) = (drive, password.secrets, force, implant)
        let named = discs.first.map { FilePath(text: $0) }
        try await JobCommand.run("sum", Output(output)) {
            cancellation,
            tell throws(Failure) in
            let path = if let named { named } else { try drive.node(with: .recorded) }
            let check = ImplantedCheck(path, secrets: secrets)
            return implants
                ? try check.implant(replaces: force, cancellation, tell: tell)
                : try check.check(cancellation, tell: tell)
        }
    }
}

/// Checksums as lines, or as one JSON document.
struct SumPrinter: ~Copyable {
    private let isTagged: Bool
    private let isJSON: Bool
    private var writer = DataWriter()
    private var isFirst = true

    init(isTagged: Bool, isJSON: Bool) {
        self.isTagged = isTagged
        self.isJSON = isJSON
    }

    /// Whether nothing has been printed.
    var isEmpty: Bool { isFirst }

    /// Whether what is printed is still taken.
    var isOpen: Bool { writer.isOpen }

    /// Something as JSON has it.
    private struct Document: Encodable {
        var name: String
        var bytes: Int
        var sums: [String: String]
        var problem: String?
    }

    /// Prints the checksums of one thing.
    mutating func print(_ entry: DiscSums.Entry, prefix: String) {
        let name = prefix + entry.name
        if isJSON {
            let sums = entry.sums.map { ($0.algorithm.rawValue, $0.hexadecimal) }
            let document = Document(
                name: name,
                bytes: entry.bytes,
                sums: Dictionary(sums) { $1 },
                problem: entry.trouble
            )
            print(document)
        } else {
            for sum in entry.sums {
                writer.line(named: SumLine.text(sum, name, isTagged: isTagged))
            }
        }
        isFirst = false
    }

    private mutating func print(_ document: Document) {
        if isFirst { writer.json(Self.head) }
        writer.json((isFirst ? "" : ",") + JSON.encode(document))
        isFirst = false
    }

    private static let head = "{\"version\":1,\"sums\":["

    /// Prints that a disc can't be read, if programs are to know.
    ///
    /// - Parameters:
    ///   - problem: Why: one sentence.
    ///   - name: The disc's name.
    mutating func print(problem: String, of name: String) {
        guard isJSON else { return }
        print(Document(name: name, bytes: 0, sums: [:], problem: problem))
    }

    /// Hands on what there is of a disc, so that nothing that comes later costs it.
    ///
    /// - Returns: Whether what is printed is still taken.
    mutating func endDisc() -> Bool {
        writer.flush()
        return isOpen
    }

    /// Prints what is left.
    ///
    /// - Parameter notes: What a person should know, a sentence each, for the end of the document.
    /// - Throws: ``SpindleJobs/Failure`` if it was not taken.
    mutating func finish(_ notes: [String]) throws(Failure) {
        if isJSON {
            if isFirst { writer.json(Self.head) }
            writer.json(notes.isEmpty ? "]}" : "],\"notes\":" + JSON.encode(notes) + "}")
        }
        try writer.finish()
    }
}
