import Foundation
import Testing

/// The Swift code that people are shown is code that compiles.
@Suite struct DocumentationTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let articles = root.appending(path: "Sources/SpindleKit/SpindleKit.docc")

    private static var pages: [URL] {
        get throws {
            let files = try FileManager.default.contentsOfDirectory(
                at: articles,
                includingPropertiesForKeys: nil
            )
            return files.filter { $0.pathExtension == "md" } + [root.appending(path: "README.md")]
        }
    }

    /// The lines of a text without their indentation, imports and blank lines.
    private static func lines(_ text: some StringProtocol) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") }
    }

    @Test func `code in the articles and in the README is compiled`() throws {
        let snippets = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Snippets.swift"),
            encoding: .utf8
        )
        let compiled = Self.lines(snippets)
        var count = 0
        for page in try Self.pages {
            let text = try String(contentsOf: page, encoding: .utf8)
            // Every second part is between fences; a fence of another language begins with its name.
            for part in text.components(separatedBy: "```").enumerated()
            where part.offset % 2 == 1 && part.element.hasPrefix("swift\n") {
                let code = Self.lines(part.element.dropFirst("swift\n".count))
                // A manifest is no code of a program.
                guard code.first?.hasPrefix("dependencies:") == false else { continue }
                count += 1
                let isCompiled = compiled.indices.contains { start in
                    compiled[start...].starts(with: code)
                }
                #expect(isCompiled, "\(page.lastPathComponent): \(code.joined(separator: "\n"))")
            }
        }
        #expect(count >= 10)
    }

    @Test func `the README's first code imports nothing but SpindleKit`() throws {
        let text = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
        let imports = text.split(separator: "\n").filter { $0.hasPrefix("import ") }
        #expect(Set(imports) == ["import SpindleKit"])
    }
}
