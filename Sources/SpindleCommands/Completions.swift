import ArgumentParser
import SpindleJobs
import SystemPackage

/// What shells offer where a value is typed.
extension CompletionKind {
    /// The device nodes of the drives that there are.
    static var drives: CompletionKind {
        .custom { _, _, _ in DriveList.nodes().map(\.string) }
    }

    /// The names of the trees of files that a disc may have.
    static var trees: CompletionKind { .list(FileTreeKind.allCases.map(\.rawValue)) }

    /// The names of the formats that are written.
    static var formats: CompletionKind { .list(ImageFormat.writable.map(\.name)) }

    /// The names of the cases of a type.
    static func cases<Choice: CaseIterable & RawRepresentable<String>>(
        _: Choice.Type
    ) -> CompletionKind {
        .list(Choice.allCases.map(\.rawValue))
    }
}
