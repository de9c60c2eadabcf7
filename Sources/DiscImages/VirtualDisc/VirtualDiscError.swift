public import LinuxCalls

/// A virtual disc could not be made, opened or used.
public struct VirtualDiscError: Error, Sendable {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable {
        enum Kind { case exists, inUse, notADisc, damaged, notMade, system }
        let kind: Kind

        /// There is a file of that name.
        public static let exists = Code(kind: .exists)
        /// Another drive holds the disc.
        public static let inUse = Code(kind: .inUse)
        /// The file can't be a disc.
        public static let notADisc = Code(kind: .notADisc)
        /// The file is a virtual disc whose metadata are lost.
        public static let damaged = Code(kind: .damaged)
        /// No such disc is made.
        public static let notMade = Code(kind: .notMade)
        /// A call to the system failed.
        public static let system = Code(kind: .system)
    }

    /// What kind of trouble it is.
    public var code: Code
    /// The file.
    public var path: String
    /// What is wrong with it.
    public var problem: String
    /// The system's error, where that is the cause.
    public var cause: SystemError?

    /// All of it in one sentence, where somebody else has said it.
    private var sentence: String?

    init(_ code: Code, path: String, sentence: String) {
        self.init(code, path: path, sentence)
        self.sentence = sentence
    }

    init(_ code: Code, path: String, _ problem: String) {
        self.code = code
        self.path = path
        self.problem = problem
    }

    init(_ error: SystemError, path: String) {
        // What is in the way may have the name that the file has until it is complete.
        let name = error.isFileExists ? error.path ?? path : path
        self.init(error.isFileExists ? .exists : .system, path: name, error.reason)
        cause = error
    }
}

extension VirtualDiscError: CustomStringConvertible {
    /// One sentence.
    public var description: String { sentence ?? "\(path): \(problem)." }
}
