import ArgumentParser

/// The name of a file to make.
enum OutputOperand {
    /// Refuses “-”, by which other programs mean standard output.
    ///
    /// - Throws: `ValidationError` if that is the name.
    static func check(_ name: String?) throws {
        guard name != "-" else {
            throw ValidationError(
                "Spindle writes images to files only, not to standard output. Name a file; “./-” is one that is called “-”."
            )
        }
    }
}
