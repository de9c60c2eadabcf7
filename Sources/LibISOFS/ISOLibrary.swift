internal import CLibISOFS
import Synchronization

/// libisofs as a whole: its character set and its messages are the process's, so one image is made at
/// a time.
enum ISOLibrary {
    private static let isInUse = Mutex(false)

    /// Whether libisofs could be started, which is tried once.
    ///
    /// The character set of names would be that of the environment, and with none, as in a service,
    /// every letter beyond ASCII would become `_` in Joliet's names without a word. So it is set here.
    ///
    /// The corresponding C functions are `iso_init_with_flag`, `iso_set_local_charset` and
    /// `iso_set_msgs_severities`.
    private static let isStarted: Bool = {
        // Bit 0: the environment's locale is left alone.
        guard iso_init_with_flag(1) >= 0 else { return false }
        var name = Array("UTF-8".utf8CString)
        guard unsafe iso_set_local_charset(&name, 0) == 1 else { return false }
        var all = Array("ALL".utf8CString)
        var never = Array("NEVER".utf8CString)
        var prefix: [CChar] = [0]
        return unsafe iso_set_msgs_severities(&all, &never, &prefix) > 0
    }()

    /// The character set that names are taken to have.
    ///
    /// The corresponding C function is `iso_get_local_charset`.
    static var characterSet: String? {
        guard isStarted, let name = unsafe iso_get_local_charset(0) else { return nil }
        return unsafe String(cString: name)
    }

    /// Takes libisofs for the only image that this process makes at a time.
    static func claim() throws(ISOError) {
        guard isStarted else { throw ISOError(.unavailable, "libisofs can't be started") }
        let wasFree = isInUse.withLock { inUse in
            defer { inUse = true }
            return !inUse
        }
        guard wasFree else {
            throw ISOError(.unavailable, "Another image is being made in this process")
        }
        _ = drainMessages()
    }

    /// Gives libisofs back.
    static func release() { isInUse.withLock { $0 = false } }

    /// Takes all messages out of the queue, oldest first.
    ///
    /// The corresponding C function is `iso_obtain_msgs`.
    static func drainMessages() -> [ISOMessage] {
        var messages: [ISOMessage] = []
        var all = Array("ALL".utf8CString)
        var text = [CChar](repeating: 0, count: Int(spindle_isofs_message_length))
        // The length that libisofs.h demands.
        var severity = [CChar](repeating: 0, count: 80)
        while true {
            var code: Int32 = 0
            var image: Int32 = 0
            guard unsafe iso_obtain_msgs(&all, &code, &image, &text, &severity) > 0 else {
                return messages
            }
            messages.append(
                ISOMessage(
                    severity: ISOMessage.Severity(name: string(severity)),
                    code: Int(code),
                    text: string(text).split(whereSeparator: \.isNewline).joined(separator: " ")
                )
            )
        }
    }

    /// Turns a result into an error if it is one.
    static func check(_ result: Int32, _ context: @autoclosure () -> String) throws(ISOError) {
        guard result < 0 else { return }
        var messages = drainMessages()
        if let reason = unsafe iso_error_to_msg(result) {
            messages.append(
                ISOMessage(
                    severity: .failure,
                    code: Int(result),
                    text: unsafe String(cString: reason)
                )
            )
        }
        throw ISOError(.refused, context(), messages: messages)
    }

    /// The text in a C buffer.
    private static func string(_ buffer: [CChar]) -> String {
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// libisofs's version.
public enum ISOVersion {
    /// The version of the library that is loaded, such as “1.5.4”.
    ///
    /// The corresponding C function is `iso_lib_version`.
    public static var loaded: String {
        var (major, minor, micro): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe iso_lib_version(&major, &minor, &micro)
        return "\(major).\(minor).\(micro)"
    }
}
