import SpindleJobs

/// The names of a disc with audio in the databases that know such discs, and what they are made of.
struct IdentifierEntry: Encodable {
    /// The table of contents that all follow from.
    let toc: AudioTOC
    private let names: IdentifierReport

    /// Makes the names of a disc; `nil` if the system's OpenSSL does not make SHA-1.
    init?(_ toc: AudioTOC) {
        guard let names = IdentifierReport(toc) else { return nil }
        self.toc = toc
        self.names = names
    }

    func encode(to encoder: any Encoder) throws {
        try names.encode(to: encoder)
    }

    /// The same for a person.
    var lines: [String] { names.phrases.map { "id        \($0)" } }
}
