/// Why nothing came from an address on the web.
enum WebProblem: Error, Hashable {
    /// The program that fetches is not installed.
    case noProgram
    /// It can't be started; why.
    case cannotStart(String)
    /// The server says that there is nothing at the address: HTTP status 404 or 410.
    case notFound
    /// The server says something else than that all is well: its HTTP status.
    case status(Int)
    /// More came than there can be.
    case tooLarge
    /// Nothing, or not all of it, came within so many seconds.
    case timedOut(Int)
    /// The server can't be reached, or broke off; what happened.
    case trouble(String)
    /// The user stopped it.
    case stopped

    /// What happened, as the rest of a sentence.
    var reason: String {
        switch self {
        case .noProgram: "the program \(WebFetcher.program), which fetches it, is not installed"
        case .cannotStart(let reason): "\(WebFetcher.program) can't be started: \(reason)"
        case .notFound: "there is nothing at the address"
        case .status(let status): "the server answers with the HTTP status \(status)"
        case .tooLarge: "what the server sends is larger than any answer"
        case .timedOut(let seconds): "the answer did not come within \(seconds) s"
        case .trouble(let what): what
        case .stopped: "it was stopped"
        }
    }

    /// What an exit code of curl means, as its manual lists them.
    ///
    /// - Parameters:
    ///   - code: The exit code; not 0.
    ///   - seconds: The time limit.
    init(exitCode code: Int32, seconds: Int) {
        self =
            switch code {
            case 28: .timedOut(seconds)
            case 63: .tooLarge
            case 1: .trouble("the server sends on to an address that is not of the web")
            case 5: .trouble("the proxy's name is unknown")
            case 6: .trouble("the server's name is unknown, or there is no network")
            case 7: .trouble("no connection to the server can be made")
            case 18: .trouble("the answer is cut short")
            case 47: .trouble("the server sends from one address to the next without an end")
            case 52, 55, 56: .trouble("the server closes the connection without a whole answer")
            case 35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91:
                .trouble("no secure connection to the server can be made (curl's code \(code))")
            default: .trouble("it can't be fetched (curl's code \(code))")
            }
    }
}
