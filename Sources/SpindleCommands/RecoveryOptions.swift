import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// How a damaged disc is read.
struct RecoveryOptions: ParsableArguments {
    @Flag(
        help:
            "Continue with OUTPUT.part, or with a finished OUTPUT that lacks sectors, and its map; ddrescue's will do as well."
    )
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Take missing sectors from another image of the disc, finished or not; the map beside it says what it has. May be given several times.",
            valueName: "image"
        ),
        completion: .file()
    )
    var merge: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read this file or directory of the disc first, after what leads to it. May be given several times.",
            valueName: "path"
        )
    )
    var first: [String] = []

    @Option(help: "Give up after this time, such as 90s, 30m or 2h.")
    var timeLimit: DurationArgument?

    @Option(
        help: "Give up beyond this many bad sectors: a number, or a share such as 5%."
    )
    var giveUp: DamageArgument?

    /// Tells a rip of them.
    func adopt(_ options: inout RipOptions) {
        options.resumes = resume
        options.merged = merge.map { FilePath(text: $0) }
        options.first = first
        options.timeLimit = timeLimit?.seconds
        options.giveUp = giveUp?.limit
    }
}

/// A time on the command line: a number of seconds, or with s, m, h or d.
struct DurationArgument: ExpressibleByArgument, Sendable {
    let seconds: Double

    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    init?(argument: String) {
        var number = argument[...]
        var unit = 1.0
        if let last = number.last, let known = Self.units[last] {
            unit = known
            number.removeLast()
        }
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let count = Double(number), count * unit > 0, count * unit < 1e9
        else { return nil }
        seconds = count * unit
    }
}

/// An amount of damage on the command line: sectors, or a share of the disc.
struct DamageArgument: ExpressibleByArgument, Sendable {
    let limit: DamageLimit

    init?(argument: String) {
        guard argument.hasSuffix("%") else {
            guard let count = Int(argument), count >= 0 else { return nil }
            limit = .sectors(count)
            return
        }
        let number = argument.dropLast()
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let share = Double(number), (0...100).contains(share)
        else { return nil }
        limit = .percent(share)
    }
}
