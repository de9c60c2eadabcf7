import Synchronization

/// The password of an image, which is asked for where an image turns out to need one.
public final class ImageSecrets: Sendable {
    private let ask: @Sendable () throws -> [UInt8]
    private let known = Mutex<[UInt8]?>(nil)

    /// Takes what gives the password.
    ///
    /// - Parameter ask: Gives its bytes; called once at most, and never where no image needs it.
    public init(_ ask: @escaping @Sendable () throws -> [UInt8]) {
        self.ask = ask
    }

    /// Takes a password.
    public convenience init(password: String) {
        self.init { Array(password.utf8) }
    }

    /// The password.
    func password() throws -> [UInt8] {
        try known.withLock { known in
            if let known { return known }
            let password = try ask()
            known = password
            return password
        }
    }
}
