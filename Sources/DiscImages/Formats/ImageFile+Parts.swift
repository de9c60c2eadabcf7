import LinuxCalls
import SystemPackage

extension ImageFile {
    /// A way of numbering the parts of a split image.
    struct PartNames {
        /// What the first part's name ends in behind its stem, in small letters: “.part01.isz”;
        /// absent where any extension will do.
        var first: String?
        /// What takes its place in the name of another part.
        var other: @Sendable (Int) -> String

        /// Names such as “image.part001.isz” and “image.part01.isz”.
        static func parts(_ ending: String) -> [PartNames] {
            [3, 2].map { width in
                PartNames(first: ".part\(digits(1, width)).\(ending)") {
                    ".part\(digits($0, width)).\(ending)"
                }
            }
        }

        /// A number with zeros before it.
        static func digits(_ number: Int, _ count: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, count - digits.count)) + digits
        }
    }

    /// The name of another part of this file, which is the first one.
    ///
    /// - Parameters:
    ///   - number: The part, from 2 on.
    ///   - ways: The ways of numbering; the first one that the name of this file fits is taken.
    /// - Returns: The name.
    func partName(_ number: Int, _ ways: [PartNames]) -> String {
        let whole = path.lastComponent?.text ?? name
        for way in ways {
            guard let first = way.first else {
                return (path.stemText ?? whole) + way.other(number)
            }
            if whole.lowercased().hasSuffix(first) {
                return whole.dropLast(first.count) + way.other(number)
            }
        }
        return whole
    }
}
