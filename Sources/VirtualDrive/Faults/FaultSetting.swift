import LinuxCalls
import MMC

/// The settings of faults that have a value.
package enum FaultSetting: String, CaseIterable {
    case lba, sense, after, count, times, command, time, bytes, seed, missed, polls, later, lost,
        set
    case falseAlarms = "false"

    /// Those that any fault can have.
    package static let common: Set<FaultSetting> = [.after, .count, .times]

    /// How a value is written.
    package struct Format: Sendable {
        /// What a value is.
        package let noun: String
        /// What several are.
        package let plural: String
        /// Takes a value into a fault; false where it is none.
        package let read: @Sendable (Substring, inout Fault) -> Bool
    }

    package var format: Format {
        Self.formats[self] ?? Format(noun: "value", plural: "values") { _, _ in false }
    }

    private static let formats: [FaultSetting: Format] = [
        .lba: Format(noun: "range of sectors", plural: "sectors") { text, fault in
            fault.sectors = range(text)
            return fault.sectors != nil
        },
        .sense: Format(noun: "sense code such as 3/11/05", plural: "sense code") { text, fault in
            guard let sense = sense(text) else { return false }
            fault.sense = sense
            return true
        },
        .after: Format(noun: "count", plural: "count") { text, fault in
            guard let number = count(text) else { return false }
            fault.after = number
            return true
        },
        .count: Format(noun: "count", plural: "count") { text, fault in
            fault.count = count(text)
            return fault.count != nil
        },
        .times: Format(noun: "share such as 2/3", plural: "share") { text, fault in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(count)
            guard parts.count == 2, let strikes = parts[0], let of = parts[1], of > 0, strikes <= of
            else { return false }
            fault.share = Fault.Share(strikes: strikes, of: of)
            return true
        },
        .command: Format(noun: "command", plural: "command") { text, fault in
            let codes = text.split(separator: ",").map(CommandTable.opcode)
            guard !codes.isEmpty, !codes.contains(nil) else { return false }
            fault.commands = Set(codes.compactMap(\.self))
            return true
        },
        .time: Format(noun: "number of seconds", plural: "time") { text, fault in
            guard let seconds = Double(text), seconds >= 0, seconds <= 86_400 else { return false }
            fault.seconds = seconds
            return true
        },
        .bytes: Format(noun: "count", plural: "number of bytes") { text, fault in
            guard let number = count(text) else { return false }
            fault.bytes = number
            return true
        },
        .seed: Format(noun: "count", plural: "seed") { text, fault in
            fault.seed = count(text)
            return fault.seed != nil
        },
        .missed: Format(noun: "count", plural: "number of bytes") { text, fault in
            guard let number = count(text) else { return false }
            fault.missed = number
            return true
        },
        .falseAlarms: Format(noun: "count", plural: "number of bytes") { text, fault in
            guard let number = count(text) else { return false }
            fault.falseAlarms = number
            return true
        },
        .polls: Format(noun: "count", plural: "count") { text, fault in
            guard let number = count(text) else { return false }
            fault.polls = number
            return true
        },
        .later: Format(noun: "count", plural: "distance") { text, fault in
            fault.distance = count(text)
            return fault.distance != nil
        },
        .lost: Format(noun: "count", plural: "count") { text, fault in
            guard let number = count(text) else { return false }
            fault.lost = number
            return true
        },
        .set: Format(noun: "place and bytes such as 2:0E1F", plural: "bytes") { text, fault in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let offset = count(parts[0]),
                let bytes = Hexadecimal.bytes(parts[1].utf8), !bytes.isEmpty
            else { return false }
            fault.replacements[offset] = bytes
            return true
        },
    ]

    /// A number from zero up.
    private static func count(_ text: Substring) -> Int? {
        guard let number = Int(text), number >= 0, number <= Int(Int32.max) else { return nil }
        return number
    }

    /// A number, or two with a dash between them; either can be negative.
    private static func range(_ text: Substring) -> ClosedRange<Int>? {
        func address(_ text: Substring) -> Int? { Int32(text).map(Int.init) }
        if let only = address(text) { return only...only }
        guard let dash = text.dropFirst().firstIndex(of: "-"),
            let first = address(text[..<dash]),
            let last = address(text[text.index(after: dash)...]), last >= first
        else { return nil }
        return first...last
    }

    /// Key, code and qualifier in hexadecimal.
    private static func sense(_ text: Substring) -> Sense? {
        let parts = text.split(separator: "/").map { UInt8($0, radix: 16) }
        guard parts.count == 3, let number = parts[0], let key = Sense.Key(rawValue: number),
            let asc = parts[1], let ascq = parts[2]
        else { return nil }
        return Sense(key, asc, ascq)
    }
}
