/// Numbers in words, as every verb shows them.
public enum Wording {
    /// A number of things: “1 sector”, “2 sectors”.
    ///
    /// - Parameters:
    ///   - count: The number.
    ///   - noun: What one of them is called.
    ///   - plural: What several are called; the noun with an “s” if left out.
    /// - Returns: The number and the word.
    public static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// A number of bytes.
    public static func bytes(_ count: Int) -> String { counted(count, "byte") }

    /// A number of sectors.
    public static func sectors(_ count: Int) -> String { counted(count, "sector") }

    /// Numbers in a row: “1, 2, 5”.
    public static func list(_ numbers: some Sequence<Int>) -> String {
        numbers.map(String.init).joined(separator: ", ")
    }
}
