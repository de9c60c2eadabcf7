import ArgumentParser

/// How a progress line is shown.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
    case auto, plain, none
}

/// The options that every verb has.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON: one document, or one object a line from verbs that work on discs.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but results and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also print messages from libburn and libcdio.")
    var verbose = false

    @Option(help: "Show progress: auto (a line on a terminal), plain (a line now and then), none.")
    var progress: ProgressStyle?
}
