internal import CLinux
import Glibc
public import SystemPackage

/// The file systems that are mounted, and how they are taken away.
public enum Mounts {
    /// What the system tells of a mount (proc(5), `/proc/PID/mountinfo`).
    public struct Entry: Hashable, Sendable {
        /// Its number.
        public var number: Int
        /// The directory that it is mounted on.
        public var directory: FilePath
        /// Its type, such as `ext4` or `fuse.spindle`.
        public var type: String
        /// What is mounted, as the one who mounted it calls it; a path as ``PathText``.
        public var source: String
        /// Options of the file system, such as `user_id=0`.
        public var options: [String]
    }

    /// All mounts that this process can see; none where the system does not tell them.
    public static func all() -> [Entry] {
        guard let file = try? File("/proc/self/mountinfo", .read) else { return [] }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var span = buffer.mutableSpan
            guard let count = try? file.readOn(into: &span), count > 0 else { break }
            bytes += buffer[..<count]
            if count < buffer.count { break }
        }
        return entries(bytes)
    }

    /// The mounts of a device, in the order in which they were made.
    public static func all(of node: FilePath) -> [Entry] {
        let names = [node, FileSystem.resolve(node) ?? node].map(\.text)
        return all().filter { names.contains($0.source) }
    }

    /// Takes the system's list apart.
    static func entries(_ list: [UInt8]) -> [Entry] {
        list.split(separator: 0x0A).compactMap { line in
            let fields = line.split(separator: 0x20).map { text($0) }
            // A dash ends the fields whose number varies.
            guard let dash = fields.dropFirst(6).firstIndex(of: "-"), fields.count > dash + 3,
                let number = Int(fields[0])
            else { return nil }
            return Entry(
                number: number,
                directory: FilePath(text: fields[4]),
                type: fields[dash + 1],
                source: fields[dash + 2],
                options: fields[dash + 3].split(separator: ",").map(String.init)
            )
        }
    }

    /// A field with its octal escapes, such as `\040` for a blank, undone.
    private static func text(_ field: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == 0x5C, digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
                bytes.append(digits.reduce(0) { $0 &* 8 &+ ($1 - 0x30) })
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return PathText.text(of: bytes)
    }

    /// Takes a mount away.
    ///
    /// The corresponding C function is `umount2` with `UMOUNT_NOFOLLOW`; without root's privileges,
    /// `fusermount3` is asked for it.
    ///
    /// - Parameters:
    ///   - directory: The directory that it is mounted on.
    ///   - lazily: Whether it goes even if it is in use (`MNT_DETACH`).
    ///   - device: The device that is mounted, if it is one: `udisksctl` and `umount`, which let some users do
    ///     it, are asked then as well.
    /// - Throws: The system's error: `EBUSY` also where those programs refused and do not say why.
    public static func unmount(
        _ directory: FilePath,
        lazily: Bool,
        device: FilePath? = nil
    ) throws(SystemError) {
        let result = unsafe directory.withPlatformString {
            unsafe spindle_unmount($0, lazily ? 1 : 0)
        }
        if result == 0 { return }
        guard errno == EPERM else { throw SystemError("umount", path: directory.string) }
        var ways = [["fusermount3", "-u"] + (lazily ? ["-z"] : []) + ["--", directory.text]]
        if let device {
            ways = [
                ["udisksctl", "unmount", "--no-user-interaction", "-b", device.text],
                ["umount", "--", directory.text],
            ]
        }
        let (reader, writer) = try StreamSocket.pair()
        defer { withExtendedLifetime(reader) {} }
        for way in ways {
            let child = try? ChildProcess(
                arguments: way,
                environment: Environment.all,
                directory: nil,
                input: nil,
                output: writer
            )
            if child?.wait() == .exited(0) { return }
        }
        throw SystemError(errno: EBUSY, call: "umount", path: directory.string)
    }

    /// What `stat` says of a directory, asked on a thread of its own, for a file system whose process
    /// hangs does not answer.
    public enum Answer: Hashable, Sendable {
        /// It is there.
        case present
        /// It is not, or can't be asked.
        case failed(SystemError)
        /// There was no answer within the time.
        case silence
    }

    /// Asks whether a mounted file system answers: about a name that nobody has asked for yet, for what
    /// was told before the kernel goes on telling without the process that serves it.
    ///
    /// - Parameters:
    ///   - directory: The directory that it is mounted on.
    ///   - seconds: How long it is waited for.
    /// - Returns: What it answers.
    public static func ask(_ directory: FilePath, seconds: Int = 3) -> Answer {
        let answer = Monitor<Answer?>(nil)
        let nonce = UInt64(Clock.seconds * 1e9)
        let name = directory.appending(".spindle-\(Processes.ownNumber)-\(nonce)")
        do throws(SystemError) {
            try Thread(name: "ask") {
                do throws(SystemError) {
                    _ = try FileSystem.status(name)
                    answer.update { $0 = .present }
                } catch {
                    answer.update { $0 = error.isNoSuchFile ? .present : .failed(error) }
                }
            }.detach()
        } catch {
            return .failed(error)
        }
        return answer.wait(atMost: .seconds(seconds)) { $0 } ?? .silence
    }
}
