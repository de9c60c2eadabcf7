/// Why bytes are not a database's answer.
public enum AnswerProblem: Error, Hashable, Sendable {
    /// There is nothing in it.
    case empty
    /// It is larger than any answer.
    case tooLarge
    /// It ends in the middle.
    case truncated
    /// It is a web page, as servers send where they have nothing, or are in trouble.
    case webPage
    /// The server says that it knows no such disc.
    case notFound
    /// It is something else; what is odd in a few words.
    case malformed(String)

    /// The rest of a sentence that begins with the file's name.
    public var predicate: String {
        switch self {
        case .empty: "is empty"
        case .tooLarge: "is larger than any answer of the database"
        case .truncated: "is cut short"
        case .webPage:
            "is a web page and not the database's answer; servers send one where they have no answer"
        case .notFound: "says that the database has no such disc"
        case .malformed(let detail): "is not an answer of the database: \(detail)"
        }
    }

    /// Whether the bytes are a web page, or what the CUETools Database sends of an unknown disc.
    init?(instead bytes: [UInt8]) {
        guard !bytes.isEmpty else {
            self = .empty
            return
        }
        let start = String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased()
        let text = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if text.hasPrefix("not found") {
            self = .notFound
        } else if text.hasPrefix("<!doctype html") || text.contains("<html")
            || text.hasPrefix("<head")
        {
            self = .webPage
        } else {
            return nil
        }
    }
}
