/// Lines for a terminal, broken between words.
public enum WrappedText {
    /// The narrowest terminal for which lines are broken.
    private static let narrowest = 40

    /// A line in pieces that are no wider than a terminal; what follows the first one begins where the line's text does.
    ///
    /// A word that is wider than the terminal, such as a path, is left in one piece.
    ///
    /// - Parameters:
    ///   - line: The line, without its end.
    ///   - columns: The terminal's width.
    /// - Returns: The pieces; the line as it is if it fits, or the terminal is too narrow for pieces.
    public static func lines(_ line: String, columns: Int) -> [String] {
        guard columns >= narrowest, line.count > columns else { return [line] }
        let indent = indent(of: line)
        let margin = String(repeating: " ", count: indent)
        var pieces: [String] = []
        var piece = String(line.prefix(indent))
        var hasWord = false
        for word in line.dropFirst(indent).split(separator: " ", omittingEmptySubsequences: false) {
            if hasWord, piece.count + 1 + word.count > columns {
                pieces.append(piece)
                piece = margin + word
            } else {
                piece += (hasWord ? " " : "") + word
            }
            hasWord = true
        }
        return pieces + [piece]
    }

    /// Where the text of a line begins: after a label in the first columns, if it has one, as in “  size      4.7 GB”.
    private static func indent(of line: String) -> Int {
        let blanks = line.prefix { $0 == " " }.count
        guard blanks > 0 else { return 0 }
        let label = line.dropFirst(blanks).prefix { $0 != " " }.count
        let gap = line.dropFirst(blanks + label).prefix { $0 == " " }.count
        let indent = blanks + label + gap
        return gap >= 2 && indent < narrowest / 2 ? indent : blanks
    }
}
