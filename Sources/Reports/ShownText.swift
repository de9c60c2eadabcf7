/// Text as it is shown: nothing in it steers a terminal, or makes one line look like two.
///
/// Names and titles come from images, sheets, checksum lists, drives and paths, and so from strangers.
/// All that is printed goes through here, and so does what a report in a file quotes.
///
/// A byte of a path that is not UTF-8 stands in a string as U+10FE00 and the byte, so that the path can be made again
/// (`PathText` in LinuxCalls).
public enum ShownText {
    /// A line for a person: characters that steer a terminal or hide become `\x..` or `\u{…}`, and bytes of paths that are
    /// not UTF-8 become `\x..`.
    ///
    /// These are control characters, line separators, and format characters such as those that change
    /// the direction of writing; those that join letters stay.
    ///
    /// - Parameters:
    ///   - text: The line.
    ///   - keepsBytes: Whether those bytes stay as they stand in the string, for one who writes them as bytes.
    /// - Returns: The line as it is shown.
    public static func line(_ text: String, keepsBytes: Bool = false) -> String {
        escaped(text) { scalar in
            let byte = byte(scalar)
            if keepsBytes, byte != nil { return String(scalar) }
            let value = byte ?? scalar.value
            let digits = String(value, radix: 16, uppercase: true)
            guard value < 0x100 else { return "\\u{\(digits)}" }
            return "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
        }
    }

    /// Lines for a person, such as a screen of help, which contain arguments of the command line.
    public static func lines(_ text: String, containing arguments: [String]) -> String {
        var text = text
        for argument in arguments {
            // “--format=x” is repeated in parts.
            let parts = [argument[...]] + argument.split(separator: "=", maxSplits: 1)
            for part in parts {
                let shown = line(String(part))
                if shown != part { text = text.replacing(part, with: shown) }
            }
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0)) }.joined(separator: "\n")
    }

    /// A line of JSON: the same characters become `\u....`, which means them in JSON.
    ///
    /// They stand in strings alone; those below U+0020 are written so already. Bytes of paths that are not UTF-8 become
    /// U+FFFD.
    public static func json(_ text: String) -> String {
        escaped(text) { scalar in
            if byte(scalar) != nil { return "\u{FFFD}" }
            return UTF16.encode(scalar)?.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }.joined() ?? ""
        }
    }

    private static func escaped(_ text: String, _ escape: (Unicode.Scalar) -> String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if steers(scalar) {
                result += escape(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The byte that a scalar stands for; `nil` if it stands for itself.
    private static func byte(_ scalar: Unicode.Scalar) -> UInt32? {
        (0x10FE80...0x10FEFF).contains(scalar.value) ? scalar.value - 0x10FE00 : nil
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        if byte(scalar) != nil { return true }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // ZERO WIDTH NON-JOINER and JOINER, and the signs of Arabic that are seen.
        case .format: ![0x200C, 0x200D].contains(scalar.value) && !(0x600...0x605 ~= scalar.value)
        default: false
        }
    }
}
