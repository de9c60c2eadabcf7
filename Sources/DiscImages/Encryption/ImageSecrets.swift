public import LinuxCalls
import Synchronization

/// What the user knows of an image and the image doesn't say: its password, and the encoding of its
/// sheet.
public final class ImageSecrets: Sendable {
    /// The encoding of the image's sheet if it isn't Unicode; `nil` if the user hasn't named one.
    public let encoding: TextEncoding?
    private let ask: (@Sendable () throws -> [UInt8])?
    private let known = Mutex<[UInt8]?>(nil)

    /// Takes what gives the password, and the encoding.
    ///
    /// - Parameters:
    ///   - encoding: The encoding of the image's sheet.
    ///   - ask: Gives the password's bytes; it is called once at most, and only if an image needs a
    ///     password.
    public init(encoding: TextEncoding? = nil, _ ask: (@Sendable () throws -> [UInt8])?) {
        self.encoding = encoding
        self.ask = ask
    }

    /// Takes a password.
    public convenience init(password: String) {
        self.init { Array(password.utf8) }
    }

    /// The password; `nil` if there is none.
    func password() throws -> [UInt8]? {
        guard let ask else { return nil }
        return try known.withLock { known in
            if let known { return known }
            let password = try ask()
            known = password
            return password
        }
    }
}
