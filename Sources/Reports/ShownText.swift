/// Text as it is shown: nothing in it steers a terminal, or makes one line look like two.
///
/// Names and titles come from images, sheets, checksum lists, drives and paths, and so from strangers.
/// All that is printed goes through here, and so does what a report in a file quotes.
public enum ShownText {
    /// A line for a person: characters that steer a terminal or hide become `\x..` or `\u{…}`.
    ///
    /// These are control characters, line separators, and format characters such as those that change
    /// the direction of writing; those that join letters stay.
    public static func line(_ text: String) -> String {
        escaped(text) { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            guard scalar.value < 0x100 else { return "\\u{\(digits)}" }
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
    /// They stand in strings alone; those below U+0020 are written so already.
    public static func json(_ text: String) -> String {
        escaped(text) { scalar in
            UTF16.encode(scalar)?.map { unit in
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

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // ZERO WIDTH NON-JOINER and JOINER, and the signs of Arabic that are seen.
        case .format: ![0x200C, 0x200D].contains(scalar.value) && !(0x600...0x605 ~= scalar.value)
        default: false
        }
    }
}
