import LinuxCalls
public import SystemPackage

/// Where the answer of a database is.
public enum AnswerPlace: Hashable, Sendable, CustomStringConvertible {
    /// In a file, or in a folder with such files.
    case path(FilePath)
    /// At an address: that of the answer itself, or with a slash at its end that of a server.
    case address(WebAddress)

    /// Takes what a person wrote; `nil` if it was meant as an address and is none.
    public init?(_ text: String) {
        guard WebAddress.isMeant(by: text) else {
            self = .path(FilePath(text: text))
            return
        }
        guard let address = WebAddress(text) else { return nil }
        self = .address(address)
    }

    /// The path or the address.
    public var description: String {
        switch self {
        case .path(let path): path.string
        case .address(let address): address.description
        }
    }
}
