import Foundation

/// A directory of one test's own: the place for its discs, images and output.
struct Scratch: Sendable {
    /// The directory, which the test's programs run in.
    let directory: URL

    /// Gives a test a directory, and a turn: only so many tests work at once that the time limits
    /// of each mean something on a small machine.
    ///
    /// The directory is removed when the test has passed, and kept for a look when it threw.
    static func use(_ body: (Scratch) async throws -> Void) async throws {
        await Turns.shared.take()
        do {
            let scratch = try Scratch()
            try await body(scratch)
            try FileManager.default.removeItem(at: scratch.directory)
        } catch {
            await Turns.shared.giveBack()
            throw error
        }
        await Turns.shared.giveBack()
    }

    private init() throws {
        let name = "spindle-test-\(UUID().uuidString.prefix(8).lowercased())"
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // Another user's processes have to get in, where a test looks at missing rights.
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: directory.path
        )
    }

    /// The path of a file in the directory.
    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// Whether there is such a file.
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// A file's bytes.
    func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: directory.appendingPathComponent(name))
    }

    /// A file's text.
    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// Makes a file.
    func write(_ bytes: Data, to name: String) throws {
        try bytes.write(to: directory.appendingPathComponent(name))
    }

    /// Makes a file that has a size and takes no room: zeros, and some bytes at its beginning.
    func makeSparse(_ name: String, size: Int, beginning: Data = Data()) throws {
        try write(beginning, to: name)
        let file = try FileHandle(forWritingTo: directory.appendingPathComponent(name))
        try file.truncate(atOffset: UInt64(size))
        try file.close()
    }
}

/// How many tests may work at once.
///
/// Most of a test's time goes by in waits: libburn alone sleeps for seconds in each burn. So more tests are
/// let in while a processor is idle, and no more than a few on a machine that others keep busy.
private actor Turns {
    static let shared = Turns(least: 8, most: 32)

    private let least: Int
    private let most: Int
    private var taken = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isWatching = false

    init(least: Int, most: Int) {
        self.least = least
        self.most = most
    }

    func take() async {
        guard taken >= least else {
            taken += 1
            return
        }
        await withCheckedContinuation { turn in
            waiting.append(turn)
            watch()
        }
    }

    func giveBack() {
        taken -= 1
        if taken < least { letIn() }
    }

    private func letIn() {
        guard !waiting.isEmpty else { return }
        taken += 1
        waiting.removeFirst().resume()
    }

    /// Lets one test in at a time, so that the load of each shows before the next one.
    private func watch() {
        guard !isWatching else { return }
        isWatching = true
        Task {
            while !waiting.isEmpty {
                try? await Task.sleep(for: .milliseconds(100))
                if taken < most, Self.hasIdleProcessor { letIn() }
            }
            isWatching = false
        }
    }

    /// Whether fewer threads run, or could, than there are processors (proc(5), loadavg).
    private static var hasIdleProcessor: Bool {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ")
        guard fields.count > 3,
            let running = fields[3].split(separator: "/").first.flatMap({ Int($0) })
        else { return false }
        // This thread is one of them.
        return running - 1 < ProcessInfo.processInfo.activeProcessorCount
    }
}
