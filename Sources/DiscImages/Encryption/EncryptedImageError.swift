/// An image is encrypted, and can't be read with what was given.
public struct EncryptedImageError: Error, Hashable, Sendable {
    /// What is missing.
    public enum Code: Sendable, Hashable {
        /// No password was given.
        case noPassword
        /// The password is another one.
        case wrongPassword
        /// The password is another one, or the image is damaged: the format has nothing to tell.
        case wrongPasswordOrDamaged
    }

    /// What is missing.
    public var code: Code
    /// The file's name.
    public var file: String
    /// The format's name.
    public var format: String

    /// Creates an error.
    public init(_ code: Code, _ file: String, _ format: String) {
        self.code = code
        self.file = file
        self.format = format
    }

    /// What to do about it.
    public var advice: String {
        switch code {
        case .noPassword: "Give the password in a file: --password-file FILE."
        case .wrongPassword, .wrongPasswordOrDamaged: "Look at the password; its case matters."
        }
    }
}

extension EncryptedImageError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch code {
        case .noPassword:
            "\(file), \(format), is encrypted and can't be read without its password."
        case .wrongPassword:
            "The password is not that of \(file), which is \(format)."
        case .wrongPasswordOrDamaged:
            "The password is not that of \(file), which is \(format), or the file is damaged."
        }
    }
}
