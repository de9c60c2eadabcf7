import Foundation

/// The tables of the matrix, as `Docs/VirtualDrive.md` has them.
enum MatrixDocument {
    static let location = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Docs/VirtualDrive.md")

    private static let beginning = "<!-- peer-matrix: written by Scripts/peer-matrix -->\n"
    private static let end = "<!-- /peer-matrix -->"

    /// The document with the tables of today; nothing where it has no place for them.
    static func replacingTables(in document: String) -> String? {
        guard let from = document.range(of: beginning), let to = document.range(of: end),
            from.upperBound <= to.lowerBound
        else { return nil }
        return document[..<from.upperBound] + "\n" + tables + "\n" + document[to.lowerBound...]
    }

    private static var tables: String {
        var reasons: [String] = []
        func field(_ isRun: Bool, _ reason: String?) -> String {
            if isRun { return "yes" }
            let reason = reason ?? ""
            if !reasons.contains(reason) { reasons.append(reason) }
            return "(\((reasons.firstIndex(of: reason) ?? 0) + 1))"
        }
        func table(_ head: [String], _ rows: [[String]]) -> String {
            let rule = Array(repeating: "---", count: head.count)
            return ([head, rule] + rows).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
        }
        let written = table(
            ["Disc", "Written"] + WriteMatrix.peers,
            WriteMatrix.rows.map { row in
                [row.medium, row.mode]
                    + WriteMatrix.peers.map { peer in
                        let cell = WriteMatrix.Cell(row: row, peer: peer)
                        return field(cell.way != nil, cell.reason)
                    }
            }
        )
        let read = table(
            ["Disc", "Holds"] + ReadMatrix.peers,
            ReadMatrix.rows.map { row in
                [row.medium, row.contents]
                    + ReadMatrix.peers.map { peer in
                        let cell = ReadMatrix.Cell(row: row, peer: peer)
                        return field(cell.way != nil, cell.reason)
                    }
            }
        )
        let list = reasons.enumerated().map { "\($0 + 1). \($1)\n" }.joined()
        return "\(written)\n\(read)\nWhy a field is empty:\n\n\(list)"
    }
}
