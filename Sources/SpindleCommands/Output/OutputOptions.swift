import ArgumentParser

/// How a progress line is shown.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
    case auto, plain, none
}

/// What an output is told of how it is wanted.
protocol OutputChoices {
    var json: Bool { get }
    var quiet: Bool { get }
    var work: WorkOptions { get }
}

/// The options of verbs that work for a while.
struct OutputOptions: ParsableArguments, OutputChoices {
    @Flag(help: "Print JSON for programs: an event a line, with the result last.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but results and errors.")
    var quiet = false

    @OptionGroup var work: WorkOptions
}

/// The options of verbs that work for a while on an answer.
struct LongAnswerOptions: ParsableArguments, OutputChoices {
    @Flag(help: "Print the answer as JSON for programs.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print no notes beside the answer.")
    var quiet = false

    @OptionGroup var work: WorkOptions
}

/// The options of verbs that do one thing at once.
struct ResultOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON for programs.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    @OptionGroup(visibility: .private) var work: WorkOptions
}

/// The options of verbs that answer a question.
struct AnswerOptions: ParsableArguments {
    @Flag(help: "Print the answer as JSON for programs.")
    var json = false

    @Flag(name: .shortAndLong, help: .private)
    var quiet = false

    @OptionGroup(visibility: .private) var work: WorkOptions
}

/// The options of verbs whose answer has notes beside it.
struct ListOptions: ParsableArguments {
    @Flag(help: "Print the answer as JSON for programs.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print no notes beside the answer.")
    var quiet = false

    @OptionGroup(visibility: .private) var work: WorkOptions
}

/// What verbs that work for a while show of it.
///
/// A script may give each verb the same options. The other verbs take these too, but where they change
/// nothing, no help shows them.
struct WorkOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Also print messages from libburn and libcdio.")
    var verbose = false

    @Option(help: "Show progress: a line on a terminal, a line now and then, or nothing.")
    var progress: ProgressStyle?
}
